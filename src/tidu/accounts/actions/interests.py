"""Declaring interests in enterprises, and ending them. What was declared stays on the record for good."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.accounts.models import Ground, Interest, User
from tidu.accounts.ties import interest_changed
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.core.uscc import check_uscc

_LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 300


@transaction.atomic
def declare_interest(
    *, actor: Actor, person: User, uscc: str, name: str, ground: Ground, since: dt.date, note: str = ""
) -> Interest:
    """Write down that a person has an interest in an enterprise: they avoid it from now on.

    People declare for themselves; a security administrator enters what has come to light of somebody in their charge,
    and says from where. Declaring the same again returns what stands. Raises :class:`Refused`.
    """
    locked = User.objects.select_for_update().get(pk=person.pk)
    note = note.strip()[:LONGEST_NOTE]
    if actor.user_id != locked.pk:
        _check_in_charge(actor, locked)
        if not note:
            raise Refused("请写明依据，例如来信、核查的文号。本人看得到。", field="note")
    checked = check_uscc(uscc)
    if not checked.valid:
        raise Refused(checked.errors[0], field="uscc")
    if not name.strip() or len(name.strip()) > _LONGEST_NAME:
        raise Refused(f"请填写企业全称，不超过 {_LONGEST_NAME} 个字。", field="name")
    if since > timezone.localdate():
        raise Refused("开始日期晚于今天。关系开始以后再申报，或者填写今天。", field="since")
    if ground == Ground.OTHER and not note:
        raise Refused("选了“其他利害关系”，请写明是什么关系。", field="note")
    standing = Interest.objects.current().filter(person=locked, uscc=checked.code, ground=ground).first()
    if standing is not None:
        return standing
    interest = Interest.objects.create(
        person=locked,
        uscc=checked.code,
        name=name.strip(),
        ground=ground,
        note=note,
        since=since,
        declared_by_id=actor.user_number,
    )
    interest_changed.send(Interest, actor=actor, interest=interest)
    record(
        actor=actor,
        action="accounts.interest.declared",
        subject=interest,
        subject_label=f"{locked}的回避申报",
        after={"uscc": interest.uscc, "ground": ground, "since": since},
        detail={"person": locked.pk},
    )
    return interest


@transaction.atomic
def end_interest(*, actor: Actor, interest: Interest, reason: str) -> None:
    """End it for a reason: from now on it keeps the person from nothing. Twice is once. Raises :class:`Refused`."""
    held = Interest.objects.select_for_update(of=("self",)).select_related("person").get(pk=interest.pk)
    if not may_end(actor, held):
        raise Refused("本人申报的由本人终止，安全管理员登记的由安全管理员终止。")
    if held.ended_at is not None:
        return
    if not reason.strip():
        raise Refused("请写明终止的理由。", field="reason")
    held.ended_at, held.ended_by_id, held.ended_reason = timezone.now(), actor.user_id, reason.strip()[:200]
    held.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    interest_changed.send(Interest, actor=actor, interest=held)
    record(
        actor=actor,
        action="accounts.interest.ended",
        subject=held,
        subject_label=f"{held.person}的回避申报",
        detail={"person": held.person_id, "reason": held.ended_reason},
    )


def may_end(actor: Actor, interest: Interest) -> bool:
    """Whether ending it is the actor's: one's own declaration, or what administrators entered about others."""
    if interest.own:
        return actor.user_id == interest.person_id
    return actor.has(Role.SECURITY_ADMINISTRATOR) and actor.user_id != interest.person_id


def _check_in_charge(actor: Actor, person: User) -> None:
    if not actor.has(Role.SECURITY_ADMINISTRATOR):
        raise Refused("回避由本人申报；代为登记由安全管理员办理。")
    if not User.objects.visible_to(actor).filter(pk=person.pk).exists():
        raise Refused("此人不在您的管理范围内。")
