"""What a blind panel reads tells nobody whose it is, and everything that can be judged is still there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tidu.recognition.queries.blinding import STRUCK, blinded

NAME, USCC = "内蒙古禾朔智能装备有限公司", "91150105MA0TDT3X9K"
CONTENT: dict[str, Any] = {
    "enterprise": {"name": NAME, "uscc": USCC, "district": "赛罕区", "address": "示例路1号"},
    "call": {"title": "申报通知", "base_year": 2025},
    "declared_by": "苏某某",
    "facts": [
        {"key": "name", "label": "企业名称", "value": NAME, "shown": NAME},
        {"key": "registered_address", "label": "注册地址", "value": "示例路1号", "shown": "示例路1号"},
        {"key": "registered_on", "label": "注册日期", "value": "2019-03-12", "shown": "2019-03-12"},
        {"key": "registered_area", "label": "注册地", "value": "150105", "shown": "赛罕区"},
        {"key": "legal_representative", "label": "法定代表人", "value": "乌某某", "shown": "乌某某"},
        {"key": "contact_mobile", "label": "联系手机", "value": "13800000000", "shown": "13800000000"},
        {"key": "controlling_shareholder", "label": "控股股东", "value": "内蒙古朔原集团有限公司"},
        {"key": "revenue_2025", "label": "2025 年营业收入", "value": "231890000", "shown": "2,318.90 万元"},
        {"key": "main_product_name", "label": "主导产品名称", "value": "禾朔牌灌装阀组", "shown": "禾朔牌灌装阀组"},
        {"key": "unheard_of", "label": "别的", "value": "什么都可能", "shown": "什么都可能"},
    ],
    "statements": {
        "chain_advantage": f"{NAME}（{USCC}）为区内四家企业供应阀组，“朔风”牌，法定代表人乌某某，"
        "朔原集团控股，电话 0471-1234567，手机 138 0000 0000，网址 https://heshuo.example/a，"
        "邮箱 su@heshuo.example，地址示例路1号。占采购量约 30%。",
    },
    "evidence": [
        {"id": 7, "criterion": "revenue", "label": "审计报告", "name": "禾朔2025审计.pdf", "sha256": "a" * 64},
    ],
    "verdict": {
        "status": "needs_review",
        "headline": f"{NAME}还差 1 份材料",
        "criteria": [
            {"id": "revenue", "label": "上年度营业收入", "status": "met", "shown": "2,318.90 万元",
             "keys": ["revenue_2025"]},
            {"id": "registered_in_city", "label": "在本市登记注册", "status": "met", "shown": "赛罕区",
             "keys": ["registered_area"]},
            {"id": "registered_two_years", "label": "满两年", "status": "met", "shown": "2019-03-12",
             "keys": ["registered_on"]},
        ],
    },
}  # fmt: skip
TELLING = (NAME, USCC, "禾朔", "赛罕", "示例路", "2019-03-12", "乌某某", "苏某某", "13800000000", "138 0000", "0471",
           "朔原", "朔风", "heshuo", "什么都可能")  # fmt: skip


@pytest.mark.parametrize("telling", TELLING)
def test_nothing_that_tells_whose_it_is_stays(telling: str) -> None:
    assert telling not in json.dumps(blinded(CONTENT), ensure_ascii=False)


def test_figures_descriptions_and_results_stay() -> None:
    shown = blinded(CONTENT)
    assert {item["key"] for item in shown["facts"]} == {"revenue_2025", "main_product_name"}
    assert "为区内四家企业供应阀组" in shown["statements"]["chain_advantage"]
    assert "占采购量约 30%" in shown["statements"]["chain_advantage"]
    assert STRUCK in shown["statements"]["chain_advantage"]
    assert shown["facts"][-1]["shown"].endswith("灌装阀组")
    assert [item["status"] for item in shown["verdict"]["criteria"]] == ["met"] * 3
    assert shown["verdict"]["criteria"][0]["shown"] == "2,318.90 万元"


@pytest.mark.parametrize(
    "written",
    [
        "内 蒙 古 禾 朔 智 能 装 备",
        "禾　朔公司",
        "禾·朔",
        "91150105ｍａ0ｔｄｔ3ｘ9ｋ",
        "９１１５０１０５ＭＡ０ＴＤＴ３Ｘ９Ｋ",
        "Heshuo",
        "HE SHUO",
        "禾\u200b朔",
        "禾\u00ad朔",
        "禾-朔",
        "禾_*_朔",
        "H\u2060e-s\u200dh.u.o",
    ],
)
def test_a_name_is_struck_out_however_it_is_written(written: str) -> None:
    content = {**CONTENT, "statements": {"chain_advantage": f"我们{written}供应阀组。"}}
    said = blinded(content)["statements"]["chain_advantage"]
    assert STRUCK in said
    assert not any(part in said.lower() for part in ("禾", "朔", "heshuo", "shuo", "1150105", "１１５０１"))
    assert said.endswith("供应阀组。")


@pytest.mark.parametrize("written", ["１３８００００１１１１", "138\u200b0000\u200b1111", "a@ｂ.example"])
def test_a_contact_is_struck_out_however_it_is_written(written: str) -> None:
    content = {**CONTENT, "statements": {"chain_advantage": f"联系{written}。"}}
    assert blinded(content)["statements"]["chain_advantage"] == f"联系{STRUCK}。"


def test_what_a_condition_without_facts_shows_is_left_out() -> None:
    row = {"id": "held", "label": "持有称号", "status": "met", "shown": "2023 年自治区级，禾朔", "keys": []}
    content = {**CONTENT, "verdict": {"criteria": [row]}}
    assert "shown" not in blinded(content)["verdict"]["criteria"][0]


def test_files_are_called_by_number_and_kind_and_left_out_on_demand() -> None:
    again = {**CONTENT["evidence"][0], "criterion": "growth"}
    other = {"id": 8, "criterion": "revenue", "name": "禾朔专利.pdf", "sha256": "b" * 64, "note": "禾朔"}
    content = {**CONTENT, "evidence": [CONTENT["evidence"][0], again, other]}
    shown = blinded(content)["evidence"]
    assert [(item["id"], item["name"], item["label"]) for item in shown] == [
        (7, "材料 1", "材料 1（审计报告）"),
        (7, "材料 1", "材料 1（审计报告）"),
        (8, "材料 2", "材料 2"),
    ]
    assert "禾朔" not in json.dumps(shown, ensure_ascii=False)
    assert blinded(CONTENT, evidence_hidden=True)["evidence"] == []


def test_the_frozen_content_itself_is_untouched() -> None:
    before = json.dumps(CONTENT, ensure_ascii=False)
    blinded(CONTENT)
    assert json.dumps(CONTENT, ensure_ascii=False) == before
