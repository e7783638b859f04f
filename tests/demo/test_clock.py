"""The clock of the made-up story."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tidu.core.calendar import current_calendar
from tidu.demo.clock import StoryClock

pytestmark = pytest.mark.django_db


def test_the_story_goes_forward_over_working_days_and_then_leaves_the_time_alone() -> None:
    real = timezone.now
    with StoryClock() as clock:
        today = timezone.localdate()
        assert real() - timezone.now() < dt.timedelta(seconds=1)
        clock.go(9, 10)
        begun = timezone.localtime()
        assert (begun.hour, current_calendar().is_working_day(begun.date())) == (10, True)
        assert current_calendar().working_days_between(begun.date() - dt.timedelta(days=1), today) in {9, 10}
        assert clock.moment(9, 12) - begun < dt.timedelta(hours=2)
        clock.go(3, 9)
        assert timezone.localdate() > begun.date()
        later = timezone.now()
        clock.go(5, 9)
        assert timezone.now() >= later
    assert timezone.now is real
