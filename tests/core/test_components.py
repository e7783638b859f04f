from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django_cotton.compiler_regex import CottonCompiler
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.components import (
    STATES,
    Choice,
    Clause,
    CriterionGroup,
    CriterionRow,
    Effect,
    Entry,
    Fault,
    ForceBar,
    Fragment,
    Law,
    Question,
    Term,
    Timeline,
)
from tidu.policy.status import Status

START, END = date(2022, 4, 13), date(2027, 4, 12)
ICONS = render_to_string("core/_icons.html")


def shown(template: str, **values: object) -> str:
    return Template(template, origin=None).render(Context(values))


class _Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        (found,) = (
            attrs
            for name, attrs in self.tags
            if name == tag and all(attrs.get(k) == v for k, v in wanted.items())
        )
        return found


def component(name: str, **values: object) -> str:
    """Render one component as a page does, with ``values`` as its attributes."""
    attributes = " ".join(f':{key}="{key}"' for key in values)
    return render_source(f"<c-{name} {attributes} />", **values)


def render_source(source: str, **values: object) -> str:
    return shown(CottonCompiler().process(source), **values)


@pytest.mark.parametrize("value", STATES)
def test_a_state_is_always_a_colour_an_icon_and_a_word(value: str) -> None:
    page = component("status", value=value)
    assert f'data-s="{value}"' in page
    assert STATES[value].word in page
    assert f'id="i-{STATES[value].icon}"' in ICONS


def test_a_criterion_s_status_has_the_engine_s_own_word() -> None:
    for status in Status:
        assert status.label in component("status", value=status)


def test_a_state_that_the_design_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        component("status", value="splendid")


def test_a_clause_is_a_link_that_works_without_scripts_and_spells_itself_out_on_paper() -> None:
    chip = Clause("基本条件 03", "/policies/x/#c-3", full="样例办法 基本条件 03", panel="/policies/x/c/3/")
    link = _Tags(component("clause", clause=chip)).one("a")
    assert link["href"] == "/policies/x/#c-3"
    assert link["data-full"] == "样例办法 基本条件 03"
    assert link["data-panel"] == "/policies/x/c/3/"


def test_text_from_a_pack_or_a_visitor_cannot_become_markup() -> None:
    evil = '<script>alert(1)</script>" onload="x'
    pages = [
        component("clause", clause=Clause(evil, "#", full=evil)),
        component(
            "question", question=Question("q", evil, (Entry("q", "text", value=evil, error=evil),), hint=evil)
        ),
        component("criteria", groups=(CriterionGroup(evil, (CriterionRow(evil, Status.MET, evil, evil),)),)),
        component("law", law=Law("a", evil, ((Fragment(evil, hit=True),),), (Effect("条件", evil),))),
        component("error-summary", faults=(Fault("f-q", evil),)),
        render_source('<c-note title="{{ text }}">{{ text }}</c-note>', text=evil),
    ]
    for page in pages:
        assert "<script" not in page
        assert not any("onload" in attrs for _, attrs in _Tags(page).tags)


def test_a_criterion_s_row_keeps_nought_and_leaves_out_what_does_not_apply() -> None:
    rows = (
        CriterionRow("品牌", Status.MET, "0", "≥ 0", "0（恰好达到）", unit="件"),
        CriterionRow("优势", Status.NEEDS_REVIEW),
    )
    page = component("criteria", groups=(CriterionGroup("特色化", rows),))
    assert ">0<span" in page
    assert page.count("data-nil") == 3
    assert page.count("td-unit") == 2


def test_a_law_without_attached_text_says_so() -> None:
    page = component("law", law=Law("c-7", "第七条", ()))
    assert "尚未载入" in page
    assert "不产生效果" in page


def test_an_error_is_tied_to_its_control_and_the_summary_leads_there() -> None:
    entry = Entry("revenue_2025", "money", value="两千万", error="请填数字。")
    page = component("question", question=Question("revenue", "营业收入", (entry,), hint="利润表。"))
    box = _Tags(page).one("input")
    assert box["aria-invalid"] == "true"
    assert (box["aria-describedby"] or "").split() == ["f-revenue_2025-error", "revenue-hint"]
    assert box["value"] == "两千万"
    assert _Tags(page).one("label")["for"] == box["id"]
    summary = _Tags(component("error-summary", faults=(Fault(entry.id, "2025 年"),)))
    assert summary.one("a")["href"] == f"#{box['id']}"
    assert summary.one("div")["role"] == "alert"


def test_several_years_form_one_group_with_a_label_each() -> None:
    entries = tuple(Entry(f"revenue_{year}", "money", f"{year} 年") for year in (2023, 2024, 2025))
    tags = _Tags(component("question", question=Question("revenue", "营业收入", entries))).tags
    assert [attrs["for"] for tag, attrs in tags if tag == "label"] == [entry.id for entry in entries]
    assert [attrs["aria-labelledby"] for _, attrs in tags if attrs.get("role") == "group"] == [
        "revenue-label"
    ]


def test_not_knowing_is_one_of_three_answers_and_is_chosen_at_first() -> None:
    page = component("question", question=Question("brand", "品牌", (Entry("brand", "yes_no"),)))
    boxes = [attrs for tag, attrs in _Tags(page).tags if tag == "input"]
    assert [(box["value"], "checked" in box) for box in boxes] == [("yes", False), ("no", False), ("", True)]
    assert _Tags(page).one("div", role="radiogroup")["aria-labelledby"] == "brand-label"


def test_a_choice_keeps_what_was_chosen() -> None:
    entry = Entry("rd", "choice", value="city", choices=(Choice("none", "没有"), Choice("city", "市级")))
    options = [
        a
        for tag, a in _Tags(component("question", question=Question("rd", "机构", (entry,)))).tags
        if tag == "option"
    ]
    assert [("selected" in option) for option in options] == [False, False, True]


@pytest.mark.parametrize(
    ("kind", "unit"), [("money", "万元"), ("ratio", "%"), ("years", "年"), ("score", "分"), ("count", "项")]
)
def test_every_number_shows_its_unit_beside_it(kind: str, unit: str) -> None:
    assert f"<span>{unit}</span>" in component("question", question=Question("q", "题", (Entry("q", kind),)))


def test_a_kind_without_a_control_of_its_own_is_typed_as_text() -> None:
    page = component("question", question=Question("q", "题", (Entry("q", "area", value="150100"),)))
    assert _Tags(page).one("input")["type"] == "text"


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    root = Path(__file__).resolve().parents[2] / "src" / "tidu"
    named = {
        name
        for page in root.rglob("*.html")
        for name in re.findall(r'(?:<c-icon name|icon)="([a-z0-9-]+)"', page.read_text())
    }
    assert named
    assert {name for name in named if f'id="i-{name}"' not in ICONS} == set()


def test_a_term_of_five_years_holds_its_leap_day_and_its_last_day() -> None:
    bar = ForceBar.of(START, END, date(2026, 11, 20))
    assert bar.label == "有效期已过 1,682 天，共 1,826 天"
    assert not ForceBar.of(START, END, END).over
    assert ForceBar.of(START, END, END + timedelta(days=1)).over
    assert "尚未开始" in ForceBar.of(START, END, START - timedelta(days=1)).label


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    st.integers(0, 9000),
    st.dates(date(1990, 1, 1), date(2080, 1, 1)),
)
def test_a_force_bar_stays_inside_its_picture(start: date, days: int, on: date) -> None:
    bar = ForceBar.of(start, start + timedelta(days=days), on)
    assert 0 <= bar.elapsed <= ForceBar.WIDTH
    assert 0 <= bar.mark <= ForceBar.WIDTH - 3


@given(
    st.lists(
        st.tuples(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.none() | st.integers(0, 9000)), max_size=6
    ),
    st.dates(date(1995, 1, 1), date(2060, 1, 1)),
)
def test_a_timeline_stays_inside_its_picture(terms: list[tuple[date, int | None]], on: date) -> None:
    line = Timeline.of(
        [
            Term("x", "#", start, None if days is None else start + timedelta(days=days))
            for start, days in terms
        ],
        on,
    )
    assert 0 <= line.mark <= Timeline.WIDTH
    assert all(row.left >= 0 and row.left + row.width <= Timeline.WIDTH + 4 for row in line.rows)
    assert line.years[0] == (line.years[0][0], 0)
