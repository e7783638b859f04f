"""When the platform was up, and when it was not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tidu.core.interruptions import interruptions, mark
from tidu.core.models import ServiceTime

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def test_marks_make_one_stretch_until_they_stay_away() -> None:
    now = timezone.now()
    for minutes in (0, 1, 2, 50, 105):
        mark(now + dt.timedelta(minutes=minutes))
    assert ServiceTime.objects.count() == 1
    mark(now + 5 * HOUR)
    mark(now + 5 * HOUR)
    found = interruptions(now - DAY, now + 5 * HOUR)
    assert [item.ended_at - item.began_at for item in found] == [5 * HOUR - dt.timedelta(minutes=105)]
    assert interruptions(now + 6 * HOUR, now + 6 * HOUR) == []


def test_one_that_nobody_marked_the_end_of_ends_now_and_before_the_first_mark_nothing_is_known() -> None:
    now = timezone.now()
    assert interruptions(now - 30 * DAY, now) == []
    mark(now)
    assert [item.ended_at for item in interruptions(now - DAY, now + 3 * DAY)] == [now + 3 * DAY]
