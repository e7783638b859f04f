"""Tables that must be read cell by cell → a parquet file of exact facts beside the user's own columns.

Batch after batch, so that memory stays bounded however long the table is. A cell that cannot be read is noted
with its place, counts as blank, and does not stop the rest.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tidu.policy.assess.wording import Names
from tidu.policy.batch.cells import FactColumn, Refused, UnreadableCellError, cell_text, fact_columns
from tidu.policy.batch.expressions import DTYPES
from tidu.policy.batch.maps import TableMap
from tidu.policy.batch.sheets import Row, Table, batches, open_table
from tidu.policy.batch.source import Source, described, staged_source
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import Kind, Value

BATCH: Final = 20_000
#: So many refused cells are kept with their place; all are counted.
MOST_LISTED: Final = 1_000

Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Refusals:
    """Refused cells: the first ones in full, all of them counted by column."""

    listed: list[Refused] = field(default_factory=list)
    by_column: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.by_column.total()

    def note(self, refused: Refused) -> None:
        """Count a cell, and keep it while there is room."""
        self.by_column[refused.column] += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(refused)


def stage(
    path: Path,
    wanted: Sequence[str],
    names: Names,
    table_map: TableMap,
    *,
    folder: Path,
    progress: Progress,
) -> tuple[Source, Refusals]:
    """Read ``path`` (CSV, workbook or parquet) into a parquet file in ``folder``. Raises :class:`InputError`."""
    opened = _open_parquet(path) if path.suffix.lower() == ".parquet" else _open_table(path, table_map)
    check_titles(opened.titles, table_map, path.name)
    indicators = {key: described(key, names) for key in wanted}
    columns = fact_columns(indicators, table_map.columns, opened.titles, table_map.blank)
    constants = {key: value for key, value in table_map.constants.items() if key in indicators}
    kinds = {key: indicators[key].kind for key in indicators if key in columns or key in constants}
    kept = [index for index, title in enumerate(opened.titles) if title not in table_map.drop]
    stager = _Stager(opened, columns, constants)
    target = folder / "staged.parquet"
    stager.write(target, kinds, kept, progress)
    return staged_source(target, list(kinds), [opened.titles[index] for index in kept]), stager.refusals


def check_titles(titles: Sequence[str], table_map: TableMap, file: str) -> None:
    """Raises :class:`InputError` for columns that the map speaks of and the table does not have."""
    problems = []
    spoken = [*table_map.columns, *table_map.drop]
    spoken += [
        reading.city
        for listed in table_map.columns.values()
        for reading in listed
        if reading.city is not None and not reading.city.isdigit()
    ]
    for title in dict.fromkeys(spoken):
        if title not in titles:
            remedy = f"{file} 的列：{'、'.join(titles[:12])}{'…' if len(titles) > 12 else ''}"  # noqa: PLR2004 - enough
            problems.append(Problem(f"表里没有“{title}”这一列", table_map.file, remedy=remedy))
    if problems:
        raise InputError(*problems)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some rows: their numbers and cells, and the arrays of the user's columns as they go to the output."""

    rows: list[Row]
    own: list[Any]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A table being read: headings, Arrow types of the user's columns, rows, and cells beyond the last heading."""

    sheet: str | None
    titles: list[str]
    types: list[Any]
    chunks: Iterator[_Chunk]
    total: int | None
    excess: list[tuple[int, str]]


class _Stager:
    """Reads facts out of rows, noting every cell that cannot be read."""

    def __init__(
        self, opened: _Opened, columns: Mapping[str, Sequence[FactColumn]], constants: Mapping[str, Value]
    ) -> None:
        self._opened = opened
        self._columns = columns
        self._constants = constants
        self.refusals = Refusals()

    def write(self, target: Path, kinds: Mapping[str, Kind], kept: Sequence[int], progress: Progress) -> None:
        """Write the ``kept`` columns of the user and the facts, batch after batch."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        own_types = [(f"i:{place}", self._opened.types[index]) for place, index in enumerate(kept)]
        fact_types = [(key, _arrow_type(DTYPES[kind])) for key, kind in kinds.items()]
        schema = pa.schema([*own_types, *fact_types])
        done = 0
        with pq.ParquetWriter(target, schema) as writer:
            for chunk in self._opened.chunks:
                own = [chunk.own[index] for index in kept]
                facts = [_array(self._values(key, chunk.rows), kind) for key, kind in fact_types]
                writer.write_table(pa.table([*own, *facts], schema=schema))
                done += len(chunk.rows)
                progress("读取表格", done, self._opened.total)
        for row, text in self._opened.excess:
            self.refusals.note(
                Refused(self._opened.sheet, row, "（表头之外）", text, "在最后一列之后多出内容")
            )

    def _values(self, key: str, rows: Sequence[Row]) -> list[Value | None]:
        columns, constant = self._columns.get(key, ()), self._constants.get(key)
        return [self._value(number, cells, columns, constant) for number, cells in rows]

    def _value(
        self, number: int, cells: Sequence[Any], columns: Sequence[FactColumn], constant: Value | None
    ) -> Value | None:
        """The first column that has a value decides; a constant stands in where none has."""
        for column in columns:
            try:
                value = column.read(cells)
            except UnreadableCellError as error:
                title, text = self._opened.titles[column.index], cell_text(cells[column.index])
                self.refusals.note(Refused(self._opened.sheet, number, title, text, str(error)))
                continue
            if value is not None:
                return value
        return constant


def _arrow_type(dtype: str) -> Any:
    import pyarrow as pa

    return {
        "int64": pa.int64(),
        "float64": pa.float64(),
        "date": pa.date32(),
        "boolean": pa.bool_(),
        "string": pa.large_string(),
    }[dtype]


def _array(values: Sequence[Any], kind: Any) -> Any:
    """An Arrow array, made by Polars: Arrow's own constructor would load pandas first, longer than the work."""
    import polars as pl
    import pyarrow as pa

    types: dict[Any, Any] = {
        pa.int64(): pl.Int64,
        pa.float64(): pl.Float64,
        pa.date32(): pl.Date,
        pa.bool_(): pl.Boolean,
        pa.large_string(): pl.String,
        pa.timestamp("ms"): pl.Datetime("ms"),
    }
    return pl.Series(values=values, dtype=types[kind]).to_arrow(compat_level=pl.CompatLevel.oldest())


def _open_table(path: Path, table_map: TableMap) -> _Opened:
    table = open_table(path, sheet=table_map.sheet, header_row=table_map.header_row)
    types = _carried_types(table)
    return _Opened(table.sheet, table.titles, types, _table_chunks(table, types), table.total, table.excess)


def _carried_types(table: Table) -> list[Any]:
    import pyarrow as pa

    kinds = {
        str: pa.large_string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        dt.date: pa.date32(),
        dt.datetime: pa.timestamp("ms"),
    }
    return (
        [pa.large_string()] * len(table.titles)
        if table.kinds is None
        else [kinds[kind] for kind in table.kinds]
    )


def _table_chunks(table: Table, carried: Sequence[Any]) -> Iterator[_Chunk]:
    import pyarrow as pa

    as_text = [pa.types.is_large_string(kind) for kind in carried]
    for rows in batches(table.rows, BATCH):
        own = []
        for index, kind in enumerate(carried):
            cells = [row[index] for _, row in rows]
            if as_text[index]:
                cells = [cell if cell is None or isinstance(cell, str) else cell_text(cell) for cell in cells]
            own.append(_array(cells, kind))
        yield _Chunk(rows, own)


def _open_parquet(path: Path) -> _Opened:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    schema = file.schema_arrow

    def chunks() -> Iterator[_Chunk]:
        number = 2
        for batch in file.iter_batches(batch_size=BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            rows = [(number + place, list(cells)) for place, cells in enumerate(zip(*columns, strict=True))]
            number += len(rows)
            yield _Chunk(rows, list(batch.columns))

    return _Opened(
        None, list(schema.names), [field.type for field in schema], chunks(), file.metadata.num_rows, []
    )
