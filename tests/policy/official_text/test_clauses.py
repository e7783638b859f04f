"""Citations find their clauses however they are written, and only where the meaning is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.errors import InputError
from tidu.policy.official_text.clauses import Clause, ClauseSet, citation_key
from tidu.policy.official_text.headings import han_numeral, han_value


def clause_set(*paths: str) -> ClauseSet:
    return ClauseSet(
        tuple(Clause(tuple(path.split("/")), "", f"{path}的内容", order) for order, path in enumerate(paths))
    )


CLAUSES = clause_set(
    *("一", "二", "三", "三/（一）", "三/（一）/1", "三/（一）/2", "三/（二）", "三/（二）/11"),
    *("第二条", "第二条/专业化", "第十二条", "第三章/第二十一条", "第三章/第二十一条/（二）"),
    *("申报条件/基本条件/01", "奖励政策/（一）", "监督管理/（一）/3", "末段", "一（第2处）", "三/（一）/2/①"),
)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("三/（一）/1", "三/（一）/1"),
        ("三/(一)/1", "三/（一）/1"),
        ("三／（一）／１", "三/（一）/1"),
        ("三、/（一）/1．", "三/（一）/1"),
        (" 三 / （一） / 1. ", "三/（一）/1"),
        ("三/（一）/1、", "三/（一）/1"),
        ("三（一）1", "三/（一）/1"),
        ("三（二）", "三/（二）"),
        ("三、（二）11．", "三/（二）/11"),
        ("第12条", "第十二条"),
        ("第 十二 条", "第十二条"),
        ("第二十一条", "第三章/第二十一条"),
        ("第3章/第21条", "第三章/第二十一条"),
        ("第二十一条第（二）项", "第三章/第二十一条/（二）"),
        ("第二十一条（二）项", "第三章/第二十一条/（二）"),
        ("申报条件/基本条件/1", "申报条件/基本条件/01"),
        ("申报条件 / 基本条件 / ０１", "申报条件/基本条件/01"),
        ("第二条/“专业化”", "第二条/专业化"),
        ("三/（一）/2/①", "三/（一）/2/①"),
        ("末段", "末段"),
    ],
)
def test_a_citation_is_found_in_every_way_of_writing_it(written: str, path: str) -> None:
    clause = CLAUSES.find(written)
    assert clause is not None
    assert clause.citation == path


WRITTEN = "1 （三） 三/一 三/1 三/（一）/（1） （一） 第二款 第二章 专业化 基本条件/01 / // 三/（一）/1/1 四"


@pytest.mark.parametrize("written", [*WRITTEN.split(), "", "a" * 1_000_000, "/".join("一" * 100), "\0"])
def test_another_mark_or_another_parent_is_another_clause(written: str) -> None:
    assert CLAUSES.find(written) is None


def test_a_parent_gives_the_text_of_its_children_as_printed() -> None:
    clauses = ClauseSet(
        (
            Clause(("三",), "重点任务", "", 0, mark="三、"),
            Clause(("三", "（一）"), "成长", "", 1, mark="（一）"),
            Clause(("三", "（一）", "1"), "底数", "登记造册。", 2, mark="1．", run_in=True),
            Clause(("三", "（二）"), "", "共建平台。", 3, mark="（二）"),
        )
    )
    whole = clauses.find("三")
    assert whole is not None
    assert whole.text == "（一）成长\n1．底数。登记造册。\n（二）共建平台。"
    assert [child.citation for child in clauses.children(whole)] == ["三/（一）", "三/（二）"]


def test_a_lost_citation_comes_with_those_that_resemble_it() -> None:
    assert CLAUSES.nearest("第二条/专业")[0] == "第二条/专业化"
    assert CLAUSES.nearest("四/（一）/1")[0] == "三/（一）/1"
    assert "申报条件/基本条件/01" in CLAUSES.nearest("基本条件/01")
    assert CLAUSES.nearest("") == ()
    assert CLAUSES.nearest("鲸鱼") == ()


def test_plain_data_reads_back_as_the_same_set() -> None:
    clauses = ClauseSet(
        (Clause(("一",), "目标", "到2032年。", 0, mark="一、", run_in=True),), ("可疑",), ("01",), ("页眉",)
    )
    assert ClauseSet.from_data(clauses.to_data()) == clauses


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"clauses": 3, "doubts": [], "loose": [], "noise": []},
        {"clauses": [{"path": "一", "heading": "", "text": "", "mark": "", "run_in": False}]},
        {"clauses": [{"path": [1], "heading": "", "text": "", "mark": "", "run_in": False}], "doubts": []},
        {"clauses": [], "doubts": [None], "loose": [], "noise": []},
    ],
)
def test_data_that_is_no_clause_set_is_an_error_with_a_remedy(data: dict[str, object]) -> None:
    with pytest.raises(InputError, match="重新挂接原文"):
        ClauseSet.from_data(data)


@given(st.integers(1, 999))
def test_han_numerals_read_back(value: int) -> None:
    assert han_value(han_numeral(value)) == value


@pytest.mark.parametrize(
    ("value", "written"), [(10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十")]
)
def test_han_numerals_are_written_as_headings_write_them(value: int, written: str) -> None:
    assert han_numeral(value) == written


@given(st.text(max_size=60))
def test_any_text_may_be_asked_for(citation: str) -> None:
    found = CLAUSES.find(citation)
    assert found is None or citation_key(found.citation)[-1] == citation_key(citation)[-1]
    assert len(CLAUSES.nearest(citation)) <= 3
