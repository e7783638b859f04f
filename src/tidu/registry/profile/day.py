"""The day in the address on which an enterprise is looked at, as it was known then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from tidu.core.entry import Unreadable, day

EARLIEST = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class KnownDay:
    """The day asked for, ``None`` for today; what was typed, and what is wrong with it."""

    on: dt.date | None = None
    typed: str = ""
    error: str = ""


def known_day(request: HttpRequest) -> KnownDay:
    """The day of ``?known=``. What cannot be read, or lies ahead, is told; today is then shown."""
    typed = request.GET.get("known", "").strip()[:20]
    try:
        found = day(typed)
    except Unreadable as unreadable:
        return KnownDay(None, typed, f"{unreadable}现在显示的是今天。")
    today = timezone.localdate()
    if found is None or found == today:
        return KnownDay()
    if not EARLIEST <= found < today:
        return KnownDay(None, typed, "请填 2000 年以后、今天以前的日期。现在显示的是今天。")
    return KnownDay(found, found.isoformat())
