"""The published holiday arrangements as the table has them, and how a year gets there."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import AppConfig
from django.apps.registry import Apps
from django.core.exceptions import FieldDoesNotExist
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.calendar.arrangements import Arrangement, Day, read_one, shipped, write_arrangement
from tidu.core.calendar.recounting import recount_open
from tidu.core.calendar.working_days import Calendar, of_days
from tidu.core.models.deadlines import CalendarDay, CalendarYear


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: deadlines counted anew, and how many of them now end on another day."""

    arrangement: Arrangement
    replaced: bool
    recounted: int
    moved: int


def current_calendar() -> Calendar:
    """The calendar of the table. Two queries: load it once for a list, not once for a row."""
    return of_days(CalendarDay.objects.all(), CalendarYear.objects.values_list("year", flat=True))


def calendar_with(arrangement: Arrangement) -> Calendar:
    """The calendar as it would be with ``arrangement``."""
    now = current_calendar()
    belongs = set(CalendarDay.objects.filter(year_id=arrangement.year).values_list("day", flat=True))
    kinds = {day: kind for day, kind in now.kinds.items() if day not in belongs}
    kinds |= {day.day: day.kind for day in arrangement.days}
    return Calendar(kinds, now.years | {arrangement.year})


def present_arrangement(year: int) -> Arrangement | None:
    """The arrangement of a year as the table has it."""
    row = CalendarYear.objects.filter(pk=year).first()
    if row is None:
        return None
    days = CalendarDay.objects.filter(year_id=year)
    return Arrangement(
        year,
        row.source,
        tuple(Day(day.day, CalendarDay.Kind(day.kind), day.occasion) for day in days),
    )


@transaction.atomic
def import_year(*, actor: Actor, content: bytes, file_name: str) -> Imported:
    """Put one year's arrangement into the calendar, or replace it, and count every open deadline anew.

    Raises :class:`InputError`, and then nothing has changed. Recorded as ``core.calendar.imported``.
    """
    arrangement = read_one(content, file_name)
    before = present_arrangement(arrangement.year)
    _write(arrangement)
    recount = recount_open(current_calendar())
    record(
        actor=actor,
        action="core.calendar.imported",
        subject=CalendarYear(year=arrangement.year),
        before=None if before is None else write_arrangement(before),
        after=write_arrangement(arrangement),
        detail={"source": arrangement.source, "recounted": recount.counted, "moved": recount.moved},
    )
    return Imported(arrangement, before is not None, recount.counted, recount.moved)


def seed_after_migrate(
    sender: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Apps | None = None, **_: object
) -> None:
    """Receiver of ``post_migrate``: years that come with the program are there; one that is there already stays."""
    if apps is None or _has_tables(apps, sender.label):
        seed_missing_years(using=using)


def seed_missing_years(*, using: str = DEFAULT_DB_ALIAS) -> int:
    """Put the years that come with the program and are not in the table there; how many were put."""
    present = set(CalendarYear.objects.using(using).values_list("year", flat=True))
    missing = [item for item in shipped() if item.year not in present]
    if missing:
        with transaction.atomic(using=using):
            for arrangement in missing:
                _write(arrangement, using=using)
            recount_open(current_calendar())
    return len(missing)


def _has_tables(apps: Apps, label: str) -> bool:
    """Whether the migrations have come as far as every column that is read here."""
    try:
        model = apps.get_model(label, "Deadline")
        model._meta.get_field("stops")
        apps.get_model(label, "CalendarDay")
    except (LookupError, FieldDoesNotExist):
        return False
    return True


def _write(arrangement: Arrangement, *, using: str = DEFAULT_DB_ALIAS) -> None:
    year, _ = CalendarYear.objects.using(using).update_or_create(
        year=arrangement.year, defaults={"source": arrangement.source}
    )
    same_days = Q(day__in=[day.day for day in arrangement.days])
    CalendarDay.objects.using(using).filter(Q(year=year) | same_days).delete()
    CalendarDay.objects.using(using).bulk_create(
        CalendarDay(day=day.day, year=year, kind=day.kind, occasion=day.occasion) for day in arrangement.days
    )
