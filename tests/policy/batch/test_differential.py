"""Every engine against the closures: the examples of ``conformance.yaml``, truth tables, and random rules and facts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, count, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.policy.batch.tables import (
    Row,
    assert_same,
    by_closures,
    by_engine,
    criterion,
    engine_or_skip,
    scored,
    tier_of,
)
from tests.policy.conformance import ConformanceCase, cases, scope
from tests.policy.rules import MOMENT, facts, rules
from tidu.policy import status
from tidu.policy.batch.engines import Engine
from tidu.policy.documents.criteria import Band, Criterion, PointsGroup, PointsItem, PointsTable
from tidu.policy.language.check import check_condition, check_scalar
from tidu.policy.language.compile import Moment
from tidu.policy.language.parse import parse_rule
from tidu.policy.language.terms import All, AnyOf, AtLeast, Condition, Holds, Input, Not, SizeMember, Truth
from tidu.policy.quantities import YES_NO, Kind, Type
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.size import SIZES

SCOPE = scope()


def test_every_engine_reproduces_the_examples(engine: Engine, tmp_path: Path) -> None:
    by_moment: dict[Moment, list[ConformanceCase]] = defaultdict(list)
    for case in cases():
        by_moment[case.moment].append(case)
    for moment, group in by_moment.items():
        tier = tier_of([criterion(f"case_{index}", case.condition) for index, case in enumerate(group)])
        outcomes = by_engine(engine, tier, moment, [case.values for case in group], folder=tmp_path)
        found = {
            f"{case.rule} {case.values}": row.statuses[i]
            for i, (case, row) in enumerate(zip(group, outcomes, strict=True))
        }
        assert found == {f"{case.rule} {case.values}": case.expect for case in group}


#: The facts that give a condition “known and judged” each of the four statuses.
STATUS_FACTS = {
    Status.MET: (True, True),
    Status.NOT_MET: (False, None),
    Status.UNKNOWN: (None, True),
    Status.NEEDS_REVIEW: (True, None),
}


def operand(name: str) -> Condition:
    """A condition that can have any of the four statuses."""
    return All((Truth(Input(name, YES_NO)), Truth(Input(f"{name}_judged", YES_NO, judged=True))))


def test_every_engine_follows_the_truth_tables(engine: Engine, tmp_path: Path) -> None:
    parts = (operand("a"), operand("b"), operand("c"))
    every_way: list[Condition] = [
        All(parts),
        AnyOf(parts),
        Not(parts[0]),
        *(AtLeast(wanted, parts) for wanted in (1, 2, 3)),
    ]
    rows: list[Row] = []
    for chosen in product(Status, repeat=3):
        row: dict[str, Any] = {}
        for name, found in zip("abc", chosen, strict=True):
            row[name], row[f"{name}_judged"] = STATUS_FACTS[found]
        rows.append(row)
    kinds = {key: Quantity(id=key, label=key, help=key, kind=Kind.YES_NO) for key in rows[0]}
    tier = tier_of([criterion(f"c{index}", condition) for index, condition in enumerate(every_way)], wanted=3)
    outcomes = by_engine(engine, tier, MOMENT, rows, folder=tmp_path, quantities=kinds, counted=True)
    for (first, *others), outcome in zip(product(Status, repeat=3), outcomes, strict=True):
        every = [first, *others]
        expected = [status.all_of(every), status.any_of(every), status.negate(first)]
        expected += [status.at_least(wanted, every) for wanted in (1, 2, 3)]
        assert list(outcome.statuses) == expected
    assert_same(by_closures(tier, MOMENT, rows), outcomes, rows)


def test_every_engine_sizes_enterprises_alike(engine: Engine, tmp_path: Path) -> None:
    inputs = (
        Input("industry_code", Type(Kind.INDUSTRY)),
        Input("employees", Type(Kind.COUNT, "人"), -1),
        Input("revenue", Type(Kind.MONEY), -1),
        Input("total_assets", Type(Kind.MONEY), -1),
    )
    kinds = {
        "industry_code": Quantity(id="a", label="a", help="a", kind=Kind.INDUSTRY),
        "employees": Quantity(id="a", label="a", help="a", kind=Kind.COUNT, unit="人"),
        "revenue": Quantity(id="a", label="a", help="a", kind=Kind.MONEY),
        "total_assets": Quantity(id="a", label="a", help="a", kind=Kind.MONEY),
    }
    subsets = [chosen for length in range(5) for chosen in combinations(SIZES, length)]
    tier = tier_of(
        [criterion(f"s{index}", SizeMember(chosen, inputs)) for index, chosen in enumerate(subsets)]
    )
    industries = [
        None,
        "A01",
        "C3091",
        "E50",
        "F51",
        "F52",
        "G59",
        "G591",
        "G594",
        "I65",
        "K701",
        "K704",
        "L",
        "J66",
        "Q85",
    ]
    people = [None, 0, 19, 300, 1000]
    wan = 100 * 10**4
    revenue = [None, 0, 2000 * wan, 40_000 * wan, 40_000 * wan - 1, 200_000 * wan]
    assets = [None, 5000 * wan - 1, 120_000 * wan]
    rows = [
        {
            "industry_code": industry,
            "employees_2025": count,
            "revenue_2025": income,
            "total_assets_2025": wealth,
        }
        for industry, count, income, wealth in product(industries, people, revenue, assets)
    ]
    assert_same(
        by_closures(tier, MOMENT, rows),
        by_engine(engine, tier, MOMENT, rows, folder=tmp_path, quantities=kinds),
        rows,
    )


def test_every_engine_reads_titles_alike(engine: Engine, tmp_path: Path) -> None:
    tier = tier_of(
        [criterion("one", Holds(("srdi",))), criterion("either", Holds(("srdi", "little_giant")))], wanted=1
    )
    rows = [
        {"holds_srdi": first, "holds_little_giant": second}
        for first, second in product([True, False, None], repeat=2)
    ]
    assert_same(by_closures(tier, MOMENT, rows), by_engine(engine, tier, MOMENT, rows, folder=tmp_path), rows)


# ---- random rules and facts

_UNUSUAL = st.sampled_from([float("nan"), float("inf"), float("-inf"), 1e12, 1e13, 0.0, 5e-324])
_VAST = st.sampled_from([10**16, 10**16 + 1, -(10**16), 4 * 10**15, 0, 1])
unusual_facts = st.fixed_dictionaries(
    {},
    optional={
        "share": _UNUSUAL,
        "years": _UNUSUAL,
        "score": _UNUSUAL,
        "money_2023": _VAST,
        "money_2024": _VAST,
        "money_2025": _VAST,
        "cost_2025": _VAST,
        "people_2025": _VAST,
    },
)
table_rows = st.builds(
    lambda plain, unusual: {**plain, **unusual}, facts, st.one_of(st.just({}), unusual_facts)
)
SCALARS = [
    "patents",
    "patents + models",
    "share",
    "score",
    "years",
    "money[-1]",
    "cost[-1] / money[-1]",
    "mean_growth(money, 2)",
]
LARGE = [
    "money[-1] * people[-1] >= 1元",
    "money[-1] * 1000 <= 0元",
    "cost[-1] - 5 * money[-2] > 0元",
    "share * share < 10%",
]


def condition_of(rule: str) -> Condition:
    return check_condition(parse_rule(rule), SCOPE)


points = st.sampled_from([-1.0, 0.0, 0.5, 2.0, 5.0, 10.0])
conditions = rules.map(condition_of)
bands = st.lists(st.builds(Band, conditions, points, st.none()), min_size=1, max_size=4)
caps = st.sampled_from([3.0, 8.0, 20.0])


def item(
    listed: Sequence[Band] = (),
    *,
    additive: bool = False,
    scalar: str | None = None,
    each: float | None = None,
    cap: float | None = None,
) -> PointsItem:
    """An item of a points table; it gets its own id when it is put into one."""
    value = None if scalar is None else check_scalar(parse_rule(scalar), SCOPE)
    return PointsItem("i", "i", None, tuple(listed), additive, value, each, 2.0 if each else 1.0, cap, 20.0)


items = st.one_of(
    st.builds(lambda listed, cap: item(listed, cap=cap), bands, st.one_of(st.none(), caps)),
    st.builds(lambda listed, worth: item([*listed, Band(None, worth, None)]), bands, points),
    st.builds(lambda listed, cap: item(listed, additive=True, cap=cap), bands, caps),
    st.builds(
        lambda scalar, each, cap: item(scalar=scalar, each=each, cap=cap),
        st.sampled_from(SCALARS),
        st.sampled_from([None, 1.0, 0.03, 1000.0]),
        caps,
    ),
)
groups = st.builds(
    lambda least, listed: PointsGroup("g", "g", None, least, tuple(listed), 20.0),
    st.sampled_from([None, 0.0, 2.0, 5.0]),
    st.lists(items, min_size=1, max_size=3),
)


def table_of(least: float, listed: Sequence[PointsGroup]) -> PointsTable:
    """A table in which every item has its own id, as in a pack."""
    numbers = count()
    named = [
        replace(group, items=tuple(replace(one, id=f"i{next(numbers)}") for one in group.items))
        for group in listed
    ]
    return PointsTable(least, tuple(named), 60.0)


tables = st.builds(table_of, st.sampled_from([0.0, 4.0, 10.0]), st.lists(groups, min_size=1, max_size=2))


@st.composite
def criteria(draw: st.DrawFn) -> list[Criterion]:
    """A few criteria: rules, products that may overflow, branches, points tables."""
    plain = draw(st.lists(conditions, min_size=1, max_size=5))
    large = draw(st.lists(st.sampled_from(LARGE).map(condition_of), max_size=2))
    found = [criterion(f"rule_{number}", condition) for number, condition in enumerate([*plain, *large])]
    inner = draw(st.lists(conditions, min_size=2, max_size=3))
    branches = tuple(criterion(f"branch_{number}", condition) for number, condition in enumerate(inner))
    found.append(criterion("branches", None, branches, draw(st.integers(1, len(branches)))))
    scores = draw(st.lists(tables, max_size=2))
    return found + [scored(f"points_{number}", table) for number, table in enumerate(scores)]


def check(engine: Engine, found: list[Criterion], rows: Sequence[Row], wanted: int, folder: Path) -> None:
    tier = tier_of(found, wanted=min(wanted, len(found)))
    assert_same(by_closures(tier, MOMENT, rows), by_engine(engine, tier, MOMENT, rows, folder=folder), rows)


random_batches = given(criteria(), st.lists(table_rows, min_size=1, max_size=30), st.integers(1, 8))
SHARED_FOLDER = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=30, suppress_health_check=SHARED_FOLDER)
@random_batches
def test_polars_agrees_with_the_closures(
    tmp_path: Path, found: list[Criterion], rows: list[Row], wanted: int
) -> None:
    check(engine_or_skip("polars"), found, rows, wanted, tmp_path)


@settings(max_examples=20, suppress_health_check=SHARED_FOLDER)
@random_batches
def test_duckdb_agrees_with_the_closures(
    tmp_path: Path, found: list[Criterion], rows: list[Row], wanted: int
) -> None:
    check(engine_or_skip("duckdb"), found, rows, wanted, tmp_path)


@settings(max_examples=3, suppress_health_check=SHARED_FOLDER)
@given(criteria(), st.lists(table_rows, min_size=20, max_size=40), st.integers(1, 8))
def test_spark_agrees_with_the_closures(
    tmp_path: Path, found: list[Criterion], rows: list[Row], wanted: int
) -> None:
    check(engine_or_skip("spark"), found, rows, wanted, tmp_path)


@pytest.mark.parametrize("day", [dt.date(2024, 2, 29), dt.date(2023, 2, 28)])
def test_elapsed_years_fold_the_same_on_leap_days(engine: Engine, day: dt.date, tmp_path: Path) -> None:
    tier = tier_of(
        [
            criterion("two", condition_of("years_since(since) >= 2年")),
            criterion("fewer", condition_of("years_since(since) < 2年")),
        ]
    )
    rows = [{"since": dt.date(2022, 2, 28) + dt.timedelta(days=step)} for step in range(-370, 5)]
    moment = Moment(day, day.year - 1)
    assert_same(by_closures(tier, moment, rows), by_engine(engine, tier, moment, rows, folder=tmp_path), rows)
