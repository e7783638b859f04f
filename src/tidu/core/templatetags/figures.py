"""Filters over :mod:`tidu.core.figures`. Each takes what to show for ``None`` as its argument; ``—`` without one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from tidu.core import criterion_words, figures, moments
from tidu.core.quoting import quoted

register = template.Library()
NOTHING = "—"
T = TypeVar("T")


def _add(show: Callable[[T], str]) -> None:
    """Register ``show`` under its own name, with the argument for ``None``."""

    def apply(value: T | None, missing: str = NOTHING) -> str:
        return missing if value is None else show(value)

    register.filter(show.__name__, apply)


def _time(value: date, text: str) -> str:
    """A <time> element: machines read the whole date, lines never break inside it."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


def day(value: date) -> str:
    """``2026-11-20`` as a <time> element."""
    return _time(value, figures.day(value))


def day_in_words(value: date) -> str:
    """``2026年11月20日`` as a <time> element."""
    return _time(value, figures.day_in_words(value))


def day_with_weekday(value: date) -> str:
    """``2026年11月20日（星期五）`` as a <time> element."""
    return _time(value, figures.day_with_weekday(value))


def short_day(value: date) -> str:
    """``11-24`` inside the current year, the whole date otherwise, as a <time> element."""
    return _time(value, figures.short_day(value, timezone.localdate()))


def moment(value: datetime) -> str:
    """``2026-11-22 17:30`` as a <time> element."""
    return _time(timezone.localtime(value), moments.moment(value))


def end(value: datetime) -> str:
    """The moment at which something is over: ``2026-11-22 24:00`` as a <time> element."""
    return _time(timezone.localtime(value), moments.end(value))


def _money(show: Callable[[int], str]) -> Callable[[int], str]:
    """Refuse anything but integer fen: a float here would be money lost somewhere before."""

    def checked(fen: int) -> str:
        if isinstance(fen, bool) or not isinstance(fen, int):
            raise TypeError(f"money is integer fen, not {type(fen).__name__}")
        return show(fen)

    checked.__name__ = show.__name__
    return checked


for _show in (figures.wan_yuan, figures.yuan, figures.round_money, figures.margin_money):
    _add(_money(_show))
for _ratio in (figures.percent, figures.plain_percent, figures.margin_percent, figures.number):
    _add(_ratio)
for _day in (day, day_in_words, day_with_weekday, short_day):
    _add(_day)
for _moment in (moment, end):
    _add(_moment)
register.filter(quoted)


@register.filter
def brief(value: object, beside: object = "") -> str:
    """Words with their money to two decimals of 万元, exact in the title: ``{{ row.shown|brief:row.limit }}``."""
    shown = [
        (format_html('<span title="{}">{}</span>', exact, words) if exact else words,)
        for words, exact in figures.money_parts(str(value), str(beside))
    ]
    return format_html_join("", "{}", shown)


@register.filter
def compared(value: str, limit: str) -> str:
    """What was found beside what is asked: ``{{ row.shown|compared:row.limit }}``."""
    return brief(criterion_words.compared(value, limit), limit)


@register.filter
def margin_number(value: float | Decimal | None, unit: str = "") -> str:
    """A difference of counts, scores or years with its unit: ``{{ 4|margin_number:"项" }}`` is ``＋4 项``."""
    return NOTHING if value is None else figures.margin_number(value, unit)


@register.filter
def days_to(end: date | None, on: date) -> str:
    """How the last day of force stands to ``on``; a policy without a last day is 长期有效."""
    return "长期有效" if end is None else figures.days_to(end, on)
