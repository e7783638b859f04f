"""What a visitor types into a field, read as a value of its indicator, and a value written as it would be typed.

Money is typed in 万元 and ratios in per cent; the engine holds fen and fractions. Blank is unknown and gives ``None``.
Whatever cannot be read raises :class:`Unreadable` with a Chinese sentence that says what to type instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tidu.core import entry
from tidu.core.components import Offer
from tidu.core.entry import Unreadable
from tidu.core.figures import FEN_PER_WAN, FEN_PER_YUAN, number
from tidu.policy.quantities import Kind, Value, yuan
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.sectors import Sector, load_sectors
from tidu.policy.vocabulary.values import parse_value

MOST_CANDIDATES: Final = 5
# A text too long for any field is cut to this length before it is kept and shown again.
LONGEST_TYPED: Final = 2_000
_AREA: Final = re.compile(r"[0-9]{6}")
_UNITS: Final = {Kind.MONEY: "万元", Kind.RATIO: "%", Kind.YEARS: "年", Kind.SCORE: "分"}


class UnknownIndustry(Unreadable):
    """A word or code that is no industry; ``candidates`` are those that it may mean."""

    def __init__(self, message: str, candidates: tuple[Sector, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates

    @property
    def offers(self) -> tuple[Offer, ...]:
        """One button per candidate."""
        return tuple(Offer(f"{sector.code} {sector.name}", sector.code) for sector in self.candidates)


def unit_of(described: Quantity) -> str:
    """The unit beside the field."""
    return described.unit or _UNITS.get(described.kind, "")


def read_typed(text: str, described: Quantity) -> Value | None:
    """``text`` as an exact value of ``described``. Raises :class:`Unreadable`."""
    value = _read(text, described)
    if value is None:
        return None
    _within_bounds(value, described)
    try:
        return parse_value(
            yuan(value) if described.kind is Kind.MONEY and isinstance(value, int) else value, described
        )
    except ValueError as error:
        raise Unreadable(f"“{described.label}”{error}。") from error


def write_typed(value: Value, described: Quantity) -> str:
    """``value`` as it stands in its field: the inverse of :func:`read_typed`."""
    write = entry.TEXT_OF.get(described.kind.value, str)
    return write(value)


def shown_place(code: str) -> str:
    """A place with its city, as short as it is clear: 呼和浩特市赛罕区; the code where no table knows it."""
    places = load_places()
    found, city = places.get(code), places.city_of(code)
    if found is None:
        return code
    return found.name if city is None or city.code == found.code else f"{city.name}{found.name}"


def shown_industry(code: str) -> str:
    """An industry's code and the names that lead to it."""
    path = load_sectors().path(code)
    return code if path is None else f"{code} {path}"


def _read(text: str, described: Quantity) -> Value | None:
    negative = described.minimum is None or described.minimum < 0
    readers: dict[Kind, Callable[[], Value | None]] = {
        Kind.MONEY: lambda: entry.money(text, negative=negative),
        Kind.RATIO: lambda: entry.ratio(text, negative=negative),
        Kind.COUNT: lambda: entry.count(text, unit=described.unit or ""),
        Kind.YEARS: lambda: entry.decimal(text, unit="年"),
        Kind.SCORE: lambda: entry.decimal(text, unit="分"),
        Kind.DATE: lambda: entry.day(text),
        Kind.YES_NO: lambda: entry.yes_no(text),
        Kind.CHOICE: lambda: entry.choice(text, described.choices),
        Kind.AREA: lambda: _area(text),
        Kind.INDUSTRY: lambda: _industry(text),
        Kind.TEXT: lambda: text.strip() or None,
    }
    return readers[described.kind]()


def _area(text: str) -> str | None:
    cleaned = "".join(unicodedata.normalize("NFKC", text).split())
    if not cleaned:
        return None
    if _AREA.fullmatch(cleaned):
        return cleaned
    named = load_places().named(cleaned)
    if named is None:
        raise Unreadable("请填六位行政区划代码，例如 150105，或者从列表里选。")
    return named.code


def _industry(text: str) -> str | None:
    cleaned = " ".join(unicodedata.normalize("NFKC", text).split())[:60]
    if not cleaned:
        return None
    sectors = load_sectors()
    # "C3091 石墨及碳素制品制造", as the results of a search read, is understood too.
    found = sectors.get(cleaned) or sectors.get(cleaned.split(" ")[0])
    if found is not None:
        return found.code
    candidates = sectors.search(cleaned, MOST_CANDIDATES)
    same = [sector for sector in candidates if sector.name == cleaned]
    if same:
        return same[0].code
    if candidates:
        raise UnknownIndustry("没有叫这个名字的行业。您找的是不是下面的一个？", candidates)
    raise UnknownIndustry("没有找到这个行业。请填行业代码（例如 C3091），或者换一个词，例如“碳素”。")


def _within_bounds(value: Value, described: Quantity) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    # The vocabulary writes limits in the unit of file edges: 元, and 0.1 for 10 %.
    size = Decimal(value) / FEN_PER_YUAN if described.kind is Kind.MONEY else Decimal(repr(value))
    if described.minimum is not None and size < Decimal(repr(described.minimum)):
        raise Unreadable(f"不能小于 {_bound(described.minimum, described)}，请核对。")
    if described.maximum is not None and size > Decimal(repr(described.maximum)):
        raise Unreadable(f"不能大于 {_bound(described.maximum, described)}，请核对数值和单位。")


def _bound(limit: float, described: Quantity) -> str:
    exact = Decimal(repr(limit))
    match described.kind:
        case Kind.MONEY:
            return f"{number(exact * FEN_PER_YUAN / FEN_PER_WAN)} 万元"
        case Kind.RATIO:
            return f"{number(exact * 100)}%"
        case _:
            return f"{number(exact)} {unit_of(described)}".rstrip()
