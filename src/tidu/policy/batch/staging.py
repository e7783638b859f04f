"""Tables that must be read cell by cell → a parquet file of exact facts beside the user's own columns.

Batch after batch, so that memory stays bounded however long the table is. A cell that cannot be read is noted with its place,
counts as blank, and does not stop the rest.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tidu.policy.batch.cells import FactColumn, Refused, Unreadable, cell_text, fact_columns
from tidu.policy.batch.expressions import DTYPES
from tidu.policy.batch.maps import TableMap
from tidu.policy.batch.sheets import Row, Table, batches, open_table
from tidu.policy.batch.source import Source, described, staged_source
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import Value
from tidu.policy.wording import Names

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
    path: Path, wanted: Sequence[str], names: Names, table_map: TableMap, folder: Path, progress: Progress
) -> tuple[Source, Refusals]:
    """Read ``path`` (CSV, workbook or parquet) into a parquet file in ``folder``. Raises :class:`InputError`."""
    refusals = Refusals()
    target = folder / "staged.parquet"
    if path.suffix.lower() == ".parquet":
        titles, carried, chunks, total = _parquet_chunks(path)
        sheet = None
    else:
        table = open_table(path, sheet=table_map.sheet, header_row=table_map.header_row)
        titles, carried, sheet, total = table.titles, _carried_types(table), table.sheet, table.total
        chunks = _table_chunks(table, carried)
    check_titles(titles, table_map, path.name)
    columns = fact_columns({key: described(key, names) for key in wanted}, table_map.columns, titles, table_map.blank)
    stager = _Stager(sheet, titles, columns, table_map.constants, refusals, names)
    stager.write(target, chunks, carried, set(table_map.drop), lambda done: progress("读取表格", done, total))
    if path.suffix.lower() != ".parquet":
        for row, text in table.excess:
            refusals.note(Refused(sheet, row, "（表头之外）", text, "在最后一列之后多出内容"))
    kept = [title for title in titles if title not in table_map.drop]
    return staged_source(target, stager.facts, kept), refusals


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


class _Stager:
    def __init__(
        self,
        sheet: str | None,
        titles: Sequence[str],
        columns: Mapping[str, Sequence[FactColumn]],
        constants: Mapping[str, Value],
        refusals: Refusals,
        names: Names,
    ) -> None:
        self._sheet = sheet
        self._titles = titles
        self._columns = columns
        self._refusals = refusals
        self._constants = {key: value for key, value in constants.items()}
        self._kinds = {key: described(key, names).kind for key in [*columns, *constants]}

    @property
    def facts(self) -> list[str]:
        """The flat names that the staged file holds."""
        return list(self._kinds)

    def write(
        self, target: Path, chunks: Iterator[_Chunk], carried: Sequence[Any], dropped: set[str], progress: Callable[[int], None]
    ) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kept = [index for index, title in enumerate(self._titles) if title not in dropped]
        types = {"int64": pa.int64(), "float64": pa.float64(), "date": pa.date32(), "boolean": pa.bool_(), "string": pa.string()}
        facts = {key: types[DTYPES[kind]] for key, kind in self._kinds.items()}
        schema = pa.schema(
            [(f"i:{position}", carried[index]) for position, index in enumerate(kept)] + list(facts.items())
        )
        done = 0
        with pq.ParquetWriter(target, schema) as writer:
            for chunk in chunks:
                own = [chunk.own[index] for index in kept]
                values = [pa.array(self._values(key, chunk.rows), kind) for key, kind in facts.items()]
                writer.write_table(pa.table([*own, *values], schema=schema))
                done += len(chunk.rows)
                progress(done)

    def _values(self, key: str, rows: Sequence[Row]) -> list[Value | None]:
        columns, constant = self._columns.get(key, ()), self._constants.get(key)
        return [self._value(key, number, cells, columns, constant) for number, cells in rows]

    def _value(
        self, key: str, number: int, cells: Sequence[Any], columns: Sequence[FactColumn], constant: Value | None
    ) -> Value | None:
        """The first column that has a value decides; a constant stands in where none has."""
        for column in columns:
            try:
                value = column.read(cells)
            except Unreadable as error:
                title, text = self._titles[column.index], cell_text(cells[column.index])
                self._refusals.note(Refused(self._sheet, number, title, text, str(error)))
                continue
            if value is not None:
                return value
        return constant


def _carried_types(table: Table) -> list[Any]:
    import pyarrow as pa

    kinds = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        dt.date: pa.date32(),
        dt.datetime: pa.timestamp("ms"),
    }
    return [pa.string()] * len(table.titles) if table.kinds is None else [kinds[kind] for kind in table.kinds]


def _table_chunks(table: Table, carried: Sequence[Any]) -> Iterator[_Chunk]:
    import pyarrow as pa

    as_text = [pa.types.is_string(kind) for kind in carried]
    for rows in batches(table.rows, BATCH):
        own = []
        for index, kind in enumerate(carried):
            cells = [row[index] for _, row in rows]
            if as_text[index]:
                cells = [cell if cell is None or isinstance(cell, str) else cell_text(cell) for cell in cells]
            own.append(pa.array(cells, kind))
        yield _Chunk(rows, own)


def _parquet_chunks(path: Path) -> tuple[list[str], list[Any], Iterator[_Chunk], int]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    schema = file.schema_arrow

    def chunks() -> Iterator[_Chunk]:
        number = 2
        for batch in file.iter_batches(batch_size=BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            rows = [(number + offset, list(cells)) for offset, cells in enumerate(zip(*columns, strict=True))]
            number += len(rows)
            yield _Chunk(rows, list(batch.columns))

    return list(schema.names), [field.type for field in schema], chunks(), file.metadata.num_rows
