"""Columns of a parquet file as their writer typed them → the exact types of rules, inside the engine.

Money in 元 becomes fen; what is NaN, infinite, out of range, not a whole number, not an option or not a code
becomes NULL and counts as refused. Text that has to be read character by character (dates, 是/否, numbers) is
not read here: such files go through :mod:`tidu.policy.batch.staging`.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from tidu.policy.batch.steps import Expression
from tidu.policy.batch.units import Unit
from tidu.policy.quantities import FEN_PER_YUAN, LARGEST_INTEGER, LARGEST_REAL, Kind
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.values import parse_value

_AREA: Final = "^[0-9]{6}$"
_INDUSTRY: Final = "^[A-T]([0-9]{2,4})?$"
#: Columns of codes with more different values than this are checked row by row.
MOST_CODES: Final = 20_000
#: So many of them may stand for something else: ``国家级`` for an option, a code in lower case, no code at all.
MOST_REPLACED: Final = 100
_WHOLE: Final = frozenset({Kind.MONEY, Kind.COUNT})
_CODES: Final = frozenset({Kind.CHOICE, Kind.AREA, Kind.INDUSTRY})
_REAL: Final = frozenset({Kind.RATIO, Kind.YEARS, Kind.SCORE})


#: Values that do not stand for themselves: what they mean, or ``None`` where they mean nothing.
CodeBook = Mapping[str, str | None]


class Converted(NamedTuple):
    """A column in its exact type, and where a value was there but could not be taken (``None``: nowhere)."""

    value: Expression
    refused: Expression | None


@dataclass(frozen=True, slots=True)
class Extent:
    """The least and greatest value of a column as the file's own statistics prove them."""

    least: Any
    greatest: Any


def convertible(kind: Kind, dtype: Any) -> bool:
    """Whether a column of Ibis type ``dtype`` can be read as ``kind`` inside the engine."""
    if kind in _WHOLE or kind in _REAL or kind is Kind.NUMBER:
        # Half of the unsigned integers of 64 bits are none of the signed ones: they are read one by one.
        is_integer = dtype.is_integer() and not dtype.is_uint64()
        return bool(is_integer or dtype.is_floating() or dtype.is_decimal())
    if kind is Kind.YES_NO:
        return bool(dtype.is_boolean() or dtype.is_integer())
    if kind is Kind.DATE:
        return bool(dtype.is_date() or dtype.is_timestamp())
    if kind is Kind.AREA:
        return bool(dtype.is_string() or dtype.is_integer())
    return bool(dtype.is_string())


def convert(
    column: Expression,
    described: Quantity,
    unit: Unit,
    extent: Extent | None = None,
    book: CodeBook | None = None,
) -> Converted:
    """``column`` as the indicator ``described``, counted in ``unit``. The type must be :func:`convertible`.

    ``extent`` and ``book`` are what the file itself tells of the column.
    """
    kind, dtype = described.kind, column.type()
    if book is not None:
        return _replaced(column, book)
    if kind in _WHOLE:
        return _whole(column, described, unit, extent)
    if kind in _CODES:
        return _code(column, described)
    if kind is Kind.YES_NO:
        return (
            Converted(column, None)
            if dtype.is_boolean()
            else _checked(column, column.isin((0, 1)), column == 1)
        )
    if kind is Kind.DATE:
        return Converted(column if dtype.is_date() else column.date(), None)
    return Converted(column, None) if kind is Kind.TEXT else _real(column, described, unit, extent)


def _whole(column: Expression, described: Quantity, unit: Unit, extent: Extent | None) -> Converted:
    dtype = column.type()
    if dtype.is_integer():
        return _whole_from_integer(column, described, unit, extent)
    if dtype.is_decimal():
        return _whole_from_decimal(column, described, unit)
    return _whole_from_real(column, described, unit)


def _code(column: Expression, described: Quantity) -> Converted:
    if described.kind is Kind.CHOICE:
        return _checked(column, column.isin(tuple(described.choices)), column)
    if described.kind is Kind.INDUSTRY:
        return _checked(column, column.re_search(_INDUSTRY), column)
    text = column if column.type().is_string() else column.cast("string")
    return _checked(column, text.re_search(_AREA), text)


def extents(path: Path) -> Mapping[str, Extent]:
    """What the statistics in a parquet file prove of its integers. Those of floats say nothing of NaN."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    metadata, schema = file.metadata, file.schema_arrow
    found: dict[str, Extent] = {}
    for index in range(metadata.num_columns):
        name = metadata.schema.column(index).path
        if name not in schema.names or not pa.types.is_integer(schema.field(name).type):
            continue
        columns = [metadata.row_group(group).column(index) for group in range(metadata.num_row_groups)]
        statistics = [column.statistics for column in columns]
        if not statistics or any(item is None for item in statistics):
            continue
        known = [item for item in statistics if item.has_min_max]
        if len(known) == len(statistics):
            found[name] = Extent(min(item.min for item in known), max(item.max for item in known))
    return found


def code_books(path: Path, columns: Mapping[str, Quantity]) -> Mapping[str, CodeBook]:
    """What the different values in ``columns`` of codes and options stand for, where there are few enough.

    Looks at the dictionaries of a parquet file alone, so it costs little. A column that is not there is checked
    row by row.
    """
    import pyarrow.parquet as pq

    if not columns:
        return {}
    metadata = pq.read_metadata(path)
    books: dict[str, dict[str, str | None]] = {name: {} for name in columns}

    def read(group: int) -> dict[str, list[Any]]:
        names = list(books)
        file = pq.ParquetFile(path, metadata=metadata, read_dictionary=names)
        table = file.read_row_group(group, columns=names, use_threads=False)
        return {name: [_dictionary(chunk) for chunk in table[name].chunks] for name in names}

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for dictionaries in pool.map(read, range(metadata.num_row_groups)):
            for name in books.keys() & dictionaries.keys():
                if not all(_note_codes(found, columns[name], books[name]) for found in dictionaries[name]):
                    del books[name]
    changed = {name: {raw: code for raw, code in book.items() if raw != code} for name, book in books.items()}
    return {name: book for name, book in changed.items() if len(book) <= MOST_REPLACED}


def _dictionary(chunk: Any) -> Any:
    """The different values of a chunk as the file lists them; ``None`` where it does not, or lists too many."""
    values = getattr(chunk, "dictionary", None)
    return None if values is None or len(values) > MOST_CODES else values


def _note_codes(values: Any, described: Quantity, book: dict[str, str | None]) -> bool:
    """Note what ``values`` stand for; false once there are too many to know."""
    if values is None:
        return False
    for raw in values.to_pylist():
        if raw not in book:
            try:
                book[raw] = str(parse_value(raw, described))
            except ValueError:
                book[raw] = None
    return len(book) <= MOST_CODES


def _replaced(column: Expression, book: CodeBook) -> Converted:
    """The column with the few values replaced that do not stand for themselves."""
    import ibis

    if not book:
        return Converted(column, None)
    refused = tuple(raw for raw, code in book.items() if code is None)
    known = [(column == raw, code) for raw, code in book.items() if code is not None]
    cases = [(column.isin(refused), ibis.null("string")), *known] if refused else known
    return Converted(ibis.cases(*cases, else_=column), column.isin(refused) if refused else None)


def _checked(column: Expression, valid: Expression, value: Expression) -> Converted:
    """``value`` where ``valid``, and the rest refused."""
    import ibis

    kept = ibis.ifelse(valid, value, ibis.null(value.type()))
    return Converted(kept, column.notnull() & kept.isnull())


def _bounds(described: Quantity, largest: Decimal) -> tuple[Decimal, Decimal]:
    """The least and greatest admissible value in the unit of the edge."""
    low = -largest if described.minimum is None else max(-largest, Decimal(str(described.minimum)))
    high = largest if described.maximum is None else min(largest, Decimal(str(described.maximum)))
    return low, high


def _whole_bounds(described: Quantity) -> tuple[Decimal, Decimal]:
    per_edge = FEN_PER_YUAN if described.kind is Kind.MONEY else 1
    return _bounds(described, Decimal(LARGEST_INTEGER) / per_edge)


def _factor(described: Quantity, unit: Unit) -> int:
    """How many fen (or persons, items) one of the column's unit is."""
    return int(unit.factor * (FEN_PER_YUAN if described.kind is Kind.MONEY else 1))


def _whole_from_integer(
    column: Expression, described: Quantity, unit: Unit, extent: Extent | None
) -> Converted:
    low, high = _whole_bounds(described)
    least, greatest = math.ceil(low / unit.factor), math.floor(high / unit.factor)
    factor = _factor(described, unit)
    number = column.cast("int64")
    scaled = number if factor == 1 else number * factor
    if extent is not None and least <= extent.least and extent.greatest <= greatest:
        return Converted(scaled, None)
    kept = _kept(number, least, greatest)
    return Converted(kept if factor == 1 else kept * factor, column.notnull() & kept.isnull())


def _whole_from_decimal(column: Expression, described: Quantity, unit: Unit) -> Converted:
    """A decimal is scaled as a decimal: nothing is rounded, and a fraction of a fen or person is refused."""
    import ibis

    low, high = _whole_bounds(described)
    within = column.cast("float64").between(float(low / unit.factor), float(high / unit.factor))
    exact = column.cast("decimal(38, 6)") * ibis.literal(_factor(described, unit)).cast("decimal(38, 6)")
    whole = ibis.ifelse(within, exact, ibis.null(exact.type())).cast("int64")
    return _checked(column, whole.cast("decimal(38, 6)") == exact, whole)


def _whole_from_real(column: Expression, described: Quantity, unit: Unit) -> Converted:
    """Taken to the nearest fen where only binary noise, or a unit coarser than 元, hides it."""
    low, high = _whole_bounds(described)
    factor = float(_factor(described, unit))
    number = _number(column)
    exact = _kept(number, float(low / unit.factor), float(high / unit.factor)) * factor
    whole = exact.round().cast("int64")
    if unit.rounds:
        return Converted(whole, number.notnull() & whole.isnull())
    noise = 0.001 if described.kind is Kind.MONEY else 1e-9
    near = (exact - whole.cast("float64")).abs() <= noise + exact.abs() * 5e-16
    return _checked(number, near, whole)


def _real(column: Expression, described: Quantity, unit: Unit, extent: Extent | None) -> Converted:
    low, high = _bounds(described, Decimal(str(LARGEST_REAL)))
    least, greatest = float(low / unit.factor), float(high / unit.factor)
    proven = extent is not None and least <= extent.least and extent.greatest <= greatest
    number = _number(column)
    kept = number if proven else _kept(number, least, greatest)
    divisor = float(1 / unit.factor)
    value = kept if divisor == 1.0 else kept / divisor
    return Converted(value, None if proven else number.notnull() & kept.isnull())


def _number(column: Expression) -> Expression:
    """As floating point, NaN as NULL.

    A range test does not keep NaN out: DuckDB drops a test that the statistics of the file prove, and they pass
    over NaN.
    """
    import ibis

    real = column.cast("float64")
    return ibis.ifelse(real.isnan(), ibis.null("float64"), real) if column.type().is_floating() else real


def _kept(column: Expression, low: float, high: float) -> Expression:
    """The column within its bounds, both included."""
    import ibis

    return ibis.ifelse(column.between(low, high), column, ibis.null(column.type()))
