"""What may still be done to a published call: each is an act with a reason, and shown wherever the call is.

What would cut applicants short takes two officers: see ``curtailing``.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.moments import end
from tidu.core.refusals import Refused
from tidu.desk.actions import notify
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.route import Route, re_review_route, route_of
from tidu.policy.errors import InputError
from tidu.recognition.actions.calls import TOPIC, held_call
from tidu.recognition.calling.checking import overlapping
from tidu.recognition.calling.limits import limits_under
from tidu.recognition.models import FINAL, Application, Call, CallChange
from tidu.recognition.process.reopening import may_be_reopened
from tidu.recognition.process.rules import freeze, pack_of, route_of_call
from tidu.recognition.process.window import end_of_day, last_moment, pack_state
from tidu.recognition.queries.calls import people_concerned

LONGEST_REASON: Final = 200
_ENDED: Final = "受理已经截止，不能再改时间。确需再受理的，请另发通知。"


@transaction.atomic
def extend_call(*, actor: Actor, call: Call, closes_at: dt.datetime, reason: str) -> Call:
    """Let a call close later. Not once it has closed, unless its last day was cut short and nothing has lapsed yet."""
    held = held_call(actor, call, Call.State.PUBLISHED)
    if held.closes_at == closes_at:  # the second click
        return held
    reason = checked_reason(reason)
    now = timezone.now()
    if last_moment(held) <= now and not may_be_reopened(held):
        raise Refused(_ENDED)
    if closes_at <= held.closes_at:
        raise Refused(f"新的截止时间应晚于现在的 {end(held.closes_at)}。", field="closes_at")
    if closes_at <= now:
        raise Refused("新的截止时间已经过去，请填以后的时间。", field="closes_at")
    _within_pack(held, closes_at)
    before, held.closes_at = held.closes_at, closes_at
    other = overlapping(held) if held.kind == Call.Kind.FIRST else None
    if other is not None:
        raise Refused(f"延长以后与《{other.title}》的受理时间重叠。", field="closes_at")
    held.save(update_fields=["closes_at"])
    return note_change(actor, held, CallChange.Kind.EXTENDED, end(before), end(closes_at), reason)


@transaction.atomic
def renew_call(*, actor: Actor, call: Call, reason: str) -> Call:
    """Go on under the pack as it is at hand now, instead of as it was frozen.

    Once somebody has handed in, only a version with the same way and the same conditions may take the place of the
    other: nobody's running case changes its process.
    """
    held = held_call(actor, call, Call.State.PUBLISHED)
    pack = load_library().packs.get(held.pack)
    if pack is None:
        raise Refused("政策库里已经没有这个政策包，本次申报按发布时留存的版本办理。")
    if pack.digest == held.version_id:  # the second click
        return held
    reason = checked_reason(reason)
    try:
        recognition = pack.recognition(held.tier)
        find = route_of if held.kind == Call.Kind.FIRST else re_review_route
        route = find(recognition, pack.settings(held.readings))
    except InputError as error:
        raise Refused(f"新版政策包不能接替本次申报：{error.problems[0].message}。") from error
    handed_in = Application.objects.filter(call=held, submitted_at__isnull=False).exists()
    if handed_in and not _same_way(held, pack, route):
        raise Refused(
            "已有企业提交申报，而新版的程序或条件不同。正在办理的按原来的版本办完，新版用于下一次申报。"
        )
    before = held.version_id or ""
    kept = {name: limit for name, limit in held.limits.items() if not limit["cite"]}
    held.version = freeze(pack)
    held.limits = limits_under(recognition, route, kept)
    held.save(update_fields=["version", "limits"])
    return note_change(actor, held, CallChange.Kind.RENEWED, before[:12], pack.digest[:12], reason)


@transaction.atomic
def finish_call(*, call: Call) -> bool:
    """Put a call away once its window has closed and every application has come to an end. Twice comes out as once."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.state != Call.State.PUBLISHED or last_moment(held) > timezone.now():
        return False
    if Application.objects.filter(call=held).exclude(status__in=FINAL).exists():
        return False
    held.state = Call.State.FINISHED
    held.save(update_fields=["state"])
    record(actor=SYSTEM, action="recognition.call.finished", subject=held, place=held.place_id)
    return True


def _within_pack(held: Call, closes_at: dt.datetime) -> None:
    until = pack_state(held).until
    if held.kind == Call.Kind.FIRST and until is not None and closes_at > end_of_day(until):
        raise Refused(f"所依据的文件有效至 {until}，受理不能延到它之后。", field="closes_at")


def _same_way(held: Call, pack: Pack, route: Route) -> bool:
    old = route_of_call(held)
    if (old.stages, old.notice) != (route.stages, route.notice):
        return False
    before, after = (
        one.criteria(held.tier, one.settings(held.readings)).criteria for one in (pack_of(held), pack)
    )
    return before == after  # figures, questions and clauses included, not only which conditions there are


def checked_reason(text: str) -> str:
    """The reason as it is kept. Raises :class:`Refused` for one that is missing or too long."""
    reason = text.strip()
    if not reason:
        raise Refused("请写明理由，企业和公众看得到。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由请控制在 {LONGEST_REASON} 个字以内，现在有 {len(reason)} 个字。", field="reason")
    return reason


def note_change(  # noqa: PLR0917 - called by what changes a call alone
    actor: Actor, held: Call, kind: CallChange.Kind, before: str, after: str, reason: str
) -> Call:
    """Put a change beside its call, tell those concerned and record it: the last step of its transaction."""
    CallChange.objects.create(
        call=held, kind=kind, before=before, after=after, reason=reason, made_by_id=actor.user_number
    )
    words = f"{before} → {after}。" if kind in {CallChange.Kind.EXTENDED, CallChange.Kind.CLOSED} else ""
    notify(
        actor=actor,
        topic=TOPIC,
        title=f"{kind.label}：{held.title}",
        body=f"{words}{reason}",
        url=reverse("recognition:public-call", args=[held.pk]),
        users=people_concerned(held),
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
