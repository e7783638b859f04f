"""The two official texts that the programme starts from: every clause that a pack cites is found, with its own text.

The texts are not part of the project. Words quoted here are single terms, to tell one clause from another.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.policy.official_text.clauses import ClauseHint, ClauseSet
from tidu.policy.official_text.splitting import normalise, split

HOHHOT_HINTS = tuple(
    ClauseHint(tuple(path.split("/")), tuple(words.split()))
    for path, words in {
        "第二条/专业化": "关键零部件 市场份额",
        "第二条/精细化": "制度和流程",
        "第二条/特色化": "传统技艺 地域文化 研制",
        "第二条/新颖化": "大数据 云计算",
        "申报条件/基本条件/01": "登记注册 独立法人",
        "申报条件/基本条件/02": "纳税 信用",
        "申报条件/基本条件/03": "营业收入 增速",
        "申报条件/具体条件": "",
        "认定程序/1": "企业自愿申请",
        "认定程序/2": "旗县区审核推荐",
        "认定程序/3": "专家评审",
        "认定程序/4": "公示与认定",
    }.items()
)

HOHHOT = {
    "第一条": "六大产业集群",
    "第二条/专业化": "市场份额",
    "第二条/精细化": "精细高效",
    "第二条/特色化": "传统技艺",
    "第二条/新颖化": "云计算",
    "申报条件/基本条件/01": "两年以上",
    "申报条件/基本条件/02": "信用",
    "申报条件/基本条件/03": "1000万元",
    "申报条件/具体条件/专业化": "前20位",
    "申报条件/具体条件/精细化": "质量管理体系认证",
    "申报条件/具体条件/特色化": "品牌",
    "申报条件/具体条件/新颖化": "发明专利",
    "认定程序/1": "申报通知",
    "认定程序/2": "推荐意见",
    "认定程序/3": "聘请专家",
    "认定程序/4": "公示期5日",
    "奖励政策/（一）": "给予奖励",
    "奖励政策/（二）": "公益性服务",
    "奖励政策/（三）": "专项资金",
    "监督管理/（一）": "取消资格",
    "监督管理/（一）/1": "弄虚作假",
    "监督管理/（一）/2": "骗税",
    "监督管理/（一）/3": "行政主管部门",
    "监督管理/（二）": "运行监测",
    "监督管理/（三）": "复核",
    "第七条": "BG-2022-03",
}

BAOTOU_SECTIONS = (("一", 1, 3), ("二", 4, 6), ("三", 7, 8), ("四", 9, 11), ("五", 12, 15), ("六", 16, 18))
BAOTOU = [
    *("一", "二", "四/（一）", "四/（二）", "四/（三）", "四/（四）", "末段"),
    *(
        f"三/（{part}）/{number}"
        for part, first, last in BAOTOU_SECTIONS
        for number in range(first, last + 1)
    ),
]


@pytest.fixture(scope="module")
def hohhot_source(shared: Path) -> str:
    return (shared / "seeds/004_acc7edf7c1d8a5ce.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def baotou_source(shared: Path) -> str:
    return (shared / "seeds/000_02980f29dc4fcc23.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hohhot(hohhot_source: str) -> ClauseSet:
    return split(hohhot_source, HOHHOT_HINTS)


@pytest.fixture(scope="module")
def baotou(baotou_source: str) -> ClauseSet:
    return split(baotou_source)


@pytest.mark.parametrize(("citation", "word"), HOHHOT.items())
def test_each_clause_of_the_hohhot_measures_is_found_with_its_own_text(
    hohhot: ClauseSet, citation: str, word: str
) -> None:
    clause = hohhot.find(citation)
    assert clause is not None, hohhot.nearest(citation)
    assert word in clause.text


def test_with_its_hints_the_hohhot_text_leaves_no_doubt_and_nothing_loose(hohhot: ClauseSet) -> None:
    assert hohhot.doubts == ()
    assert hohhot.loose == ()


def test_the_four_steps_of_the_hohhot_procedure_carry_their_names_in_order(hohhot: ClauseSet) -> None:
    steps = [clause.heading for clause in hohhot if clause.path[0] == "认定程序"]
    assert steps == ["认定程序", "企业自愿申请", "旗县区审核推荐", "专家评审", "公示与认定"]


def test_without_hints_the_hohhot_text_loses_only_what_its_slides_do_not_say(hohhot_source: str) -> None:
    plain = split(hohhot_source)
    assert [citation for citation in HOHHOT if plain.find(citation) is None] == [
        *("第二条/专业化", "第二条/精细化", "第二条/特色化", "第二条/新颖化"),
        *("申报条件/具体条件/专业化", "申报条件/具体条件/精细化"),
        *("申报条件/具体条件/特色化", "申报条件/具体条件/新颖化"),
        *("认定程序/1", "认定程序/2", "认定程序/3", "认定程序/4"),
    ]
    assert len(plain.doubts) == 3


@pytest.mark.parametrize("citation", BAOTOU)
def test_each_clause_of_the_baotou_measures_is_found_without_a_hint(baotou: ClauseSet, citation: str) -> None:
    clause = baotou.find(citation)
    assert clause is not None, baotou.nearest(citation)
    assert clause.text


def test_every_baotou_measure_has_its_title_and_its_departments(baotou: ClauseSet) -> None:
    measures = [clause for clause in baotou if len(clause.path) == 3]
    assert len(measures) == 18
    assert all(
        clause.heading and clause.responsible and clause.responsible.endswith("负责") for clause in measures
    )
    first = baotou.find("三/（一）/1")
    assert first is not None
    assert first.heading == "健全完善企业培育库"
    assert first.responsible is not None
    assert first.responsible.startswith("市工信局，")


def test_what_stands_around_the_baotou_measures_has_paths_of_its_own(baotou: ClauseSet) -> None:
    assert baotou.doubts == baotou.loose == baotou.noise == ()
    assert [clause.citation for clause in baotou if len(clause.path) == 1] == [
        "首部",
        "一",
        "二",
        "三",
        "四",
        "末段",
    ]
    closing = baotou.find("末段")
    assert closing is not None
    assert "2025年12月31日" in closing.text


def test_no_line_break_or_odd_space_of_the_sources_is_left(baotou_source: str, hohhot_source: str) -> None:
    for source in (baotou_source, hohhot_source):
        text = normalise(source)
        assert " " not in text.replace("第一条 ", "").replace("第七条 ", "")
        assert "TEMPLATE" not in text
    assert "累计达到140家" in normalise(baotou_source)
