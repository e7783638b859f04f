"""Deadlines: they stop and go on with as much left, close, say what is left, and follow the calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.calendar.test_holidays import shipped_calendar
from tests.core.calendar.test_working_days import DAYS
from tidu.core.actor import SYSTEM
from tidu.core.calendar import close_deadline, current_calendar, due, resume_clock, start_deadline, stop_clock
from tidu.core.calendar.arrangements import shipped, write_arrangement
from tidu.core.calendar.published import import_year
from tidu.core.calendar.recounting import count
from tidu.core.models import AuditEvent, CalendarDay, CalendarYear, Deadline
from tidu.core.models.deadlines import DayUnit
from tidu.policy.errors import InputError

SHIPPED = shipped_calendar()
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@given(DAYS, st.integers(1, 90), st.integers(0, 120), st.integers(0, 120))
def test_after_a_stop_as_many_working_days_are_left_as_before(
    start: dt.date, length: int, until_stop: int, stood: int
) -> None:
    deadline = Deadline(started_on=start, length=length, unit=DayUnit.WORKING)
    count(deadline, SHIPPED)
    stopped = start + DAY * until_stop
    left = SHIPPED.working_days_between(stopped, deadline.due_on)
    resumed = stopped + DAY * stood
    deadline.stops = [[stopped.isoformat(), resumed.isoformat()]]
    count(deadline, SHIPPED)
    assert SHIPPED.working_days_between(resumed, deadline.due_on) == left


@given(DAYS, st.integers(1, 90), st.integers(0, 120), st.integers(0, 120))
def test_after_a_stop_as_many_days_are_left_as_before(
    start: dt.date, length: int, until_stop: int, stood: int
) -> None:
    deadline = Deadline(started_on=start, length=length, unit=DayUnit.CALENDAR, roll_forward=False)
    count(deadline, SHIPPED)
    stopped = start + DAY * until_stop
    left = deadline.due_on - stopped
    resumed = stopped + DAY * stood
    deadline.stops = [[stopped.isoformat(), resumed.isoformat()]]
    count(deadline, SHIPPED)
    assert deadline.due_on - resumed == left


@pytest.mark.django_db
def test_a_clock_stops_and_goes_on_however_often_it_is_told() -> None:
    deadline = start_deadline(started_on=day("2026-11-16"), length=5, unit=DayUnit.WORKING)
    assert deadline.due_on == day("2026-11-23")
    for _ in range(2):
        stop_clock(deadline=deadline, on=day("2026-11-18"))
    assert due(deadline, current_calendar(), today=day("2026-11-22")).text == "时钟已停 4 天"
    for _ in range(2):
        resume_clock(deadline=deadline, on=day("2026-11-25"))
    assert (deadline.due_on, deadline.stopped_days) == (day("2026-11-30"), 5)
    with pytest.raises(ValueError, match="not before"):
        resume_clock(deadline=stop_clock(deadline=deadline, on=day("2026-11-26")), on=day("2026-11-20"))


@pytest.mark.django_db
def test_a_closed_deadline_moves_no_more() -> None:
    deadline = close_deadline(
        deadline=start_deadline(started_on=day("2026-11-16"), length=5, unit=DayUnit.WORKING)
    )
    closed_at = deadline.closed_at
    close_deadline(deadline=deadline)
    stop_clock(deadline=deadline)
    assert (deadline.closed_at, deadline.stopped_on) == (closed_at, None)
    assert due(deadline, current_calendar()).text == "已办结"


@pytest.mark.parametrize(
    ("unit", "today", "value", "text"),
    [
        (DayUnit.WORKING, "2026-11-16", "ok", "还剩 5 个工作日"),
        (DayUnit.WORKING, "2026-11-18", "soon", "还剩 3 个工作日"),
        (DayUnit.WORKING, "2026-11-22", "soon", "还剩 1 个工作日"),
        (DayUnit.WORKING, "2026-11-23", "soon", "今天到期"),
        (DayUnit.WORKING, "2026-11-25", "over", "逾期 2 个工作日"),
        (DayUnit.CALENDAR, "2026-11-17", "ok", "还剩 6 天"),
        (DayUnit.CALENDAR, "2026-11-26", "over", "逾期 3 天"),
    ],
)
def test_what_is_left_is_said_in_the_unit_of_the_limit(
    unit: DayUnit, today: str, value: str, text: str
) -> None:
    deadline = Deadline(started_on=day("2026-11-16"), length=5, unit=unit)
    count(deadline, SHIPPED)
    assert deadline.due_on == day("2026-11-23")  # five days: a Saturday, so the Monday after
    said = due(deadline, SHIPPED, today=day(today))
    assert (said.value, said.text) == (value, text)


def test_a_weekend_after_the_last_working_day_is_late_without_a_number_of_working_days() -> None:
    deadline = Deadline(started_on=day("2026-11-16"), length=4, unit=DayUnit.WORKING)
    count(deadline, SHIPPED)
    assert due(deadline, SHIPPED, today=day("2026-11-21")).text == "已逾期"


def test_a_limit_into_a_year_without_arrangement_says_so() -> None:
    deadline = Deadline(started_on=day("2026-12-28"), length=5, unit=DayUnit.WORKING)
    count(deadline, SHIPPED)
    assert deadline.provisional
    assert due(deadline, SHIPPED, today=day("2026-12-29")).note == "节假日安排未公布，暂按周末推算"


def arrangement_of_2027() -> bytes:
    """Made up: 2026 moved on by a year, with 元旦 from Thursday to Saturday."""
    rows = ["年份,日期,性质,节日,依据"]
    fixed = ["01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15"]
    names = ["元旦", *["春节"] * 4, "清明节", *["劳动节"] * 2, "端午节", "中秋节"]
    rows += [f"2027,2027-{date},法定节假日,{name},试" for date, name in zip(fixed, names, strict=True)]
    rows += [f"2027,2027-10-0{number},法定节假日,国庆节,试" for number in (1, 2, 3)]
    rows += ["2027,2026-12-31,放假,元旦,试", "2027,2027-01-03,调休上班,元旦,试"]
    return "\n".join(rows).encode()


@pytest.mark.django_db
def test_a_new_year_moves_open_deadlines_and_says_how_many() -> None:
    across = start_deadline(started_on=day("2026-12-28"), length=5, unit=DayUnit.WORKING)
    before = start_deadline(started_on=day("2026-11-02"), length=5, unit=DayUnit.WORKING)
    closed = close_deadline(
        deadline=start_deadline(started_on=day("2026-12-28"), length=5, unit=DayUnit.WORKING)
    )
    assert across.due_on == day("2027-01-04")
    done = import_year(actor=SYSTEM, content=arrangement_of_2027(), file_name="2027.csv")
    assert (done.recounted, done.moved, done.replaced) == (2, 1, False)
    for deadline in (across, before, closed):
        deadline.refresh_from_db()
    # 12-29, 12-30, then 12-31 is off, 01-01 a festival, 01-03 worked
    assert (across.due_on, across.provisional) == (day("2027-01-05"), False)
    assert before.due_on == day("2026-11-09")
    assert closed.due_on == day("2027-01-04")
    event = AuditEvent.objects.get(action="core.calendar.imported")
    assert '"moved": 1' in event.detail
    again = import_year(actor=SYSTEM, content=arrangement_of_2027(), file_name="2027.csv")
    assert (again.moved, again.replaced) == (0, True)
    assert CalendarDay.objects.filter(year_id=2027).count() == 15


@pytest.mark.django_db
def test_a_faulty_year_changes_nothing() -> None:
    with pytest.raises(InputError):
        import_year(actor=SYSTEM, content=arrangement_of_2027() + b"\n2027,x,x,x,x", file_name="2027.csv")
    assert not CalendarYear.objects.filter(pk=2027).exists()


@pytest.mark.django_db
def test_several_years_at_once_are_refused() -> None:
    both = write_arrangement(shipped()[-1]).encode() + b"\n" + arrangement_of_2027().split(b"\n", 1)[1]
    with pytest.raises(InputError, match="一次导入一年"):
        import_year(actor=SYSTEM, content=both, file_name="两年.csv")


@pytest.mark.django_db
def test_a_stop_over_a_year_that_is_published_later_is_counted_anew() -> None:
    deadline = start_deadline(started_on=day("2026-12-28"), length=10, unit=DayUnit.WORKING)
    stop_clock(deadline=deadline, on=day("2026-12-29"))
    resume_clock(deadline=deadline, on=day("2027-01-04"))
    assert deadline.stopped_days == 4
    import_year(actor=SYSTEM, content=arrangement_of_2027(), file_name="2027.csv")
    deadline.refresh_from_db()
    assert deadline.stopped_days == 3
    assert current_calendar().working_days_between(day("2027-01-04"), deadline.due_on) == 9
