"""The period of a public notice: from when to when a list stands for everybody to see. Pure.

The document gives the number of days; whether they are calendar or working days, and whether the day of publication is
the first of them, are declared readings. In calendar days the last one moves on where it is a legal day of rest (Civil
Code, art. 203), unless the document says otherwise. The period ends with its last day: ``ends_at`` is the first moment
that no longer belongs to it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from tidu.core.calendar import Calendar
from tidu.core.models.deadlines import DayUnit
from tidu.policy.documents.route import NoticePeriod

CHINA: Final = ZoneInfo("Asia/Shanghai")
#: A window with fewer worked days than this is pointed out: offices are closed for much of it.
FEW_WORKING_DAYS: Final = 5
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """``starts_on`` is the first day that counts, ``last_day`` the last, ``counted_last`` the last before rolling on.

    ``working_days`` are those from ``starts_on`` to ``last_day``. ``provisional`` says that the holidays of a year it
    touches are not published yet.
    """

    published_on: dt.date
    days: int
    unit: DayUnit
    first_day_counts: bool
    starts_on: dt.date
    counted_last: dt.date
    last_day: dt.date
    ends_at: dt.datetime
    working_days: int
    provisional: bool

    @property
    def rolled(self) -> bool:
        """Whether the last day fell on a day of rest and moved on."""
        return self.last_day != self.counted_last

    @property
    def short(self) -> bool:
        """Whether it holds fewer than five working days."""
        return self.working_days < FEW_WORKING_DAYS


def period_of(rule: NoticePeriod, published_at: dt.datetime, calendar: Calendar) -> Period:
    """The period of a notice that is published at a moment (aware)."""
    published_on = published_at.astimezone(CHINA).date()
    unit = DayUnit.WORKING if rule.day_kind == "working" else DayUnit.CALENDAR
    starts_on = published_on if rule.first_day_counts else published_on + _DAY
    if unit == DayUnit.WORKING:
        starts_on = calendar.next_working_day(starts_on)
    counted = calendar.due_day(
        published_on, rule.days, unit, first_day_counts=rule.first_day_counts, roll_forward=False
    )
    last_day = calendar.next_working_day(counted) if rule.roll_forward else counted
    return Period(
        published_on,
        rule.days,
        unit,
        rule.first_day_counts,
        starts_on,
        counted,
        last_day,
        dt.datetime.combine(last_day + _DAY, dt.time.min, CHINA),
        calendar.working_days_between(starts_on - _DAY, last_day),
        not calendar.is_published(published_on, last_day),
    )


def period_in_words(period: Period) -> str:
    """How the period was counted: 公示期 5 日，11-16 发布当日不计；第 5 日 11-21 为休息日，顺延至 11-23."""
    unit = "个工作日" if period.unit == DayUnit.WORKING else "日"
    first = "发布当日计入" if period.first_day_counts else "发布当日不计"
    text = f"公示期 {period.days} {unit}，{period.published_on:%m-%d} {first}"
    if period.rolled:
        text += f"；第 {period.days} 日 {period.counted_last:%m-%d} 为休息日，顺延至 {period.last_day:%m-%d}"
    return f"{text}。"
