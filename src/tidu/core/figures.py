"""Figures as people of the field read them: 万元 with two decimals, 个百分点, full-width signs, dates.

Everything is exact: money comes in as integer fen and is divided in decimals; a ratio is read from its shortest
decimal form. Halves are rounded away from zero, as clerks do. ``None`` is never formatted here: callers decide between
``—`` (does not apply) and 未报 (missing).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100
FEN_PER_WAN = 10_000 * FEN_PER_YUAN
FEN_PER_YI = 10_000 * FEN_PER_WAN
PLUS, MINUS = "＋", "−"
_WEEKDAYS = "一二三四五六日"
_MOST_DECIMALS = 12
_MONEY = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?) 万元")
_EXACT = re.compile(r"(?P<number>\d[\d,]*\.\d{3,6}) 万元")


def _fixed(number: Decimal, decimals: int) -> str:
    """``number`` rounded to ``decimals`` places with thousands separators and a real minus sign; never −0."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def _trimmed(number: Decimal, most: int) -> str:
    """``number`` with at most ``most`` decimals and no trailing zeros."""
    text = _fixed(number, most)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimal(number: float | Decimal) -> Decimal:
    """A float as the decimal that people would write for it: 0.1 and not 0.1000000000000000055."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def wan_yuan(fen: int) -> str:
    """Money in 万元 with two decimals: 2318900000 fen is ``2,318.90``."""
    return _fixed(Decimal(fen) / FEN_PER_WAN, 2)


def yuan(fen: int) -> str:
    """Money in 元 with two decimals: 2318900000 fen is ``23,189,000.00``."""
    return _fixed(Decimal(fen) / FEN_PER_YUAN, 2)


def round_money(fen: int) -> str:
    """An amount as a policy would name it, with its unit: ``20 万元``, ``4 亿元``, ``1,500 元``. Never rounded."""
    for size, unit in ((FEN_PER_YI, "亿元"), (FEN_PER_WAN, "万元")):
        number = Decimal(fen) / size
        if abs(number) >= 1 and number == round(number, 2):
            return f"{_trimmed(number, 2)} {unit}"
    return f"{_trimmed(Decimal(fen) / FEN_PER_YUAN, 2)} 元"


def percent(ratio: float | Decimal) -> str:
    """A ratio as a percentage with two decimals: 0.122 is ``12.20%``."""
    return f"{_fixed(_decimal(ratio) * 100, 2)}%"


def plain_percent(ratio: float | Decimal) -> str:
    """A ratio as a rule would name it, without trailing zeros: 0.1 is ``10%``."""
    return f"{_trimmed(_decimal(ratio) * 100, 6)}%"


def number(value: float | Decimal) -> str:
    """A count, score or number of years with separators and at most two decimals: ``1,234``, ``7.5``."""
    return _trimmed(_decimal(value), 2)


def _apart(value: Decimal, limit: Decimal) -> int:
    """The fewest decimals, two or more, at which ``value`` and ``limit`` still compare as they do exactly."""
    order = (value > limit) - (value < limit)
    for decimals in range(2, _MOST_DECIMALS):
        step = Decimal(1).scaleb(-decimals)
        shown = value.quantize(step, rounding=ROUND_HALF_UP)
        mark = limit.quantize(step, rounding=ROUND_HALF_UP)
        if (shown > mark) - (shown < mark) == order:
            return decimals
    return _MOST_DECIMALS


def wan_yuan_beside(fen: int, limit: int) -> str:
    """Money in 万元 beside a limit: more decimals where two would hide on which side of the limit it lies.

    9,999,999.99 元 beside 1000万元 is ``999.999999`` and not ``1,000.00``.
    """
    value = Decimal(fen) / FEN_PER_WAN
    return _fixed(value, _apart(value, Decimal(limit) / FEN_PER_WAN))


def money_parts(text: str, beside: str = "") -> Iterator[tuple[str, str]]:
    """A text cut where exact money stands in it: each part as it is shown, and behind it the exact amount, if another.

    What has more than two decimals is shown with two, or with as many as it takes to be on its side of the amounts in
    ``beside`` and of nought: ``9,984.698538 万元`` is ``9,984.70 万元``; beside 1,000 万元 ``999.999999`` stays.
    """
    limits = [0, *(_fen(found["number"]) for found in _MONEY.finditer(beside))]
    begin = 0
    for found in _EXACT.finditer(text):
        fen = _fen(found["number"])
        shown = wan_yuan_beside(fen, min(limits, key=lambda limit: abs(limit - fen)))
        yield text[begin : found.start()], ""
        yield f"{shown} 万元", found[0] if shown != found["number"] else ""
        begin = found.end()
    yield text[begin:], ""


def _fen(number: str) -> int:
    return int(Decimal(number.replace(",", "")) * FEN_PER_WAN)


def _signed(value: Decimal, text: str) -> str:
    return f"{PLUS}{text}" if value > 0 else text


def margin_money(fen: int) -> str:
    """A difference of money in 万元 with its sign: ``＋1,318.90``, ``−0.000001``; nought is ``0（恰好达到）``."""
    return "0（恰好达到）" if fen == 0 else _signed(Decimal(fen), wan_yuan_beside(fen, 0))


def margin_percent(ratio: float | Decimal) -> str:
    """A difference of ratios: ``＋2.20 个百分点``."""
    value = _decimal(ratio) * 100
    return (
        "0（恰好达到）"
        if value == 0
        else f"{_signed(value, _fixed(value, _apart(value, Decimal(0))))} 个百分点"
    )


def margin_number(value: float | Decimal, unit: str = "") -> str:
    """A difference of counts, scores or years with its unit: ``＋4 项``."""
    exact = _decimal(value)
    if exact == 0:
        return "0（恰好达到）"
    text = _signed(exact, _trimmed(exact, _apart(exact, Decimal(0))))
    return f"{text} {unit}" if unit else text


def day(value: date) -> str:
    """A date in data: ``2026-11-20``."""
    return value.isoformat()


def day_in_words(value: date) -> str:
    """A date in a sentence: ``2026年11月20日``."""
    return f"{value.year}年{value.month}月{value.day}日"


def day_with_weekday(value: date) -> str:
    """A date in a sentence with its weekday: ``2026年11月20日（星期五）``."""
    return f"{day_in_words(value)}（星期{_WEEKDAYS[value.weekday()]}）"


def short_day(value: date, today: date) -> str:
    """A date in a list: ``11-24`` inside the year of ``today``, whole otherwise."""
    return f"{value:%m-%d}" if value.year == today.year else value.isoformat()


def days_to(end: date, on: date) -> str:
    """How the last day of force stands to ``on``: ``还有 143 天``, ``今天到期``, ``已届满 324 天``."""
    left = (end - on).days
    if left == 0:
        return "今天到期"
    return f"还有 {left:,} 天" if left > 0 else f"已届满 {-left:,} 天"


def span(start: date, end: date) -> str:
    """The whole years and months from ``start`` to ``end``: ``8 年 4 个月``; below one month ``不足 1 个月``.

    The 29th of February counts as complete on the 28th in other years, as everywhere in the rules.
    """
    if end < start:
        return f"{MINUS}{span(end, start)}"
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < min(start.day, monthrange(end.year, end.month)[1]):
        months -= 1
    years, rest = divmod(months, 12)
    parts = [text for text, wanted in ((f"{years} 年", years), (f"{rest} 个月", rest)) if wanted]
    return " ".join(parts) or "不足 1 个月"
