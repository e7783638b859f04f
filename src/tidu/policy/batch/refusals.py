"""The cells of a parquet file that an engine could not take, with their rows and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tidu.policy.assess.wording import Names
from tidu.policy.batch.cells import CellReader, Refused, UnreadableCellError, cell_text
from tidu.policy.batch.engines import PolarsEngine
from tidu.policy.batch.maps import Reading
from tidu.policy.batch.source import Source, described, refusal
from tidu.policy.batch.units import UNITS

#: So many are looked up per column.
MOST_PER_COLUMN: Final = 20


def find_refused(source: Source, refused: Mapping[str, str], names: Names) -> Iterator[Refused]:
    """The first refused cells of each flat name in ``refused``.

    Row 2 is the first row, as in a sheet with a heading.
    """
    for key, dtype in refused.items():
        mapped = source.facts[key]
        reader = CellReader(described(key, names), _reading(source, key), frozenset())
        for row, value in _cells(source, key, dtype, names):
            try:
                reader.read(value)
                message = "不能用"
            except UnreadableCellError as error:
                message = str(error)
            yield Refused(None, row, mapped.column, cell_text(value), message)


def _reading(source: Source, key: str) -> Reading:
    unit = source.facts[key].unit
    return Reading(to=key, unit=next(name for name, known in UNITS.items() if known is unit))


def _cells(source: Source, key: str, dtype: str, names: Names) -> list[tuple[int, Any]]:
    """(row, value) of the first refused cells. Polars looks them up, whichever engine evaluates."""
    import polars as pl

    step = source.first_step({key: dtype}, names)
    flag = refusal(key)
    flags = PolarsEngine().frame(source.path, [step._replace(expression=step.expression.select(flag))])
    cells = pl.scan_parquet(source.path, glob=False).select(
        pl.col(source.facts[key].column).alias("value"), pl.int_range(2, pl.len() + 2).alias("row")
    )
    found = pl.concat([cells, flags], how="horizontal").filter(pl.col(flag)).head(MOST_PER_COLUMN).collect()
    return list(zip(found["row"].to_list(), found["value"].to_list(), strict=True))
