"""A whole table against one tier of a pack, on Polars, DuckDB or Spark: a status for every row, and a summary."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR
from tidu.policy.assess.wording import Names
from tidu.policy.batch.engines import Engine, find_engine
from tidu.policy.batch.maps import EMPTY, TableMap, load_map, unit_of
from tidu.policy.batch.output import check_output, export
from tidu.policy.batch.plan import Plan, make_plan
from tidu.policy.batch.refusals import find_refused
from tidu.policy.batch.results import Rows, count_chain, output_columns, read_counts, rows
from tidu.policy.batch.source import Mapped, Source, parquet_schema, parquet_source
from tidu.policy.batch.staging import Progress, Refusals, check_titles, stage
from tidu.policy.batch.summary import CriterionSummary, MissingSummary, Summary
from tidu.policy.documents.pack import Force, Pack
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.compile import Moment

INPUT_SUFFIXES: Final = (".csv", ".xlsx", ".parquet")
_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


def _silent(_what: str, _done: int, _total: int | None) -> None:
    return None


def evaluate(
    table: Path,
    pack: Pack,
    *,
    tier: str | None = None,
    as_of: dt.date,
    base_year: int | None = None,
    settings: Mapping[str, str] = _NO_SETTINGS,
    engine: str = "polars",
    map_file: Path | None = None,
    output: Path | None = None,
    progress: Progress = _silent,
) -> Summary:
    """Evaluate every row of ``table`` (CSV, workbook or parquet).

    ``base_year`` is the year that ``x[-1]`` means; by default the year before ``as_of``. ``map_file`` says how
    the columns hold facts; without it they bear flat names (``revenue_2025``), money in 元. ``output`` gets the
    table's own columns unchanged, then ``status``, ``status_<criterion>``, ``margin_<criterion>`` where there
    is one, and ``missing``. ``progress`` is called with what is going on, how many rows are done, and of how
    many (``None``: not known).

    Raises :class:`InputError` for a table, map, tier, interpretation, year or engine that cannot be used. Cells
    that cannot be read do not raise: they count as blank and are listed in the summary.
    """
    begun = time.perf_counter()
    year = as_of.year - 1 if base_year is None else base_year
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InputError(Problem(f"基准年度 {year} 不在 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间"))
    _check_table(table)
    if output is not None:
        check_output(output, table)
    found_engine = find_engine(engine)
    names = names_of(pack)
    complete = pack.settings(settings)
    criteria = pack.criteria(tier, complete)
    table_map = EMPTY if map_file is None else load_map(map_file, names)
    plan = make_plan(criteria, Moment(as_of, year))
    with tempfile.TemporaryDirectory(prefix="tidu-", dir=None if output is None else output.parent) as folder:
        source, refusals = _open(table, plan, names, table_map, folder=Path(folder), progress=progress)
        _check_collisions(plan, source, table.name)
        progress("评估", 0, None)
        counts = found_engine.fetch(source.path, count_chain(plan, source, names))[0]
        if output is not None:
            asked = rows(plan, source, names)
            _write(found_engine, asked, folder=Path(folder), output=output, progress=progress)
    statuses, missing, refused = read_counts(plan, counts)
    listed = tuple(refusals.listed)
    by_column = dict(refusals.by_column)
    if refused:
        by_column = {source.facts[key].column: number for key, number in refused.items()}
        listed = tuple(find_refused(source, {key: plan.schema[key] for key in refused}, names))
    return Summary(
        pack=pack.id,
        title=criteria.title,
        tier=criteria.tier,
        as_of=as_of,
        base_year=year,
        settings=MappingProxyType(complete),
        in_force=pack.force(as_of, criteria.tier, complete) is Force.IN_FORCE,
        engine=found_engine.name,
        rows=int(counts["rows"]),
        counts=statuses[""],
        criteria=tuple(
            CriterionSummary(item.id, item.label, item.cite, statuses[item.id]) for item in criteria.criteria
        ),
        missing=_missing(missing, source, names),
        refused=listed,
        refused_by_column=by_column,
        output=output,
        seconds=time.perf_counter() - begun,
    )


def _check_table(table: Path) -> None:
    if table.suffix.lower() not in INPUT_SUFFIXES:
        remedy = f"可用：{'、'.join(INPUT_SUFFIXES)}；其他格式请先另存"
        raise InputError(Problem(f"不能读“{table.suffix or table.name}”格式", table.name, remedy=remedy))
    if not table.is_file():
        raise InputError(Problem("文件读不到", table.name, remedy="检查路径和读取权限"))


def _open(
    table: Path, plan: Plan, names: Names, table_map: TableMap, *, folder: Path, progress: Progress
) -> tuple[Source, Refusals]:
    """The table as a source: converted by the engine where the engine can, read cell by cell where not."""
    wanted = list(plan.schema)
    if table.suffix.lower() == ".parquet" and table_map.plain:
        titles = list(parquet_schema(table))
        check_titles(titles, table_map, table.name)
        mapped = {
            reading.to: Mapped(title, unit_of(reading))
            for title, listed in table_map.columns.items()
            for reading in listed
        }
        source = parquet_source(
            table, wanted, names, mapped, constants=table_map.constants, dropped=table_map.drop
        )
        if source is not None:
            return source, Refusals()
    return stage(table, wanted, names, table_map, folder=folder, progress=progress)


def _check_collisions(plan: Plan, source: Source, file: str) -> None:
    ours = set(output_columns(plan))
    clashing = [title for title in source.titles.values() if title in ours]
    if clashing:
        remedy = "先改名，或在对照文件里写 drop 去掉"
        raise InputError(Problem(f"表里已有与结果同名的列：{'、'.join(clashing)}", file, remedy=remedy))


def _write(engine: Engine, asked: Rows, *, folder: Path, output: Path, progress: Progress) -> None:
    """Write beside the target and move into place, so that no half-written result is ever found there."""
    result = folder / "result.parquet"
    progress("评估", 0, None)
    engine.write(asked.source.path, asked, result)
    if output.suffix.lower() != ".parquet":
        exported = folder / f"result{output.suffix.lower()}"
        export(result, exported, progress)
        result = exported
    result.replace(output)


def _missing(missing: Mapping[str, int], source: Source, names: Names) -> tuple[MissingSummary, ...]:
    known = {*source.facts, *source.constants}
    found = [MissingSummary(key, names.key(key), number, key not in known) for key, number in missing.items()]
    return tuple(sorted(found, key=lambda item: -item.rows))
