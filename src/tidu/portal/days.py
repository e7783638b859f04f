"""The day that a page is looked at on: today, or the one in the address."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from tidu.core.components import Entry
from tidu.core.entry import Unreadable, day

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)


class Day(NamedTuple):
    """``on`` is the day to show, ``asked`` whether the visitor named it; ``entry`` is the control as typed."""

    on: dt.date
    asked: bool
    entry: Entry

    @property
    def error(self) -> str:
        """What is wrong with the day in the address, for the line below the control."""
        return self.entry.error


def day_of(request: HttpRequest, label: str = "哪一天？", otherwise: str = "现在显示的是今天。") -> Day:
    """The day of ``?on=``. What cannot be read is told beside the control, with what happens ``otherwise``."""
    typed = request.GET.get("on", "")
    today = timezone.localdate()
    found, error = None, ""
    try:
        found = day(typed)
    except Unreadable as problem:
        error = f"{problem}{otherwise}"
    if found is not None and not EARLIEST <= found <= LATEST:
        found, error = None, f"请填 2000 年到 2099 年之间的日期。{otherwise}"
    value = typed[:60] if error else found.isoformat() if found is not None else ""
    return Day(found or today, found is not None, Entry("on", "date", label, value, error=error))
