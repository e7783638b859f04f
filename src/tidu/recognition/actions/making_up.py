"""Applicants get back the days on which they could not reach the platform (因平台中断耽误的期限顺延).

A limit of theirs that ended during an interruption stood still for as long as that lasted: as many days are left when
the platform is back as were left when it went. What the authorities owe is not put off.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import SYSTEM
from tidu.core.audit.recording import record
from tidu.core.calendar import resume_clock, stop_clock
from tidu.core.figures import day
from tidu.core.interruptions import Interruption, interruptions
from tidu.core.models import Deadline
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.recognition.models import Application, Cancellation, CaseKind, Inquiry, Level, Status
from tidu.recognition.process.moving import write_act

TOPIC: Final = "期限顺延"
MADE_UP: Final = "made_up"
#: Interruptions that ended longer ago have been made up for already.
_BACK: Final = dt.timedelta(days=7)
_DAY: Final = dt.timedelta(days=1)


def make_up(now: dt.datetime | None = None) -> int:
    """Put off the limits of applicants that ended while the platform was interrupted. Idempotent. Returns how many.

    Everything that lets an applicant's limit pass calls it first.
    """
    moment = now or timezone.now()
    return sum(_make_up(found) for found in interruptions(moment - _BACK, moment))


def _make_up(found: Interruption) -> int:
    first, last = timezone.localdate(found.began_at), timezone.localdate(found.ended_at)
    ended = {"closed_at__isnull": True, "due_on__gte": first, "due_on__lte": last, "started_on__lte": last}

    def during(prefix: str) -> dict[str, object]:
        return {f"{prefix}__{name}": value for name, value in ended.items()}

    corrections = Application.objects.filter(status=Status.RETURNED, **during("correction"))
    inquiries = Inquiry.objects.filter(
        answered_at__isnull=True, application__status=Status.DISTRICT, **during("deadline")
    )
    replies = Cancellation.objects.filter(state=Cancellation.State.NOTIFIED, **during("deadline"))
    done = sum(_correction(pk, found) for pk in corrections.order_by("pk").values_list("pk", flat=True))
    done += sum(_inquiry(pk, found) for pk in inquiries.order_by("pk").values_list("pk", flat=True))
    return done + sum(_reply(pk, found) for pk in replies.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _correction(number: int, found: Interruption) -> int:
    held = Application.objects.select_for_update(of=("self",)).get(pk=number)
    if held.status != Status.RETURNED or held.correction is None:
        return 0
    url = reverse("recognition:progress", args=[held.pk])
    return _put_off(held, CaseKind.APPLICATION, held.status, held.correction, found, "补正期限", url)


@transaction.atomic
def _inquiry(number: int, found: Interruption) -> int:
    asked = Inquiry.objects.select_related("application").get(pk=number)
    held = Application.objects.select_for_update(of=("self",)).get(pk=asked.application_id)
    asked.refresh_from_db()
    if held.status != Status.DISTRICT or asked.answered_at is not None or asked.deadline is None:
        return 0
    url = reverse("recognition:progress", args=[held.pk])
    return _put_off(held, CaseKind.APPLICATION, held.status, asked.deadline, found, "答复期限", url)


@transaction.atomic
def _reply(number: int, found: Interruption) -> int:
    held = Cancellation.objects.select_for_update(of=("self",)).get(pk=number)
    if held.state != Cancellation.State.NOTIFIED or held.deadline is None:
        return 0
    url = reverse("recognition:cancellation", args=[held.pk])
    return _put_off(held, CaseKind.CANCELLATION, held.state, held.deadline, found, "陈述期限", url)


def _put_off(  # noqa: PLR0917 - private, called three times above
    held: Application | Cancellation,
    case: CaseKind,
    state: str,
    limit: Deadline,
    found: Interruption,
    name: str,
    url: str,
) -> int:
    """Put a limit off by what an interruption took of it. The caller has locked the case."""
    before, last = limit.due_on, timezone.localdate(found.ended_at)
    if limit.closed_at is not None or not found.costs(before):  # done by another tick, or lost nothing
        return 0
    first = max(limit.started_on, timezone.localdate(found.began_at) - _DAY)
    stood = max((dt.date.fromisoformat(end) for _, end in limit.stops), default=first)
    stop_clock(deadline=limit, on=max(first, stood))  # of two on one day the day counts once
    resume_clock(deadline=limit, on=last)
    words = f"平台在 {found.words} 中断，{name}由 {day(before)} 顺延到 {day(limit.due_on)}。"
    own = held.enterprise.organisation
    if own is not None:
        notify(
            actor=SYSTEM,
            topic=TOPIC,
            title=f"{name}顺延到 {day(limit.due_on)}",
            body=words,
            url=url,
            organisation=own,
            role=Role.ENTERPRISE_MANAGER,
        )
    write_act(
        actor=SYSTEM,
        case=case,
        case_id=held.pk,
        act=MADE_UP,
        label="平台中断，期限顺延",
        level=Level.SYSTEM,
        before=state,
        after=state,
        reason=words,
    )
    record(
        actor=SYSTEM,
        action="recognition.limit.made_up",
        subject=held,
        enterprise_id=held.enterprise_id,
        before=day(before),
        after=day(limit.due_on),
        detail={"from": found.began_at.isoformat(), "to": found.ended_at.isoformat()},
    )
    return 1
