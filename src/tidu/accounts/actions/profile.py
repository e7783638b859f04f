"""What people change about themselves."""

from __future__ import annotations

from django.db import transaction

from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused


@transaction.atomic
def change_profile(*, actor: Actor, person: User, name: str, email: str, phone: str | None) -> None:
    """Change one's own name, e-mail and phone; ``phone`` None leaves it as it is. Raises :class:`Refused`."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    if actor.user_id != locked.pk:
        raise Refused("只能修改自己的资料。")
    changed = []
    for field, value in (("name", name.strip()), ("email", email.strip()), ("phone", phone)):
        if value is not None and getattr(locked, field) != value:
            setattr(locked, field, value)
            changed.append(field)
    if not locked.name:
        raise Refused("请填写姓名。", field="name")
    if not changed:
        return
    locked.save(update_fields=changed)
    record(actor=actor, action="accounts.person.changed", subject=locked, detail={"fields": changed})
