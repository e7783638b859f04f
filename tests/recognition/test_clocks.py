"""The limits of a case against a reference that walks day by day, over the calendar of 2004 to 2027."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import chinese_calendar
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.access.world import World, make_world
from tests.recognition.cases import application_at, published_call
from tidu.core.calendar import Calendar, deadlines, due
from tidu.core.models import Deadline
from tidu.core.models.deadlines import CalendarDay, DayUnit
from tidu.recognition.models import Application, Inquiry, Stage, Status
from tidu.recognition.process.clocks import follow_clocks, start_limit

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2004, 1, 1), dt.date(2027, 12, 31)
PUBLISHED = range(2004, 2027)


def _worked(day: dt.date) -> bool:
    """Whether people worked on a day: by the published arrangement, by its weekday where none is out."""
    return chinese_calendar.is_workday(day) if day.year in PUBLISHED else day.weekday() < 5


def _calendar() -> Calendar:
    """The same as the platform keeps it: the days that differ from their weekday."""
    kinds = {}
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + number * DAY
        if _worked(day) != (day.weekday() < 5):
            kinds[day] = CalendarDay.Kind.WORKED if _worked(day) else CalendarDay.Kind.OFF
    return Calendar(kinds, PUBLISHED)


CALENDAR = _calendar()


@dataclass
class SlowClock:
    """A limit as somebody with a wall calendar keeps it: every day that counts takes one off what is left."""

    day: dt.date
    left: int
    unit: DayUnit
    stands: bool = False

    def pass_days(self, number: int) -> None:
        """Let days go by, one by one. While the clock stands none of them counts."""
        for _ in range(number):
            self.day += DAY
            if not self.stands and (self.unit == DayUnit.CALENDAR or _worked(self.day)):
                self.left -= 1

    def last_day(self) -> dt.date:
        """The last day, found by walking on, or back where it is over; a day of rest at the end rolls on."""
        day, left = self.day, self.left
        while left > 0:
            day += DAY
            left -= self.unit == DayUnit.CALENDAR or _worked(day)
        while left < 0:
            left += self.unit == DayUnit.CALENDAR or _worked(day)
            day -= DAY
        if self.unit == DayUnit.WORKING and self.left <= 0:
            while not _worked(day):
                day -= DAY
        while not _worked(day):
            day += DAY
        return day


#: What may happen to a case under review, with how many days go by before it.
STEPS = st.lists(
    st.tuples(st.sampled_from(("ask", "answer", "return", "resubmit")), st.integers(0, 12)), max_size=10
)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def case(world: World) -> Application:
    return application_at(world, Status.DISTRICT, call=published_call(world))


class Today:
    """The day that it is."""

    day = FIRST


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Today:
    now = Today()
    real = timezone.localdate
    monkeypatch.setattr(
        timezone, "localdate", lambda value=None, *more: real(value, *more) if value else now.day
    )
    monkeypatch.setattr(deadlines, "current_calendar", lambda: CALENDAR)
    return now


def _do(held: Application, act: str) -> bool:
    """Do what may be done to the clocks of the case, as the process does it; False where it cannot be done now."""
    before = Status(held.status)
    now = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(12)))
    waiting = held.inquiries.filter(answered_at__isnull=True)
    if act == "ask" and before == Status.DISTRICT:
        Inquiry.objects.create(application=held, text="？", asked_by_id=held.started_by_id or 0)
    elif act == "answer" and before == Status.DISTRICT and waiting.exists():
        waiting.filter(pk=waiting.order_by("pk")[0].pk).update(answered_at=now)
    elif act == "return" and before == Status.DISTRICT:
        waiting.update(answered_at=now)
        held.status = Status.RETURNED
    elif act == "resubmit" and before == Status.RETURNED:
        held.status = Status.DISTRICT
    else:
        return False
    follow_clocks(held, act, before)
    held.save()
    return True


@pytest.mark.django_db
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.dates(FIRST + 30 * DAY, dt.date(2027, 4, 1)),
    st.integers(1, 30),
    st.sampled_from(DayUnit),
    STEPS,
)
@example(dt.date(2026, 9, 29), 5, DayUnit.CALENDAR, [("ask", 1), ("ask", 0), ("answer", 3), ("answer", 7)])
@example(dt.date(2020, 1, 22), 10, DayUnit.WORKING, [("return", 2), ("resubmit", 12), ("ask", 1)])
def test_a_review_ends_when_somebody_counting_day_by_day_says_so(  # noqa: PLR0917 - drawn
    case: Application, today: Today, start: dt.date, length: int, unit: DayUnit, steps: list[tuple[str, int]]
) -> None:
    case.call.limits = {
        **case.call.limits,
        "district": {"days": length, "day_kind": unit.value, "late": "", "cite": ""},
        "correction": {"days": 5, "day_kind": "working", "late": "", "cite": ""},
    }
    case.inquiries.all().delete()
    case.status, case.stage, case.correction = Status.DISTRICT, Stage.DISTRICT, None
    today.day = start
    case.deadline = start_limit(case.call, "district")
    slow = SlowClock(start, length, unit)
    assert case.deadline.due_on == slow.last_day()
    for act, days in steps:
        today.day += days * DAY
        slow.pass_days(days)
        if not _do(case, act):
            continue
        waiting = case.inquiries.filter(answered_at__isnull=True).exists()
        slow.stands = case.status == Status.RETURNED or waiting
        case.deadline.refresh_from_db()
        assert (case.deadline.stopped_on is not None) == slow.stands
        _agrees(case, slow, today.day)
        if act == "return":
            assert _limit(case.correction).due_on == SlowClock(today.day, 5, DayUnit.WORKING).last_day()
        if act == "resubmit":
            assert not case.correction


def _limit(found: Deadline | None) -> Deadline:
    assert found is not None
    return found


def _agrees(case: Application, slow: SlowClock, day: dt.date) -> None:
    assert case.deadline is not None
    if slow.stands:
        assert due(case.deadline, CALENDAR, today=day).value == "stop"
        return
    said = due(case.deadline, CALENDAR, today=day)
    assert case.deadline.due_on == slow.last_day()
    if slow.unit == DayUnit.WORKING:
        assert said.left == slow.left


@pytest.mark.parametrize("unit", DayUnit)
def test_every_limit_from_every_day_of_the_calendar_ends_as_counted(unit: DayUnit) -> None:
    """All days of 24 years, with one length each: what hypothesis may miss at the turn of an arrangement."""
    for number in range((LAST - FIRST).days - 200):
        start, length = FIRST + number * DAY, 1 + number % 23
        assert CALENDAR.due_day(start, length, unit) == SlowClock(start, length, unit).last_day(), (
            start,
            length,
        )


@pytest.mark.django_db
def test_the_next_stage_begins_its_own_limit_on_the_day_it_is_reached(
    case: Application, today: Today
) -> None:
    today.day = dt.date(2026, 9, 28)
    first: Any = case.deadline
    case.status, case.stage = Status.EXPERTS, Stage.EXPERTS
    follow_clocks(case, "recommend", Status.DISTRICT)
    first.refresh_from_db()
    assert first.closed_at is not None
    assert case.deadline is not None
    rule = case.call.limits["experts"]
    assert case.deadline.due_on == SlowClock(today.day, rule["days"], DayUnit(rule["day_kind"])).last_day()
