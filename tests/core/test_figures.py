from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from hypothesis import given
from hypothesis import strategies as st

from tidu.core import figures

YUAN = 100
WAN = 10_000 * YUAN


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (2318_90 * 10_000, "2,318.90"),
        (0, "0.00"),
        (4_999, "0.00"),
        (5_000, "0.01"),
        (-5_000, "−0.01"),
        (-4_999, "0.00"),
        (123_456_789 * WAN, "123,456,789.00"),
    ],
)
def test_money_is_shown_in_ten_thousand_yuan_with_two_decimals_and_halves_away_from_zero(
    fen: int, shown: str
) -> None:
    assert figures.wan_yuan(fen) == shown


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_money_in_yuan_loses_nothing(fen: int) -> None:
    text = figures.yuan(fen).replace(",", "").replace("−", "-")
    assert Decimal(text) * YUAN == fen


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (20 * WAN, "20 万元"),
        (1500 * YUAN, "1,500 元"),
        (4 * 10_000 * WAN, "4 亿元"),
        (15_000 * WAN, "1.5 亿元"),
        (12_345 * WAN, "12,345 万元"),
        (1, "0.01 元"),
        (0, "0 元"),
    ],
)
def test_an_amount_is_named_as_a_policy_names_it(fen: int, shown: str) -> None:
    assert figures.round_money(fen) == shown


@given(st.integers(min_value=1, max_value=10**15), st.integers(min_value=-(10**7), max_value=10**7))
def test_money_beside_a_limit_never_looks_to_be_on_the_other_side(limit: int, off: int) -> None:
    value = limit + off
    shown, mark = (
        Decimal(figures.wan_yuan_beside(a, b).replace(",", "").replace("−", "-"))
        for a, b in ((value, limit), (limit, value))
    )
    assert (shown > mark) - (shown < mark) == (value > limit) - (value < limit)


def test_one_fen_below_the_limit_is_not_rounded_up_to_it() -> None:
    assert figures.wan_yuan_beside(1000 * WAN - 1, 1000 * WAN) == "999.999999"
    assert figures.wan_yuan_beside(2318 * WAN, 1000 * WAN) == "2,318.00"


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(0.122, "12.20%"), (0.1, "10.00%"), (-0.00005, "−0.01%"), (1.005, "100.50%"), (0.0, "0.00%")],
)
def test_a_ratio_is_shown_in_per_cent_from_its_shortest_decimal(ratio: float, shown: str) -> None:
    assert figures.percent(ratio) == shown


def test_a_rule_names_a_ratio_without_trailing_zeros() -> None:
    assert [figures.plain_percent(ratio) for ratio in (0.1, 0.005, 0.33333)] == ["10%", "0.5%", "33.333%"]


def test_margins_carry_full_width_signs_and_name_a_hair_s_breadth() -> None:
    assert figures.margin_money(1318_90 * 10_000) == "＋1,318.90"
    assert figures.margin_money(-1) == "−0.000001"
    assert figures.margin_money(0) == "0（恰好达到）"
    assert figures.margin_percent(0.022) == "＋2.20 个百分点"
    assert figures.margin_percent(-0.00001) == "−0.001 个百分点"
    assert figures.margin_percent(0.0) == "0（恰好达到）"
    assert figures.margin_number(4, "位") == "＋4 位"
    assert figures.margin_number(-1.5) == "−1.5"
    assert figures.margin_number(0, "件") == "0（恰好达到）"


def test_dates_are_shown_in_three_ways_and_a_list_omits_this_year() -> None:
    friday = date(2026, 11, 20)
    assert figures.day(friday) == "2026-11-20"
    assert figures.day_with_weekday(friday) == "2026年11月20日（星期五）"
    assert figures.short_day(date(2026, 1, 5), friday) == "01-05"
    assert figures.short_day(date(2027, 4, 12), friday) == "2027-04-12"


def test_the_last_day_of_force_still_counts() -> None:
    end = date(2025, 12, 31)
    assert figures.days_to(end, date(2025, 12, 30)) == "还有 1 天"
    assert figures.days_to(end, end) == "今天到期"
    assert figures.days_to(end, date(2026, 11, 20)) == "已届满 324 天"
    assert figures.days_to(date(2032, 12, 31), end) == "还有 2,557 天"


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2018, 6, 12), date(2026, 10, 12), "8 年 4 个月"),
        (date(2018, 6, 12), date(2026, 10, 11), "8 年 3 个月"),
        (date(2024, 2, 29), date(2026, 2, 28), "2 年"),
        (date(2024, 2, 29), date(2026, 2, 27), "1 年 11 个月"),
        (date(2026, 1, 31), date(2026, 2, 27), "不足 1 个月"),
        (date(2026, 1, 31), date(2026, 2, 28), "1 个月"),
        (date(2026, 10, 12), date(2018, 6, 12), "−8 年 4 个月"),
    ],
)
def test_a_span_counts_whole_months_and_completes_29_february_on_the_28th(
    start: date, end: date, shown: str
) -> None:
    assert figures.span(start, end) == shown


@given(st.dates(max_value=date(9990, 1, 1)), st.integers(min_value=0, max_value=3000))
def test_a_span_never_fails_up_to_the_end_of_the_calendar(start: date, days: int) -> None:
    assert figures.span(start, start + timedelta(days=days))


def _shown(template: str, **values: object) -> str:
    return Template(template).render(Context(values))


def test_filters_show_a_dash_for_nothing_or_the_word_they_are_given() -> None:
    assert _shown("{{ x|wan_yuan }} {{ x|percent:'未报' }} {{ x|day }}", x=None) == "— 未报 —"


def test_zero_and_no_are_values_and_not_nothing() -> None:
    assert _shown("{{ x|wan_yuan }} {{ x|percent }} {{ x|number }}", x=0) == "0.00 0.00% 0"


def test_a_date_is_marked_up_for_machines() -> None:
    assert (
        _shown("{{ x|day_in_words }}", x=date(2026, 3, 1))
        == '<time datetime="2026-03-01">2026年3月1日</time>'
    )


@pytest.mark.parametrize("value", [23189000.0, Decimal(1), "100", True])
def test_money_that_is_no_whole_number_of_fen_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        _shown("{{ x|wan_yuan }}", x=value)


def test_a_policy_without_a_last_day_is_in_force_for_good() -> None:
    assert _shown("{{ x|days_to:on }}", x=None, on=date(2026, 1, 1)) == "长期有效"


def test_a_misspelt_filter_is_an_error_and_not_silence() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{{ x|wan_yaun }}")


def test_words_show_money_with_two_decimals_and_keep_the_exact_amount_in_the_title() -> None:
    show = Template("{{ words|brief:limit }}").render
    assert (
        show(Context({"words": "2025 年 9,984.698538 万元<", "limit": "≥ 1,000.00 万元"}))
        == '2025 年 <span title="9,984.698538 万元">9,984.70 万元</span>&lt;'
    )
    assert show(Context({"words": "999.999999 万元", "limit": "≥ 1,000 万元"})) == "999.999999 万元"
    assert show(Context({"words": "−0.000001 万元", "limit": ""})) == "−0.000001 万元"
    assert show(Context({"words": "2,318.90 万元", "limit": "—"})) == "2,318.90 万元"
