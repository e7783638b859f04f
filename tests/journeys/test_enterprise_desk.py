"""The enterprise's own form in a browser: it saves itself, loses nothing typed, and overwrites nothing unseen."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.access.world import World, make_world
from tests.core.files.sample_files import pdf
from tests.journeys.journey import DESK, PHONE, Journey
from tidu.core.roles import Role
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Evidence, Fact, Source

PASSWORD = "Kundulun-fengche-71"
LAST = timezone.localdate().year - 1
FIGURES = "/registry/own/section/figures/"
REVENUE = f"#f-revenue_{LAST}"


@pytest.fixture
def world(transactional_db: None) -> World:  # noqa: ARG001 - the live server needs committed rows
    """The small world, in which the manager of enterprise A can sign in by password."""
    world = make_world()
    manager = world.users["manager_a"]
    manager.set_password(PASSWORD)
    manager.password_changed_at = timezone.now()
    manager.save()
    return world


def _enter(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}{path}")
    page.get_by_label("登录名").fill("manager_a")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录平台").click()
    page.wait_for_url(f"**{path}")


def _said(page: Page, words: str) -> None:
    expect(page.locator("#section [data-saved]")).to_contain_text(words, timeout=15_000)


def _stands(world: World) -> str | None:
    fact = Fact.objects.filter(enterprise=world.a, indicator="revenue", year=LAST, ended_at=None).first()
    return None if fact is None else fact.value


def test_the_form_saves_itself_and_survives_a_lost_session(journey: Journey, world: World) -> None:
    page = journey.page
    _enter(page, journey.address, "/registry/own/")
    with journey.step("填报概览"):
        expect(page.get_by_role("heading", level=1)).to_contain_text("项")
    with journey.step("键盘填一个数，离开后自动保存"):
        journey.open(FIGURES)
        page.locator(REVENUE).focus()
        page.keyboard.type("2318.9")
        page.keyboard.press("Tab")
        _said(page, "已保存")
        assert _stands(world) == "2318900000"
    with journey.step("看不懂的留在原处，写明怎样改"):
        page.locator(REVENUE).fill("两千多")
        page.keyboard.press("Tab")
        _said(page, "有 1 处需要改")
        expect(page.locator("#n-revenue")).to_contain_text("请填数字")
        expect(page.locator(REVENUE)).to_have_attribute("aria-invalid", "true")
        page.reload()
        expect(page.locator(REVENUE)).to_have_value("两千多")
        expect(page.locator("#errors")).to_contain_text("有 1 处需要改")
    with journey.step("改成能看懂的，提示消失"):
        page.locator(REVENUE).fill("2400")
        page.keyboard.press("Tab")
        expect(page.locator(REVENUE)).not_to_have_attribute("aria-invalid", "true", timeout=15_000)
        expect(page.locator("#errors")).to_have_count(0)
        assert _stands(world) == "2400000000"
    with journey.step("会话结束时填的内容留在本机，重新登录后接着保存", widths=(DESK,)):
        Session.objects.all().delete()
        page.locator(REVENUE).fill("2500")
        page.keyboard.press("Tab")
        _said(page, "重新登录后")
        assert _stands(world) == "2400000000"
        _enter(page, journey.address, FIGURES)
        _said(page, "已保存")
        expect(page.locator(REVENUE)).to_have_value("2500")
        assert _stands(world) == "2500000000"


def test_two_tabs_do_not_overwrite_each_other(journey: Journey, world: World) -> None:
    page = journey.page
    _enter(page, journey.address, FIGURES)
    with journey.step("另一个窗口先改了同一项，两个数都显示", widths=(DESK, PHONE)):
        other = page.context.new_page()
        other.goto(f"{journey.address}{FIGURES}")
        other.locator(REVENUE).fill("2100")
        other.keyboard.press("Tab")
        _said(other, "已保存")
        other.close()
        page.locator(REVENUE).fill("2200")
        page.keyboard.press("Tab")
        expect(page.locator("#n-revenue")).to_contain_text("已被改为“2,100.00”", timeout=15_000)
        assert _stands(world) == "2100000000"
    with journey.step("选用自己填的"):
        page.get_by_role("button", name="用我填的 2200").click()
        _said(page, "已保存")
        expect(page.locator("#n-revenue")).not_to_contain_text("已被改为", timeout=15_000)
        assert _stands(world) == "2200000000"


def test_a_value_of_a_higher_source_stands_beside_ones_own(journey: Journey, world: World) -> None:
    record_facts(
        actor=world.actor("city_baotou"),
        enterprise=world.a,
        facts=[
            NewFact("revenue", 2_318_900_000, LAST, document_no="审字12号", stated_on=dt.date(LAST + 1, 3, 2))
        ],
        source=Source.AUDITED,
    )
    page = journey.page
    _enter(page, journey.address, FIGURES)
    with journey.step("已知的数带着来源显示，不再要求填写"):
        box = page.locator(f"#f-revenue_{LAST}-box")
        expect(box).to_contain_text("审字12号")
        expect(page.locator(REVENUE)).to_be_hidden()
    with journey.step("与实际不符的可以另填，两个数并列"):
        page.locator(f"#f-revenue_{LAST}-box summary").click()
        page.locator(REVENUE).fill("2000")
        page.keyboard.press("Tab")
        _said(page, "已保存")
        page.reload()
        expect(page.locator(f"#f-revenue_{LAST}-box")).to_contain_text("您填的不一样")


@pytest.mark.usefixtures("world")
def test_evidence_goes_up_is_looked_at_and_taken_back(journey: Journey, tmp_path: Path) -> None:
    report = tmp_path / "审计报告.pdf"
    report.write_bytes(pdf(2))
    page = journey.page
    _enter(page, journey.address, "/registry/own/evidence/")
    with journey.step("选种类和年度，上传一份"):
        page.get_by_label("材料种类").select_option("audit_report")
        page.get_by_label("所属年度").select_option(str(LAST))
        page.locator("#f-file").set_input_files(report)
        page.get_by_role("button", name="上传材料").click()
        expect(page.get_by_role("link", name="审计报告.pdf", exact=True)).to_be_visible(timeout=15_000)
        assert Evidence.objects.get().year == LAST
    with journey.step("逐页预览"):
        page.get_by_role("link", name="审计报告.pdf", exact=True).click()
        expect(page.get_by_role("img", name="第 1 页，共 2 页")).to_be_visible()
    with journey.step("不能收的文件，说明原因", status=422):
        journey.open("/registry/own/evidence/")
        bad = tmp_path / "名单.xlsm"
        bad.write_bytes(b"PK")
        page.get_by_label("材料种类").select_option("audit_report")
        page.locator("#f-file").set_input_files(bad)
        page.get_by_role("button", name="上传材料").click()
        expect(page.get_by_text("不能上传 .xlsm 文件")).to_be_visible(timeout=15_000)
    with journey.step("撤下，留底备查"):
        journey.open("/registry/own/evidence/")
        page.get_by_role("link", name=re.compile("撤下.*审计报告.pdf")).click()
        page.get_by_role("button", name="撤下材料").click()
        expect(page.get_by_role("heading", name="撤下的材料")).to_be_visible()


def test_lists_grow_and_change(journey: Journey, world: World) -> None:
    page = journey.page
    _enter(page, journey.address, "/registry/own/list/products/")
    with journey.step("添加产品"):
        page.get_by_label("产品名称").fill("石墨电极")
        page.get_by_label("上年度销售收入（万元）").fill("1604.68")
        page.get_by_role("button", name="添加产品").click()
        expect(page.get_by_role("cell", name="1,604.68")).to_be_visible()
    with journey.step("改动产品"):
        page.get_by_role("link", name=re.compile("修改.*石墨电极")).click()
        page.get_by_label("产品名称").fill("超高功率石墨电极")
        page.get_by_role("button", name="保存修改").click()
        expect(page.get_by_role("rowheader", name="超高功率石墨电极")).to_be_visible()
    assert world.memberships["manager_a"].role == Role.ENTERPRISE_MANAGER


def test_without_scripts_the_form_still_saves(
    browser: Browser, live_server: LiveServer, world: World
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    _enter(page, live_server.url, FIGURES)
    page.locator(REVENUE).fill("2318.9")
    page.get_by_role("button", name="保存本节").last.click()
    expect(page.get_by_text("已保存")).to_be_visible()
    expect(page.locator(REVENUE)).to_have_value("2,318.90")
    assert _stands(world) == "2318900000"
    context.close()
