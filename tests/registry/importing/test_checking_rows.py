"""Every fault of a row is told with its place and what to write instead; doubts let the row pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.registry.importing.tables import code, csv_file, doubts, errors, imported, surveyed, xlsx
from tidu.accounts.ties import Ties
from tidu.registry.importing.scope import Scope
from tidu.registry.models.imports import ImportKind

pytestmark = pytest.mark.django_db

TITLES = ("企业名称", "统一社会信用代码", "注册地", "注册日期", "注册资本（万元）", "具有独立法人资格")
GOOD = ("某市甲科技有限公司", code(1), "赛罕区", "2016-05-20", 500, "是")


def _with(place: int, cell: Any) -> list[Any]:  # noqa: ANN401 - a cell
    row: list[Any] = list(GOOD)
    row[place] = cell
    return row


def _told(tmp_path: Path, place: int, cell: Any) -> tuple[str, str, str]:  # noqa: ANN401 - a cell
    _tally, plans = surveyed(xlsx(tmp_path / "t.xlsx", TITLES, [_with(place, cell)]))
    [(row, column, fault, message)] = errors(plans)
    assert row == 2
    return column, fault, message


def test_a_row_that_is_in_order_is_planned_with_exact_values(tmp_path: Path) -> None:
    tally, [plan] = surveyed(xlsx(tmp_path / "t.xlsx", TITLES, [GOOD]))
    assert (tally.rows, tally.created, tally.rejected) == (1, 1, 0)
    assert {(key, year): text for key, year, text in plan.facts} == {
        ("name", 0): "某市甲科技有限公司",
        ("registered_area", 0): "150105",
        ("registered_on", 0): "2016-05-20",
        ("registered_capital", 0): "500000000",
        ("independent_legal_person", 0): "yes",
    }


@pytest.mark.parametrize(
    ("place", "cell", "expected"),
    [
        (1, code(1)[:17], ("B 统一社会信用代码", "uscc_length", "应为 18 位，现为 17 位")),
        (1, f"{code(1)[:17]}*", ("B 统一社会信用代码", "uscc", "不会出现")),
        (1, 915001050000000000.0, ("B 统一社会信用代码", "digits_lost", "后几位已经丢失")),
        (1, None, ("B 统一社会信用代码", "uscc_missing", "按营业执照填写")),
        (0, None, ("A 企业名称", "missing", "这一列必填")),
        (2, "某地", ("C 注册地", "unknown_place", "赛罕区、150105")),
        (2, "159999", ("C 注册地", "unknown_place", "没有这个行政区划代码")),
        (3, "2026/13/02", ("D 注册日期", "no_such_day", "没有 13 月。请按 2026-01-02 的样式填写。")),
        (3, "2025-02-30", ("D 注册日期", "no_such_day", "2 月没有 30 日")),
        (3, 46024, ("D 注册日期", "date_serial", "是否为 2026-01-02？")),
        (3, "2027-01-01", ("D 注册日期", "in_the_future", "还没有到")),
        (3, "上个月", ("D 注册日期", "not_a_date", "不是日期")),
        (4, "2,318.90万", ("E 注册资本（万元）", "unit_in_cell", "含单位文字。请只填数字 2,318.90。")),
        (4, "1.5亿", ("E 注册资本（万元）", "unit_in_cell", "请只填数字 15,000。")),
        (4, "=SUM(E5:E9)", ("E 注册资本（万元）", "formula", "是公式。请粘贴为数值。")),
        (4, -12.4, ("E 注册资本（万元）", "negative", "不能为负。若为冲回，请填 0 并在备注说明。")),
        (4, "不详", ("E 注册资本（万元）", "not_a_number", "不清楚就留空")),
        (5, "也许", ("F 具有独立法人资格", "not_yes_no", "请填“是”或“否”")),
    ],
)
def test_a_fault_is_told_with_its_column_and_the_remedy(
    tmp_path: Path, place: int, cell: object, expected: tuple[str, str, str]
) -> None:
    column, fault, message = _told(tmp_path, place, cell)
    assert (column, fault) == expected[:2]
    assert expected[2] in message


def test_the_formula_itself_is_shown(tmp_path: Path) -> None:
    _tally, [plan] = surveyed(xlsx(tmp_path / "t.xlsx", TITLES, [_with(4, "=SUM(E5:E9)")]))
    [remark] = plan.row.remarks
    assert remark.value == "=SUM(E5:E9)"


def test_dates_in_other_notations_are_understood(tmp_path: Path) -> None:
    dates = ["2016年5月20日", "20160520", "2016/5/20", "2016.5.20", dt.date(2016, 5, 20)]
    rows = [[f"甲{place}公司", code(place), "赛罕区", day] for place, day in enumerate(dates, 1)]
    _tally, plans = surveyed(csv_file(tmp_path / "t.csv", TITLES[:4], rows))
    assert errors(plans) == []
    assert {text for plan in plans for key, _year, text in plan.facts if key == "registered_on"} == {
        "2016-05-20"
    }


def test_the_same_code_twice_is_told_at_the_second_row(tmp_path: Path) -> None:
    tally, plans = surveyed(xlsx(tmp_path / "t.xlsx", TITLES, [GOOD, _with(0, "某市乙科技有限公司")]))
    assert (tally.created, tally.rejected) == (1, 1)
    [(row, _column, fault, message)] = errors(plans)
    assert (row, fault) == (3, "repeated")
    assert "与第 2 行是同一家企业" in message


def test_an_enterprise_of_another_district_is_refused_by_its_name(tmp_path: Path) -> None:
    rows = [GOOD, [GOOD[0], code(2), "回民区", *GOOD[3:]]]
    _tally, plans = surveyed(xlsx(tmp_path / "t.xlsx", TITLES, rows), scope=Scope("150105"))
    [(row, _column, fault, message)] = errors(plans)
    assert (row, fault) == (3, "outside_place")
    assert message == "属于回民区企业，不在您的辖区，无权导入。请转回民区工信部门。"


def test_an_enterprise_that_the_importer_has_to_avoid_is_refused_with_the_ground(tmp_path: Path) -> None:
    rows = [GOOD, [GOOD[0], code(2), *GOOD[2:]]]
    scope = Scope(avoided=Ties(codes={code(2): "本人持股"}))
    tally, plans = surveyed(xlsx(tmp_path / "t.xlsx", TITLES, rows), scope=scope)
    [(row, _column, fault, message)] = errors(plans)
    assert (row, fault, message) == (3, "avoided", "您应当回避这家企业（本人持股），由同事导入。")
    assert tally.created == 1


def test_a_known_enterprise_cannot_be_drawn_into_another_district(tmp_path: Path) -> None:
    imported(xlsx(tmp_path / "a.xlsx", TITLES, [_with(2, "回民区")]))
    _tally, plans = surveyed(xlsx(tmp_path / "b.xlsx", TITLES, [GOOD]), scope=Scope("150105"))
    [(_row, _column, fault, message)] = errors(plans)
    assert fault == "outside_place"
    assert "回民区" in message


def test_a_place_that_is_too_coarse_is_told(tmp_path: Path) -> None:
    _tally, plans = surveyed(
        xlsx(tmp_path / "t.xlsx", TITLES, [_with(2, "呼和浩特市")]), scope=Scope("150105")
    )
    [(_row, _column, fault, message)] = errors(plans)
    assert fault == "place_coarse"
    assert "请写到旗县区" in message


def test_a_branch_is_taken_as_no_legal_person_and_doubted(tmp_path: Path) -> None:
    titles = ("企业名称", "统一社会信用代码", "注册地")
    rows = [("某市甲科技有限公司昆区分公司", code(1), "赛罕区"), ("甲石油公司西站加油站", code(2), "赛罕区")]
    tally, plans = surveyed(xlsx(tmp_path / "t.xlsx", titles, rows))
    assert tally.rejected == 0
    assert [fault for _row, fault, _message in doubts(plans)] == ["not_legal_person"] * 2
    assert all(("independent_legal_person", 0, "no") in plan.facts for plan in plans)


def test_figures_of_an_enterprise_that_is_not_in_the_registry_are_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "t.xlsx", ("统一社会信用代码", "2025年营业收入（万元）"), [(code(7), 100)])
    _tally, plans = surveyed(path, ImportKind.FIGURES)
    [(_row, column, fault, message)] = errors(plans)
    assert (column, fault) == ("A 统一社会信用代码", "unknown_enterprise")
    assert "先导入企业名录" in message


def test_the_year_may_stand_in_a_column_of_its_own(tmp_path: Path) -> None:
    imported(xlsx(tmp_path / "a.xlsx", TITLES, [GOOD]))
    titles = ("统一社会信用代码", "年度", "营业收入（万元）", "从业人员（人）")
    rows = [(code(1), 2025, 2318.9, 126), (code(1), "2024年", 2040, 118), (code(1), 2052, 1, 1)]
    _tally, plans = surveyed(xlsx(tmp_path / "t.xlsx", titles, rows), ImportKind.FIGURES)
    assert sorted(plans[0].facts) == [("employees", 2025, "126"), ("revenue", 2025, "2318900000")]
    assert sorted(plans[1].facts) == [("employees", 2024, "118"), ("revenue", 2024, "2040000000")]
    [(row, column, fault, message)] = errors(plans)
    assert (row, column, fault) == (4, "B 年度", "year")
    assert message == "年度应在 2000 至 2026 之间，是否为 2025？"


def test_a_ratio_below_one_per_cent_is_doubted(tmp_path: Path) -> None:
    imported(xlsx(tmp_path / "a.xlsx", TITLES, [GOOD]))
    titles = ("统一社会信用代码", "2025年国内市场占有率（%）")
    _tally, plans = surveyed(xlsx(tmp_path / "t.xlsx", titles, [(code(1), 0.122)]), ImportKind.FIGURES)
    [(_row, fault, message)] = doubts(plans)
    assert fault == "small_percentage"
    assert "如果是 12.2%，请填 12.2" in message


def test_amounts_in_yuan_are_read_by_their_heading(tmp_path: Path) -> None:
    imported(xlsx(tmp_path / "a.xlsx", TITLES, [GOOD]))
    titles = ("统一社会信用代码", "2025年营业收入（元）")
    _tally, [plan] = surveyed(xlsx(tmp_path / "t.xlsx", titles, [(code(1), 23189000.5)]), ImportKind.FIGURES)
    assert plan.facts == [("revenue", 2025, "2318900050")]
