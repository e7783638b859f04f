"""Kinds of quantity, their units and the exact values that rules compute with.

Values inside the engine: money is ``int`` fen, a count is ``int``, a date is :class:`datetime.date`, yes/no
is ``bool``, text, choice, area and industry are ``str``; ratio, years and score are finite ``float``. At the
edge of a file money is in 元.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

Value = bool | int | float | str | dt.date

#: Two ratios, years or scores nearer than this are equal: a limit of 10% admits 0.0999999999.
TOLERANCE: Final = 1e-9
#: Largest magnitudes a fact may have: one hundred trillion yuan in fen, and counts in the same order.
LARGEST_INTEGER: Final = 10**16
LARGEST_REAL: Final = 1e12
FEN_PER_YUAN: Final = 100


class Kind(StrEnum):
    """What sort of thing a value is; rules may only combine values of fitting kinds."""

    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"
    RATIO = "ratio"
    YEARS = "years"
    SCORE = "score"
    DATE = "date"
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    AREA = "area"
    INDUSTRY = "industry"

    @property
    def label(self) -> str:
        """The word used in messages to the authors of packs."""
        return _KIND_LABELS[self]


_KIND_LABELS: Final = {
    Kind.MONEY: "金额",
    Kind.COUNT: "数量",
    Kind.NUMBER: "数",
    Kind.RATIO: "比率",
    Kind.YEARS: "年数",
    Kind.SCORE: "分值",
    Kind.DATE: "日期",
    Kind.TEXT: "文本",
    Kind.YES_NO: "是否",
    Kind.CHOICE: "选项",
    Kind.AREA: "行政区划",
    Kind.INDUSTRY: "行业代码",
}
EXACT: Final = frozenset({Kind.MONEY, Kind.COUNT})
NUMERIC: Final = frozenset({Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.RATIO, Kind.YEARS, Kind.SCORE})

_MONEY_UNITS: Final = {"元": 100, "万元": 100 * 10**4, "亿元": 100 * 10**8}
_FIXED_UNITS: Final = {"%": Kind.RATIO, "年": Kind.YEARS, "分": Kind.SCORE}


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an indicator, a literal or a term: a kind, and what the kind needs to be compared.

    ``unit`` belongs to counts (人, 项 …), ``choices`` (ids, low to high where ``ordered``) to choices.
    """

    kind: Kind
    unit: str | None = None
    choices: tuple[str, ...] = ()
    ordered: bool = False

    @property
    def label(self) -> str:
        """Kind and unit as a pack author reads them: 金额（元）, 数量（人）."""
        unit = {Kind.MONEY: "元", Kind.RATIO: "%", Kind.YEARS: "年", Kind.SCORE: "分"}.get(
            self.kind, self.unit
        )
        return f"{self.kind.label}（{unit}）" if unit else self.kind.label

    @property
    def is_numeric(self) -> bool:
        """Whether values of this type can be added and ordered as numbers."""
        return self.kind in NUMERIC


YES_NO: Final = Type(Kind.YES_NO)
NUMBER: Final = Type(Kind.NUMBER)
RATIO: Final = Type(Kind.RATIO)
MONEY: Final = Type(Kind.MONEY)


def comparable(left: Type, right: Type) -> bool:
    """Whether two types may be compared or added: same kind and unit, or a bare number beside a count or score."""
    if left.kind is right.kind:
        return left.unit == right.unit or None in (left.unit, right.unit)
    kinds = {left.kind, right.kind}
    return Kind.NUMBER in kinds and bool(kinds & {Kind.COUNT, Kind.SCORE})


def parse_quantity(text: str) -> tuple[Value, Type]:
    """Read a literal with its unit: ``1000万元`` → 1_000_000_000 fen, ``10%`` → 0.1, ``2年``, ``3项``, ``60分``, ``7``.

    Raises :class:`ValueError` with a Chinese sentence when the number or the unit cannot be.
    """
    body = text.strip()
    end = next(
        (i for i, char in enumerate(body) if not (char.isascii() and (char.isdigit() or char in ".-"))),
        len(body),
    )
    digits, unit = body[:end], body[end:].strip()
    try:
        number = Decimal(digits)
    except InvalidOperation:
        msg = f"“{text}”不是带单位的数，写法如 1000万元、10%、2年、3项"
        raise ValueError(msg) from None
    if unit in _MONEY_UNITS:
        fen = number * _MONEY_UNITS[unit]
        if fen != fen.to_integral_value():
            msg = f"金额“{text}”不足一分"
            raise ValueError(msg)
        return _bounded_integer(int(fen), text), MONEY
    if unit in _FIXED_UNITS:
        kind = _FIXED_UNITS[unit]
        value = number / 100 if kind is Kind.RATIO else number
        return bounded_real(float(value), text), Type(kind)
    whole = number == number.to_integral_value()
    if unit and not whole:
        msg = f"以“{unit}”计的数量须为整数，现为“{text}”"
        raise ValueError(msg)
    value_out: Value = _bounded_integer(int(number), text) if whole else bounded_real(float(number), text)
    return value_out, Type(Kind.COUNT, unit) if unit else NUMBER


def _bounded_integer(value: int, text: str) -> int:
    if abs(value) > LARGEST_INTEGER:
        msg = f"“{text}”超出可用范围"
        raise ValueError(msg)
    return value


def bounded_real(value: float, text: str) -> float:
    """Return ``value`` if it is finite and within :data:`LARGEST_REAL`, else raise :class:`ValueError`."""
    if not math.isfinite(value) or abs(value) > LARGEST_REAL:
        msg = f"“{text}”不是有限的数，或超出可用范围"
        raise ValueError(msg)
    return value


def fen_from_yuan(amount: Decimal) -> int:
    """元 as whole fen. Raises :class:`ValueError` for NaN, infinity, three decimals or too large an amount."""
    if not amount.is_finite():
        msg = "金额须为有限的数"
        raise ValueError(msg)
    if abs(amount) > LARGEST_INTEGER // FEN_PER_YUAN:
        msg = f"金额 {amount} 元超出可用范围"
        raise ValueError(msg)
    fen = amount * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        msg = f"金额 {amount} 元小数超过两位"
        raise ValueError(msg)
    return int(fen)


def yuan(fen: int) -> str:
    """Fen as 元 in a decimal string without exponent: 123456 → ``1234.56``, 50_0000_00 → ``500000.00``."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // FEN_PER_YUAN}.{fen % FEN_PER_YUAN:02d}"
