"""What happens to a deadline: it starts, its clock stops and goes on, it closes.

These are steps of the actions of others, who call them inside their transaction and record what they did themselves.
Each is idempotent.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from tidu.core.calendar.published import current_calendar
from tidu.core.calendar.recounting import count
from tidu.core.calendar.working_days import Calendar
from tidu.core.models.deadlines import DayUnit, Deadline


@transaction.atomic
def start_deadline(
    *,
    length: int,
    unit: DayUnit,
    started_on: dt.date | None = None,
    first_day_counts: bool = False,
    roll_forward: bool = True,
    calendar: Calendar | None = None,
) -> Deadline:
    """A new time limit, from today unless ``started_on`` says otherwise.

    Give ``calendar`` where many are started at once. Raises ``ValueError`` for a length below one.
    """
    deadline = Deadline(
        started_on=started_on or timezone.localdate(),
        length=length,
        unit=DayUnit(unit),
        first_day_counts=first_day_counts,
        roll_forward=roll_forward,
    )
    count(deadline, calendar or current_calendar())
    deadline.save()
    return deadline


@transaction.atomic
def stop_clock(*, deadline: Deadline, on: dt.date | None = None) -> Deadline:
    """Stop the clock, because an answer is awaited. A closed deadline, or one that stands already, stays as it is."""
    held = _locked(deadline)
    if held.closed_at is None and held.stopped_on is None:
        held.stopped_on = on or timezone.localdate()
        held.save(update_fields=["stopped_on"])
    return _same(deadline, held)


@transaction.atomic
def resume_clock(*, deadline: Deadline, on: dt.date | None = None) -> Deadline:
    """Let the clock go on: as much is left as when it was stopped. One that runs already stays as it is.

    Raises ``ValueError`` for a day before the one on which it was stopped.
    """
    held = _locked(deadline)
    if held.closed_at is None and held.stopped_on is not None:
        day = on or timezone.localdate()
        if day < held.stopped_on:
            raise ValueError("a clock goes on after it was stopped, not before")
        held.stops = [*held.stops, [held.stopped_on.isoformat(), day.isoformat()]]
        held.stopped_on = None
        count(held, current_calendar())
        held.save()
    return _same(deadline, held)


@transaction.atomic
def close_deadline(*, deadline: Deadline) -> Deadline:
    """What was due is done; the deadline stays as it was at this moment. Closing again changes nothing."""
    held = _locked(deadline)
    if held.closed_at is None:
        held.closed_at = timezone.now()
        held.save(update_fields=["closed_at"])
    return _same(deadline, held)


def _locked(deadline: Deadline) -> Deadline:
    # Without its key: a task that refers to the deadline can be added meanwhile, and no two transactions deadlock.
    return Deadline.objects.select_for_update(no_key=True).get(pk=deadline.pk)


def _same(deadline: Deadline, held: Deadline) -> Deadline:
    """Bring the caller's object in line with the row."""
    for field in Deadline._meta.concrete_fields:
        setattr(deadline, field.attname, getattr(held, field.attname))
    return deadline
