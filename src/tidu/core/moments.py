"""A moment as people write it, to the minute, and the moment at which something is over.

A period is over at the first moment that no longer belongs to it. Where that is midnight, people name the day before:
what runs to the end of the 22nd ends ``2026-11-22 24:00``, in a sentence ``2026年11月22日24时``, and never on the 23rd.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from tidu.core.figures import day_in_words

_INSTANT = dt.timedelta(microseconds=1)


def moment(at: dt.datetime) -> str:
    """``2026-11-22 17:30``."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def end(at: dt.datetime) -> str:
    """The same of an end: ``2026-11-22 24:00``."""
    return f"{last_day(at)} 24:00" if _is_midnight(at) else moment(at)


def moment_in_words(at: dt.datetime) -> str:
    """``2026年11月22日9时``, ``2026年11月22日17时30分``."""
    local = timezone.localtime(at)
    return f"{day_in_words(local.date())}{local.hour}时{f'{local.minute:02}分' if local.minute else ''}"


def end_in_words(at: dt.datetime) -> str:
    """The same of an end: ``2026年11月22日24时``."""
    return f"{day_in_words(last_day(at))}24时" if _is_midnight(at) else moment_in_words(at)


def last_day(at: dt.datetime) -> dt.date:
    """The last day of what is over at a moment."""
    return timezone.localdate(at - _INSTANT)


def _is_midnight(at: dt.datetime) -> bool:
    local = timezone.localtime(at)
    return (local.hour, local.minute) == (0, 0)
