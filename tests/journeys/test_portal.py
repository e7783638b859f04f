"""The public site as a visitor walks through it: what is in force, the policies, their clauses, and search."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.journeys.journey import DESK, PHONE, Journey
from tests.portal.conftest import BAOTOU, HOHHOT, attach_text

_SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
_TEXTS = {HOHHOT: "004_acc7edf7c1d8a5ce.txt", BAOTOU: "000_02980f29dc4fcc23.txt"}
MODES = (("深色",), ("高对比",), ("高对比", "深色"), ("大字",))


@pytest.fixture(autouse=True)
def _texts(settings: Settings, tmp_path: Path) -> None:
    """The official texts, where they are at hand; the site stands without them too."""
    settings.DATA = tmp_path
    for pack_id, name in _TEXTS.items():
        if (_SEEDS / name).is_file():
            attach_text(pack_id, _SEEDS / name, tmp_path)


def test_from_the_front_page_to_a_policy_on_its_last_day_and_the_day_after(journey: Journey) -> None:
    with journey.step("打开首页：今天哪些政策有效") as page:
        journey.open("/")
        expect(page.get_by_role("heading", level=2).first).to_contain_text("份政策现行有效")
    with journey.step("选包头市：已届满的政策还能兑现什么") as page:
        page.get_by_role("navigation", name="选择地区").get_by_role("link", name="包头市").click()
        expect(page.get_by_role("article", name=re.compile("包头市支持"))).to_contain_text("仍可兑现")
        expect(page.locator(f"#p-{HOHHOT}")).to_have_count(0)
    with journey.step("再来时记得所选的地区", widths=(), shot=False) as page:
        journey.open("/")
        expect(page.locator(f"#p-{HOHHOT}")).to_have_count(0)
    with journey.step("政策库：哪一天？2025-12-31") as page:
        journey.open("/policies/")
        page.get_by_label("哪一天").fill("2025-12-31")
        page.get_by_label("状态").select_option("force")
        expect(page).to_have_url(re.compile("on=2025-12-31"))
        row = page.get_by_role("row", name=re.compile("包头市支持"))
        expect(row).to_contain_text("现行有效")
    with journey.step("2025-12-31：包头市若干措施有效") as page:
        row.get_by_role("link").click()
        expect(page).to_have_url(re.compile(f"{BAOTOU}/.on=2025-12-31"))
        expect(page.locator(".td-meta .td-st")).to_have_attribute("data-s", "soon")
    with journey.step("次日 2026-01-01：已经届满") as page:
        page.get_by_role("link", name="届满次日 2026-01-01").click()
        expect(page.locator(".td-meta .td-st")).to_have_attribute("data-s", "expired")
        expect(page.get_by_role("heading", name="2026-01-01 已经届满")).to_be_visible()
    with journey.step("写错的日期，在旁边说明", widths=(DESK,)) as page:
        page.get_by_label("看哪一天的效力").fill("2026-02-30")
        page.get_by_role("button", name="查看这一天").click()
        expect(page.locator("#f-on-error")).to_contain_text("没有这一天")
        expect(page.get_by_label("看哪一天的效力")).to_have_value("2026-02-30")


def test_a_clause_opens_beside_any_page_and_has_an_address_of_its_own(journey: Journey) -> None:
    with journey.step("认定办法：条款与效果") as page:
        journey.open(f"/policies/{HOHHOT}/")
        expect(page.locator(".td-law").first).to_be_visible()
    with journey.step("点条款，在页旁打开") as page:
        page.locator("#readings .td-clause").nth(1).click()
        panel = page.get_by_role("dialog", name="条款原文")
        expect(panel.get_by_role("heading", name="申报条件·基本条件 03")).to_be_focused()
        expect(panel).to_contain_text("上年度营业收入 ≥ 1,000.00 万元")
    with journey.step("按 Esc 关闭，到全文中看这一条", widths=(), shot=False) as page:
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        page.locator("#readings .td-clause").nth(1).click()
        panel.get_by_role("link", name="在全文中看这一条").click()
        expect(page).to_have_url(re.compile("#c-"))
        expect(panel).to_be_hidden()
    with journey.step("条款有自己的地址") as page:
        journey.open(f"/policies/{HOHHOT}/clauses/申报条件/具体条件/新颖化")
        expect(page.get_by_role("heading", level=1)).to_have_text("申报条件·具体条件·新颖化")
    with journey.step("没有这一条，得到中文的 404", widths=(), status=404) as page:
        journey.open(f"/policies/{HOHHOT}/clauses/第九十九条")
        expect(page.locator("main")).to_contain_text("里没有“第九十九条”这一条")


def test_search_leads_from_a_word_to_the_clause(journey: Journey) -> None:
    with journey.step("在首页搜索") as page:
        journey.open("/")
        page.get_by_role("searchbox").fill("整体迁入")
        page.get_by_role("button", name="搜索").click()
        expect(page.locator("#results mark").first).to_have_text("整体迁入")
    with journey.step("只看奖励补助，不重新打开页面", widths=(), shot=False) as page:
        page.evaluate("window.stayed = true")
        page.get_by_label("类别").select_option("award")
        expect(page).to_have_url(re.compile("kind=award"))
        expect(page.locator("#results .td-tag").first).to_have_text("奖励补助")
        assert page.evaluate("window.stayed") is True
    with journey.step("打开第一条结果") as page:
        page.locator("#results h3 a").first.click()
        expect(page.locator("article")).to_contain_text("整体迁入补助：30 万元")
    with journey.step("后退，回到整页的结果", widths=(), shot=False) as page:
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("搜索政策和条款")
        expect(page.locator("#results")).to_be_visible()
    with journey.step("搜不到时，说明怎么办") as page:
        journey.open("/search/?q=量子航母")
        expect(page.locator("#results")).to_contain_text("换一种说法")


@pytest.mark.parametrize(
    ("path", "name", "modes"),
    [
        ("/", "首页", MODES),
        (f"/policies/{BAOTOU}/", "政策", MODES),
        ("/policies/", "政策库", MODES[2:]),
        ("/search/?q=小巨人", "搜索", MODES[2:]),
    ],
)
def test_the_pages_pass_in_the_display_modes(
    journey: Journey, path: str, name: str, modes: tuple[tuple[str, ...], ...]
) -> None:
    for names in modes:
        with journey.step(f"{name}：{'、'.join(names)}") as page:
            page.context.clear_cookies()
            journey.open(path)
            for mode in names:
                page.get_by_role("button", name=mode).click()
            page.reload()


def test_filters_and_search_work_without_scripts(journey: Journey) -> None:
    browser = journey.page.context.browser
    assert browser is not None
    with journey.step("关掉脚本：筛选、看条款、搜索", widths=(), shot=False):
        plain = browser.new_context(
            java_script_enabled=False, viewport={"width": PHONE, "height": 812}
        ).new_page()
        plain.goto(f"{journey.address}/policies/")
        plain.get_by_label("层级").select_option("municipal_srdi")
        plain.get_by_role("button", name="筛选").click()
        expect(plain.locator("tbody tr")).to_have_count(2)
        plain.get_by_role("link", name=re.compile("认定管理办法")).click()
        plain.locator("#readings .td-clause").first.click()
        expect(plain).to_have_url(re.compile(f"/policies/{HOHHOT}/#c-"))
        plain.goto(f"{journey.address}/search/?q=增速")
        expect(plain.locator("#results mark").first).to_be_visible()
        plain.context.close()
