"""Runs criteria over rows of facts on one engine, and by the closures, in a shape that can be compared."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.policy.conformance import DATA, quantity
from tidu.policy import status
from tidu.policy.assess.explanation import explain_criterion
from tidu.policy.assess.wording import Names
from tidu.policy.batch.engines import Engine, find_engine
from tidu.policy.batch.plan import Plan, make_plan
from tidu.policy.batch.profiles import profiles
from tidu.policy.batch.results import count_chain, read_counts
from tidu.policy.batch.source import Mapped, parquet_source
from tidu.policy.batch.steps import Cell
from tidu.policy.batch.units import UNITS
from tidu.policy.documents.criteria import Criterion, Group, PointsTable, TierCriteria
from tidu.policy.errors import InputError
from tidu.policy.language.compile import Moment
from tidu.policy.language.terms import Compare, Condition
from tidu.policy.quantities import LARGEST_INTEGER, LARGEST_REAL, Kind
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Quantity

Row = Mapping[str, Any]
ENGINES = ("polars", "duckdb", "spark")


class Outcome(NamedTuple):
    """One row: the verdict, and per criterion status and margin (unit of the edge); the inputs that are missing."""

    verdict: Status
    statuses: tuple[Status, ...]
    margins: tuple[float | None, ...]
    missing: frozenset[str]


def engine_or_skip(name: str) -> Engine:
    """The engine; the test is skipped, saying why, where it cannot run."""
    try:
        return find_engine(name)
    except InputError as error:
        pytest.skip(str(error))


def criterion(
    name: str, condition: Condition | None = None, branches: tuple[Criterion, ...] = (), wanted: int = 0
) -> Criterion:
    """A criterion with nothing but what decides it."""
    return Criterion(name, name, None, None, None, (), (), condition, branches=branches, wanted=wanted)


def scored(name: str, table: PointsTable) -> Criterion:
    """A criterion that a points table decides."""
    return Criterion(name, name, None, None, None, (), (), points=table)


def tier_of(criteria: Sequence[Criterion], wanted: int | None = None) -> TierCriteria:
    """A tier of which ``wanted`` (default: all) criteria must be met."""
    group = Group(None, None, None, None, len(criteria) if wanted is None else wanted, tuple(criteria))
    return TierCriteria("srdi", "测试", group, tuple(criteria))


def usable(row: Row) -> dict[str, Any]:
    """A row as it is after loading: what is no number or out of range is missing."""
    return {key: value for key, value in row.items() if value is not None and not _is_unusable(value)}


def _is_unusable(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value) or abs(value) > LARGEST_REAL
    return isinstance(value, int) and abs(value) > LARGEST_INTEGER


def by_closures(tier: TierCriteria, moment: Moment, rows: Sequence[Row]) -> list[Outcome]:
    """What the evaluator of single enterprises says."""
    explainers = [explain_criterion(item, moment) for item in tier.criteria]
    outcomes = []
    for row in rows:
        results = [explain(usable(row)) for explain in explainers]
        statuses = [result.status for result in results]
        wanted = tier.root.wanted
        all_wanted = wanted == len(statuses)
        verdict = status.all_of(statuses) if all_wanted else status.at_least(wanted, statuses)
        margins = tuple(_edge_margin(result.criterion, result.margin) for result in results)
        missing = frozenset(key for result in results for key in result.missing)
        outcomes.append(Outcome(verdict, tuple(statuses), margins, missing))
    return outcomes


def _edge_margin(item: Criterion, margin: float | dt.timedelta | None) -> float | None:
    if margin is None:
        return None
    if isinstance(margin, dt.timedelta):
        return float(margin.days)
    is_money = isinstance(item.condition, Compare) and item.condition.left.type.kind is Kind.MONEY
    return margin / 100 if is_money else float(margin)


def by_engine(
    engine: Engine,
    tier: TierCriteria,
    moment: Moment,
    rows: Sequence[Row],
    *,
    folder: Path,
    quantities: Mapping[str, Quantity] | None = None,
    counted: bool = False,
) -> list[Outcome]:
    """What the engine says; ``counted`` also checks that its counts agree with its rows."""
    names = Names(quantities or {name: quantity(name) for name in DATA["inputs"]}, {})
    plan = make_plan(tier, moment)
    file = folder / "rows.parquet"
    _write(file, rows, plan.schema)
    fen = {
        key: Mapped(key, UNITS["分"])
        for key in plan.schema
        if (described := names.indicator(key)) is not None and described.kind is Kind.MONEY
    }
    source = parquet_source(file, list(plan.schema), names, fen)
    assert source is not None
    first = source.first_step(plan.schema, names)
    outcomes = [
        _outcome(plan, row) for row in engine.fetch(file, [first, *plan.steps.chain(_asked(plan), {})])
    ]
    if counted:
        counts = read_counts(plan, engine.fetch(file, count_chain(plan, source, names))[0])
        assert counts[0][""] == {one: sum(row.verdict is one for row in outcomes) for one in Status}
        found = {key: sum(key in row.missing for row in outcomes) for key in plan.missing}
        assert counts[1] == {key: number for key, number in found.items() if number}
    return outcomes


def _asked(plan: Plan) -> dict[str, Cell]:
    """Everything of a plan that can be looked at, under short names."""
    wanted = {"value": plan.verdict.value, **profiles(plan)}
    if plan.verdict.unknown is not None:
        wanted["unknown"] = plan.verdict.unknown
    for index, columns in enumerate(plan.criteria):
        wanted[f"value {index}"] = columns.verdict.value
        if columns.verdict.unknown is not None:
            wanted[f"unknown {index}"] = columns.verdict.unknown
        if columns.margin is not None:
            wanted[f"margin {index}"] = columns.margin
    return wanted | {f"missing {key}": cell for key, cell in plan.missing.items()}


def _outcome(plan: Plan, row: Row) -> Outcome:
    statuses = tuple(
        _status(row, f" {index}", review=columns.verdict.review)
        for index, columns in enumerate(plan.criteria)
    )
    margins = tuple(row.get(f"margin {index}") for index in range(len(plan.criteria)))
    missing = frozenset(key for key in plan.missing if row[f"missing {key}"])
    _check_profile(row, statuses)
    return Outcome(_status(row, "", review=plan.verdict.review), statuses, margins, missing)


def _check_profile(row: Row, statuses: Sequence[Status]) -> None:
    codes = {Status.NOT_MET: 0, Status.MET: 1, Status.UNKNOWN: 2, Status.NEEDS_REVIEW: 3}
    for index, found in enumerate(statuses):
        packed = row[f"profile_{index // 31}"]
        assert packed >> 2 * (index % 31) & 3 == codes[found]


def _status(row: Row, mark: str, *, review: bool) -> Status:
    value = row[f"value{mark}"]
    if value is not None:
        return Status.MET if value else Status.NOT_MET
    return Status.UNKNOWN if row.get(f"unknown{mark}") or not review else Status.NEEDS_REVIEW


def _write(file: Path, rows: Sequence[Row], schema: Mapping[str, str]) -> None:
    types = {
        "int64": pa.int64(),
        "float64": pa.float64(),
        "date": pa.date32(),
        "boolean": pa.bool_(),
        "string": pa.string(),
    }
    columns = {key: pa.array([row.get(key) for row in rows], types[dtype]) for key, dtype in schema.items()}
    pq.write_table(pa.table(columns), file)


def assert_same(expected: Sequence[Outcome], found: Sequence[Outcome], rows: Sequence[Row]) -> None:
    """Every row agrees in verdict, statuses, missing inputs and (but for rounding) margins."""
    assert len(expected) == len(found)
    for one, other, row in zip(expected, found, rows, strict=True):
        assert (other.verdict, other.statuses) == (one.verdict, one.statuses), row
        assert other.missing == one.missing, row
        for left, right in zip(one.margins, other.margins, strict=True):
            assert (left is None) == (right is None), row
            assert left is None or right is None or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9), row
