"""Assess, rewards, ladder and size say what the command line says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner

from tests.api.conftest import Ask
from tidu.cli import tidu
from tidu.policy.documents.library import load_library
from tidu.policy.vocabulary.yaml_source import read_yaml

EXAMPLES = Path(__file__).parents[2] / "examples" / "facts"
HOHHOT = "hohhot-2022-recognition"
BAOTOU = "baotou-2023-support"


def _facts(name: str = "complete") -> object:
    return read_yaml(EXAMPLES / f"{name}.yaml").data


def _answer(ask: Ask, operation: str, **body: object) -> Any:  # noqa: ANN401 - any JSON
    answer = ask(operation, body)
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)


def _command_line(*arguments: str) -> object:
    done = CliRunner().invoke(tidu, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["complete", "not-met", "one-document-missing"])
def test_an_assessment_is_that_of_the_command_line(ask: Ask, name: str) -> None:
    file = str(EXAMPLES / f"{name}.yaml")
    written = _command_line(
        "assess", file, "--pack", HOHHOT, "--as-of", "2026-06-01", "--set", "growth_mean=compound"
    )
    assert (
        _answer(
            ask,
            "assess",
            pack=HOHHOT,
            as_of="2026-06-01",
            settings={"growth_mean": "compound"},
            facts=_facts(name),
        )
        == written
    )


def test_rewards_are_those_of_the_command_line(ask: Ask) -> None:
    file = str(EXAMPLES / "rewards.yaml")
    for pack in ("baotou-2023-support", "hohhot-2021-support"):
        written = _command_line("rewards", file, "--pack", pack, "--as-of", "2025-06-30")
        assert _answer(ask, "rewards", pack=pack, as_of="2025-06-30", facts=_facts("rewards")) == written


def test_the_ladder_is_that_of_the_command_line(ask: Ask) -> None:
    written = _command_line("ladder", str(EXAMPLES / "complete.yaml"), "--as-of", "2026-06-01")
    assert _answer(ask, "ladder", as_of="2026-06-01", facts=_facts()) == written


@time_machine.travel("2026-05-31T17:00:00Z", tick=False)
def test_without_a_day_it_is_today_in_china(ask: Ask) -> None:
    assert _answer(ask, "assess", pack=HOHHOT, facts={})["as_of"] == "2026-06-01"
    assert _answer(ask, "ladder", facts={})["as_of"] == "2026-06-01"


def test_nothing_stated_is_unknown_and_zero_is_a_value(ask: Ask) -> None:
    def revenue(facts: dict[str, Any]) -> object:
        found = _answer(ask, "assess", pack=HOHHOT, as_of="2026-06-01", facts=facts)
        return {item["id"]: item["status"] for item in found["criteria"]}["revenue"]

    assert revenue({}) == "unknown"
    assert revenue({"revenue": None}) == "unknown"
    assert revenue({"revenue": {"2025": None}}) == "unknown"
    assert revenue({"revenue": {"2025": 0}}) == "not_met"
    assert revenue({"revenue": {"2025": 10_000_000}}) == "met"
    assert revenue({"revenue": {"2025": "1000万元"}}) == "met"


@pytest.mark.parametrize("yuan", ["9999999.99", "99999999999999.99", "0.29", "1e7"])
def test_money_is_exact_to_the_fen(ask: Ask, yuan: str) -> None:
    body = f'{{"pack": "{HOHHOT}", "as_of": "2026-06-01", "facts": {{"revenue": {{"2025": {yuan}}}}}}}'
    found = json.loads(ask("assess", body).content)
    (revenue,) = (item for item in found["criteria"] if item["id"] == "revenue")
    assert revenue["measured"] == ("10000000.00" if yuan == "1e7" else yuan)


def test_a_rule_out_of_force_still_answers(ask: Ask) -> None:
    found = _answer(ask, "assess", pack="national-2022-gradient", tier="srdi", as_of="2026-06-01", facts={})
    assert found["in_force"] is False
    assert found["criteria"]


def test_the_base_year_can_be_given(ask: Ask) -> None:
    found = _answer(ask, "assess", pack=HOHHOT, as_of="2026-06-01", base_year=2023, facts={})
    assert found["base_year"] == 2023
    assert "revenue_2023" in found["missing"]


def test_indicators_of_every_pack_may_stand_in_one_set_of_facts(ask: Ask) -> None:
    library = load_library()
    facts = {"name": "示例企业", "revenue": {"2025": 1}, "niche_years": 2, "events": [], "payments": []}
    for pack in library:
        for tier in pack.tiers:
            _answer(ask, "assess", pack=pack.id, tier=tier, facts=facts)


def test_a_size_names_its_row_and_limits(ask: Ask) -> None:
    found = _answer(ask, "size", industry_code="C3489", employees=126, revenue="2318.9万元")
    assert (found["size"], found["status"], found["sme"]) == ("small", "met", "met")
    assert found["used"] == {"employees": 126, "revenue": "23189000.00"}
    limits = {item["measure"]: item for item in found["row"]["limits"]}
    assert limits["employees"] == {"measure": "employees", "small": 20, "medium": 300, "large": 1000}
    assert limits["revenue"]["large"] == "400000000.00"
    assert "300号" in found["standard"]["document_no"]


def test_a_size_may_be_open_and_still_be_an_sme(ask: Ask) -> None:
    found = _answer(ask, "size", industry_code="C3489", employees=126)
    assert (found["size"], found["status"], found["sme"]) == (None, "unknown", "met")
    assert found["possible"] == ["micro", "small"]
    assert found["missing"] == ["revenue"]


def test_an_industry_outside_the_standard_is_for_a_person_to_judge(ask: Ask) -> None:
    found = _answer(ask, "size", industry_code="J66", employees=126)
    assert (found["size"], found["status"], found["row"]) == (None, "needs_review", None)
    assert found["reason"]


@pytest.mark.parametrize(
    ("operation", "body", "status", "key", "said"),
    [
        ("assess", {"pack": "hohhot-2022-recog", "facts": {}}, 404, "pack", "hohhot-2022-recognition"),
        ("assess", {"pack": HOHHOT}, 422, "facts", "必填"),
        ("assess", {"pack": HOHHOT, "facts": []}, 422, "facts", "映射"),
        ("assess", {"pack": 1, "facts": {}}, 422, "pack", "文字"),
        ("assess", {"pack": HOHHOT, "fact": {}}, 422, "fact", "facts"),
        ("assess", {"pack": HOHHOT, "facts": {}, "tier": "srdi"}, 422, "tier", "municipal_srdi"),
        ("assess", {"pack": "national-2022-gradient", "facts": {}}, 422, "tier", "little_giant"),
        ("assess", {"pack": "baotou-2023-support", "facts": {}}, 422, "pack", "不认定称号"),
        ("assess", {"pack": HOHHOT, "facts": {}, "as_of": "2026-6-1"}, 422, "as_of", "2026-06-01"),
        ("assess", {"pack": HOHHOT, "facts": {}, "as_of": 20260601}, 422, "as_of", "2026-06-01"),
        ("assess", {"pack": HOHHOT, "facts": {}, "as_of": "0001-01-01"}, 422, "as_of", "1978"),
        ("assess", {"pack": HOHHOT, "facts": {}, "base_year": 1}, 422, "base_year", "1978"),
        ("assess", {"pack": HOHHOT, "facts": {}, "base_year": "2025"}, 422, "base_year", "整数"),
        ("assess", {"pack": HOHHOT, "facts": {}, "base_year": True}, 422, "base_year", "整数"),
        (
            "assess",
            {"pack": HOHHOT, "facts": {}, "settings": {"growth_mean": "geometric"}},
            422,
            "settings.growth_mean",
            "compound",
        ),
        ("assess", {"pack": HOHHOT, "facts": {}, "settings": {"growth": "x"}}, 422, "settings.growth", "growth_mean"),
        ("assess", {"pack": HOHHOT, "facts": {}, "settings": {"growth_mean": 1}}, 422, "settings.growth_mean", "文字"),
        ("assess", {"pack": HOHHOT, "facts": {"revenu": {"2025": 1}}}, 422, "facts.revenu", "revenue"),
        ("assess", {"pack": HOHHOT, "facts": {"revenue": 1}}, 422, "facts.revenue", "按年"),
        ("assess", {"pack": HOHHOT, "facts": {"revenue": {"2025": "许多"}}}, 422, "facts.revenue.2025", "许多"),
        ("assess", {"pack": HOHHOT, "facts": {"revenue": {"二〇二五": 1}}}, 422, "facts.revenue.二〇二五", "年份"),
        ("assess", {"pack": HOHHOT, "facts": {"recognitions": [{}]}}, 422, "facts.recognitions.0.tier", "层级"),
        ("assess", {"pack": HOHHOT, "facts": {"industry_code": "C9999"}}, 422, "facts.industry_code", "C9999"),
        ("rewards", {"pack": HOHHOT, "facts": {}}, 422, "pack", "没有奖励"),
        ("rewards", {"pack": HOHHOT, "tier": "srdi", "facts": {}}, 422, "tier", "不认识"),
        ("rewards", {"pack": BAOTOU, "facts": {"events": [{"kind": "moved"}]}}, 422, "facts.events.0.kind", "事项"),
        ("ladder", {"facts": {"revenu": {}}}, 422, "facts.revenu", "revenue"),
        ("size", {}, 422, "industry_code", "必填"),
        ("size", {"industry_code": "制造业"}, 422, "industry_code", "GET /api/v1/sectors"),
        ("size", {"industry_code": "C3489", "employees": -1}, 422, "employees", "不能小于 0"),
        ("size", {"industry_code": "C3489", "employees": 1.5}, 422, "employees", "整数"),
        ("size", {"industry_code": "C3489", "revenue": True}, 422, "revenue", "应为数"),
        ("size", {"industry_code": "C3489", "revenue": {"2025": 1}}, 422, "revenue", "应为数"),
        ("size", {"industry_code": "C3489", "as_of": "1999-01-01"}, 422, None, "划型标准"),
    ],
)  # fmt: skip
def test_bad_input_is_named_by_key_with_a_remedy(  # noqa: PLR0917 - the columns of the table above
    ask: Ask, operation: str, body: dict[str, Any], status: int, key: str | None, said: str
) -> None:
    answer = ask(operation, body)
    assert answer.status_code == status, answer.content.decode()
    faults = json.loads(answer.content)["errors"]
    found = [fault for fault in faults if fault["key"] == key]
    assert found, faults
    assert any(said in f"{fault['message']}{fault['remedy']}" for fault in found), found


def test_every_fault_is_told_at_once(ask: Ask) -> None:
    facts = {"revenu": 1, "registered_on": "昨天", "niche_years": -1}
    faults = json.loads(ask("assess", {"pack": HOHHOT, "facts": facts}).content)["errors"]
    assert {fault["key"] for fault in faults} == {f"facts.{name}" for name in facts}
