from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.computing import computes_within
from tests.portal.checking import check, fitting, vocabulary
from tests.portal.conftest import HOHHOT, NATION_2022, NATION_2026
from tidu.core.assessment_result import Result
from tidu.core.components import CriterionRow
from tidu.policy.documents.library import load_library
from tidu.policy.status import Status
from tidu.portal.next_rung import next_rung
from tidu.portal.self_check_draft import Draft
from tidu.portal.self_check_file import read_file
from tidu.portal.self_check_pdf import result_pdf
from tidu.portal.self_check_readings import ReadingRow, reading_rows
from tidu.portal.self_check_result import result_of
from tidu.portal.views.self_check_files import SAMPLE

RARE = "内蒙古垚昇堃喆珺犇骉镕燚頔翀装备有限公司"
MADE = dt.datetime(2026, 11, 20, 14, 32, tzinfo=timezone.get_default_timezone())


def result(draft: Draft, pack_id: str = HOHHOT, tier: str = "municipal_srdi") -> Result:
    return result_of(check(draft, pack_id, tier).assess(), "/form/")


def rows(found: Result) -> dict[str, CriterionRow]:
    return {row.anchor.removeprefix("c-"): row for group in found.groups for row in group.rows}


def readings(draft: Draft) -> dict[str, ReadingRow]:
    found = check(draft)
    names = found.form.readings
    return dict(zip(names, reading_rows(found.assess(), names, "/form/"), strict=True))


def sample() -> Draft:
    return read_file(Path(SAMPLE).read_bytes(), "sample.yaml", vocabulary()).draft


def test_an_enterprise_that_fits_is_told_so_and_what_people_will_judge() -> None:
    found = result(fitting())
    assert found.headline.startswith("初步符合")
    assert found.counts == "19 项条件中，15 项符合，4 项待人工评判。没有不符合的条件。"
    assert found.deciding is None
    assert found.gaps == ()


def test_an_empty_form_fails_nothing() -> None:
    found = result(Draft())
    assert found.assessment.status is Status.UNKNOWN
    assert not any(row.status is Status.NOT_MET for row in rows(found).values())


def test_a_row_says_what_was_found_what_is_asked_and_by_how_much() -> None:
    shown = rows(result(fitting()))
    revenue = shown["revenue"]
    assert (revenue.value, revenue.limit, revenue.margin) == (
        "2,318.90 万元",
        "≥ 1,000.00 万元",
        "＋1,318.90 万元",
    )
    assert [chip.label for chip in revenue.clauses] == ["申报条件·基本条件 03"]
    assert revenue.edit == "/form/#q-revenue"
    years = shown["registered_two_years"]
    assert (years.limit, years.margin[:1]) == ("满 2 年", "＋")
    assert "天" not in years.margin
    assert (shown["registered_in_city"].value, shown["registered_in_city"].limit) == (
        "呼和浩特市赛罕区",
        "呼和浩特市",
    )
    assert (shown["sme"].value, shown["sme"].limit) == ("小型企业", "中小微企业")
    assert (shown["no_bad_record"].value, shown["no_bad_record"].limit) == ("无此情形", "无此情形")
    assert shown["brand"].margin == "0（恰好达到）"


def test_what_a_rule_forbids_is_there_or_is_not() -> None:
    row = rows(result(fitting(bad_record="yes")))["no_bad_record"]
    assert (row.status, row.value, row.limit) == (Status.NOT_MET, "有此情形", "无此情形")


def test_a_margin_below_one_month_is_told_in_days() -> None:
    since = timezone.localdate() - dt.timedelta(days=2 * 366 + 10)
    shown = rows(result(fitting(registered_on=since.isoformat())))
    assert shown["registered_two_years"].margin in {"＋11 天", "＋12 天"}


def test_a_limit_that_is_just_missed_is_not_rounded_into_being_met() -> None:
    row = rows(result(fitting(revenue_2025="999.999999")))["revenue"]
    assert (row.status, row.value) == (Status.NOT_MET, "999.999999 万元")


def test_what_a_person_judges_has_no_value_and_no_way_to_fill_it_in() -> None:
    row = rows(result(fitting()))["chain_advantage"]
    assert (row.status, row.value, row.limit, row.edit) == (Status.NEEDS_REVIEW, "—", "专家评判", "")


def test_branches_are_lettered_and_cite_only_what_differs() -> None:
    shown = rows(result(fitting()))
    assert shown["innovation_outcome"].limit == "4 选 1"
    assert [
        shown[name].label[0] for name in ("invention_or_pct", "utility_or_software", "own_rd_centre")
    ] == list("甲乙丁")
    assert shown["utility_or_software"].branch
    assert shown["utility_or_software"].clauses == ()
    assert shown["innovation_outcome"].clauses


def test_the_one_document_that_decides_leads_to_its_figure() -> None:
    found = result(sample())
    assert found.deciding is not None
    assert found.deciding.title == "起决定作用的一份材料：计算机软件著作权登记证书"
    assert found.deciding.url == "/form/#q-software_copyrights"
    assert [name for name, row in rows(found).items() if row.hot] == ["utility_or_software"]


def test_gaps_come_cheapest_first_with_the_way_to_the_answer() -> None:
    found = result(fitting(revenue_2025="900", niche_years="", quality_system_certified="no"))
    assert found.gaps[0].tag == "补交材料或数据"
    assert found.gaps[0].url == "/form/#q-niche_years"
    assert any("900.00 万元" in gap.action and "相差 100.00 万元" in gap.action for gap in found.gaps)
    assert all(gap.clauses for gap in found.gaps)


def test_a_title_that_is_missing_leads_to_the_question_about_titles() -> None:
    found = result(Draft(typed={"titles": "no"}), NATION_2026, "srdi")
    assert rows(found)["first_tier_title"].status is Status.NOT_MET
    assert rows(found)["first_tier_title"].edit == "/form/#q-titles"


def test_points_are_told_from_least_to_greatest_with_the_floor_of_each_group() -> None:
    (score,) = result(Draft(), NATION_2022, "innovative").scores
    assert (
        score.total == "5 至 100 分，须 60 分，满分 100 分"
    )  # the last band of a field is given to everybody
    groups = [line for line in score.lines if line.group]
    assert [(line.least, line.word) for line in groups] == [
        ("20", "底线未定"),
        ("15", "底线未定"),
        ("15", "底线未定"),
    ]
    assert all(line.status is not Status.NOT_MET for line in score.lines)


def test_both_results_of_a_reading_are_there() -> None:
    found = readings(fitting(utility_models="2", software_copyrights="1"))
    mixed = found["mixed_counting"]
    assert (mixed.used.label, mixed.used.status) == ("两类合计达到三项", Status.NEEDS_REVIEW)
    (other,) = mixed.others
    assert (other.status, other.label) == (Status.UNKNOWN, "其中一类单独达到三项")
    assert any("实用新型专利和软件著作权" in line for line in other.differences)
    growth = found["growth_mean"].others[0]
    assert growth.differences == ("近两年平均营收增速：12.18%，符合",)
    assert len(found["dimension_combination"].others) == 3


def test_a_reading_of_the_dates_is_told_on_the_day_it_makes_a_difference() -> None:
    found = readings(fitting(**{"as-of": "2027-04-13", "base-year": "2025"}))
    assert found["term_end"].others[0].differences == ("当天现行有效",)


def test_papers_are_listed_with_what_they_prove() -> None:
    papers = {paper.label: paper for paper in result(fitting()).papers}
    assert "上年度营业收入" in papers["年度审计报告"].proves
    asked = {paper.label for paper in result(Draft(), NATION_2026, "srdi").papers}
    assert "真实性声明" in asked


def test_the_next_rung_is_the_lowest_above_with_a_standard_in_force() -> None:
    library = load_library()
    above = next_rung(library, check(sample()).assess())
    assert above is not None
    assert above.title == "创新型中小企业"
    assert above.url == f"/self-check/{NATION_2022}/innovative/"
    top = next_rung(library, check(sample(), NATION_2026, "little_giant").assess())
    assert top is None


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")
def test_the_paper_holds_every_word_and_loses_no_rare_character(tmp_path: Path) -> None:
    draft = fitting(revenue_2025="900")
    found = result(draft)
    with computes_within(5):  # the first one loads the fonts
        data = result_pdf(found, tuple(readings(draft).values()), name=RARE, made_at=MADE)
    with computes_within(1):
        result_pdf(found, (), name=RARE, made_at=MADE)
    file = tmp_path / "result.pdf"
    file.write_bytes(data)
    made = subprocess.run(["pdftotext", "-raw", str(file), "-"], check=True, capture_output=True)  # noqa: S603, S607 - a tool of the tests
    words = "".join(made.stdout.decode().split())
    assert RARE in words
    for expected in (
        "暂不符合：有",
        "预评估不等于认定",
        "2026-11-20",
        "申报条件·基本条件03",
        "−100.00万元",
        "怎么补",
        "两年的复合年均增速",
        "生成于2026-11-2014:32",
    ):
        assert expected in words


def test_words_of_a_visitor_are_never_markup_on_paper() -> None:
    for name in ('#panic("x")', "*粗* _斜_ $x$ @ref <a> \\", '#include "/etc/passwd"'):
        assert result_pdf(result(Draft()), (), name=name, made_at=MADE).startswith(b"%PDF")


def test_without_the_project_s_fonts_the_system_s_are_used(settings: Settings, tmp_path: Path) -> None:
    settings.FONT_FOLDERS = [tmp_path / "none"]
    assert result_pdf(result(Draft()), (), name="", made_at=MADE).startswith(b"%PDF")
