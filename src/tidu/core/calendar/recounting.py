"""Counting deadlines: one when it starts, stops or goes on; all open ones when the calendar changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from tidu.core.calendar.working_days import Calendar
from tidu.core.models.deadlines import DayUnit, Deadline

_CHUNK: Final = 500
_COUNTED: Final = ("due_on", "provisional", "stopped_days")


@dataclass(frozen=True, slots=True)
class Recount:
    """How many deadlines were counted anew, and how many of them now end on another day."""

    counted: int
    moved: int


def count(deadline: Deadline, calendar: Calendar) -> None:
    """Set the last day of a deadline and what goes with it. Does not save.

    The clock stands after the day on which it was stopped, up to and with the day on which it goes on, so that as much
    is left then as was left before.
    """
    unit = DayUnit(deadline.unit)
    stops = [(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in deadline.stops]
    deadline.stopped_days = sum(
        (last - first).days if unit == DayUnit.CALENDAR else calendar.working_days_between(first, last)
        for first, last in stops
    )
    deadline.due_on = calendar.due_day(
        deadline.started_on,
        deadline.length + deadline.stopped_days,
        unit,
        first_day_counts=deadline.first_day_counts,
        roll_forward=deadline.roll_forward,
    )
    by_calendar = unit == DayUnit.WORKING or deadline.roll_forward
    first = deadline.started_on if unit == DayUnit.WORKING else deadline.due_on
    deadline.provisional = by_calendar and not calendar.is_published(first, deadline.due_on)


def would_move(calendar: Calendar) -> Recount:
    """What :func:`recount_open` would do, without doing it."""
    counted = moved = 0
    for deadline in Deadline.objects.filter(closed_at__isnull=True).iterator(_CHUNK):
        before = deadline.due_on
        count(deadline, calendar)
        counted += 1
        moved += deadline.due_on != before
    return Recount(counted, moved)


def recount_open(calendar: Calendar) -> Recount:
    """Count every open deadline by ``calendar``, in chunks, inside the transaction that changed the calendar."""
    counted = moved = 0
    changed: list[Deadline] = []
    for deadline in (
        Deadline.objects.filter(closed_at__isnull=True).select_for_update(no_key=True).iterator(_CHUNK)
    ):
        before = (deadline.due_on, deadline.provisional, deadline.stopped_days)
        count(deadline, calendar)
        counted += 1
        moved += deadline.due_on != before[0]
        if (deadline.due_on, deadline.provisional, deadline.stopped_days) != before:
            changed.append(deadline)
        if len(changed) >= _CHUNK:
            Deadline.objects.bulk_update(changed, _COUNTED)
            changed.clear()
    if changed:
        Deadline.objects.bulk_update(changed, _COUNTED)
    return Recount(counted, moved)
