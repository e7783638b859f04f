"""How much time is left, in the words and the colour that ``<c-due>`` shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from tidu.core.calendar.working_days import PROVISIONAL, Calendar
from tidu.core.models.deadlines import DayUnit, Deadline

SOON: Final = 3  # in the limit's own unit
_WORDS: Final = {DayUnit.CALENDAR: "天", DayUnit.WORKING: "个工作日"}


@dataclass(frozen=True, slots=True)
class Due:
    """``value`` is ok, soon, over or stop; ``text`` the words; ``note`` what must be said beside them, or empty.

    ``left`` is in the limit's unit: 0 on the last day, negative afterwards, ``None`` while the clock stands or is done.
    """

    value: str
    text: str
    on: dt.date | None
    left: int | None = None
    note: str = ""


def due(deadline: Deadline, calendar: Calendar, *, today: dt.date | None = None, soon: int = SOON) -> Due:
    """What a deadline says today. ``soon`` is how many days before the end it begins to warn."""
    day = today or timezone.localdate()
    if deadline.closed_at is not None:
        return Due("ok", "已办结", timezone.localdate(deadline.closed_at))
    if deadline.stopped_on is not None:
        return Due("stop", f"时钟已停 {max((day - deadline.stopped_on).days, 0)} 天", None)
    unit = DayUnit(deadline.unit)
    working = unit == DayUnit.WORKING
    left = calendar.working_days_between(day, deadline.due_on) if working else (deadline.due_on - day).days
    note = PROVISIONAL if deadline.provisional else ""
    if day > deadline.due_on:
        late = f"逾期 {-left} {_WORDS[unit]}" if left else "已逾期"
        return Due("over", late, deadline.due_on, left, note)
    if day == deadline.due_on:
        return Due("soon", "今天到期", deadline.due_on, 0, note)
    return Due("soon" if left <= soon else "ok", f"还剩 {left} {_WORDS[unit]}", deadline.due_on, left, note)
