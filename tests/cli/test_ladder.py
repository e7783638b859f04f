"""`tidu ladder`: every rung on one day, and the next one."""

import re
from pathlib import Path

from tests.cli.running import EXAMPLES, Outcome, facts_file, run


def ladder(file: Path, *more: str, as_of: str = "2026-06-01") -> Outcome:
    """``tidu ladder`` on a fixed day."""
    return run("ladder", file, "--as-of", as_of, *more)


def test_the_rungs_stand_in_order_with_standing_rule_verdict_and_the_next_one() -> None:
    data = ladder(EXAMPLES / "complete.yaml", "--json").data
    assert [rung["tier"] for rung in data["rungs"]] == [
        "municipal_srdi",
        "innovative",
        "srdi",
        "little_giant",
        "single_champion",
    ]
    standing = {rung["tier"]: rung["standing"] for rung in data["rungs"]}
    assert standing == {
        "municipal_srdi": "open",
        "innovative": "held",
        "srdi": "open",
        "little_giant": "open",
        "single_champion": "no_rule",
    }
    assert data["next"] == "srdi"
    nearest = {rung["tier"]: rung["nearest"] for rung in data["rungs"]}
    assert nearest["srdi"] == "national-2026-gradient"
    assert nearest["single_champion"] is None


def test_the_rules_are_those_of_the_day() -> None:
    before = ladder(EXAMPLES / "complete.yaml", "--json", as_of="2026-03-31").data
    after = ladder(EXAMPLES / "complete.yaml", "--json", as_of="2026-04-01").data
    packs = [
        {item["pack"] for rung in data["rungs"] if rung["tier"] == "srdi" for item in rung["assessments"]}
        for data in (before, after)
    ]
    assert packs == [{"national-2022-gradient"}, {"national-2026-gradient"}]


def test_each_assessment_is_the_one_that_assess_gives() -> None:
    rungs = ladder(EXAMPLES / "complete.yaml", "--json").data["rungs"]
    (found,) = next(rung["assessments"] for rung in rungs if rung["tier"] == "municipal_srdi")
    alone = run(
        "assess", EXAMPLES / "complete.yaml", "--pack", found["pack"], "--as-of", "2026-06-01", "--json"
    ).data
    assert found == alone


def test_the_text_marks_the_next_rung_the_deciding_document_and_how_to_read_on() -> None:
    shown = ladder(EXAMPLES / "complete.yaml").out
    assert re.search(r"→ +专精特新 +○ 可评估 +梯度培育办法（2026年） +\? 待补充 +待补充 1 +平台结果页", shown)
    assert "★ 持有" in shown
    assert "至 2027-07-31" in shown
    assert "tidu assess 事实文件 --pack national-2026-gradient --tier srdi --as-of 2026-06-01" in shown


def test_without_a_place_every_citys_rules_answer_and_the_page_says_so(tmp_path: Path) -> None:
    outcome = ladder(facts_file(tmp_path, "name: 示例"))
    assert outcome.code == 0
    assert "没有填写，各地的政策都列出" in outcome.out


def test_an_enterprise_of_another_place_is_not_measured_by_hohhots_rules(tmp_path: Path) -> None:
    data = ladder(facts_file(tmp_path, 'registered_area: "150207"'), "--json").data
    assert data["rungs"][0]["standing"] == "no_rule"


def test_a_day_before_every_rule_leaves_nothing_open(tmp_path: Path) -> None:
    data = ladder(facts_file(tmp_path, "name: 示例"), "--json", as_of="2001-01-01").data
    assert data["next"] is None
    assert {rung["standing"] for rung in data["rungs"]} == {"no_rule"}
    assert "没有现行规定" in ladder(facts_file(tmp_path, "name: 示例"), as_of="2001-01-01").out
