import dataclasses
import datetime as dt
import json

import pytest

from tests.policy.enterprises import COMPLETE, enterprise
from tidu.policy.assess.assessment import Assessment, assess, other_readings
from tidu.policy.assess.facts import Facts
from tidu.policy.assess.rendering import assessment_json, assessment_text, headline
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import InputError
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Effort

DAY = dt.date(2026, 10, 12)
JUDGED = {"chain_advantage", "refined_management", "distinctive_product", "sustained_innovation"}


@pytest.fixture(scope="module")
def hohhot() -> Pack:
    return load_library().get("hohhot-2022-recognition")


def assessed(pack: Pack, facts: Facts, **call: dt.date) -> Assessment:
    return assess(pack, facts, as_of=call.get("as_of", DAY))


def test_only_judgements_stand_between_a_complete_enterprise_and_the_title(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise())
    assert found.status is Status.NEEDS_REVIEW
    assert {result.id for result in found.criteria if result.status is Status.NEEDS_REVIEW} == JUDGED
    assert all(result.status is Status.MET for result in found.criteria if result.id not in JUDGED)
    assert (found.missing, found.gaps, found.deciding) == ((), (), None)


def test_with_every_judgement_made_the_verdict_is_met(hohhot: Pack) -> None:
    assert assessed(hohhot, enterprise(**dict.fromkeys(JUDGED, True))).status is Status.MET


def test_a_judgement_against_decides(hohhot: Pack) -> None:
    assert assessed(hohhot, enterprise(chain_advantage=False)).status is Status.NOT_MET


def test_nothing_known_is_unknown_and_everything_is_listed_as_missing(hohhot: Pack) -> None:
    found = assessed(hohhot, Facts())
    assert found.status is Status.UNKNOWN
    assert not [result for result in found.criteria if result.status in {Status.MET, Status.NOT_MET}]
    flat = {"revenue_2023", "revenue_2024", "revenue_2025", "registered_on", "rd_centre", "industry_code"}
    assert flat <= set(found.missing)
    assert not set(found.missing) & JUDGED


def test_one_missing_certificate_is_named_as_the_document_that_decides(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise(software_copyrights=None))
    assert found.status is Status.UNKNOWN
    assert found.deciding is not None
    assert found.deciding.keys == ("software_copyrights",)
    assert found.deciding.criteria == ("innovation_outcome",)
    assert found.deciding.label in headline(found)


def test_two_documents_missing_decide_nothing_alone(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise(software_copyrights=None, registered_on=None))
    assert found.deciding is None


def test_a_decided_refusal_has_no_deciding_document(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise(software_copyrights=None, major_incident=True))
    assert found.status is Status.NOT_MET
    assert found.deciding is None


def test_the_cheapest_branch_of_an_alternative_comes_first(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise(software_copyrights=None))
    (gap,) = found.gaps
    assert gap.criterion.id == "innovation_outcome"
    ranks = [way.effort.rank for way in gap.ways]
    assert ranks == sorted(ranks)
    assert gap.ways[0].effort is Effort.PAPER
    assert gap.ways[0].changes[0].keys == ("software_copyrights",)


def test_a_shortfall_is_said_in_numbers(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise(revenue={2023: 7_000_000, 2024: 8_000_000, 2025: 9_999_999}))
    (change,) = next(gap for gap in found.gaps if gap.criterion.id == "revenue").ways[0].changes
    assert "现为 999.9999 万元，要求 ≥ 1,000.00 万元，相差 0.0001 万元" in change.text


def test_the_margin_is_exact_to_the_fen(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise(revenue={2023: 1, 2024: 1, 2025: "10000000.01"}))
    assert found.criterion("revenue").margin == 1


def test_a_zero_base_year_makes_growth_unknown_and_says_which_figure(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise(revenue={2023: 0, 2024: 20_364_000, 2025: 23_189_000}))
    growth = found.criterion("growth")
    assert growth.status is Status.UNKNOWN
    assert growth.missing == ("revenue_2023",)
    assert "核对营业收入（2023年）：现为 0.00 万元" in found.gaps[0].ways[0].changes[0].text


def test_the_other_reading_of_a_declared_interpretation_is_shown(hohhot: Pack) -> None:
    readings = other_readings(assessed(hohhot, enterprise()))
    (growth,) = readings["growth"]
    assert (growth.interpretation, growth.choice) == ("growth_mean", "compound")
    assert growth.result.measured == pytest.approx(0.12182593)


def test_a_rule_out_of_force_still_answers_and_says_so(hohhot: Pack) -> None:
    assert assessed(hohhot, enterprise()).in_force
    late = assessed(hohhot, enterprise(revenue={2025: 3e7, 2026: 4e7, 2024: 2e7}), as_of=dt.date(2027, 4, 13))
    assert not late.in_force
    assert assessed(hohhot, enterprise(), as_of=dt.date(2027, 4, 12)).in_force


def test_the_base_year_is_the_year_before_unless_given(hohhot: Pack) -> None:
    facts = enterprise()
    assert assess(hohhot, facts, as_of=DAY).base_year == 2025
    assert assess(hohhot, facts, as_of=DAY, base_year=2024).criterion("revenue").measured == 2_036_400_000


def test_the_dimensions_can_be_combined_otherwise(hohhot: Pack) -> None:
    facts = enterprise(municipal_brands=0, chain_advantage=True, refined_management=True)
    assert assess(hohhot, facts, as_of=DAY).status is Status.NOT_MET
    any_one = assess(hohhot, facts, as_of=DAY, settings={"dimension_combination": "any"})
    assert any_one.status is Status.MET
    assert {item.id: item.status for item in any_one.dimensions}["distinctive"] is Status.NOT_MET


def test_an_assessment_cannot_be_changed(hohhot: Pack) -> None:
    found = assessed(hohhot, enterprise())
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.status = Status.MET  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.facts.values["revenue_2025"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        found.criteria[0].status = Status.MET  # type: ignore[misc]


def test_it_becomes_json_with_money_in_yuan_as_text(hohhot: Pack) -> None:
    data = json.loads(json.dumps(assessment_json(assessed(hohhot, enterprise())), ensure_ascii=False))
    assert list(data)[:8] == ["pack", "digest", "tier", "title", "as_of", "base_year", "settings", "in_force"]
    revenue = next(item for item in data["criteria"] if item["id"] == "revenue")
    assert revenue["values"] == {"revenue_2025": "23189000.00"}
    assert (revenue["limit"], revenue["margin"]) == ("10000000.00", "13189000.00")
    assert revenue["cite"] == "申报条件/基本条件/03"
    outcome = next(item for item in data["criteria"] if item["id"] == "innovation_outcome")
    assert [branch["status"] for branch in outcome["branches"]] == ["not_met", "met", "not_met", "not_met"]


def test_it_becomes_a_report_that_names_values_limits_and_clauses(hohhot: Pack) -> None:
    text = assessment_text(assessed(hohhot, enterprise(software_copyrights=None)))
    assert "预评估不等于认定" in text
    assert "上年度营业收入：2,318.90 万元；要求：≥ 1,000.00 万元　〔申报条件/基本条件/03〕" in text
    assert "缺：与主导产品相关的软件著作权" in text


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"tier": "srdi"}, "没有层级“srdi”"),
        ({"settings": {"growth": "compound"}}, "没有名为“growth”的解释"),
        ({"settings": {"growth_mean": "median"}}, "没有选项“median”"),
        ({"base_year": 9999}, "基准年度 9999"),
    ],
)
def test_a_call_that_cannot_be_is_refused_with_a_remedy(
    hohhot: Pack, call: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        assess(hohhot, enterprise(), as_of=DAY, **call)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "key", [key for key in COMPLETE if key not in {"name", "rank_national", "total_assets"}]
)
def test_no_missing_fact_is_ever_counted_as_failed(hohhot: Pack, key: str) -> None:
    found = assessed(hohhot, enterprise(**{key: None}))
    assert found.status in {Status.UNKNOWN, Status.NEEDS_REVIEW}
    assert all(result.status is not Status.NOT_MET for result in found.criteria)
