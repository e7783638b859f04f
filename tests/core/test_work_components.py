from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests.core.rendering import shown
from tidu.core.calendar import Due
from tidu.core.components import Choice, Column
from tidu.core.confirmation import Confirmation
from tidu.core.listing import Filter, Listing
from tidu.core.navigation import Destination, navigation_for, register_navigation
from tidu.core.roles import Role
from tidu.core.shell import Shell
from tidu.core.workspace import Bullet, Change, Conflict, Kpi, LogEntry, Step, Tab, Work


@pytest.fixture
def _guide(settings: Settings) -> None:
    settings.STYLEGUIDE = True


@pytest.mark.django_db
@pytest.mark.usefixtures("_guide")
def test_the_guide_shows_every_component_with_how_to_use_it(client: Client) -> None:
    page = client.get("/styleguide/").content.decode()
    for name in (
        "c-shell",
        "c-kpis",
        "c-filters",
        "c-bulk",
        "c-steps",
        "c-log",
        "c-due-label",
        "c-bullet",
        "c-work",
    ):
        assert name in page
    for name in (
        "c-masked",
        "c-chart",
        "c-radar",
        "c-conflict",
        "c-diff",
        "c-upload",
        "c-section",
        "c-toast",
    ):
        assert name in page
    assert "style=" not in page
    assert not re.search(r"\son[a-z]+=", page)


def test_a_sorted_head_says_so_and_offers_the_way_back() -> None:
    columns = (Column("企业", sort="name"), Column("收入", number=True, sort="revenue"), Column("结论"))
    page = shown(
        '<c-table :columns="columns" label="甲" sort="-name"></c-table>',
        "/x/?place=1&page=3",
        columns=columns,
    )
    assert 'aria-sort="descending"' in page
    assert 'href="?place=1&amp;sort=name"' in page
    assert 'href="?place=1&amp;sort=revenue"' in page
    assert page.count('class="td-sort') == 2


def test_filters_are_a_plain_form_that_shows_what_is_on() -> None:
    filters = (
        Filter("q", "企业", "text", value=("禾<b>",)),
        Filter("tier", "称号", "many", choices=(Choice("srdi", "专精特新"),), value=("srdi",)),
    )
    shown_list = Listing(Paginator([], 10).page(1), "name", filters, (), "q=1")
    page = shown(
        '<c-filters :list="list" :columns="columns" />',
        list=shown_list,
        columns=(Column("企业", sort="name"),),
    )
    assert 'method="get"' in page
    assert 'value="禾&lt;b&gt;"' in page
    assert re.search(r'value="srdi" checked', page)
    assert "企业，降序" in page


def test_the_bulk_bar_posts_by_itself_and_takes_the_filters_along() -> None:
    page = shown(
        '<c-bulk id="b" action="/act/" :total="7" noun="家企业" query="place=1"></c-bulk>'
        '<c-pick value="3" label="甲公司" bulk="b" />'
    )
    assert 'action="/act/?place=1"' in page
    assert "csrfmiddlewaretoken" in page
    assert "筛选出的全部 7 家企业" in page
    assert 'name="picked" value="3" form="b"' in page
    assert "选择甲公司" in page


def test_figures_steps_tabs_and_logs_are_shown_in_words() -> None:
    page = shown(
        '<c-kpis :items="kpis" /><c-steps :items="steps" /><c-tabs :items="tabs" /><c-log :items="log" />',
        kpis=(Kpi("逾期", "0", "件", kind="bad", url="/x/"),),
        steps=(Step("上传", state="done"), Step("核对", state="now")),
        tabs=(Tab("待办", "/t/", 0, current=True),),
        log=(LogEntry(dt.date(2026, 11, 20), "提交", mine=True),),
    )
    assert 'aria-label="逾期 0件"' in page
    assert "（已完成）" in page
    assert 'aria-current="step"' in page
    assert '<span class="td-count">0</span>' in page
    assert '<time datetime="2026-11-20">' in page


def test_a_due_label_says_that_the_holidays_are_not_known_yet() -> None:
    due = Due("ok", "还剩 32 个工作日", dt.date(2030, 1, 6), note="节假日安排未公布，暂按周末推算")
    assert "暂按周末推算" in shown('<c-due-label :due="due" />', due=due)
    assert "—" in shown('<c-due-label :due="due" />', due=None)


def test_a_bullet_compares_with_its_target() -> None:
    bullet = Bullet("累计", 93, 100, "家", forecast=99, low=97, high=101)
    assert bullet.words == "累计：实际 93 家，目标 100 家，完成 93%，预计 99 家（97—101）"
    assert float(bullet.high_at) <= bullet.WIDTH
    assert Bullet("累计", 0, 0).share == "—"


def test_work_asks_for_itself_until_it_has_ended() -> None:
    running = Work("导入", "running", "写入中", done=3, total=9, poll="/p/", stop="/s/")
    page = shown('<c-work :work="work" />', work=running)
    assert 'hx-get="/p/"' in page
    assert 'action="/s/"' in page
    ended = Work("导入", "failed", "失败", fault="缺列", poll="/p/", stop="/s/", retry="/r/")
    page = shown('<c-work :work="work" />', work=ended)
    assert "hx-get" not in page
    assert 'action="/s/"' not in page
    assert 'action="/r/"' in page
    assert "缺列" in page


def test_a_conflict_keeps_both_and_a_change_shows_what_there_was() -> None:
    rows = (
        Conflict("audited", "审计报告", "8,431.00", chosen=True),
        Conflict("declared", "自报", "8,613.20"),
    )
    page = shown(
        '<c-conflict title="收入不一致" :rows="rows" /><c-diff :items="changes" />',
        rows=rows,
        changes=(Change("人数", "96 人", "102 人"), Change("收入", "", "4,120.60 万元")),
    )
    assert "保留，不覆盖" in page
    assert "<del>96 人</del>" in page
    assert "未报" in page


def test_a_masked_datum_leads_to_the_page_that_records_the_look() -> None:
    page = shown('<c-masked value="138****0000" label="手机号" url="/reveal/" />')
    assert 'href="/reveal/" data-dialog' in page
    assert "查看完整手机号" in page


def test_an_upload_works_as_a_file_input_with_its_error_tied_to_it() -> None:
    page = shown(
        '<c-upload name="letter" label="授权书" limit="不超过 10 MB" error="文件是空的。" required="yes" />'
    )
    assert 'type="file"' in page
    assert 'aria-describedby="f-letter-hint f-letter-error"' in page
    assert "文件是空的。" in page
    quiet = shown('<c-upload name="letter" label="授权书" />')
    assert re.search(r'<p class="td-err" hidden', quiet)


def test_a_section_is_a_form_with_a_button_before_any_script() -> None:
    page = shown(
        '<c-section id="s" title="基本情况" action="/save/" :done="3" :total="8" saved="14:32:05"></c-section>'
    )
    assert 'method="post" action="/save/"' in page
    assert "保存本节" in page
    assert "已保存 14:32:05" in page


def test_a_reason_is_asked_for_until_there_is_one(rf: RequestFactory) -> None:
    asked = Confirmation("收回角色", "收回角色", "/back/", reason="理由")
    assert not asked.read(QueryDict("reason=+"))
    page = asked.answer(rf.post("/x/")).content.decode()
    assert "请填写理由，至少 2 个字。" in page
    assert asked.answer(rf.post("/x/")).status_code == 422
    assert not Confirmation("甲", "乙", "/", reason="理由").read(QueryDict(f"reason={'长' * 201}"))
    assert Confirmation("甲", "乙", "/", reason="理由").read(QueryDict("reason=离岗"))
    assert Confirmation("甲", "乙", "/").read(QueryDict(""))


def test_a_reason_of_a_list_must_be_one_of_them() -> None:
    asked = Confirmation("甲", "乙", "/", choices=(Choice("a", "离岗"),))
    assert not asked.read(QueryDict("picked_reason=b"))
    asked = Confirmation("甲", "乙", "/", choices=(Choice("a", "离岗"),))
    assert asked.read(QueryDict("picked_reason=a"))
    assert asked.picked == "a"


def test_navigation_shows_what_a_role_has_and_leaves_out_what_does_not_exist() -> None:
    register_navigation(
        [
            Destination("core:site-map", "样例地图", frozenset({Role.EXPERT}), order=901),
            Destination("nowhere:at-all", "没有的页", frozenset({Role.EXPERT}), order=902),
        ]
    )
    links = navigation_for(Role.EXPERT, "/site-map/")
    assert [(link.label, link.current) for link in links][-1] == ("样例地图", True)
    assert "没有的页" not in [link.label for link in links]
    assert "样例地图" not in [link.label for link in navigation_for(Role.AUDITOR, "/")]
    assert navigation_for(None, "/") == []


def test_pages_of_a_group_stand_under_one_word_and_show_where_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidu.core.navigation._destinations", {})
    pages = ("core:site-map", "core:privacy", "core:accessibility")
    register_navigation(
        Destination(name, f"第{number}页", frozenset({Role.EXPERT}), order=910 + number, group="样例组")
        for number, name in enumerate(pages)
    )
    (top,) = navigation_for(Role.EXPERT, "/privacy/")
    assert (top.label, top.url, top.current, top.exact) == ("样例组", "/site-map/", True, False)
    assert [(part.label, part.current) for part in top.parts] == [
        ("第0页", False),
        ("第1页", True),
        ("第2页", False),
    ]
    assert not navigation_for(Role.EXPERT, "/")[0].current


def test_two_pages_of_a_group_stand_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidu.core.navigation._destinations", {})
    register_navigation(
        Destination(name, label, frozenset({Role.EXPERT}), order=920, group="另一组")
        for name, label in (("core:site-map", "甲页"), ("core:privacy", "乙页"))
    )
    assert [link.label for link in navigation_for(Role.EXPERT, "/")] == ["乙页", "甲页"]


def test_the_header_offers_identities_only_where_there_are_several() -> None:
    two = (Choice("1", "甲局 · 审核岗"), Choice("2", "乙局 · 审核岗"))
    shell = Shell(
        "staff",
        "平台",
        "甲局",
        "苏某",
        "7",
        identities=two,
        identity="2",
        switch="/switch/",
        sign_out="/out/",
    )
    page = shown('<c-shell :shell="shell" />', shell=shell)
    assert re.search(r'value="2" selected', page)
    assert 'action="/switch/"' in page
    assert 'action="/out/"' in page
    assert [item.value for item in shell.other_identities] == ["1"]
    single = Shell(
        "staff", "平台", "甲局", "苏某", "7", identities=two[:1], identity="1", identity_label="甲局 · 审核岗"
    )
    assert "<select" not in shown('<c-shell :shell="shell" />', shell=single)
