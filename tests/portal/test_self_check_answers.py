from __future__ import annotations

import datetime as dt

import pytest

from tests.portal.checking import TODAY, drafted, read, vocabulary
from tidu.core.slips import Slip, slips_of
from tidu.policy.assess.facts import Recognition
from tidu.portal.self_check_answers import is_control
from tidu.portal.self_check_draft import Draft, changed


def slips(**typed: str) -> dict[str, Slip]:
    answers = read(drafted(**typed))
    return slips_of(answers.facts, vocabulary().indicators, answers.as_of)


def test_blank_is_unknown_and_nought_is_a_value() -> None:
    facts = read(drafted(invention_patents="0", standards="", revenue_2025="0")).facts
    assert facts.values == {"invention_patents": 0, "revenue_2025": 0}
    assert facts.recognitions is None


def test_a_text_that_cannot_be_read_is_unknown_and_told_at_its_control() -> None:
    answers = read(drafted(revenue_2025="两千万", employees_2025="128"))
    assert answers.facts.values == {"employees_2025": 128}
    assert list(answers.refusals) == ["revenue_2025"]


def test_what_a_person_must_judge_cannot_be_stated() -> None:
    assert read(drafted(chain_advantage="yes")).facts.values == {}
    assert not is_control("chain_advantage", vocabulary())


@pytest.mark.parametrize("name", ["legal_representative", "contact_mobile"])
def test_personal_data_has_no_control(name: str) -> None:
    personal = [found.id for found in vocabulary().indicators.values() if found.personal]
    assert personal
    assert not any(is_control(found, vocabulary()) for found in (*personal, name))


def test_the_base_year_is_the_year_before_unless_one_is_typed() -> None:
    assert (read(Draft()).as_of, read(Draft()).base_year) == (TODAY, 2025)
    earlier = read(drafted(**{"as-of": "2024-03-01"}))
    assert (earlier.as_of, earlier.base_year) == (dt.date(2024, 3, 1), 2023)
    assert read(drafted(**{"as-of": "2024-03-01", "base-year": "2022"})).base_year == 2022


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("as-of", "9999-12-31"),
        ("as-of", "0001-01-01"),
        ("as-of", "昨天"),
        ("base-year", "1800"),
        ("base-year", "x"),
    ],
)
def test_a_day_or_year_that_cannot_be_is_told_and_today_stands_in(name: str, typed: str) -> None:
    answers = read(drafted(**{name: typed}))
    assert name in answers.refusals
    assert (answers.as_of, answers.base_year) == (TODAY, 2025)


def test_a_district_counts_only_in_the_city_that_was_chosen() -> None:
    both = {"registered_area-city": "150100", "registered_area-place": "150105"}
    assert read(drafted(**both)).facts.values["registered_area"] == "150105"
    moved = {**both, "registered_area-city": "150200"}
    assert read(drafted(**moved)).facts.values["registered_area"] == "150200"
    assert "registered_area" not in read(drafted(**{"registered_area-place": "150105"})).facts.values


def test_a_place_outside_the_region_is_typed_as_a_code() -> None:
    away = {"registered_area-city": "elsewhere", "registered_area-place": "110105"}
    assert read(drafted(**away)).facts.values["registered_area"] == "110105"
    wrong = read(drafted(**{**away, "registered_area-place": "x"}))
    assert list(wrong.refusals) == ["registered_area-place"]


def test_titles_are_unknown_until_somebody_says_there_are_some_or_none() -> None:
    assert read(Draft()).facts.recognitions is None
    assert read(drafted(titles="no")).facts.recognitions == ()
    stated = read(drafted(**{"title-innovative-since": "2025-06-30", "title-innovative-until": "2028-06-29"}))
    authority = vocabulary().tiers["innovative"].recognised_by
    assert stated.facts.recognitions == (
        Recognition("innovative", authority, dt.date(2025, 6, 30), dt.date(2028, 6, 29)),
    )


@pytest.mark.parametrize(
    ("typed", "control"),
    [
        ({"titles": "yes"}, "titles"),
        ({"titles": "no", "title-srdi-since": "2024-03-01"}, "titles"),
        ({"title-srdi-until": "2027-02-28"}, "title-srdi-since"),
        ({"title-srdi-since": "2024-03-01", "title-srdi-until": "2023-01-01"}, "title-srdi-until"),
        ({"title-srdi-since": "三月"}, "title-srdi-since"),
    ],
)
def test_titles_that_contradict_themselves_are_told_and_stay_unknown(
    typed: dict[str, str], control: str
) -> None:
    answers = read(drafted(**typed))
    assert list(answers.refusals) == [control]
    assert answers.facts.recognitions is None


def test_a_title_without_an_end_is_neither_valid_nor_lapsed() -> None:
    facts = read(drafted(**{"titles": "yes", "title-innovative-since": "2025-06-30"})).facts
    assert "holds_innovative" not in facts.on(TODAY, ["innovative"])
    assert facts.on(TODAY, ["srdi"])["holds_srdi"] is False


def test_yuan_typed_for_wan_is_noticed_beside_last_year() -> None:
    found = slips(revenue_2024="2036.4", revenue_2025="23189000")
    assert list(found) == ["revenue_2025"]
    assert "2025 年营业收入是上年的 11,387 倍" in found["revenue_2025"].text
    assert [(offer.label, offer.value) for offer in found["revenue_2025"].offers] == [
        ("改为 2,318.90 万元", "2,318.90"),
        ("数值无误，保留", None),
    ]


def test_yuan_typed_for_wan_is_noticed_in_an_earlier_year_and_beside_revenue() -> None:
    assert list(slips(revenue_2024="20364000", revenue_2025="2318.9")) == ["revenue_2024"]
    assert list(slips(revenue_2025="2318.9", total_assets_2025="31200000")) == ["total_assets_2025"]
    assert list(slips(revenue_2025="23189000")) == ["revenue_2025"]


@pytest.mark.parametrize(
    "typed",
    [
        {"revenue_2024": "2036.4", "revenue_2025": "2318.9"},
        {"revenue_2024": "3", "revenue_2025": "2900"},
        {"revenue_2024": "0", "revenue_2025": "23189000"},
        {"new_equity_financing_2024": "0", "new_equity_financing_2025": "6000", "revenue_2025": "1500"},
    ],
)
def test_strong_growth_is_no_slip(typed: dict[str, str]) -> None:
    found = slips(**typed)
    assert [slip for slip in found.values() if "倍" in slip.text] == []


def test_a_day_that_has_not_come_is_noticed() -> None:
    assert "晚于评估日" in slips(registered_on="2027-01-01")["registered_on"].text


def test_a_field_that_stands_as_it_was_shown_is_no_answer() -> None:
    shown = {"revenue_2025": "1", "employees_2025": ""}
    posted = {"revenue_2025": "1", "employees_2025": "128", "standards": "", "foreign": "x"}
    assert changed(posted, shown, ["revenue_2025", "employees_2025", "standards"]) == {
        "employees_2025": "128",
        "standards": "",
    }


def test_a_draft_survives_its_session() -> None:
    draft = drafted(revenue_2025="两千万")
    draft.write({"employees_2025": "128"})
    draft.keep("revenue_2025")
    draft.choose("x", {"a": "b"})
    again = Draft.load(draft.dump())
    assert again == draft
    assert Draft.load(None) == Draft()
    assert Draft.load({"typed": {"a": "b"}}).typed == {"a": "b"}


def test_a_draft_has_bounds() -> None:
    draft = Draft()
    draft.write({f"revenue_{number}": "1" for number in range(5000)})
    draft.write({"revenue_0": "9" * 10_000})
    assert len(draft.typed) == 1000
    assert len(draft.typed["revenue_0"]) == 2001


def test_the_day_and_the_calculator_are_no_answers() -> None:
    assert drafted(**{"as-of": "2026-01-01", "size-industry_code": "C3091"}).empty
    assert not drafted(standards="0").empty
