"""The design language and the statements of the site, in every display mode."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.journeys.journey import DESK, PHONE, Journey

STATEMENTS = (("/accessibility/", "无障碍说明"), ("/privacy/", "隐私说明"), ("/site-map/", "网站地图"))


@pytest.fixture(autouse=True)
def _guide_is_open(settings: Settings) -> None:
    settings.STYLEGUIDE = True


def test_every_statement_is_one_click_from_the_foot_of_the_front_page(journey: Journey) -> None:
    with journey.step("打开首页") as page:
        journey.open("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("哪项政策适合我，差什么，找谁办")
    for path, title in STATEMENTS:
        with journey.step(f"从页脚打开{title}") as page:
            journey.open("/")
            page.get_by_role("contentinfo").get_by_role("link", name=title).click()
            expect(page).to_have_url(re.compile(f"{path}$"))
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
    with journey.step("打开不存在的地址，得到中文的 404", status=404) as page:
        journey.open("/nowhere/")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
    with journey.step("只用键盘跳到正文", widths=(DESK,), shot=False) as page:
        journey.open("/privacy/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
    with journey.step("在手机上打开菜单", widths=(), shot=False) as page:
        journey.resize(PHONE)
        menu = page.get_by_role("button", name="菜单")
        expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
        menu.click()
        expect(menu).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("navigation", name="主导航")).to_be_visible()


def test_every_component_passes_in_every_display_mode(journey: Journey) -> None:
    with journey.step("打开组件一览") as page:
        journey.open("/styleguide/")
        expect(page.get_by_role("heading", level=1)).to_have_text("组件一览")
        expect(page.locator("#chart svg").first).to_be_visible()
        expect(page.get_by_role("alert")).to_be_focused()
    for names in (("深色",), ("高对比",), ("高对比", "深色"), ("大字",), ("大字", "深色")):
        with journey.step(f"{'、'.join(names)}：服务器在重新打开时照此显示") as page:
            page.context.clear_cookies()
            journey.open("/styleguide/")
            for name in names:
                page.get_by_role("button", name=name).click()
            page.reload()
            for name in names:
                expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")


def test_a_clause_opens_beside_the_page_and_gives_the_focus_back(journey: Journey) -> None:
    with journey.step("点条款，原文在页旁打开") as page:
        journey.open("/styleguide/")
        chip = page.locator("#chips .td-clause").first
        chip.click()
        panel = page.get_by_role("dialog", name="条款原文")
        expect(panel).to_be_visible()
        expect(panel.get_by_role("heading")).to_be_focused()
    with journey.step("按 Esc 关闭，光标回到条款", widths=(), shot=False) as page:
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(chip).to_be_focused()
    with journey.step("原文取不到时，条款仍是一个链接", widths=(), status=404) as page:
        page.locator("#chips .td-clause").first.evaluate("chip => { chip.dataset.panel = '/nowhere/'; }")
        page.locator("#chips .td-clause").first.click()
        expect(page).to_have_url(re.compile(r"/styleguide/#law$"))


def test_the_display_modes_work_without_scripts(journey: Journey) -> None:
    browser = journey.page.context.browser
    assert browser is not None
    with journey.step("关掉脚本，按“深色”", widths=(), shot=False):
        plain = browser.new_context(
            java_script_enabled=False, viewport={"width": PHONE, "height": 812}
        ).new_page()
        plain.goto(f"{journey.address}/privacy/")
        expect(plain.get_by_role("navigation", name="主导航")).to_be_visible()
        expect(plain.get_by_role("button", name="菜单")).to_be_hidden()
        plain.get_by_role("button", name="深色").click()
        expect(plain).to_have_url(f"{journey.address}/privacy/")
        expect(plain.locator("html")).to_have_attribute("data-bs-theme", "dark")
        plain.context.close()
