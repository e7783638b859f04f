"""Reading what people type into a form, and writing values back as they would be typed.

Blank means unknown and gives ``None``; 0 and 否 are values. Full-width digits, thousands separators, spaces and the
unit itself are understood, because spreadsheets and input methods produce them. Whatever cannot be read raises
:class:`Unreadable`, whose text says what to type instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from tidu.core.figures import FEN_PER_WAN

MOST_CHARACTERS = 60
MOST_DIGITS = 12  # before the decimal point; a thousand billion of anything is a slip
_ONE, _MYRIAD = Decimal(1), Decimal(10_000)
MONEY_UNITS = {"": _ONE, "万": _ONE, "万元": _ONE, "元": _ONE / _MYRIAD, "亿": _MYRIAD, "亿元": _MYRIAD}

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d*))?(?P<unit>\D*)")
_DAY = re.compile(r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?|(?P<rest>\d{4}))")
_YES = {"yes", "true", "1", "是", "有"}
_NO = {"no", "false", "0", "否", "无", "没有"}


class Unreadable(ValueError):  # noqa: N818 - it is what is wrong with the text, and reads so where it is raised
    """What was typed cannot be read; the text is a Chinese sentence for the person who typed it."""


def _clean(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"内容过长，最多 {MOST_CHARACTERS} 个字。")
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("，", ",")
    return re.sub(r"\s+", "", folded)


def _number(text: str, *, units: Iterable[str], example: str, negative: bool) -> tuple[Decimal, str] | None:
    """The number and its unit as typed, or None for a blank."""
    cleaned = _clean(text)
    if not cleaned:
        return None
    match = _NUMBER.fullmatch(cleaned)
    if match is None or match["unit"] not in {"", *units}:
        raise Unreadable(f"请填数字，例如 {example}。确实没有的填 0，不清楚就留空。")
    whole = match["whole"].replace(",", "")
    if len(whole.lstrip("0")) > MOST_DIGITS:
        raise Unreadable("数值太大，请核对单位。")
    value = Decimal(f"{match['sign']}{whole}.{match['part'] or '0'}")
    if value < 0 and not negative:
        raise Unreadable("这里不能是负数。")
    return value, match["unit"]


def money(text: str, *, negative: bool = False) -> int | None:
    """Money typed in 万元, as integer fen.

    ``2,318.90``, ``2318.9万元``, ``23189000元`` and ``0.23189亿元`` are the same.
    """
    found = _number(text, units=MONEY_UNITS, example="2318.90", negative=negative)
    if found is None:
        return None
    number, unit = found
    fen = number * MONEY_UNITS[unit] * FEN_PER_WAN
    if fen != fen.to_integral_value():
        raise Unreadable("金额最多精确到分，请减少小数位数。")
    return int(fen)


def ratio(text: str, *, negative: bool = False) -> float | None:
    """A percentage as a ratio: ``69.2`` and ``69.2%`` are 0.692."""
    found = _number(text, units=("%",), example="69.20", negative=negative)
    return None if found is None else float(found[0] / 100)


def count(text: str, *, unit: str = "") -> int | None:
    """A whole number of things."""
    found = _number(text, units=(unit,), example="2", negative=False)
    if found is None:
        return None
    if found[0] != found[0].to_integral_value():
        raise Unreadable("请填整数，例如 2。")
    return int(found[0])


def decimal(text: str, *, unit: str = "") -> float | None:
    """A score, or a number of years, that may have a fraction."""
    found = _number(text, units=(unit,), example="7.5", negative=False)
    return None if found is None else float(found[0])


def day(text: str) -> date | None:
    """A date: ``2018-06-12``, ``2018/6/12``, ``2018.6.12``, ``2018年6月12日`` or ``20180612``."""
    cleaned = _clean(text)
    if not cleaned:
        return None
    match = _DAY.fullmatch(cleaned)
    if match is None:
        raise Unreadable("日期请写成 2018-06-12 的样子。")
    month, number = (
        (match["rest"][:2], match["rest"][2:]) if match["rest"] else (match["month"], match["day"])
    )
    try:
        return date(int(match["year"]), int(month), int(number))
    except ValueError:
        raise Unreadable(f"没有这一天：{cleaned}。日期请写成 2018-06-12 的样子。") from None


def yes_no(text: str) -> bool | None:
    """Yes, no, or not known."""
    cleaned = _clean(text).lower()
    if not cleaned:
        return None
    if cleaned in _YES:
        return True
    if cleaned in _NO:
        return False
    raise Unreadable("请选“是”“否”或“不清楚”。")


def choice(text: str, allowed: Iterable[str]) -> str | None:
    """One of the offered ids."""
    cleaned = text.strip()
    if not cleaned:
        return None
    if cleaned not in set(allowed):
        raise Unreadable("请在列出的选项里选一个。")
    return cleaned


def words(text: str) -> str | None:
    """Plain text without control characters; what is invisible would also be unfindable."""
    if len(text) > MOST_CHARACTERS * 4:
        raise Unreadable(f"内容过长，最多 {MOST_CHARACTERS * 4} 个字。")
    kept = "".join(letter for letter in text if unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs"})
    return kept.strip() or None


def _typed(value: Decimal, least: int) -> str:
    """Every digit that ``value`` has, and at least ``least`` decimals."""
    text = f"{value.normalize():,f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(least, '0')}" if part or least else whole


def money_text(fen: int) -> str:
    """Money as it stands in its control, in 万元 and never rounded: ``2,318.90``, ``999.999999``."""
    return _typed(Decimal(fen) / FEN_PER_WAN, 2)


def ratio_text(value: float) -> str:
    """A ratio as it stands in its control, in per cent and never rounded: ``69.20``."""
    return _typed(Decimal(repr(value)) * 100, 2)


def number_text(value: float) -> str:
    """A count, score or number of years as it stands in its control: ``128``, ``7.5``."""
    return _typed(Decimal(repr(value)), 0)


def yes_no_text(value: bool) -> str:  # noqa: FBT001 - the value itself
    """The value of the radio button that is chosen."""
    return "yes" if value else "no"


TEXT_OF: dict[str, Callable[..., str]] = {
    "money": money_text,
    "ratio": ratio_text,
    "count": number_text,
    "years": number_text,
    "score": number_text,
    "date": date.isoformat,
    "yes_no": yes_no_text,
    "choice": str,
    "text": str,
}
