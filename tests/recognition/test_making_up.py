"""While the platform stands still no applicant loses a day; what the authorities owe goes on."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import DAY, application_at
from tests.recognition.district_cases import filled_case
from tests.recognition.life_cases import notified
from tidu.core.calendar import current_calendar
from tidu.core.interruptions import mark
from tidu.core.models import AuditEvent, Deadline, ServiceTime
from tidu.core.models.deadlines import DayUnit
from tidu.core.ticks import run_due
from tidu.desk.models import Notification
from tidu.recognition.actions.inquiries import UNANSWERED, ask_applicant, close_overdue_inquiries
from tidu.recognition.actions.lapsing import lapse_corrections
from tidu.recognition.actions.making_up import MADE_UP, make_up
from tidu.recognition.models import Act, Application, Cancellation, Inquiry, Status

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def _limit(deadline: Deadline | None) -> Deadline:
    assert deadline is not None
    deadline.refresh_from_db()
    return deadline


def _down_over(limit: Deadline, days: int = 3) -> dt.datetime:
    """The platform goes at noon of the limit's last day and is back so many days later."""
    mark(_noon(limit.due_on))
    return _noon(limit.due_on) + days * DAY


def _up_until(at: dt.datetime) -> None:
    """The stretch that runs has been marked all the time."""
    ServiceTime.objects.filter(pk=ServiceTime.objects.latest("pk").pk).update(seen_at=at)


def test_a_correction_whose_last_day_fell_into_it_gets_its_days_back_and_is_told(world: World) -> None:
    case = application_at(world, Status.RETURNED)
    limit = _limit(case.correction)
    due, back = limit.due_on, _down_over(limit)
    with time_machine.travel(back, tick=False):
        for _ in range(2):
            assert lapse_corrections() == 0
        moved = _limit(case.correction).due_on
        assert moved > timezone.localdate(back)
        # One working day was left when it went: one is left now that it is back.
        assert current_calendar().working_days_between(timezone.localdate(back), moved) == 1
        line = Act.objects.get(case_id=case.pk, act=MADE_UP)
        assert line.shown
        assert due.isoformat() in line.reason
        assert "平台在" in Notification.objects.get(user__username="manager_c", topic="期限顺延").body
        assert AuditEvent.objects.filter(action="recognition.limit.made_up").count() == 1
    mark(back)
    for at, lapsed in ((_noon(moved), 0), (_noon(moved) + DAY, 1)):
        with time_machine.travel(at, tick=False):
            _up_until(at)
            assert lapse_corrections() == lapsed


def test_of_two_on_one_day_the_day_is_given_back_once(world: World) -> None:
    case = application_at(world, Status.RETURNED)
    limit = _limit(case.correction)
    for hours in (-3, 0):
        mark(_noon(limit.due_on) + hours * HOUR)
    with time_machine.travel(_noon(limit.due_on) + DAY, tick=False):
        assert make_up() == 2
        assert make_up() == 0
        moved = _limit(case.correction).due_on
        assert current_calendar().working_days_between(timezone.localdate(), moved) == 1


def test_what_is_switched_off_at_night_costs_nobody_anything(world: World) -> None:
    case = application_at(world, Status.RETURNED)
    limit = _limit(case.correction)
    for days in range(-1, 3):  # up from half past seven to eight in the evening, every day
        morning = _noon(limit.due_on) + days * DAY - 4.5 * HOUR
        mark(morning)
        _up_until(morning + 12.5 * HOUR)
    with time_machine.travel(_noon(limit.due_on) + DAY, tick=False):
        assert make_up() == 0
        assert lapse_corrections() == 1


def test_what_was_over_before_it_or_ends_behind_it_stays(world: World) -> None:
    case = application_at(world, Status.RETURNED)
    limit = _limit(case.correction)
    mark(_noon(limit.due_on) + DAY)
    with time_machine.travel(_noon(limit.due_on) + 3 * DAY, tick=False):
        assert make_up() == 0
    ServiceTime.objects.all().delete()
    mark(_noon(limit.due_on) - 3 * DAY)
    with time_machine.travel(_noon(limit.due_on) - DAY, tick=False):
        assert make_up() == 0
    assert _limit(case.correction).stops == []


def test_a_question_stays_open(world: World) -> None:
    case = filled_case(world)
    asked = ask_applicant(actor=world.actor("district_saihan"), application=case, text="合同原件在哪里？")
    with time_machine.travel(_down_over(_limit(asked.deadline)), tick=False):
        assert close_overdue_inquiries() == 0
    asked.refresh_from_db()
    assert asked.answered_at is None
    with time_machine.travel(_noon(_limit(asked.deadline).due_on) + DAY, tick=False):
        _up_until(timezone.now())
        assert close_overdue_inquiries() == 1
    assert Inquiry.objects.get(pk=asked.pk).answer == UNANSWERED


def test_a_right_of_reply_runs_on(world: World) -> None:
    case = notified(world)
    before = _limit(case.deadline).due_on
    with time_machine.travel(_down_over(_limit(case.deadline)), tick=False):
        run_due()
        assert Cancellation.objects.get().state == Cancellation.State.NOTIFIED
        after = _limit(case.deadline)
        assert after.due_on > before
        assert after.due_on > timezone.localdate()
        assert DayUnit(after.unit) == DayUnit.WORKING or after.stopped_days >= 3


def test_a_limit_of_the_authorities_is_not_put_off(world: World) -> None:
    case = application_at(world, Status.DISTRICT)
    limit = _limit(case.deadline)
    with time_machine.travel(_down_over(limit), tick=False):
        assert make_up() == 0
        run_due()
    assert _limit(case.deadline).due_on == limit.due_on
    assert Application.objects.get(pk=case.pk).escalated_at is not None
