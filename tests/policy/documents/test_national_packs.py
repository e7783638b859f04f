"""The national ladder: which document offers a tier on which day, and points that stay honest over missing facts."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.assess.assessment import assess
from tidu.policy.assess.cases import run_cases
from tidu.policy.assess.facts import facts_from
from tidu.policy.documents.library import load_library
from tidu.policy.status import Status
from tidu.policy.vocabulary.yaml_source import read_yaml

FORMER, CURRENT = "national-2022-gradient", "national-2026-gradient"
LAST_DAY_OF_THE_FORMER = dt.date(2026, 3, 31)
DECIDED = {Status.MET, Status.NOT_MET}


def _offers(on: dt.date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for offer in load_library().offers("150105", on):
        if offer.pack.document.jurisdiction == "000000":
            found.setdefault(offer.tier, []).append(offer.pack.id)
    return found


@pytest.mark.parametrize("pack", [FORMER, CURRENT])
def test_every_worked_example_comes_out_as_written_and_no_rule_lacks_one(pack: str) -> None:
    report = run_cases(load_library().get(pack))
    assert [(result.name, result.faults) for result in report.results if result.faults] == []
    assert report.uncovered == ()


def test_until_the_last_day_of_the_former_rules_they_offer_all_three_tiers() -> None:
    assert _offers(LAST_DAY_OF_THE_FORMER) == {
        "innovative": [FORMER],
        "srdi": [FORMER],
        "little_giant": [FORMER],
    }


def test_from_the_next_day_only_the_innovative_tier_stays_with_the_former_rules() -> None:
    assert _offers(LAST_DAY_OF_THE_FORMER + dt.timedelta(days=1)) == {
        "innovative": [FORMER],
        "srdi": [CURRENT],
        "little_giant": [CURRENT],
    }


def test_no_national_tier_is_offered_before_the_former_rules_began() -> None:
    assert _offers(dt.date(2022, 7, 31)) == {}


def test_the_table_of_the_srdi_standard_adds_up_to_a_hundred_points_by_group() -> None:
    (table,) = [
        branch.points
        for criterion in load_library().get(FORMER).criteria("srdi").criteria
        for branch in criterion.branches
        if branch.points is not None
    ]
    assert {group.id: group.maximum for group in table.groups} == {
        "specialisation": 25,
        "refinement": 25,
        "distinction": 15,
        "innovation": 35,
    }
    assert table.maximum == 100


def _base(pack: str, name: str) -> Mapping[str, Any]:
    file = load_library().get(pack).folder / "cases.yaml"
    found: Mapping[str, Any] = read_yaml(file).data["facts"][name]
    return found


@given(data=st.data())
@pytest.mark.parametrize(
    ("pack", "base", "tier", "as_of"),
    [
        (FORMER, "innovative", "innovative", dt.date(2025, 6, 1)),
        (FORMER, "srdi", "srdi", dt.date(2025, 6, 1)),
        (FORMER, "giant", "little_giant", dt.date(2025, 6, 1)),
        (CURRENT, "srdi", "srdi", dt.date(2026, 6, 1)),
        (CURRENT, "giant", "little_giant", dt.date(2026, 6, 1)),
    ],
)
def test_what_is_decided_with_facts_missing_stays_so_when_they_are_filled_in(
    pack: str, base: str, tier: str, as_of: dt.date, data: st.DataObject
) -> None:
    loaded = load_library().get(pack)
    full = _base(pack, base)
    kept = data.draw(st.sets(st.sampled_from(sorted(full))))
    partial = assess(
        loaded, facts_from({key: full[key] for key in kept}, loaded.in_view), tier=tier, as_of=as_of
    )
    whole = assess(loaded, facts_from(full, loaded.in_view), tier=tier, as_of=as_of)
    assert whole.status is Status.MET
    for before, after in zip(partial.criteria, whole.criteria, strict=True):
        if before.status in DECIDED:
            assert after.status is before.status, before.id
        for branch, filled in zip(before.branches, after.branches, strict=True):
            if branch.score is not None and filled.score is not None:
                assert branch.score.range.least <= filled.score.range.least
                assert filled.score.range.greatest <= branch.score.range.greatest
