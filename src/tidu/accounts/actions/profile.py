"""What people change about themselves, and what a system administrator changes about them."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from tidu.accounts.actions.people import in_reach
from tidu.accounts.models import Organisation, User
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
    if "email" in changed:
        forget_addresses(locked)
    record(actor=actor, action="accounts.person.changed", subject=locked, detail={"fields": changed})


@transaction.atomic
def change_person(
    *, actor: Actor, person: User, name: str, email: str, employee_no: str, organisation: Organisation
) -> None:
    """Change what a system administrator keeps about a person. Moving them gives and takes no role.

    Raises :class:`Refused`: out of reach, or an employee number that is somebody else's.
    """
    locked = in_reach(actor, person)
    if not Organisation.objects.visible_to(actor).filter(pk=organisation.pk, is_active=True).exists():
        raise Refused("请选择您管理范围内的机构。", field="organisation")
    values = {"name": name.strip(), "email": email.strip(), "employee_no": employee_no.strip()}
    changed = [field for field, value in values.items() if getattr(locked, field) != value]
    for field in changed:
        setattr(locked, field, values[field])
    if locked.organisation_id != organisation.pk:
        locked.organisation = organisation
        changed.append("organisation")
    if not changed:
        return
    try:
        with transaction.atomic():
            locked.save(update_fields=changed)
    except IntegrityError as error:
        raise Refused("这个工号已经有人使用，请核对。", field="employee_no") from error
    if "email" in changed:
        forget_addresses(locked)
    record(actor=actor, action="accounts.person.changed", subject=locked, detail={"fields": changed})


def forget_addresses(person: User) -> None:
    """Drop the addresses that allauth has noted: links to a new password go to the present one alone."""
    EmailAddress.objects.filter(user=person).delete()
