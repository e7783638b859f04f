from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.portal.checking import vocabulary
from tidu.core.entry import Unreadable
from tidu.core.typed_values import UnknownIndustry, read_typed, shown_place, write_typed
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Indicator

ALL = vocabulary().indicators
LARGEST = 10**14  # fen: within twelve digits of 万元 and within what facts may hold


def of(name: str) -> Indicator:
    return ALL[name]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("revenue", "2,318.90", 2_318_900_000),
        ("revenue", "0", 0),
        ("revenue", "２３１８．９万元", 2_318_900_000),
        ("revenue", "23189000元", 2_318_900_000),
        ("net_profit", "-12.5", -12_500_000),
        ("market_share_national", "12.5", 0.125),
        ("market_share_national", "12.5%", 0.125),
        ("employees", "128人", 128),
        ("niche_years", "7.6 年", 7.6),
        ("registered_on", "2018年6月12日", dt.date(2018, 6, 12)),
        ("independent_legal_person", "no", False),
        ("rd_centre", "municipal", "municipal"),
        ("industry_code", "3091", "C3091"),
        ("industry_code", "c3091 石墨及碳素制品制造", "C3091"),
        ("industry_code", "石墨及碳素制品制造", "C3091"),
        ("registered_area", "150105", "150105"),
        ("registered_area", "呼和浩特市", "150100"),
        ("name", " 垚昇堃喆珺有限公司 ", "垚昇堃喆珺有限公司"),
        ("revenue", " ", None),
        ("employees", "", None),
    ],
)
def test_what_people_type_is_read_exactly(name: str, typed: str, value: Value | None) -> None:
    assert read_typed(typed, of(name)) == value


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("revenue", "两千万", "请填数字"),
        ("revenue", "NaN", "请填数字"),
        ("revenue", "1e9", "请填数字"),
        ("revenue", "inf", "请填数字"),
        ("revenue", "9" * 30, "数值太大"),
        ("revenue", "9" * 5000, "内容过长"),
        ("revenue", "-1", "不能是负数"),
        ("revenue", "0.0000001", "精确到分"),
        ("revenue", "1\x00", "请填数字"),
        ("employees", "12.5", "整数"),
        ("employees", "3,000,001", "不能大于 3,000,000 人"),
        ("market_share_national", "130", "不能大于 100%"),
        ("registered_on", "2018-02-30", "没有这一天"),
        ("rd_centre", "galactic", "选项里选一个"),
        ("registered_area", "某地", "六位行政区划代码"),
        ("name", "甲\x07乙", "不可见的控制字符"),
        ("name", "长" * 2001, "超过 2000 字"),
    ],
)
def test_what_cannot_be_read_says_what_to_type(name: str, typed: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        read_typed(typed, of(name))


def test_a_word_for_an_industry_offers_what_it_may_mean() -> None:
    with pytest.raises(UnknownIndustry) as refused:
        read_typed("碳素", of("industry_code"))
    assert [(offer.value, offer.label) for offer in refused.value.offers][:1] == [
        ("C3091", "C3091 石墨及碳素制品制造")
    ]


def test_a_word_that_is_no_industry_offers_nothing() -> None:
    with pytest.raises(UnknownIndustry, match="没有找到") as refused:
        read_typed("量子航母", of("industry_code"))
    assert refused.value.offers == ()


@given(st.integers(-LARGEST, LARGEST))
def test_money_survives_its_field(fen: int) -> None:
    assert read_typed(write_typed(fen, of("net_profit")), of("net_profit")) == fen


@given(st.decimals(0, 1, places=6))
def test_a_ratio_survives_its_field(ratio: Decimal) -> None:
    share = of("market_share_national")
    assert read_typed(write_typed(float(ratio), share), share) == float(ratio)


@given(st.sampled_from(sorted(ALL)), st.text(max_size=80))
def test_no_text_breaks_a_field(name: str, typed: str) -> None:
    try:
        value = read_typed(typed, of(name))
    except Unreadable:
        return
    assert value is None or of(name).kind is not Kind.MONEY or isinstance(value, int)


def test_a_place_is_named_with_its_city() -> None:
    assert shown_place("150105") == "呼和浩特市赛罕区"
    assert shown_place("150100") == "呼和浩特市"
    assert shown_place("999999") == "999999"
