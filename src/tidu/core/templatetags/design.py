"""Filters that the page components need: words and icons of states, pages of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django import template
from django.core.paginator import Page
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from tidu.core.components import DUE_ICONS, SOURCES, STATES, State

register = template.Library()

_BARS = 4
_WHOLE: Final = re.compile(
    r"“[^“”<>&]{1,8}”"
    r"|(?<![\d-])(?:\d{4}-)?\d{2}-\d{2}(?!\d)(?: \d{2}:\d{2})?"
    r"|\d{4}年\d{1,2}月\d{1,2}日"
)
_CONTROLS = ("money", "ratio", "count", "years", "score", "date", "choice", "text")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the rank of a source, in units of its 18 × 11 picture."""

    x: str
    y: str
    height: str
    on: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """How far a source is trusted, as bars and as a word."""

    word: str
    bars: tuple[Bar, ...]


@register.filter
def state(value: str) -> State:
    """Word and icon of a value of ``td-st[data-s]``. Raises KeyError for a value that the design does not know."""
    return STATES[str(value)]


@register.filter
def unbroken(words: str) -> SafeString:
    """Words whose days, and short words in quotation marks such as “专精特新”, are not broken over two lines."""
    kept = _WHOLE.sub(r'<span class="td-nowrap">\g<0></span>', conditional_escape(words))
    return mark_safe(kept)  # noqa: S308 - escaped above


@register.filter
def due_icon(value: str) -> str:
    """Icon of a deadline: ok, soon, over or stop."""
    return DUE_ICONS[value]


@register.filter
@cache
def source(value: str) -> Rank:
    """Bars and word of a source of facts."""
    rank, word = SOURCES[value]
    heights = [3.0 + 2.4 * index for index in range(_BARS)]
    bars = tuple(
        Bar(f"{4.6 * index:.1f}", f"{11 - height:.1f}", f"{height:.1f}", index < rank)
        for index, height in enumerate(heights)
    )
    return Rank(word, bars)


@register.filter
def input_component(kind: str) -> str:
    """Name of the component that asks for a kind of quantity; a kind without a control of its own is typed as text."""
    return f"input.{kind if kind in _CONTROLS else 'text'}"


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Numbers to offer around ``page``; None stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]
