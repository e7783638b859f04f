"""A password that a person chooses for themselves."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone

from tidu.accounts.models import FormerPassword, User
from tidu.core.actor import Actor
from tidu.core.audit.recording import record

REMEMBERED: Final = 5


@transaction.atomic
def change_password(*, actor: Actor, person: User, password: str) -> None:
    """Set a password that has passed the profile's rules, and remember it. Other sessions end with the old one."""
    person.set_password(password)
    person.password_changed_at, person.must_change_password = timezone.now(), False
    person.save(update_fields=["password", "password_changed_at", "must_change_password"])
    FormerPassword.objects.create(user=person, password=person.password)
    kept = person.former_passwords.values_list("pk", flat=True)[:REMEMBERED]
    person.former_passwords.exclude(pk__in=list(kept)).delete()
    record(actor=actor, action="accounts.password.changed", subject=person)


def was_used(person: User, password: str) -> bool:
    """Whether it is one of the person's last passwords."""
    hashes = person.former_passwords.values_list("password", flat=True)[:REMEMBERED]
    return any(check_password(password, former) for former in hashes)
