"""Periodic work of the calendar."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tidu.core.calendar.published import current_calendar
from tidu.core.calendar.recounting import recount_open
from tidu.core.ticks import tick


@tick("core.calendar.recount", every=dt.timedelta(hours=12))
def recount() -> str:
    """Count open deadlines anew, should any not agree with the calendar: restored from a backup, changed by hand."""
    with transaction.atomic():
        moved = recount_open(current_calendar()).moved
    return f"{moved} 个期限重新计算" if moved else ""
