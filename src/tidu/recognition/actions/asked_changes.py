"""Changes of a published call that one officer asks for and another confirms, as the call was published.

They close it early, take it back, open it again after its window has closed, or put another version of its pack in the
place of the one that was signed.
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
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, notify, open_task, withdraw_task
from tidu.recognition.actions.call_changes import check_later, checked_reason, ended, note_change, put_off
from tidu.recognition.actions.calls import TOPIC, held_call
from tidu.recognition.actions.renewing import check_newer, renew
from tidu.recognition.models import Application, AskedChange, Call, CallChange, PackVersion, Status
from tidu.recognition.process.reopening import may_be_reopened
from tidu.recognition.process.rules import freeze
from tidu.recognition.process.window import last_moment

CONFIRM: Final = "recognition.call.change"
_State: Final = AskedChange.State
_Kind: Final = CallChange.Kind


def ask_to_close(
    *, actor: Actor, call: Call, closes_at: dt.datetime | None = None, reason: str
) -> AskedChange:
    """Ask for an earlier end: at a moment to come, or as soon as it is confirmed. Raises :class:`Refused`."""
    return _ask(actor, call, _Kind.CLOSED, reason, closes_at=closes_at)


def ask_to_withdraw(*, actor: Actor, call: Call, reason: str) -> AskedChange:
    """Ask to take a published call back as a whole. Raises :class:`Refused`."""
    return _ask(actor, call, _Kind.WITHDRAWN, reason)


def ask_to_reopen(*, actor: Actor, call: Call, closes_at: dt.datetime, reason: str) -> AskedChange:
    """Ask to open a call again whose last day was cut short by an interruption. Raises :class:`Refused`."""
    return _ask(actor, call, _Kind.EXTENDED, reason, closes_at=closes_at)


@transaction.atomic
def ask_to_renew(*, actor: Actor, call: Call, reason: str) -> AskedChange:
    """Ask to go on under the pack as it is at hand now, in this very version. Raises :class:`Refused`."""
    pack = check_newer(held_call(actor, call, Call.State.PUBLISHED))
    return _ask(actor, call, _Kind.RENEWED, reason, version=freeze(pack))


@transaction.atomic
def _ask(
    actor: Actor,
    call: Call,
    kind: CallChange.Kind,
    reason: str,
    *,
    closes_at: dt.datetime | None = None,
    version: PackVersion | None = None,
) -> AskedChange:
    held = held_call(actor, call, Call.State.PUBLISHED)
    reason = checked_reason(reason)
    asked = AskedChange(
        call=held,
        kind=kind,
        closes_at=closes_at,
        version=version,
        reason=reason,
        asked_by_id=actor.user_number,
    )
    standing = AskedChange.objects.filter(call=held, state=_State.ASKED).first()
    if standing is not None:
        if _content(standing) == _content(asked):
            return standing  # the second click
        raise Refused(f"已有一项“{standing.get_kind_display()}”等待审签，请先审签或退回那一项。")
    _check(held, asked)
    asked.save()
    open_task(
        actor=actor,
        kind=CONFIRM,
        title=f"审签{kind.label}：{held.title}",
        url=reverse("recognition:call", args=[held.pk]),
        organisation=held.organisation,
        role=Role.CITY_OFFICER,
        subject=held,
        by_another=True,
    )
    record(
        actor=actor,
        action="recognition.call.change_asked",
        subject=held,
        detail={
            "kind": kind,
            "to": "" if closes_at is None else end(closes_at),
            "version": asked.version_id or "",
            "reason": reason,
        },
    )
    return asked


@transaction.atomic
def confirm_change(*, actor: Actor, change: AskedChange) -> Call:
    """Do what a colleague has asked for, if it can still be done. A second click finds it done."""
    held, asked = _held(actor, change)
    if asked.state == _State.DONE and asked.settled_by_id == actor.user_id:
        return held
    if asked.state != _State.ASKED:
        raise Refused(f"这项变动{asked.get_state_display()}。请刷新页面查看。")
    if asked.asked_by_id == actor.user_id:
        raise Refused("这项变动由您提出，请由另一位经办人审签。")
    _check(held, asked)
    asked.state, asked.settled_by_id, asked.settled_at = _State.DONE, actor.user_number, timezone.now()
    asked.save(update_fields=["state", "settled_by", "settled_at"])
    finish_task(actor=actor, kind=CONFIRM, subject=held, outcome="已审签")
    return _do(actor, held, asked)


@transaction.atomic
def return_change(*, actor: Actor, change: AskedChange, reason: str = "") -> AskedChange:
    """Say no to what a colleague has asked for, with the reason; whoever asked takes it back without one."""
    held, asked = _held(actor, change)
    if asked.state != _State.ASKED:
        return asked
    own = asked.asked_by_id == actor.user_id
    if not own:
        reason = checked_reason(reason)
    _drop(actor, held, asked, "提出人收回" if own else "退回提出人")
    if not own:
        notify(
            actor=actor,
            topic=TOPIC,
            title=f"{asked.get_kind_display()}没有通过审签：{held.title}",
            body=reason,
            url=reverse("recognition:call", args=[held.pk]),
            users=[asked.asked_by],
        )
    record(
        actor=actor,
        action="recognition.call.change_dropped",
        subject=held,
        detail={"kind": asked.kind, "reason": reason[:300]},
    )
    return asked


@transaction.atomic
def drop_overtaken(*, call: Call) -> bool:
    """Put away another end that nobody confirmed until it was too late for it. Twice is once."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    asked = AskedChange.objects.filter(
        call=held, kind__in=(_Kind.CLOSED, _Kind.EXTENDED), state=_State.ASKED
    ).first()
    if asked is None or last_moment(held) > timezone.now():
        return False
    if asked.kind == _Kind.EXTENDED and may_be_reopened(held):
        return False
    _drop(SYSTEM, held, asked, "受理已按原定时间截止")
    record(
        actor=SYSTEM,
        action="recognition.call.change_dropped",
        subject=held,
        place=held.place_id,
        detail={"kind": asked.kind, "reason": "overtaken"},
    )
    return True


def _held(actor: Actor, change: AskedChange) -> tuple[Call, AskedChange]:
    """The call, locked, and what was asked as it is now."""
    held = held_call(actor, change.call, Call.State.PUBLISHED, Call.State.WITHDRAWN, Call.State.FINISHED)
    return held, AskedChange.objects.select_related("asked_by").get(pk=change.pk, call=held)


def _drop(actor: Actor, held: Call, asked: AskedChange, outcome: str) -> None:
    asked.state, asked.settled_by_id, asked.settled_at = _State.DROPPED, actor.user_id, timezone.now()
    asked.save(update_fields=["state", "settled_by", "settled_at"])
    withdraw_task(actor=actor, kind=CONFIRM, subject=held, outcome=outcome)


def _content(asked: AskedChange) -> tuple[object, ...]:
    return asked.kind, asked.closes_at, asked.version_id, asked.reason


def _check(held: Call, asked: AskedChange) -> None:
    """Raises :class:`Refused` for what cannot be done to the call, now or any more."""
    if asked.kind == _Kind.RENEWED:
        check_newer(held, asked.version_id or "")
    elif asked.kind == _Kind.WITHDRAWN:
        # Whoever has handed in has a right to an answer.
        rows = Application.objects.filter(call=held, submitted_at__isnull=False)
        if (number := rows.exclude(status=Status.WITHDRAWN).count()) > 0:
            raise Refused(f"已有 {number} 家企业提交申报，不能撤销通知。可以提前截止，已提交的照常办理。")
    elif asked.kind == _Kind.EXTENDED:
        if not may_be_reopened(held):
            raise Refused(ended(held))
        check_later(held, asked.closes_at or held.closes_at)
    else:
        _check_earlier(held, asked.closes_at)


def _check_earlier(held: Call, closes_at: dt.datetime | None) -> None:
    now = timezone.now()
    if last_moment(held) <= now:
        raise Refused("受理已经截止，不必再提前。")
    if closes_at is not None and not now < closes_at < held.closes_at:
        raise Refused(f"新的截止时间应在现在以后、{end(held.closes_at)}以前。", field="closes_at")
    if (closes_at or now) <= held.opens_at:
        raise Refused("还没有开始受理，不必提前截止；不再组织的请撤销通知。")


def _do(actor: Actor, held: Call, asked: AskedChange) -> Call:
    kind = _Kind(asked.kind)
    if kind == _Kind.EXTENDED and asked.closes_at is not None:
        return put_off(actor, held, asked.closes_at, asked.reason)
    if kind == _Kind.RENEWED:
        before = held.version_id or ""
        renew(held, check_newer(held, asked.version_id or ""))
        return note_change(
            actor,
            held,
            kind,
            before=before[:12],
            after=(held.version_id or "")[:12],
            reason=asked.reason,
        )
    if kind == _Kind.WITHDRAWN:
        held.state = Call.State.WITHDRAWN
        held.save(update_fields=["state"])
        return note_change(actor, held, kind, before="已发布", after="已撤销", reason=asked.reason)
    closed = held.closes_at
    held.closes_at = asked.closes_at or timezone.now().replace(microsecond=0)
    held.save(update_fields=["closes_at"])
    return note_change(actor, held, kind, before=end(closed), after=end(held.closes_at), reason=asked.reason)
