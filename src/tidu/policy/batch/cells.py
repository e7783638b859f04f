"""Cells of a table → exact values of facts, by the readings of a map.

A cell that cannot be read is told, and counts as blank.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from tidu.policy.batch.maps import Reading, date_pattern, read_date, unit_of
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.places import Places, load_places
from tidu.policy.vocabulary.values import parse_value

#: Distinct values of a column that are remembered; tables repeat themselves.
_MOST_REMEMBERED: Final = 50_000
_LONGEST_CELL: Final = 2_000
_BLANK: Final = frozenset({""})
_CENT: Final = Decimal("0.01")
_MOST_DIGITS: Final = 20
#: A spreadsheet's 1234.56 may come as 1234.5600000000001: nearer than this to a whole fen it is one.
_NOISE: Final = Decimal("1e-5")


_AMOUNT_IN_WORDS: Final = re.compile(
    r"(?P<before>[^0-9.,-]{0,10})(?P<number>[0-9][0-9,]{0,20}(?:\.[0-9]{1,10})?)(?P<words>[^0-9.]{0,12})"
)
_SCALES: Final = (("亿", 10**8), ("万", 10**4), ("千", 10**3))
_HOME_MONEY: Final = frozenset({"", "元", "人民币", "人民币元", "元人民币", "元整", "¥"})


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that could not be taken: where it stands (row 1 is the heading), what it holds and why not."""

    sheet: str | None
    row: int
    column: str
    value: str
    message: str


class UnreadableCellError(ValueError):
    """A cell cannot be read; the message is a Chinese sentence without its subject."""


class ForeignAmountError(UnreadableCellError):
    """An amount in the money of another country."""


Outcome = Value | None


class CellReader:
    """Reads the cells of one column for one fact. ``blank`` are further texts that stand for nothing."""

    def __init__(self, described: Quantity, reading: Reading, blank: frozenset[str]) -> None:
        self._described = described
        self._reading = reading
        self._blank = blank | _BLANK
        self._known: dict[tuple[Any, str | None], Outcome | UnreadableCellError] = {}
        self._pattern = None if reading.format is None else date_pattern(reading.format)
        self._unit = unit_of(reading)

    @property
    def reading(self) -> Reading:
        """What the map says of the column."""
        return self._reading

    def read(self, raw: Any, city: Any = None) -> Outcome:
        """The value of a cell, ``None`` for a blank one. Raises :class:`UnreadableCellError`."""
        key = (raw, None if city is None else str(city).strip())
        found = self._known.get(key)
        if found is None and key not in self._known:
            found = self._read(*key)
            if len(self._known) < _MOST_REMEMBERED:
                self._known[key] = found
        if isinstance(found, UnreadableCellError):
            raise found
        return found

    def _read(self, raw: Any, city: str | None) -> Outcome | UnreadableCellError:
        text = cell_text(raw)
        if text in self._blank:
            return None
        if len(text) > _LONGEST_CELL and self._described.kind is not Kind.TEXT:
            return UnreadableCellError("内容太长")
        try:
            return self._interpret(raw, text, city)
        except UnreadableCellError as error:
            return error
        except ValueError as error:
            return UnreadableCellError(str(error))

    def _interpret(self, raw: Any, text: str, city: str | None) -> Outcome:
        reading = self._reading
        for written in (text, _as_integer(text)):
            if written in reading.values:
                return self._fact(reading.values[written])
        if reading.sort:
            for rule in reading.sort:
                if rule.fits(text):
                    return self._fact(rule.value)
            return self._fact(reading.otherwise)
        if reading.has_otherwise:
            return self._fact(reading.otherwise)
        if reading.read == "amount":
            return parse_value(_written_amount(text), self._described)
        if reading.read is not None:
            return _place(reading.read, text, city)
        if self._pattern is not None and not isinstance(raw, dt.date):
            found = read_date(text, self._pattern)
            if found is None:
                raise UnreadableCellError(f"应为写作 {reading.format} 的日期")
            return found
        return self._plain(raw, text)

    def _fact(self, written: Any) -> Outcome:
        return None if written is None else parse_value(written, self._described)

    def _plain(self, raw: Any, text: str) -> Outcome:
        described, unit = self._described, self._unit
        amount = _amount(raw, text) if described.kind is Kind.MONEY or reading_scales(self._reading) else None
        if amount is None:
            return parse_value(raw if isinstance(raw, dt.date | bool) else text, described)
        scaled = amount * unit.factor
        if described.kind is Kind.MONEY:
            scaled = _to_the_fen(scaled, always=unit.rounds)
        return parse_value(format(scaled.normalize(), "f"), described)


def cell_text(raw: Any) -> str:
    """A cell as text, as a person sees it: whole floats without ``.0``, dates in ISO form, trimmed."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)  # noqa: PLR2004 - exact in a float
    if isinstance(raw, dt.datetime):
        midnight = raw.time() == dt.time()
        return raw.date().isoformat() if midnight else raw.isoformat(sep=" ")
    if isinstance(raw, dt.date):
        return raw.isoformat()
    return str(raw).strip()


def reading_scales(reading: Reading) -> bool:
    """Whether numbers are counted in another unit than the edge's."""
    return unit_of(reading).factor != 1


def _amount(raw: Any, text: str) -> Decimal | None:
    """A bare number; ``None`` for anything else, which may still carry its own unit."""
    if isinstance(raw, bool):
        return None
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount.adjusted()) < 30 else None  # noqa: PLR2004 - sane exponents


def _to_the_fen(amount: Decimal, *, always: bool) -> Decimal:
    """Rounded to the fen if told to, or if it is that already but for binary noise."""
    if (
        amount.adjusted() > _MOST_DIGITS
    ):  # beyond any amount, and beyond what decimal arithmetic rounds: refused later
        return amount
    rounded = amount.quantize(_CENT, ROUND_HALF_UP)
    return rounded if always or abs(rounded - amount) <= _NOISE else amount


def _written_amount(text: str) -> str:
    """An amount that registers write with words around it, in 元: ``7,793(万)``, ``3万人民币``, ``50(万人民币元)``.

    Without a word for the ten thousand it is in 元.
    """
    found = _AMOUNT_IN_WORDS.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        raise UnreadableCellError("应为金额，例如 500(万人民币元)")
    words = "".join(char for char in found["before"] + found["words"] if char not in "()")
    scale = next((scale for word, scale in _SCALES if word in words), 1)
    rest = words.replace("亿", "").replace("万", "").replace("千", "")
    if rest not in _HOME_MONEY:
        raise ForeignAmountError(f"“{rest}”不是人民币")
    amount = Decimal(found["number"].replace(",", "")) * scale
    return format(_to_the_fen(amount, always=True).normalize(), "f")


def _as_integer(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else text  # noqa: PLR2004 - fits any key


def _place(how: str, text: str, city: str | None) -> Outcome:
    places = load_places()
    if how == "uscc":
        found = places.from_uscc(text)
    elif how == "place_name":
        found = places.named(text)
        if found is None:
            raise UnreadableCellError("不是认得的地名")
    else:
        found = places.from_address(text, _city(places, city))
    return None if found is None else found.code


def _city(places: Places, city: str | None) -> str | None:
    if not city:
        return None
    found = places.get(city) if city.isdigit() else places.named(city)
    return None if found is None else found.code


@dataclass(frozen=True, slots=True)
class FactColumn:
    """One way to a fact: the column that holds it, its reader, and its city (a column's index, or a code)."""

    index: int
    reader: CellReader
    city_index: int | None = None
    city_code: str | None = None

    def read(self, cells: Sequence[Any]) -> Outcome:
        """The fact in a row. Raises :class:`UnreadableCellError`."""
        city = self.city_code if self.city_index is None else cells[self.city_index]
        return self.reader.read(cells[self.index], city)


def fact_columns(
    wanted: Mapping[str, Quantity],
    columns: Mapping[str, Sequence[Reading]],
    titles: Sequence[str],
    blank: frozenset[str],
) -> dict[str, list[FactColumn]]:
    """For each wanted flat name the columns that may hold it, to be tried in order.

    A column that bears a flat name itself and is not mapped holds that fact.
    """
    places = {title: index for index, title in enumerate(titles)}
    found: dict[str, list[FactColumn]] = {}
    for title, listed in columns.items():
        for reading in listed:
            if reading.to not in wanted or title not in places:
                continue
            reader = CellReader(wanted[reading.to], reading, blank)
            city_index = None if reading.city is None else places.get(reading.city)
            city_code = reading.city if city_index is None else None
            found.setdefault(reading.to, []).append(FactColumn(places[title], reader, city_index, city_code))
    for key, described in wanted.items():
        if key in places and key not in found and key not in columns:
            found[key] = [FactColumn(places[key], CellReader(described, Reading(to=key), blank))]
    return found
