"""Counting days: against brute force, and the cases that people argue about."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.calendar.test_holidays import shipped_calendar
from tidu.core.calendar.working_days import Calendar
from tidu.core.models.deadlines import CalendarDay, DayUnit

DAY = dt.timedelta(days=1)
SHIPPED = shipped_calendar()
DAYS = st.dates(dt.date(2021, 6, 1), dt.date(2028, 6, 1))
LENGTHS = st.integers(1, 400)
UNITS = st.sampled_from(DayUnit)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Calendars with any days off and any weekends worked, up to two months at a stretch."""
    kinds = draw(
        st.dictionaries(
            st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
            st.sampled_from(CalendarDay.Kind),
            max_size=60,
        )
    )
    first = draw(st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31)))
    kinds |= {first + DAY * number: CalendarDay.Kind.OFF for number in range(draw(st.integers(0, 60)))}
    return Calendar(kinds, [2022])


def counted(calendar: Calendar, start: dt.date, end: dt.date) -> int:
    """Worked days after ``start`` up to and with ``end``, one by one."""
    return sum(calendar.is_working_day(start + DAY * number) for number in range(1, (end - start).days + 1))


@given(calendars(), st.dates(dt.date(2021, 12, 1), dt.date(2023, 1, 31)), st.integers(0, 450))
def test_counting_between_equals_counting_one_by_one(calendar: Calendar, start: dt.date, days: int) -> None:
    end = start + DAY * days
    assert calendar.working_days_between(start, end) == counted(calendar, start, end)
    assert calendar.working_days_between(end, start) == -counted(calendar, start, end)


@given(calendars(), st.dates(dt.date(2021, 12, 1), dt.date(2023, 1, 31)), st.integers(1, 120), st.booleans())
def test_a_limit_in_working_days_ends_on_the_worked_day_of_that_number(
    calendar: Calendar,
    start: dt.date,
    length: int,
    first: bool,  # noqa: FBT001 - drawn
) -> None:
    due = calendar.due_day(start, length, DayUnit.WORKING, first_day_counts=first)
    assert calendar.is_working_day(due)
    assert counted(calendar, start - DAY if first else start, due) == length


@given(calendars(), st.dates(dt.date(2021, 12, 1), dt.date(2023, 1, 31)), st.integers(1, 120), st.booleans())
def test_a_limit_in_calendar_days_ends_on_its_last_day_or_the_next_worked_one(
    calendar: Calendar,
    start: dt.date,
    length: int,
    first: bool,  # noqa: FBT001 - drawn
) -> None:
    literal = calendar.due_day(start, length, DayUnit.CALENDAR, first_day_counts=first, roll_forward=False)
    assert (literal - start).days == length - first
    rolled = calendar.due_day(start, length, DayUnit.CALENDAR, first_day_counts=first)
    assert calendar.is_working_day(rolled)
    assert rolled >= literal
    assert not any(
        calendar.is_working_day(literal + DAY * number) for number in range((rolled - literal).days)
    )


@given(DAYS, st.integers(0, 30), LENGTHS, st.integers(0, 30), UNITS, st.booleans(), st.booleans())
def test_later_and_longer_never_ends_earlier(  # noqa: PLR0917 - drawn
    start: dt.date,
    later: int,
    length: int,
    longer: int,
    unit: DayUnit,
    first: bool,  # noqa: FBT001 - drawn
    roll: bool,  # noqa: FBT001 - drawn
) -> None:
    def due(day: dt.date, count: int) -> dt.date:
        return SHIPPED.due_day(day, count, unit, first_day_counts=first, roll_forward=roll)

    assert due(start, length) <= due(start + DAY * later, length)
    assert due(start, length) <= due(start, length + longer)


@pytest.mark.parametrize(
    ("start", "length", "unit", "first", "due", "why"),
    [
        ("2025-12-05", 5, DayUnit.WORKING, True, "2025-12-11", "Friday, the first day counts"),
        ("2025-12-05", 5, DayUnit.WORKING, False, "2025-12-12", "Friday, it does not"),
        ("2026-08-13", 7, DayUnit.CALENDAR, True, "2026-08-19", "seven calendar days"),
        ("2026-09-28", 3, DayUnit.CALENDAR, False, "2026-10-08", "ends on a festival: rolls over the whole holiday"),
        ("2026-10-05", 5, DayUnit.CALENDAR, False, "2026-10-10", "a Saturday that is worked is no day of rest"),
        ("2026-11-16", 5, DayUnit.CALENDAR, False, "2026-11-23", "an ordinary Saturday is one"),
        ("2026-02-13", 1, DayUnit.WORKING, False, "2026-02-14", "the Saturday before 春节 is worked"),
        ("2026-02-14", 1, DayUnit.WORKING, False, "2026-02-24", "nine days of 春节"),
        ("2026-02-17", 1, DayUnit.WORKING, True, "2026-02-24", "a day of rest cannot be the first working day"),
        ("2026-12-30", 3, DayUnit.WORKING, False, "2027-01-04", "beyond what is published: weekends alone"),
    ],
)  # fmt: skip
def test_limits_end_as_clerks_count_them(  # noqa: PLR0917 - a table
    start: str,
    length: int,
    unit: DayUnit,
    first: bool,  # noqa: FBT001 - a table
    due: str,
    why: str,
) -> None:
    found = SHIPPED.due_day(dt.date.fromisoformat(start), length, unit, first_day_counts=first)
    assert found == dt.date.fromisoformat(due), why


def test_a_limit_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        SHIPPED.due_day(dt.date(2026, 1, 1), 0, DayUnit.CALENDAR)


def test_years_count_as_published_only_all_together() -> None:
    assert SHIPPED.is_published(dt.date(2025, 12, 30), dt.date(2026, 1, 5))
    assert not SHIPPED.is_published(dt.date(2026, 12, 30), dt.date(2027, 1, 5))
