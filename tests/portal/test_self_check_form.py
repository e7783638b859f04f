from __future__ import annotations

import pytest

from tests.portal.checking import check, drafted, fitting
from tests.portal.conftest import HOHHOT, NATION_2022, NATION_2026
from tidu.core.tier_questions import Asked, form_of
from tidu.policy.documents.library import load_library
from tidu.portal.self_check_draft import Draft
from tidu.portal.self_check_questions import FormView

TIERS = [(pack.id, tier) for pack in load_library() for tier in pack.tiers]


def asked(pack_id: str = HOHHOT, tier: str = "municipal_srdi") -> dict[str, Asked]:
    pack = load_library().get(pack_id)
    return {found.name: found for found in form_of(pack, tier, pack.settings()).asked}


def view(draft: Draft) -> FormView:
    return check(draft).view()


@pytest.mark.parametrize(("pack_id", "tier"), TIERS)
def test_every_input_of_a_tier_is_asked_once_or_left_to_a_person(pack_id: str, tier: str) -> None:
    pack = load_library().get(pack_id)
    criteria = pack.criteria(tier)
    form = form_of(pack, tier, pack.settings())
    names = [found.name for found in form.asked]
    assert len(names) == len(set(names))
    wanted = {item.id for item in criteria.inputs if not item.judged}
    assert set(names) - {"titles"} == wanted
    assert ("titles" in names) == bool(criteria.titles)
    judged = {item.id for item in criteria.inputs if item.judged}
    assert sum(len(section.judged) for section in form.sections) >= len(judged)


@pytest.mark.parametrize(("pack_id", "tier"), TIERS)
def test_every_question_says_what_it_is_for_and_by_which_clause(pack_id: str, tier: str) -> None:
    for question in asked(pack_id, tier).values():
        assert question.requirements
        assert question.cites


def test_questions_stand_in_the_dimensions_of_the_document() -> None:
    pack = load_library().get(HOHHOT)
    sections = form_of(pack, "municipal_srdi", pack.settings()).sections
    assert [section.label for section in sections] == ["基本条件", "专业化", "精细化", "特色化", "新颖化"]
    assert [len(section.judged) for section in sections] == [0, 1, 1, 1, 1]
    assert [found.name for found in sections[0].asked][:3] == [
        "independent_legal_person",
        "registered_on",
        "registered_area",
    ]


def test_as_many_years_are_asked_as_the_rules_look_back() -> None:
    questions = asked()
    assert questions["revenue"].years(2025) == (2023, 2024, 2025)
    assert questions["employees"].years(2025) == (2025,)
    assert questions["niche_years"].years(2025) == ()
    assert asked(NATION_2026, "srdi")["rd_expense"].years(2025) == (2024, 2025)


def test_a_requirement_names_its_limit_and_the_choice_it_belongs_to() -> None:
    questions = asked()
    assert "上年度营业收入（≥ 1,000.00 万元）" in questions["revenue"].requirements
    assert list(questions["utility_models"].requirements) == ["实用新型专利和软件著作权（≥ 3 项，4 选 1）"]
    assert list(questions["revenue"].interpretations) == ["growth_mean"]


def test_an_item_of_a_points_table_says_its_points() -> None:
    assert "数字化水平（最高 5 分）" in asked(NATION_2022, "srdi")["digital_level"].requirements


def test_only_readings_that_bear_on_the_verdict_are_offered() -> None:
    pack = load_library().get(HOHHOT)
    readings = form_of(pack, "municipal_srdi", pack.settings()).readings
    assert readings == ("term_end", "growth_mean", "dimension_combination", "mixed_counting")


def test_progress_counts_answers_and_not_what_cannot_be_read() -> None:
    empty, full = view(Draft()), view(fitting(rank_national="20", invention_patents="0", pct_published="0"))
    assert (empty.done, empty.sections[0].total) == (0, 10)
    assert full.sections[0].done == full.sections[0].total == 9  # the industry's row does not look at assets
    assert view(drafted(niche_years="许多")).done == 0


def test_a_measure_that_the_industry_does_not_need_is_said_to_be_needless() -> None:
    hints = {question.name: question.hint for question in view(fitting()).questions}
    assert hints["total_assets"].endswith("本行业划型不看这一项，可以不填。")
    builder = {question.name: question.hint for question in view(fitting(industry_code="E4710")).questions}
    assert "可以不填" not in builder["total_assets"]
    assert "可以不填" in builder["employees"]


def test_the_size_is_told_as_soon_as_it_is_certain() -> None:
    def word(draft: Draft) -> str:
        size = view(draft).size
        assert size is not None
        return size.word

    assert word(Draft()) == "未定"
    assert word(fitting()) == "小型企业"
    assert word(fitting(employees_2025="")) == "微型、小型或中型企业"


def test_what_was_typed_stands_in_its_control_whatever_it_is() -> None:
    entries = {entry.name: entry for entry in view(drafted(revenue_2025="两千万", standards="0")).entries}
    assert entries["revenue_2025"].value == "两千万"
    assert entries["revenue_2025"].error
    assert (entries["standards"].value, entries["standards"].error) == ("0", "")


def test_an_improbable_figure_is_a_warning_until_it_is_meant_so() -> None:
    draft = fitting(revenue_2025="23,189,000")
    assert next(entry for entry in view(draft).entries if entry.name == "revenue_2025").warning
    assert view(draft).faults == ()
    draft.keep("revenue_2025")
    assert not any(entry.warning for entry in view(draft).entries)
    draft.write({"revenue_2025": "33,189,000"})
    assert any(entry.warning for entry in view(draft).entries)


def test_the_summary_names_the_year_and_leads_to_the_control() -> None:
    (fault,) = view(fitting(revenue_2025="两千万")).faults
    assert fault.target == "f-revenue_2025"
    assert fault.text.startswith("2025 年营业收入：")


def test_districts_are_offered_once_the_city_is_chosen() -> None:
    def place(draft: Draft) -> tuple[str, list[str]]:
        found = next(entry for entry in view(draft).entries if entry.name == "registered_area-place")
        return found.kind, [choice.label for choice in found.choices]

    assert place(Draft()) == ("choice", [])
    kind, labels = place(drafted(**{"registered_area-city": "150200"}))
    assert kind == "choice"
    assert {"昆都仑区", "包头稀土高新技术产业开发区"} <= set(labels)
    assert place(drafted(**{"registered_area-city": "elsewhere"})) == ("area", [])


def test_a_chosen_reading_changes_the_requirement_s_chip() -> None:
    draft = fitting()
    draft.choose(HOHHOT, {"growth_mean": "compound"})
    revenue = next(question for question in view(draft).questions if question.name == "revenue")
    assert [chip.url for chip in revenue.doubts] == ["#q-reading-growth_mean"]
    assert "两年的复合年均增速" in revenue.doubts[0].text


def test_a_reading_that_the_pack_no_longer_offers_falls_back_to_the_default() -> None:
    draft = fitting()
    draft.settings[HOHHOT] = {"growth_mean": "gone", "forgotten": "x"}
    assert check(draft).settings["growth_mean"] == "arithmetic"
