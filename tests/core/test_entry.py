from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core import entry
from tidu.core.entry import Unreadable


@pytest.mark.parametrize(
    "text",
    [
        "2,318.90",
        "2318.9",
        "２３１８．９０",
        " 2318.90 万元 ",
        "2，318.9",
        "23189000元",
        "23,189,000 元",
        "0.23189亿元",
        "+2318.9",
    ],
)
def test_money_is_understood_however_it_is_typed(text: str) -> None:
    assert entry.money(text) == 2_318_900_000


def test_blank_is_unknown_and_nought_is_a_value() -> None:
    assert entry.money("") is entry.money(" 　") is None
    assert entry.money("0") == 0
    assert entry.count("0") == 0
    assert entry.yes_no("") is None
    assert entry.yes_no("no") is False
    assert entry.ratio("0") == 0.0


@pytest.mark.parametrize(
    "text", ["两项", "1,5", "12,34", "1e9", "1.2.3", "--1", "NaN", "∞", "5 美元", "0x10", "1_000"]
)
def test_what_is_no_number_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(Unreadable, match="请填数字，例如"):
        entry.money(text)


def test_money_finer_than_a_fen_is_refused() -> None:
    assert entry.money("0.000001") == 1
    with pytest.raises(Unreadable, match="精确到分"):
        entry.money("0.0000001")


def test_a_figure_that_nobody_has_is_taken_for_a_slip() -> None:
    with pytest.raises(Unreadable, match="太大"):
        entry.money("1" + "0" * 12)
    with pytest.raises(Unreadable, match="过长"):
        entry.money("1" * 100)
    assert entry.money("0" * 20 + "1") == 1_000_000


def test_a_loss_may_be_typed_only_where_losses_occur() -> None:
    assert entry.money("−12.5", negative=True) == -12_500_000
    with pytest.raises(Unreadable, match="负数"):
        entry.money("-12.5")


def test_a_percentage_becomes_a_ratio() -> None:
    assert entry.ratio("69.2") == entry.ratio("69.20 %") == entry.ratio("６９．２％") == 0.692


def test_a_count_is_whole() -> None:
    assert entry.count("3 项", unit="项") == 3
    assert entry.count("3.0") == 3
    with pytest.raises(Unreadable, match="整数"):
        entry.count("2.5")


@pytest.mark.parametrize(
    "text", ["2018-06-12", "2018/6/12", "2018.6.12", "2018年6月12日", "20180612", "２０１８－０６－１２"]
)
def test_a_date_is_understood_however_it_is_typed(text: str) -> None:
    assert entry.day(text) == date(2018, 6, 12)


@pytest.mark.parametrize(
    ("text", "told"), [("2026-02-29", "没有这一天"), ("去年", "2018-06-12"), ("18-6-12", "2018-06-12")]
)
def test_a_date_that_does_not_exist_is_told_apart_from_one_that_cannot_be_read(text: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        entry.day(text)


def test_only_offered_choices_are_taken() -> None:
    assert entry.choice("municipal", ["none", "municipal"]) == "municipal"
    assert entry.choice("", ["none"]) is None
    with pytest.raises(Unreadable):
        entry.choice("galactic", ["none", "municipal"])


def test_invisible_characters_do_not_enter_a_name() -> None:
    assert entry.words("样例\u200b企业\x00\u202e") == "样例企业"
    assert entry.words(" \u200b ") is None


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_money_survives_being_shown_and_typed_again(fen: int) -> None:
    assert entry.money(entry.money_text(fen), negative=True) == fen


@given(
    st.floats(min_value=-9, max_value=9, allow_nan=False).filter(
        lambda value: value == 0 or abs(value) > 1e-9
    )
)
def test_a_ratio_survives_being_shown_and_typed_again(value: float) -> None:
    assert entry.ratio(entry.ratio_text(value), negative=True) == pytest.approx(value, rel=1e-15)


@given(st.dates())
def test_a_date_survives_being_shown_and_typed_again(value: date) -> None:
    assert entry.day(entry.TEXT_OF["date"](value)) == value


@given(st.text(max_size=80))
def test_no_text_brings_a_reader_down(text: str) -> None:
    for read in (entry.money, entry.ratio, entry.count, entry.decimal, entry.day, entry.yes_no, entry.words):
        with suppress(Unreadable):
            read(text)
