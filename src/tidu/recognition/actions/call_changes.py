"""What may still be done to a published call: each is an act with a reason, and shown wherever the call is.

What gives applicants time is done by one officer. Whatever else changes a call takes two: see ``asked_changes``.
"""

from __future__ import annotations

import datetime as dt
from copy import copy
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import User
from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.moments import end
from tidu.core.refusals import Refused, stated
from tidu.desk.actions import notify, retitle_tasks
from tidu.recognition.actions.calls import TOPIC, held_call
from tidu.recognition.calling.checking import overlapping
from tidu.recognition.models import FINAL, Application, AskedChange, Call, CallChange, Status
from tidu.recognition.process.following import TAKE_PART
from tidu.recognition.process.window import end_of_day, last_moment, pack_state
from tidu.recognition.queries.calls import applicants_concerned, officers_concerned
from tidu.recognition.queries.campaigns import page_of

LONGEST_REASON: Final = 200


@transaction.atomic
def extend_call(*, actor: Actor, call: Call, closes_at: dt.datetime, reason: str) -> Call:
    """Let an open call close later. It only gives time: one officer does it. One that has closed is reopened by two."""
    held = held_call(actor, call, Call.State.PUBLISHED)
    if held.closes_at == closes_at:  # the second click
        return held
    reason = checked_reason(reason)
    if last_moment(held) <= timezone.now():
        raise Refused(ended(held))
    check_later(held, closes_at)
    return put_off(actor, held, closes_at, reason)


def check_later(held: Call, closes_at: dt.datetime) -> None:
    """Raises :class:`Refused` for an end that is not later, or later than may be."""
    if closes_at <= held.closes_at:
        raise Refused(f"新的截止时间应晚于现在的 {end(held.closes_at)}。", field="closes_at")
    if closes_at <= timezone.now():
        raise Refused("新的截止时间已经过去，请填以后的时间。", field="closes_at")
    if held.kind == Call.Kind.RE_REVIEW:
        return
    until = pack_state(held).until
    if until is not None and closes_at > end_of_day(until):
        raise Refused(f"所依据的文件有效至 {until}，受理不能延到它之后。", field="closes_at")
    later = copy(held)
    later.closes_at = closes_at
    other = overlapping(later)
    if other is not None:
        raise Refused(f"延长以后与《{other.title}》的受理时间重叠。", field="closes_at")


def put_off(actor: Actor, held: Call, closes_at: dt.datetime, reason: str) -> Call:
    """Write the later end: the last step of whoever has checked that it may be."""
    before, after = end(held.closes_at), end(closes_at)
    held.closes_at = closes_at
    held.save(update_fields=["closes_at"])
    drafts = Application.objects.filter(call=held, status=Status.DRAFT)
    retitle_tasks(kind=TAKE_PART, subjects=drafts, before=before, after=after)
    return note_change(actor, held, CallChange.Kind.EXTENDED, before=before, after=after, reason=reason)


@transaction.atomic
def finish_call(*, call: Call) -> bool:
    """Put a call away once its window has closed and nothing about it is open. Idempotent."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.state != Call.State.PUBLISHED or last_moment(held) > timezone.now():
        return False
    if Application.objects.filter(call=held).exclude(status__in=FINAL).exists():
        return False
    if held.asked_changes.filter(state=AskedChange.State.ASKED).exists():
        return False
    held.state = Call.State.FINISHED
    held.save(update_fields=["state"])
    record(actor=SYSTEM, action="recognition.call.finished", subject=held, place=held.place_id)
    return True


def _concerned(held: Call) -> tuple[tuple[str, list[User]], ...]:
    """Those to be told, with the page that tells them more: a re-review has none for everybody."""
    officers, applicants = officers_concerned(held), applicants_concerned(held)
    if held.kind == Call.Kind.RE_REVIEW:
        return (page_of(held), officers), (reverse("recognition:applications"), applicants)
    return ((reverse("recognition:public-call", args=[held.pk]), [*officers, *applicants]),)


def ended(held: Call) -> str:
    """Why a window that has closed stays closed."""
    if held.kind == Call.Kind.RE_REVIEW:
        return "受理已经截止，不能再改时间。没有参加复核的企业，在作出决定以前可以陈述和申辩。"
    return "受理已经截止，不能再改时间。确需再受理的，请另发通知。"


def checked_reason(text: str) -> str:
    """The reason as it is kept. Raises :class:`Refused` for one that is missing or too long."""
    return stated(text, "理由", most=LONGEST_REASON, readers="企业和公众看得到")


def note_change(
    actor: Actor, held: Call, kind: CallChange.Kind, *, before: str, after: str, reason: str
) -> Call:
    """Put a change beside its call, tell those concerned and record it: the last step of its transaction."""
    CallChange.objects.create(
        call=held, kind=kind, before=before, after=after, reason=reason, made_by_id=actor.user_number
    )
    words = f"{before} → {after}。" if kind in {CallChange.Kind.EXTENDED, CallChange.Kind.CLOSED} else ""
    for page, users in _concerned(held):
        notify(
            actor=actor,
            topic=TOPIC,
            title=f"{kind.label}：{held.title}",
            body=f"{words}{reason}",
            url=page,
            users=users,
        )
    record(
        actor=actor,
        action=f"recognition.call.{kind.value}",
        subject=held,
        before=before,
        after=after,
        detail={"reason": reason},
    )
    return held
