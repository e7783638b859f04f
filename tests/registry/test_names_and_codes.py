"""Names and credit codes as they are compared and checked; values as facts keep them."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from tidu.core.uscc import check_characters, check_uscc
from tidu.policy.quantities import LARGEST_INTEGER, LARGEST_REAL, Kind, Value
from tidu.registry.fact_values import read, written
from tidu.registry.naming import core_name, name_columns, tidied

CODE = check_characters("91159900MA0TDT01")


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("内蒙古包头市衡屹稀土（集团）有限责任公司", "衡屹稀土"),
        ("包头衡屹稀土股份有限公司", "衡屹稀土"),
        ("衡屹稀土(包头)有限公司", "衡屹稀土"),
        ("赛罕区禾朔智能装备厂", "禾朔智能装备厂"),
        ("ＴＣＬ科技有限公司", "tcl科技"),
        ("包头钢铁（集团）有限责任公司", "钢铁"),
    ],
)
def test_the_core_of_a_name_is_what_tells_it_apart(name: str, core: str) -> None:
    assert core_name(name) == core


@given(st.text(max_size=40))
def test_any_name_has_a_core_and_columns_that_fit(name: str) -> None:
    columns = name_columns(name)
    assert len(columns.pinyin) <= 600
    assert len(columns.initials) <= 120
    assert "\x00" not in columns.search_text


def test_names_are_kept_with_one_kind_of_brackets_and_without_stray_spaces() -> None:
    assert tidied("  包头 市衡屹( 集团 )有限公司\u3000") == "包头市衡屹（集团）有限公司"
    assert tidied("ABB  Motors 包头") == "ABB Motors包头"


def test_a_code_is_understood_however_it_is_written() -> None:
    spaced = f" {CODE[:4]} {CODE[4:].lower()}"
    assert check_uscc(spaced).code == CODE
    assert check_uscc(spaced).valid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有填"),
        (CODE[:-1], "现为 17 位，少 1 位"),
        (f"{CODE}0", "现为 19 位，多 1 位"),
        (f"{CODE[:9]}O{CODE[10:]}", "第 10 位“O”不会出现在统一社会信用代码里，是否应为“0”？"),
        (f"{CODE[:3]}A{CODE[4:]}", "第 4 位应为数字"),
        (f"{CODE[:-1]}{'0' if CODE[-1] != '0' else '1'}", "第 18 位校验码应为"),
    ],
)
def test_what_is_wrong_with_a_code_is_told_with_its_place(text: str, said: str) -> None:
    assert said in "".join(check_uscc(text).errors)


def test_an_inner_check_character_that_does_not_fit_is_a_doubt_alone() -> None:
    body = f"{CODE[:16]}{'1' if CODE[16] != '1' else '2'}"
    checked = check_uscc(body + uscc.calc_check_digit(body))
    assert checked.valid
    assert "第 17 位" in checked.warnings[0]


@pytest.mark.parametrize("position", range(17))
def test_every_slip_of_one_character_is_found(position: int) -> None:
    other = "2" if CODE[position] == "1" else "1"
    assert not check_uscc(f"{CODE[:position]}{other}{CODE[position + 1 :]}").valid


VALUES = st.one_of(
    st.tuples(st.integers(-LARGEST_INTEGER, LARGEST_INTEGER), st.sampled_from([Kind.MONEY, Kind.COUNT])),
    st.tuples(st.floats(-LARGEST_REAL, LARGEST_REAL), st.sampled_from([Kind.RATIO, Kind.YEARS, Kind.SCORE])),
    st.tuples(st.booleans(), st.just(Kind.YES_NO)),
    st.tuples(st.dates(), st.just(Kind.DATE)),
    st.tuples(st.text(), st.sampled_from([Kind.TEXT, Kind.CHOICE, Kind.AREA, Kind.INDUSTRY])),
)


@given(VALUES)
def test_a_value_reads_back_as_it_was_written(stated: tuple[Value, Kind]) -> None:
    value, kind = stated
    assert read(written(value, kind), kind) == value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, Kind.COUNT),
        (1, Kind.YES_NO),
        (1.5, Kind.MONEY),
        ("1", Kind.COUNT),
        (math.nan, Kind.RATIO),
        (math.inf, Kind.SCORE),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), Kind.DATE),
        (1, Kind.TEXT),
    ],
)
def test_a_value_of_another_kind_is_not_written(value: Value, kind: Kind) -> None:
    with pytest.raises(TypeError):
        written(value, kind)


def test_minus_zero_is_zero() -> None:
    assert written(-0.0, Kind.RATIO) == written(0.0, Kind.RATIO)
