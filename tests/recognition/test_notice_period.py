"""The period of a public notice from 2004 to 2027, against counting day by day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.calendar import Calendar
from tidu.core.calendar.arrangements import shipped
from tidu.core.models.deadlines import CalendarDay
from tidu.policy.documents.route import NoticePeriod
from tidu.recognition.process.notice_period import CHINA, period_in_words, period_of

DAY = dt.timedelta(days=1)
ARRANGEMENTS = shipped()
CALENDAR = Calendar(
    {day.day: day.kind for year in ARRANGEMENTS for day in year.days}, [year.year for year in ARRANGEMENTS]
)
RULES = st.builds(
    NoticePeriod,
    days=st.integers(1, 30),
    day_kind=st.sampled_from(("calendar", "working")),
    first_day_counts=st.booleans(),
    roll_forward=st.booleans(),
    place=st.just("门户网站"),
    cite=st.just("认定程序/4"),
)
MOMENTS = st.builds(
    lambda day, seconds: dt.datetime.combine(day, dt.time(), CHINA) + dt.timedelta(seconds=seconds),
    st.dates(dt.date(2004, 1, 1), dt.date(2027, 12, 31)),
    st.integers(0, 86_399),
)


def rule(days: int = 5, kind: str = "calendar", *, first: bool = False, roll: bool = True) -> NoticePeriod:
    return NoticePeriod(
        days, "working" if kind == "working" else "calendar", first, roll, "门户网站", "认定程序/4"
    )


def works(day: dt.date) -> bool:
    """By the arrangement, read as a list."""
    for year in ARRANGEMENTS:
        for one in year.days:
            if one.day == day:
                return one.kind == CalendarDay.Kind.WORKED
    return day.isoweekday() <= 5


WORKED = {
    day: works(day)
    for day in (dt.date(2003, 12, 1) + DAY * number for number in range(9000))
    if day.year < 2029
}


def slow(asked: NoticePeriod, published: dt.date) -> tuple[dt.date, dt.date]:
    """First counted and last day, one day after the other."""
    counted: list[dt.date] = []
    day = published if asked.first_day_counts else published + DAY
    while len(counted) < asked.days:
        if asked.day_kind == "calendar" or WORKED[day]:
            counted.append(day)
        day += DAY
    last = counted[-1]
    while asked.roll_forward and not WORKED[last]:
        last += DAY
    return counted[0], last


@given(RULES, MOMENTS)
def test_every_period_is_the_one_that_fingers_count(asked: NoticePeriod, at: dt.datetime) -> None:
    period = period_of(asked, at.astimezone(dt.UTC), CALENDAR)
    first, last = slow(asked, at.date())
    assert (period.starts_on, period.last_day) == (first, last)
    assert period.ends_at == dt.datetime.combine(last + DAY, dt.time.min, CHINA)
    assert period.ends_at > at
    window = (first + DAY * number for number in range((last - first).days + 1))
    assert period.working_days == sum(WORKED[day] for day in window)


@given(MOMENTS)
def test_every_day_of_five_calendar_days_is_whole(at: dt.datetime) -> None:
    period = period_of(rule(), at, CALENDAR)
    assert period.ends_at - at >= 5 * DAY


def test_the_last_day_moves_behind_a_weekend() -> None:
    """发布当日不计；第 5 日为星期六，顺延到星期一."""
    period = period_of(rule(), dt.datetime(2026, 11, 16, 9, 30, tzinfo=CHINA), CALENDAR)
    assert (period.starts_on, period.counted_last, period.last_day) == (
        dt.date(2026, 11, 17),
        dt.date(2026, 11, 21),
        dt.date(2026, 11, 23),
    )
    assert period.ends_at == dt.datetime(2026, 11, 24, tzinfo=CHINA)
    assert (
        period_in_words(period) == "公示期 5 日，11-16 发布当日不计；第 5 日 11-21 为休息日，顺延至 11-23。"
    )


def test_the_day_of_publication_is_the_one_in_china_whatever_the_servers_clock_says() -> None:
    late = dt.datetime(2026, 11, 15, 16, 0, tzinfo=dt.UTC)  # midnight of the 16th in China
    assert period_of(rule(), late, CALENDAR).published_on == dt.date(2026, 11, 16)
    assert period_of(rule(), late - dt.timedelta(seconds=1), CALENDAR).published_on == dt.date(2026, 11, 15)


@pytest.mark.parametrize(
    ("published", "short"), [(dt.date(2026, 9, 29), True), (dt.date(2026, 11, 16), False)]
)
def test_a_window_of_few_working_days_is_pointed_out(published: dt.date, short: bool) -> None:  # noqa: FBT001
    at = dt.datetime.combine(published, dt.time(9), CHINA)
    assert period_of(rule(), at, CALENDAR).short is short


def test_a_period_in_a_year_without_arrangement_is_provisional() -> None:
    unknown = Calendar({}, [])
    assert period_of(rule(), dt.datetime(2031, 3, 3, tzinfo=CHINA), unknown).provisional
    assert not period_of(rule(), dt.datetime(2025, 3, 3, tzinfo=CHINA), CALENDAR).provisional
