"""However late, often or unevenly the periodic work runs, and whatever becomes a holiday: it comes to the same end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.access.world import World, make_world
from tests.recognition.cases import DAY, application_at, published_call
from tests.recognition.district_cases import filled_case
from tests.recognition.life_cases import notified, reported
from tidu.core.calendar import current_calendar
from tidu.core.calendar.recounting import recount_open
from tidu.core.models.deadlines import CalendarDay, CalendarYear
from tidu.core.ticks import TICKS
from tidu.desk.models import Notification, Task
from tidu.recognition.actions.inquiries import ask_applicant
from tidu.recognition.models import Act, Application, Call, Cancellation, Inquiry, Status

#: Without the mark that says when the platform was up: it was, and only its periodic work was not done.
_NAMES = sorted(name for name in TICKS if name.startswith("recognition."))
_LAST = 70
_DAYS = st.lists(st.integers(0, _LAST), max_size=6).map(sorted)
_HOLIDAYS = st.sets(st.integers(1, 25), max_size=8)


class LateTicks(TestCase):
    """One world with something under every limit; what an example does to it is rolled back behind it."""

    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = world = make_world()
        call = published_call(world)
        for letter, status in (("A", Status.RETURNED), ("C", Status.DRAFT), ("D", Status.EXPERTS)):
            application_at(world, status, letter=letter, call=call)
        for letter in "CD":
            application_at(world, Status.DECISION, letter=letter, call=published_call(world))
        asked = filled_case(world, call=published_call(world))
        ask_applicant(actor=world.actor("district_saihan"), application=asked, text="合同原件在哪里？")
        notified(world)
        reported(world, letter="D")

    def _end(self, days: list[int], holidays: set[int]) -> dict[str, Any]:
        """Where everything stands on the last day, when the periodic work was done on these days alone."""
        start = timezone.now()
        today = timezone.localdate(start)
        CalendarYear.objects.get_or_create(year=today.year, defaults={"source": "试验"})
        for number in holidays:
            day = today + number * DAY
            if day.year == today.year:
                CalendarDay.objects.update_or_create(
                    day=day, defaults={"year_id": day.year, "kind": CalendarDay.Kind.OFF, "occasion": "停电"}
                )
        recount_open(current_calendar())
        for number in [
            *days,
            _LAST,
            _LAST,
        ]:  # what one of them brings about, another follows up at the next tick
            with time_machine.travel(start + dt.timedelta(days=number, minutes=1), tick=False):
                for name in _NAMES:
                    TICKS[name].work()
        return {
            "applications": sorted(Application.objects.values_list("pk", "status", "reason", "cite")),
            "calls": sorted(Call.objects.values_list("pk", "state")),
            "inquiries": sorted(Inquiry.objects.values_list("pk", "answer")),
            "cancellations": sorted(Cancellation.objects.values_list("pk", "state")),
            "acts": sorted(Act.objects.values_list("case", "case_id", "act", "before", "after", "reason")),
            "escalated": sorted(Application.objects.exclude(escalated_at=None).values_list("pk", flat=True)),
            "tasks": sorted(Task.objects.open().values_list("kind", "subject_type", "subject_id")),
            "told": sorted(
                Notification.objects.filter(topic="催办").values_list("user__username", "key").distinct()
            ),
        }

    @settings(max_examples=3)
    @given(_DAYS, _HOLIDAYS)
    @example([3, 6, 6, 9], {2, 3, 4, 5})
    @example([0, 0, 31, 31], {1, 8, 9, 10, 11, 12, 13, 14})
    def test_late_twice_and_over_a_holiday_it_ends_the_same(
        self, days: list[int], holidays: set[int]
    ) -> None:
        ends = []
        for on in (list(range(0, _LAST, 7)), days):
            with transaction.atomic():
                ends.append(self._end(on, holidays))
                transaction.set_rollback(True)
        for name, regular in ends[0].items():
            assert ends[1][name] == regular, name
