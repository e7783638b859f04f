from __future__ import annotations

import pytest

from tests.portal.conftest import BAOTOU, HOHHOT, NATION_2022, NATION_2026
from tidu.core.components import Effect
from tidu.policy.documents.library import load_library
from tidu.policy.official_text.clauses import citation_key
from tidu.policy.status import Status
from tidu.portal.effects import effects


def _at(pack_id: str, citation: str) -> tuple[Effect, ...]:
    return effects(load_library().get(pack_id)).at(citation)


def _texts(pack_id: str, citation: str, kind: str) -> list[str]:
    return [effect.text for effect in _at(pack_id, citation) if effect.kind == kind]


def test_criteria_stand_at_their_clause_with_limit_and_reading() -> None:
    found = {effect.text: effect for effect in _at(HOHHOT, "申报条件/基本条件/03")}
    assert "上年度营业收入 ≥ 1,000.00 万元" in found
    growth = found["近两年平均营收增速 ≥ 10.00%"]
    assert [doubt.text for doubt in growth.doubts] == ["存疑 3：两个年度增速的算术平均"]
    assert "证明材料：年度审计报告" in growth.note


def test_what_a_person_must_judge_is_told_apart() -> None:
    judged = [effect for effect in _at(HOHHOT, "申报条件/具体条件/专业化") if effect.kind == "评判"]
    assert [effect.status for effect in judged] == [Status.NEEDS_REVIEW]
    assert judged[0].note.startswith("企业的产品和服务是否")
    assert "？。" not in judged[0].note


def test_alternatives_are_listed_with_letters_at_one_clause_and_apart_at_several() -> None:
    outcome = next(effect for effect in _at(HOHHOT, "申报条件/具体条件/新颖化") if "创新成果" in effect.text)
    assert outcome.text == "创新成果：以下 4 项，任一项符合"
    assert "\n乙　实用新型专利和软件著作权 ≥ 3 项\n" in outcome.note
    assert _texts(NATION_2022, "附件1/直接认定/4", "条件") == ["近三年新增股权融资 ≥ 500.00 万元"]


def test_points_stand_at_the_clause_of_their_item() -> None:
    found = _at(NATION_2022, "附件1/指标2")
    assert [(effect.kind, effect.text) for effect in found] == [
        ("计分", "上年度研发费用占营业收入的比重：最高 20 分")
    ]
    assert "5%以上 20 分" in found[0].note


@pytest.mark.parametrize(
    ("citation", "text"),
    [
        ("三/（一）/2", "新认定“小巨人”企业奖励：100 万元"),
        ("三/（一）/3", "整体迁入补助：30 万元"),
        ("三/（二）/4", "关键技术突破资金支持：100 万元至 2,000 万元，由评审确定"),
        ("三/（二）/6", "引进专利转化支持：专利及技术交易费的 50%，最高 200 万元"),
    ],
)
def test_amounts_stand_at_their_clause(citation: str, text: str) -> None:
    assert text in _texts(BAOTOU, citation, "金额")


def test_an_amount_names_the_clause_that_blocks_a_second_one_and_who_pays() -> None:
    award = next(effect for effect in _at(BAOTOU, "三/（一）/2") if "小巨人" in effect.text)
    assert [clause.label for clause in award.clauses] == ["四（一）"]
    assert "付款：市工信局、市财政局" in award.note
    assert [doubt.text for doubt in award.doubts] == ["存疑 1：按新认定的层级给全额"]


def test_duties_name_the_lead_and_targets_their_years() -> None:
    assert _texts(BAOTOU, "三/（三）/8", "职责") == ["绿色节能降碳。牵头：市工信局；配合：市发改委、市财政局"]
    assert _texts(BAOTOU, "二", "目标")[1] == "自治区创新型企业累计家数（累计）：2023 年 100家，2025 年 140家"


def test_the_notice_says_days_start_and_end_with_both_readings() -> None:
    notice = next(effect for effect in _at(HOHHOT, "认定程序/4") if effect.kind == "时限")
    assert notice.text == "公示 5 个自然日，发布次日起算，末日是法定休假日的顺延"
    assert len(notice.doubts) == 2


def test_reporting_revocation_and_term_stand_at_their_clauses() -> None:
    assert _texts(NATION_2026, "第三章/年度更新", "报送") == ["年度信息更新：每年，5 月 31 日前"]
    assert _texts(HOHHOT, "监督管理/（一）/2", "取消") == ["情形：偷税、骗税等行为"]
    assert _texts(HOHHOT, "监督管理/（三）", "期限") == ["称号有效期 3 年"]


def test_the_same_effect_for_all_tiers_is_told_once_and_others_name_their_tiers() -> None:
    shared = _at(NATION_2022, "评价和认定/共同条件")
    assert len([effect for effect in shared if effect.text == "境内登记的独立法人"]) == 1
    reviews = [effect for effect in _at(NATION_2022, "动态管理/有效期") if effect.text == "到期复核"]
    assert [effect.note.partition("。")[0] for effect in reviews] == [
        "适用：创新型",
        "适用：专精特新、小巨人",
    ]


@pytest.mark.parametrize("pack_id", [HOHHOT, BAOTOU, NATION_2022, NATION_2026, "hohhot-2021-support"])
def test_no_citation_of_a_pack_is_without_effect_and_every_reading_is_shown(pack_id: str) -> None:
    pack = load_library().get(pack_id)
    found = effects(pack)
    parameters = {parameter.cite for parameter in pack.document.parameters.values()}
    for citation in set(pack.citations()) - parameters:
        assert found.at(citation), citation
    shown = {doubt.url for listed in found.by_key.values() for effect in listed for doubt in effect.doubts}
    assert len(shown) == len(pack.document.interpretations)


def test_figures_are_underlined_as_digits_and_as_numerals() -> None:
    phrases = effects(load_library().get(HOHHOT)).phrases
    assert {"2年", "二年", "两年"} <= set(phrases[citation_key("申报条件/基本条件/01")])
    assert {"2022年4月13日", "5年"} <= set(phrases[citation_key("第七条")])
