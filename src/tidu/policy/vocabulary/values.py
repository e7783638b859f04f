"""One value as people write it → the exact typed value that rules compute with, and back."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

from tidu.policy.quantities import (
    LARGEST_INTEGER,
    Kind,
    Value,
    bounded_real,
    fen_from_yuan,
    parse_quantity,
    yuan,
)
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.sectors import load_sectors

LONGEST_TEXT: Final = 2_000
MOST_DIGITS: Final = 40
_LARGEST_EXPONENT: Final = 40
TRUE_WORDS: Final = frozenset({"true", "1", "是", "有", "yes", "y"})
FALSE_WORDS: Final = frozenset({"false", "0", "否", "无", "没有", "no", "n"})
_AREA: Final = re.compile(r"[0-9]{6}")
_INDUSTRY: Final = re.compile(r"[A-T](?:[0-9]{2,4})?")


def parse_value(raw: object, described: Quantity) -> Value:
    """Read ``raw`` as a value of the indicator or field ``described``.

    Money may be a number of 元 or a text with its unit (``1000万元``), a ratio ``0.1`` or ``10%``. Raises
    :class:`ValueError` whose Chinese message continues a sentence that begins with the label: “…不是数”.
    """
    match described.kind:
        case Kind.YES_NO:
            return _yes_no(raw)
        case Kind.DATE:
            return _date(raw)
        case Kind.CHOICE:
            return _choice(raw, described)
        case Kind.AREA:
            return _code(raw, _AREA, "应为六位行政区划代码，例如 150102")
        case Kind.INDUSTRY:
            return _industry(raw)
        case Kind.TEXT:
            return _text(raw)
        case _:
            return _number(raw, described)


def write_value(value: Value, kind: Kind) -> str | int | float | bool:
    """A typed value as a facts file writes it; the inverse of :func:`parse_value` up to notation."""
    if kind is Kind.MONEY:
        text = yuan(int(value)) if isinstance(value, int) else str(value)
        return text.removesuffix(".00")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _yes_no(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in TRUE_WORDS or raw == 1:
        return True
    if word in FALSE_WORDS or raw == 0:
        return False
    msg = f"应填是或否，现为“{shown(raw)}”"
    raise ValueError(msg)


def _date(raw: object) -> dt.date:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    text = str(raw).strip().replace("/", "-").replace(".", "-")
    parts = text.split("-")
    try:
        if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004
            return dt.date(*(int(part) for part in parts))
    except (ValueError, OverflowError):
        pass
    msg = f"应为日期，写作 2025-12-31，现为“{shown(raw)}”"
    raise ValueError(msg)


def _choice(raw: object, described: Quantity) -> str:
    text = str(raw).strip()
    if text in described.choices:
        return text
    by_label = {label: key for key, label in described.choices.items()}
    if text in by_label:
        return by_label[text]
    listed = "、".join(f"{key}（{label}）" for key, label in described.choices.items())
    msg = f"没有选项“{shown(raw)}”，可选：{listed}"
    raise ValueError(msg)


def _code(raw: object, pattern: re.Pattern[str], usage: str) -> str:
    text = str(raw).strip().upper()
    if pattern.fullmatch(text):
        return text
    msg = f"{usage}，现为“{shown(raw)}”"
    raise ValueError(msg)


def _industry(raw: object) -> str:
    code = _code(raw, _INDUSTRY, "应为带门类字母的行业代码，例如 C3091")
    if load_sectors().get(code) is None:
        msg = f"没有代码为“{code}”的行业，请查《国民经济行业分类》"
        raise ValueError(msg)
    return code


def _text(raw: object) -> str:
    if isinstance(raw, (dict, list)):
        msg = "应为文字"
        raise ValueError(msg)  # noqa: TRY004 - one kind of error for every bad value
    text = str(raw).strip()
    if len(text) > LONGEST_TEXT:
        msg = f"超过 {LONGEST_TEXT} 字"
        raise ValueError(msg)
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text):
        msg = "含有不可见的控制字符"
        raise ValueError(msg)
    return text


def _number(raw: object, described: Quantity) -> int | float:
    amount = _amount(raw, described)
    _within_bounds(amount, described)
    if described.kind is Kind.MONEY:
        return fen_from_yuan(amount)
    if described.kind is Kind.COUNT:
        if amount != amount.to_integral_value():
            msg = f"应为整数，现为“{shown(raw)}”"
            raise ValueError(msg)
        if abs(amount) > LARGEST_INTEGER:
            msg = f"“{shown(raw)}”超出可用范围"
            raise ValueError(msg)
        return int(amount)
    return bounded_real(float(amount), shown(raw))


def _amount(raw: object, described: Quantity) -> Decimal:
    """The number in the unit of the edge: 元, persons, 0.1 for 10 %."""
    if isinstance(raw, bool):
        msg = "应为数，现为是否"
        raise ValueError(msg)  # noqa: TRY004 - one kind of error for every bad value
    if isinstance(raw, float) and not math.isfinite(raw):
        msg = "应为有限的数"
        raise ValueError(msg)
    text = unicodedata.normalize("NFKC", str(raw)).strip().replace(",", "")
    if len(text) > MOST_DIGITS:
        msg = f"“{shown(raw)}”位数太多"
        raise ValueError(msg)
    try:
        amount = Decimal(
            text.replace("_", " ") if text.isascii() else ""
        )  # no 1_000, no digits of other scripts
    except InvalidOperation:
        return _with_unit(text, described)
    if not amount.is_finite():
        msg = "应为有限的数"
        raise ValueError(msg)
    if amount.adjusted() > _LARGEST_EXPONENT:  # 1e9999999 is short to write and overflows decimal arithmetic
        msg = f"“{shown(raw)}”超出可用范围"
        raise ValueError(msg)
    return amount


def _with_unit(text: str, described: Quantity) -> Decimal:
    try:
        value, kind = parse_quantity(text)
    except ValueError:
        msg = f"应为数，现为“{shown(text)}”"
        raise ValueError(msg) from None
    if kind.kind is not described.kind or (described.unit and kind.unit not in {None, described.unit}):
        msg = f"单位不对，应为{described.type.label}，现为“{shown(text)}”"
        raise ValueError(msg)
    return Decimal(yuan(int(str(value)))) if kind.kind is Kind.MONEY else Decimal(str(value))


def _within_bounds(amount: Decimal, described: Quantity) -> None:
    if described.minimum is not None and amount < Decimal(str(described.minimum)):
        msg = f"不能小于 {described.minimum:g}"
        raise ValueError(msg)
    if described.maximum is not None and amount > Decimal(str(described.maximum)):
        msg = f"不能大于 {described.maximum:g}"
        raise ValueError(msg)


def shown(raw: object) -> str:
    """What somebody wrote, short enough for a message."""
    text = str(raw)
    return text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - enough to recognise it
