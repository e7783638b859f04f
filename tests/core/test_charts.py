from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.rendering import shown
from tidu.core.charts import Axis, Chart, Radar, Series

FIGURES = st.one_of(st.none(), st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9))


def test_a_missing_figure_is_a_gap_and_never_zero() -> None:
    chart = Chart("营业收入", ("2023", "2024", "2025"), (Series("营业收入", (5, None, 7)),), kind="lines")
    ((_, path),) = chart.paths
    assert path.count("M") == 2
    assert "L" not in path
    assert len(chart.points) == len(chart.bars) == 2
    assert chart.rows[1] == ("2024", ["未报"])
    assert "2024 未报" in chart.words


@given(st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=12))
def test_every_bar_stands_inside_the_picture(pairs: list[tuple[float | None, float | None]]) -> None:
    labels = tuple(str(index) for index in range(len(pairs)))
    series = tuple(Series(str(row), tuple(pair[row] for pair in pairs)) for row in (0, 1))
    chart = Chart("甲", labels, series)
    for bar in chart.bars:
        assert 0 <= float(bar.x) <= chart.WIDTH
        assert 0 <= float(bar.y) <= chart.HEIGHT
        assert float(bar.y) + float(bar.height) <= chart.HEIGHT
    assert 2 <= len(chart.grid) <= 8


def test_a_loss_hangs_below_the_axis() -> None:
    chart = Chart("净利润", ("2024", "2025"), (Series("净利润", (-128, 741)),), unit="万元")
    loss, gain = chart.bars
    assert float(loss.y) == pytest.approx(float(chart.zero))
    assert float(gain.y) + float(gain.height) == pytest.approx(float(chart.zero), abs=0.2)
    assert any(tick.text.startswith("−") for tick in chart.grid)


def test_a_series_that_does_not_fit_its_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Chart("甲", ("2024",), (Series("甲", (1, 2)),))


def test_a_chart_is_shown_with_its_words_and_its_table() -> None:
    chart = Chart(
        "营业收入",
        ("2024", "2025"),
        (Series("营业收入", (7305.6, 8431), ("7,305.60", "8,431.00")),),
        unit="万元",
    )
    page = shown('<c-chart :chart="chart" />', chart=chart)
    assert 'role="img" aria-label="营业收入，单位万元。营业收入：2024 7,305.60，2025 8,431.00"' in page
    assert '<th scope="row">2025</th>' in page
    assert "8,431.00</td>" in page
    assert "style=" not in page


def test_a_radar_has_a_spoke_for_each_share_and_no_dot_for_a_missing_one() -> None:
    axes = (Axis("专业化", 0.92, 0.72), Axis("精细化", 1.0), Axis("创新能力", None, note="研发费用未报"))
    page = shown('<c-radar :radar="radar" />', radar=Radar("四个维度", axes, peers="中位数"))
    assert page.count("td-r-dot") == 2
    assert "创新能力 未报" in page
    assert "研发费用未报" in page
    assert re.search(r'class="td-r-peer" points="[\d., ]+"', page)


def test_a_spoke_that_nobody_has_judged_says_so_and_is_not_nought() -> None:
    axes = (Axis("专业化", 1.0), Axis("市场地位", None, unsaid="待人工评判"), Axis("经营状况", 0.0))
    radar = Radar("各维度条件符合率", axes)
    assert [row[2] for row in radar.rows] == ["100%", "待人工评判", "0%"]
    assert "市场地位 待人工评判" in radar.words
    assert len(radar.dots) == 2
