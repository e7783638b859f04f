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
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.core.uscc import check_uscc

_LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 300
_LONGEST_REASON: Final = 200


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
def ask_to_end(*, actor: Actor, interest: Interest, reason: str) -> None:
    """Ask, about oneself, for the end of an interest; it counts until a security administrator has ended it.

    Asking again replaces the reason. Raises :class:`Refused`.
    """
    held = _held(actor, interest)
    if actor.user_id != held.person_id:
        raise Refused("终止由本人请求。")
    if held.ended_at is not None:
        return
    held.ending_asked_at = timezone.now()
    held.ending_reason = stated(reason, "终止的理由", most=_LONGEST_REASON)
    held.kept_because = ""
    held.save(update_fields=["ending_asked_at", "ending_reason", "kept_because"])
    interest_changed.send(Interest, actor=actor, interest=held)
    _record(actor, "asked", held, held.ending_reason)


@transaction.atomic
def end_interest(*, actor: Actor, interest: Interest, reason: str) -> None:
    """End it: from now on it keeps the person from nothing. Idempotent.

    What people declared themselves is ended once they have asked for it, what was entered about them without that too;
    either by a security administrator in whose charge the person is, never by the person. Raises :class:`Refused`.
    """
    held = _held(actor, interest)
    if held.ended_at is not None:
        return
    if not may_end(actor, held):
        raise Refused("由安全管理员终止：本人申报的，须本人先请求终止；不能终止自己的。")
    held.ended_at, held.ended_by_id = timezone.now(), actor.user_id
    held.ended_reason = stated(reason, "核对的情况", most=_LONGEST_REASON)
    held.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    interest_changed.send(Interest, actor=actor, interest=held)
    _record(actor, "ended", held, held.ended_reason)


@transaction.atomic
def keep_interest(*, actor: Actor, interest: Interest, reason: str) -> None:
    """Do not end what somebody has asked to end, and say why. Idempotent. Raises :class:`Refused`."""
    held = _held(actor, interest)
    if held.ended_at is not None or held.ending_asked_at is None:
        return
    if not may_end(actor, held):
        raise Refused("由安全管理员答复，不能答复自己的请求。")
    held.ending_asked_at = None
    held.kept_because = stated(reason, "不同意的理由", most=_LONGEST_REASON)
    held.save(update_fields=["ending_asked_at", "kept_because"])
    interest_changed.send(Interest, actor=actor, interest=held)
    _record(actor, "kept", held, held.kept_because)


def may_ask_to_end(actor: Actor, interest: Interest) -> bool:
    """Whether the actor can ask for its end: it is about them, it counts, and they have not asked yet."""
    return (
        actor.user_id == interest.person_id and interest.ended_at is None and interest.ending_asked_at is None
    )


def may_end(actor: Actor, interest: Interest) -> bool:
    """Whether it waits for the actor, or they may end it of their own accord."""
    return (
        actor.has(Role.SECURITY_ADMINISTRATOR)
        and actor.user_id != interest.person_id
        and interest.ended_at is None
        and (interest.ending_asked_at is not None or not interest.own)
    )


def _held(actor: Actor, interest: Interest) -> Interest:
    """The interest, locked; out of sight is refused."""
    rows = Interest.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person")
    held = rows.filter(pk=interest.pk).first()
    if held is None:
        raise Refused("此人不在您的管理范围内。")
    return held


def _record(actor: Actor, what: str, interest: Interest, reason: str) -> None:
    record(
        actor=actor,
        action=f"accounts.interest.{what}",
        subject=interest,
        subject_label=f"{interest.person}的回避申报",
        detail={"person": interest.person_id, "reason": reason},
    )


def _check_in_charge(actor: Actor, person: User) -> None:
    if not actor.has(Role.SECURITY_ADMINISTRATOR):
        raise Refused("回避由本人申报；代为登记由安全管理员办理。")
    if not User.objects.visible_to(actor).filter(pk=person.pk).exists():
        raise Refused("此人不在您的管理范围内。")
