"""Counting days: which are worked, and when a time limit ends. Pure functions of a calendar that is given.

How a limit is counted (Civil Code, art. 200 to 203):

- The day on which it starts does not count, unless the document says so (``first_day_counts``).
- In calendar days every day counts. Where the last one is a legal day of rest (法定休假日), the limit ends on the next
  day that is worked (``roll_forward``). Days of rest are the festivals, what the yearly arrangement gives off, and
  weekends that the arrangement does not make working days; a Saturday that is worked is none.
- In working days only worked days count, so the last one is always worked.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from tidu.core.models.deadlines import CalendarDay, DayUnit

_DAY: Final = dt.timedelta(days=1)
_SATURDAY: Final = 5
PROVISIONAL: Final = "节假日安排未公布，暂按周末推算"


class Calendar:
    """The days that differ from their weekday, and the years whose arrangement is published.

    ``kinds`` has the kind of each such day, ``occasions`` the festival's name.
    """

    def __init__(
        self,
        kinds: Mapping[dt.date, CalendarDay.Kind],
        years: Iterable[int],
        occasions: Mapping[dt.date, str] = MappingProxyType({}),
    ) -> None:
        self.kinds, self.years, self.occasions = dict(kinds), frozenset(years), dict(occasions)
        self._differing = sorted(self.kinds)

    def is_working_day(self, day: dt.date) -> bool:
        """Whether people work on the day; by its weekday where no arrangement says otherwise."""
        kind = self.kinds.get(day)
        if kind is None:
            return day.weekday() < _SATURDAY
        return kind == CalendarDay.Kind.WORKED

    def is_published(self, first: dt.date, last: dt.date) -> bool:
        """Whether the arrangement of every year from ``first`` to ``last`` is published."""
        return all(year in self.years for year in range(first.year, last.year + 1))

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Worked days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (end - start).days
        whole, rest = divmod(days, 7)
        count = 5 * whole + sum(
            (start + _DAY * (7 * whole + offset)).weekday() < _SATURDAY for offset in range(1, rest + 1)
        )
        first, last = bisect.bisect_right(self._differing, start), bisect.bisect_right(self._differing, end)
        for day in self._differing[first:last]:
            count += (self.kinds[day] == CalendarDay.Kind.WORKED) - (day.weekday() < _SATURDAY)
        return count

    def due_day(
        self,
        start: dt.date,
        length: int,
        unit: DayUnit,
        *,
        first_day_counts: bool = False,
        roll_forward: bool = True,
    ) -> dt.date:
        """The last day of a limit of ``length`` days or working days from ``start``.

        Raises ``ValueError`` for a length below one.
        """
        if length < 1:
            raise ValueError("a time limit has at least one day")
        if unit == DayUnit.CALENDAR:
            last = start + _DAY * (length - 1 if first_day_counts else length)
            return self.next_working_day(last) if roll_forward else last
        before = start - _DAY if first_day_counts else start
        return self._nth_working_day(before, length)

    def next_working_day(self, day: dt.date) -> dt.date:
        """``day`` if it is worked, the first worked day after it otherwise."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def _nth_working_day(self, start: dt.date, count: int) -> dt.date:
        """The ``count``-th worked day after ``start``: a guess by whole weeks, then exact steps."""
        day = start + _DAY * (count // 5 * 7)
        missing = count - self.working_days_between(start, day)
        while missing > 0:
            day += _DAY
            missing -= self.is_working_day(day)
        while missing < 0 or not self.is_working_day(day):
            missing += self.is_working_day(day)
            day -= _DAY
        return day


def of_days(days: Iterable[CalendarDay], years: Iterable[int]) -> Calendar:
    """The calendar that rows of the table make."""
    rows = list(days)
    return Calendar(
        {row.day: CalendarDay.Kind(row.kind) for row in rows},
        years,
        {row.day: row.occasion for row in rows if row.occasion},
    )
