"""The limits of a case: started, stopped while the applicant is asked, and closed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone

from tidu.core.calendar import close_deadline, resume_clock, start_deadline, stop_clock
from tidu.core.models import Deadline
from tidu.core.models.deadlines import DayUnit
from tidu.recognition.models import FINAL, Application, Call, Status
from tidu.recognition.process.rules import limit_of

#: Statuses in which somebody works under a limit, and the limit's name.
TIMED: Final = {Status.DISTRICT: "district", Status.EXPERTS: "experts", Status.DECISION: "decision"}
#: Acts that close a question to the applicant.
ANSWERED: Final = frozenset({"answer", "unanswered"})


def start_limit(call: Call, name: str) -> Deadline:
    """A limit of the call that starts today."""
    limit = limit_of(call, name)
    return start_deadline(length=limit["days"], unit=DayUnit(limit["day_kind"]))


def follow_clocks(held: Application, act: str, before: Status) -> None:
    """Set ``deadline`` and ``correction`` of an application whose status has just been set. The caller saves it."""
    after = Status(held.status)
    if act == "ask":
        _stop(held)
    elif act in ANSWERED:
        if not held.inquiries.filter(answered_at__isnull=True).exists():
            _resume(held, _answered_on(held))
    elif act == "return":
        _stop(held)
        held.correction = start_limit(held.call, "correction")
    elif act == "resubmit":
        _close_correction(held)
        _resume(held)
    elif after != before:
        if held.deadline is not None:
            close_deadline(deadline=held.deadline)
        if after in FINAL:
            _close_correction(held)
        held.deadline = start_limit(held.call, TIMED[after]) if after in TIMED else None
        held.escalated_at = None


def _stop(held: Application) -> None:
    if held.deadline is not None:
        stop_clock(deadline=held.deadline)


def _resume(held: Application, on: dt.date | None = None) -> None:
    if held.deadline is not None:
        resume_clock(deadline=held.deadline, on=on)


def _answered_on(held: Application) -> dt.date:
    """The day on which the last question since the clock stands was answered, or its limit was over.

    Not the day on which somebody came to close it: the reviewer's clock stands for the limit at most.
    """
    today = timezone.localdate()
    since = today if held.deadline is None else held.deadline.stopped_on or today
    days = [since]
    for inquiry in held.inquiries.select_related("deadline").filter(answered_at__isnull=False):
        ended = timezone.localdate(inquiry.answered_at)
        days.append(ended if inquiry.deadline is None else min(ended, inquiry.deadline.due_on))
    return min(max(days), today)


def _close_correction(held: Application) -> None:
    if held.correction is not None:
        close_deadline(deadline=held.correction)
        held.correction = None
