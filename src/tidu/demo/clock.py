"""The clock of the made-up story: what is done while it stands on a day of the past is done on that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.utils import timezone

from tidu.core.calendar import current_calendar

_DAY = dt.timedelta(days=1)


class StoryClock:
    """Tells everything that asks ``timezone.now`` a moment before today, from one working day to the next, never back.

    The rest of the platform knows no other clock, so that dates, limits and the record agree with each other.
    """

    def __init__(self) -> None:
        self._real: Callable[[], dt.datetime] = timezone.now
        self._ahead = dt.timedelta()  # of the real time; negative

    def __enter__(self) -> Self:
        """Begin to tell the time; it is the real one until :meth:`go` is called."""
        timezone.now = self._told
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the time to itself again."""
        timezone.now = self._real

    def _told(self) -> dt.datetime:
        return self._real() + self._ahead

    def moment(self, back: int, hour: int, minute: int = 0) -> dt.datetime:
        """A time of the day that lies ``back`` working days before the real today."""
        day, calendar = timezone.localdate(self._real()), current_calendar()
        while back:
            day -= _DAY
            back -= calendar.is_working_day(day)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))

    def go(self, back: int, hour: int, minute: int = 0) -> None:
        """Let time go on from a moment of the past, or from where the story has come to if that is later."""
        begun = self._ahead != dt.timedelta()
        ahead = self.moment(back, hour, minute) - self._real()
        self._ahead = max(self._ahead, ahead) if begun else ahead
