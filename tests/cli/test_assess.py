"""`tidu assess`: one enterprise, explained, as text and as data."""

import json
from pathlib import Path

import pytest

from tests.cli.running import EXAMPLES, assess, criteria, facts_file, run


def test_the_complete_enterprise_needs_only_judgements() -> None:
    data = assess(EXAMPLES / "complete.yaml", "--json").data
    assert data["status"] == "needs_review"
    assert data["in_force"] is True
    assert set(criteria(data).values()) == {"met", "needs_review"}
    assert data["missing"] == []
    assert data["deciding"] is None


def test_the_enterprise_without_its_audit_report_is_told_that_this_one_document_decides() -> None:
    data = assess(EXAMPLES / "one-document-missing.yaml", "--json").data
    assert data["status"] == "unknown"
    assert data["deciding"]["evidence"] == "audit_report"
    assert {"revenue_2023", "revenue_2024", "revenue_2025"} <= set(data["missing"])
    shown = assess(EXAMPLES / "one-document-missing.yaml").out
    assert "起决定作用的一份材料" in shown
    assert "年度审计报告" in shown


def test_the_enterprise_that_falls_short_sees_value_limit_margin_and_clause_of_what_failed() -> None:
    data = assess(EXAMPLES / "not-met.yaml", "--json").data
    failed = {item["id"]: item for item in data["criteria"] if item["status"] == "not_met"}
    assert set(failed) == {"revenue", "growth", "market_rank", "innovation_outcome"}
    assert failed["revenue"]["values"] == {"revenue_2025": "8640000.00"}
    assert (failed["revenue"]["limit"], failed["revenue"]["margin"]) == ("10000000.00", "-1360000.00")
    assert failed["revenue"]["cite"] == "申报条件/基本条件/03"
    shown = assess(EXAMPLES / "not-met.yaml").out
    for part in (
        "✘ 不符合",
        "864.00 万元",
        "≥ 1,000.00 万元",
        "−136.00 万元",
        "申报条件/基本条件/03",
        "怎么补",
    ):
        assert part in shown


def test_the_data_has_the_documented_keys_in_their_order_and_nothing_else_is_printed() -> None:
    outcome = assess(EXAMPLES / "complete.yaml", "--json")
    documented = [
        "pack",
        "tier",
        "as_of",
        "base_year",
        "in_force",
        "status",
        "criteria",
        "missing",
        "gaps",
        "deciding",
    ]
    assert [key for key in outcome.data if key in documented] == documented
    assert list(outcome.data["criteria"][0])[:4] == ["id", "label", "status", "cite"]
    assert set(outcome.data["criteria"][0]) >= {"values", "limit", "margin", "missing"}
    assert outcome.err == ""
    assert "营业收入" in outcome.out  # UTF-8, no escapes


def test_every_branch_of_an_alternative_stands_under_its_letter() -> None:
    shown = assess(EXAMPLES / "complete.yaml").out
    assert "　甲 国内细分市场前二十位" in shown
    assert "　乙 自治区内细分市场前十位" in shown


def test_another_reading_is_offered_where_it_would_change_a_result_and_named_when_chosen() -> None:
    shown = assess(EXAMPLES / "one-document-missing.yaml").out
    assert "--set mixed_counting=separately" in shown
    chosen = assess(EXAMPLES / "one-document-missing.yaml", "--set", "mixed_counting=separately").out
    assert "本次选用的解释口径" in chosen


def test_another_way_of_combining_the_dimensions_is_offered_where_it_would_change_the_verdict(
    tmp_path: Path,
) -> None:
    text = (
        (EXAMPLES / "complete.yaml")
        .read_text(encoding="utf-8")
        .replace("municipal_brands: 1", "municipal_brands: 0")
    )
    file = facts_file(tmp_path, text)
    assert assess(file, "--json").data["status"] == "not_met"
    assert "--set dimension_combination=at_least_3" in assess(file).out


def test_a_pack_out_of_force_still_answers_and_says_so() -> None:
    outcome = assess(EXAMPLES / "complete.yaml", "--json", as_of="2027-04-13")
    assert outcome.code == 0
    assert outcome.data["in_force"] is False
    assert "已届满" in assess(EXAMPLES / "complete.yaml", as_of="2027-04-13").out


def test_the_base_year_can_be_given() -> None:
    data = assess(EXAMPLES / "complete.yaml", "--base-year", "2024", "--json").data
    assert data["base_year"] == 2024
    assert "revenue_2022" in data["missing"]


def test_a_pack_with_several_tiers_asks_for_one() -> None:
    outcome = assess(EXAMPLES / "complete.yaml", pack="national-2026-gradient")
    assert outcome.code == 2
    assert "--tier" in outcome.err
    found = assess(EXAMPLES / "complete.yaml", "--tier", "srdi", "--json", pack="national-2026-gradient").data
    assert found["tier"] == "srdi"


def test_a_points_table_is_shown_with_every_item() -> None:
    shown = assess(
        EXAMPLES / "complete.yaml", "--tier", "srdi", pack="national-2022-gradient", as_of="2026-03-01"
    ).out
    assert "计分：评价得分" in shown
    assert "上年度净利润率" in shown


def test_an_empty_facts_file_leaves_everything_open_and_nothing_failed(tmp_path: Path) -> None:
    data = assess(facts_file(tmp_path, ""), "--json").data
    assert data["status"] == "unknown"
    assert set(criteria(data).values()) == {"unknown", "needs_review"}


def test_zero_and_no_are_values(tmp_path: Path) -> None:
    data = assess(
        facts_file(tmp_path, "municipal_brands: 0", "independent_legal_person: false"), "--json"
    ).data
    assert criteria(data)["brand"] == "not_met"
    assert criteria(data)["independent_legal_person"] == "not_met"


def test_a_facts_file_may_be_json(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"revenue": {"2025": 12000000}}), encoding="utf-8")
    assert criteria(assess(file, "--json").data)["revenue"] == "met"


@pytest.mark.parametrize("width", ["40", "60", "80", "200"])
def test_no_line_is_wider_than_the_terminal_and_no_character_is_cut_off(width: str) -> None:
    from tidu.cli.layout import cells

    shown = run(
        "assess",
        EXAMPLES / "not-met.yaml",
        "--pack",
        "hohhot-2022-recognition",
        "--as-of",
        "2026-06-01",
        env={"COLUMNS": width},
    ).out
    if int(width) >= 80:
        assert max(cells(line) for line in shown.splitlines()) <= int(width)
    whole = "".join(shown.split())
    assert "预评估不等于认定" in whole
