"""Packed profiles against the closures: every tier of every pack, over enterprises with every kind of hole."""

import datetime as dt
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidu.policy.assess.assessment import assess, names_of
from tidu.policy.assess.facts import Facts, Recognition
from tidu.policy.batch.engines import PolarsEngine
from tidu.policy.batch.plan import make_plan
from tidu.policy.batch.profiles import Outcome, ProfileReader, profile_chain
from tidu.policy.batch.source import staged_source
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.language.compile import Moment
from tidu.policy.quantities import Kind
from tidu.policy.status import Status

MOMENT = Moment(dt.date(2026, 6, 30), 2025)
TIERS = [(pack, tier) for pack in load_library() for tier in pack.tiers]
TYPES = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "string": pa.string(),
}


def outcomes(pack: Pack, tier: str, rows: list[dict[str, Any]], folder: Path) -> list[Outcome]:
    names = names_of(pack)
    plan = make_plan(pack.criteria(tier), MOMENT)
    columns = {
        key: pa.array([row.get(key) for row in rows], TYPES[kind]) for key, kind in plan.schema.items()
    }
    file = folder / "rows.parquet"
    pq.write_table(pa.table({"i:0": pa.array(range(len(rows))), **columns}), file)
    reader = ProfileReader(plan, names)
    source = staged_source(file, list(plan.schema), ["row"])
    found = PolarsEngine().fetch(file, profile_chain(plan, source, names))
    return [reader.read(row) for row in sorted(found, key=lambda row: row["row"])]


def any_value(random: Random, pack: Pack, key: str, kind: str) -> Any:  # noqa: ANN401 - of the kind
    described = names_of(pack).indicator(key)
    if kind == "boolean":
        return random.random() < 0.7
    if kind == "date":
        return dt.date(random.randint(2012, 2026), random.randint(1, 6), 15)
    if kind == "float64":
        return random.choice([0.0, 0.05, 0.3, 0.6, 0.75, 2.0, 5.0, 60.0])
    if kind == "int64":
        money = described is not None and described.kind is Kind.MONEY
        return random.choice([0, 1, 2, 40, 900] if not money else [0, 10**9, 3 * 10**9, 10**10, 5 * 10**10])
    if described is not None and described.kind is Kind.AREA:
        return random.choice(["150105", "150203"])
    if described is not None and described.kind is Kind.INDUSTRY:
        return random.choice(["C3985", "J66", "I6513"])
    return random.choice(list(described.choices)) if described is not None and described.choices else "text"


def good_values(random: Random, pack: Pack, tier: str, schema: dict[str, str]) -> dict[str, Any]:
    """Values that meet as much as a few tries can, so that what is missing decides."""
    titles = tuple(
        Recognition(title, "", dt.date(2024, 5, 1), dt.date(2027, 4, 30))
        for title in pack.criteria(tier).titles
    )
    best: dict[str, Any] = {}
    for key, kind in [item for item in schema.items() if not item[0].startswith("holds_")] * 3:
        trials = [{**best, key: any_value(random, pack, key, kind)} for _ in range(6)] + [best]
        scored = [
            assess(
                pack, Facts(trial, titles), tier=tier, as_of=MOMENT.as_of, base_year=MOMENT.base_year
            ).counts()
            for trial in trials
        ]
        met = [(counts[Status.MET], -counts[Status.NOT_MET]) for counts in scored]
        best = trials[met.index(max(met))]
    return best


@pytest.mark.parametrize(("pack", "tier"), TIERS, ids=[f"{pack.id} {tier}" for pack, tier in TIERS])
def test_a_profile_says_what_an_assessment_says(pack: Pack, tier: str, tmp_path: Path) -> None:
    random = Random(tier)  # noqa: S311 - examples, the same ones each time
    plan = make_plan(pack.criteria(tier), MOMENT)
    good = good_values(random, pack, tier, plan.schema)
    facts: list[Facts] = []
    for number in range(400):
        known = (0.6, 0.85, 0.97)[number % 3]
        values = {
            key: any_value(random, pack, key, kind) if random.random() < 0.04 else good[key]
            for key, kind in plan.schema.items()
            if key in good and random.random() < known
        }
        titles: tuple[Recognition, ...] | None = None
        if random.random() < 0.9:
            titles = tuple(
                Recognition(title, "", dt.date(2024, 5, 1), random.choice([None, dt.date(2027, 4, 30)]))
                for title in pack.criteria(tier).titles
                if random.random() < 0.6
            )
        facts.append(Facts(MappingProxyType(values), titles))
    rows = [dict(item.on(MOMENT.as_of, pack.criteria(tier).titles)) for item in facts]
    documents = 0
    for known_facts, outcome in zip(facts, outcomes(pack, tier, rows, tmp_path), strict=True):
        expected = assess(pack, known_facts, tier=tier, as_of=MOMENT.as_of, base_year=MOMENT.base_year)
        document = "" if expected.deciding is None else expected.deciding.evidence
        documents += bool(document)
        assert outcome.status is expected.status
        assert outcome.statuses == tuple(result.status for result in expected.criteria)
        assert set(outcome.missing) == set(expected.missing)
        assert outcome.document == document
        assert (outcome.short == 0) == (expected.status in {Status.MET, Status.NEEDS_REVIEW})
    assert documents, "the examples must reach the case that matters"
