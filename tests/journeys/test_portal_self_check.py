"""The self-check as a visitor walks through it: from nothing to 初步符合, to a no, to paper; the ladder; the size."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from pytest_django import Settings

from tests.journeys.journey import DESK, PHONE, Journey
from tests.portal.conftest import HOHHOT, NATION_2022
from tidu.core.display import COOKIE

FORM = f"/self-check/{HOHHOT}/municipal_srdi/"
MODES = {"深色": "dark", "高对比": "contrast", "高对比、深色": "contrast.dark", "大字": "large"}
YES, NO = "yes", "no"
# Every answer of an enterprise that fits, by the name of its control.
FITS: Mapping[str, str] = {
    "independent_legal_person": YES,
    "registered_on": "2018-06-12",
    "registered_area-city": "150100",
    "registered_area-place": "150105",
    "industry_code": "C3514",
    "employees_2025": "128",
    "revenue_2023": "1,842.60",
    "revenue_2024": "2,036.40",
    "revenue_2025": "2,318.90",
    "tax_and_credit_good": YES,
    "major_incident": NO,
    "bad_record": NO,
    "niche_years": "7.6",
    "main_product_revenue_2025": "1,604.68",
    "rank_regional": "6",
    "quality_system_certified": YES,
    "municipal_brands": "1",
    "utility_models": "2",
    "software_copyrights": "1",
}


@pytest.fixture(autouse=True)
def _no_texts(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def _saved(page: Page) -> None:
    """Wait until the page says that the latest change is kept."""
    expect(page.locator("#saved")).to_contain_text("已自动保存")


def _answer(page: Page, name: str, text: str) -> None:
    """Answer one question as a person does, and leave the field; wait until it is saved."""
    with page.expect_response(re.compile("/save/$")) as saved:
        if text in {YES, NO}:
            page.locator(f"input[name={name}][value={text}]").check()
        elif page.locator(f"select#f-{name}").count():
            page.locator(f"#f-{name}").select_option(text)
        else:
            page.locator(f"#f-{name}").fill(text)
            page.locator(f"#f-{name}").blur()
    assert saved.value.ok


def _headline(page: Page, words: str) -> None:
    expect(page.locator("#verdict")).to_contain_text(words)


def _words_of(pdf: Path) -> str:
    made = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True)  # noqa: S603, S607 - a tool of the tests
    return made.stdout.decode()


def _choose_file(page: Page, name: str, data: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label("答案文件", exact=True).set_input_files(file)


def test_from_nothing_to_a_first_yes_to_a_no_and_to_paper(journey: Journey, tmp_path: Path) -> None:
    with journey.step("首页 → 自测：选一个称号") as page:
        journey.open("/")
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="自测").click()
        expect(page.locator("#s-force")).to_contain_text("现行有效")
        expect(page.locator("#s-expired")).to_contain_text("梯度培育暂行办法（2022年）")
    with journey.step("呼和浩特市：一项也没填的表") as page:
        page.get_by_role("link", name="呼和浩特市“专精特新”中小企业").click()
        expect(page.locator("#progress-words")).to_have_text(re.compile("已填 0 项，共 2"))
        expect(page.locator("#g-specialised")).to_contain_text("由专家评判，不用填")
    with journey.step("空表的结果：待补充，什么都不算不符合") as page:
        page.get_by_role("button", name="查看结果").click()
        _headline(page, "待补充")
        expect(page.locator("#criteria [data-s=not_met]")).to_have_count(0)
    with journey.step("逐项填写，改完自动保存", widths=()) as page:
        page.get_by_role("link", name="修改填报").click()
        for name, text in FITS.items():
            _answer(page, name, text)
        _saved(page)
        expect(page.locator("#t-basic")).to_have_text("9/9")
        expect(page.locator("#size")).to_contain_text("小型企业")
    with journey.step("营业收入填成了元：提醒，一点就改好") as page:
        _answer(page, "revenue_2025", "23,189,000")
        expect(page.locator("#f-revenue_2025-warning")).to_contain_text("11,387 倍")
        page.get_by_role("button", name="改为 2,318.90 万元").click()
        expect(page.locator("#f-revenue_2025")).to_have_value("2,318.90")
        expect(page.locator("#f-revenue_2025-warning")).to_have_count(0)
    with journey.step("重新打开，填过的都在") as page:
        page.reload()
        for name, text in FITS.items():
            if text not in {YES, NO}:
                expect(page.locator(f"#f-{name}")).to_have_value(text)
    with journey.step("查看结果：初步符合，四项由人评判") as page:
        page.get_by_role("button", name="查看结果").click()
        _headline(page, "初步符合")
        expect(page.locator(".td-verdict")).to_contain_text("预评估不等于认定")
        expect(page.locator("#criteria [data-s=needs_review]")).to_have_count(4)
    with journey.step("点条款，原文在页旁打开") as page:
        page.locator("#c-revenue .td-clause").click()
        expect(page.get_by_role("dialog", name="条款原文")).to_contain_text("上年度营业收入")
        page.keyboard.press("Escape")
    with journey.step("从结论回到那一个数，改小", widths=()) as page:
        page.locator("#c-revenue").get_by_role("link", name="改").click()
        expect(page).to_have_url(re.compile(f"{FORM}#q-revenue$"))
        _answer(page, "revenue_2025", "900")
    with journey.step("结果变成不符合：哪一条、差多少、怎么补") as page:
        page.get_by_role("button", name="查看结果").click()
        _headline(page, "暂不符合")
        row = page.locator("#c-revenue")
        expect(row).to_contain_text("−100.00 万元")
        expect(row.locator(".td-clause")).to_have_text("申报条件·基本条件 03")
        expect(page.locator("#gaps")).to_contain_text("上年度营业收入现为 900.00 万元，要求 ≥ 1,000.00 万元")
    with journey.step("下载 PDF，结论和条款都在纸上", widths=()) as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="下载 PDF").click()
        pdf = tmp_path / "result.pdf"
        download.value.save_as(pdf)
        words = _words_of(pdf)
        assert "暂不符合" in words
        assert "预评估不等于认定" in words
        assert "基本条件 03" in "".join(words.splitlines()) or "条件 03" in words
    with journey.step("下载答案，清除，再载入：结论一样") as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="下载答案文件").click()
        answers = tmp_path / "answers.yaml"
        download.value.save_as(answers)
        page.get_by_role("button", name="清除填写内容").click()
        expect(page.get_by_role("status").first).to_contain_text("已经清除")
        expect(page.locator("#kept")).to_have_count(0)
        journey.open(f"/self-check/?pack={HOHHOT}&tier=municipal_srdi")
        page.get_by_label("答案文件", exact=True).set_input_files(answers)
        page.get_by_role("button", name="载入", exact=True).click()
        expect(page.locator("#f-revenue_2025")).to_have_value("900.00")
        page.get_by_role("button", name="查看结果").click()
        _headline(page, "暂不符合")


def test_what_cannot_be_read_is_told_beside_the_field_and_nothing_is_lost(journey: Journey) -> None:
    with journey.step("填了看不懂的：错误在旁边，汇总在前面，光标在汇总") as page:
        journey.open(FORM)
        _answer(page, "revenue_2025", "两千万")
        expect(page.locator("#f-revenue_2025-error")).to_contain_text("请填数字")
        expect(page.locator("#f-revenue_2025")).to_have_attribute("aria-invalid", "true")
        _answer(page, "registered_on", "2018-02-30")
        page.get_by_role("button", name="查看结果").click()
        alert = page.get_by_role("alert")
        expect(alert).to_be_focused()
        expect(alert).to_contain_text("有 2 处需要改，其余已保存")
        expect(page.locator("#f-revenue_2025")).to_have_value("两千万")
    with journey.step("从汇总跳到那一项，改好，错误消失") as page:
        alert.get_by_role("link", name=re.compile("2025 年营业收入")).click()
        expect(page.locator("#f-revenue_2025")).to_be_focused()
        _answer(page, "revenue_2025", "2,318.90")
        expect(page.locator("#f-revenue_2025-error")).to_have_count(0)
        expect(page.locator("#f-revenue_2025")).not_to_have_attribute("aria-invalid", "true")
        expect(page.get_by_role("alert")).to_contain_text("有 1 处需要改")
    with journey.step("行业：写一个词，从结果里选") as page:
        page.locator("#f-industry_code").press_sequentially("碳素")
        page.locator("#industries").get_by_role("button", name=re.compile("C3091")).click()
        expect(page.locator("#f-industry_code")).to_have_value("C3091")
        expect(page.locator("#n-industry_code")).to_contain_text("石墨及碳素制品制造")
    with journey.step("注册地：选了盟市，列出旗县区", widths=()) as page:
        _answer(page, "registered_area-city", "150200")
        page.locator("#f-registered_area-place").select_option(label="包头稀土高新技术产业开发区")
    with journey.step("另一个窗口改了别的项，两边都留下", widths=()) as page:
        other = page.context.new_page()
        other.goto(f"{journey.address}{FORM}")
        _answer(page, "municipal_brands", "3")
        _answer(other, "niche_years", "5")
        other.get_by_role("button", name="查看结果").click()
        with page.expect_navigation():
            page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator("#f-niche_years")).to_have_value("5")
        expect(page.locator("#f-municipal_brands")).to_have_value("3")
        other.close()
    with journey.step("太大的文件，在旁边说明，没有送出") as page:
        journey.open("/self-check/")
        _choose_file(page, "big.yaml", b"#" * (10 * 1024 * 1024))
        expect(page.locator("#file-error")).to_contain_text("超过 256 KB")
    with journey.step("不是答案文件，在旁边说明，填写没有变") as page:
        _choose_file(page, "report.xlsx", b"PK\x03\x04rest")
        page.get_by_role("button", name="载入", exact=True).click()
        expect(page.locator("#file-error")).to_contain_text("看起来是 Excel 或 Word 文件")
        expect(page.locator("#kept")).to_contain_text("上次的填写还在")


def test_the_whole_way_by_keyboard(journey: Journey) -> None:
    with journey.step("只用键盘：从选称号到表单", widths=(DESK,), shot=False) as page:
        journey.open("/self-check/")
        link = page.get_by_role("link", name="呼和浩特市“专精特新”中小企业")
        _tab_to(page, link)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(FORM))
    with journey.step("只用键盘：填写、选择、查看结果", widths=(DESK,), shot=False) as page:
        _tab_to(page, page.locator("input[name=independent_legal_person][value='']"))
        page.keyboard.press("ArrowRight")
        expect(page.locator("input[name=independent_legal_person][value=yes]")).to_be_checked()
        _tab_to(page, page.locator("#f-registered_on"))
        page.keyboard.type("2018-06-12")
        _tab_to(page, page.locator("#f-registered_area-city"))
        page.keyboard.press("ArrowDown")
        expect(page.locator("#f-registered_area-city")).to_have_value("150100")
        _tab_to(page, page.locator("#f-employees_2025"))
        page.keyboard.type("128")
        _tab_to(page, page.get_by_role("button", name="查看结果"))
        _saved(page)
        page.keyboard.press("Enter")
        _headline(page, "待补充")
        expect(page.locator("#c-registered_two_years [data-s=met]")).to_be_visible()
        expect(page.locator("#c-independent_legal_person [data-s=met]")).to_be_visible()
        expect(page.locator("#c-registered_in_city [data-s=met]")).to_be_visible()


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; whoever cannot see the page finds it so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            return
    pytest.fail("never reached by Tab")


def test_one_sample_on_the_ladder_and_in_the_calculator(journey: Journey) -> None:
    with journey.step("载入样例") as page:
        journey.open("/self-check/")
        page.get_by_role("button", name="载入样例").click()
        expect(page.locator("#kept")).to_contain_text("填了")
    with journey.step("梯度：每一级差什么") as page:
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="梯度").click()
        expect(page.locator("#rungs-title")).to_contain_text("现持有创新型，下一级是专精特新")
        expect(page.get_by_role("region", name="各级要求对照表")).to_contain_text("每年 ≥ 100.00 万元")
    with journey.step("换到 2025-12-31 和包头市") as page:
        page.get_by_label("评估日").fill("2025-12-31")
        page.get_by_label("地方", exact=True).select_option("150200")
        page.get_by_role("button", name="按此查看").click()
        expect(page.locator(".td-meta")).to_contain_text("2025-12-31")
        expect(page.locator("#rungs")).not_to_contain_text("呼和浩特市认定办法")
    with journey.step("填写市级称号，列出奖补") as page:
        journey.open("/ladder/?on=2025-12-31&place=all")
        page.locator("#f-title-municipal_srdi-since").fill("2024-03-01")
        page.locator("#f-title-municipal_srdi-until").fill("2027-02-28")
        page.get_by_role("button", name="保存称号，重新对照").click()
        expect(page.get_by_role("region", name="奖补对照表")).to_contain_text("20 万元")
    with journey.step("规模测算：带入自测的数据") as page:
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="规模测算").click()
        expect(page.locator("#size-result")).to_contain_text("小型企业")
    with journey.step("换成建筑业，问的是另外两项") as page:
        page.locator("#f-size-industry_code").fill("E4710")
        page.locator("#f-size-industry_code").blur()
        expect(page.locator("#f-size-total_assets")).to_be_visible()
        expect(page.locator("#f-size-employees")).to_have_count(0)
    with journey.step("标准以外的行业，由主管部门认定") as page:
        page.locator("#f-size-industry_code").fill("P8310")
        page.locator("#f-size-industry_code").blur()
        expect(page.locator("#size-result [data-s=needs_review]").first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/self-check/", "选称号"),
        (FORM, "表单"),
        (f"{FORM}result/", "结果"),
        (f"/self-check/{NATION_2022}/srdi/result/", "有得分的结果"),
        ("/ladder/?rows=all", "梯度"),
        ("/size/", "规模测算"),
    ],
)
def test_the_pages_pass_in_the_display_modes(journey: Journey, path: str, name: str) -> None:
    with journey.step(f"{name}：样例", widths=(), shot=False) as page:
        journey.open("/self-check/")
        page.get_by_role("button", name="载入样例").click()
    for words, cookie in MODES.items():
        with journey.step(f"{name}：{words}", shot=False) as page:
            page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": journey.address}])
            journey.open(path)


def test_everything_works_without_scripts(journey: Journey) -> None:
    browser = journey.page.context.browser
    assert browser is not None
    with journey.step("关掉脚本：填写、选旗县区、改元为万元、看结果", widths=(), shot=False):
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": PHONE, "height": 812}, locale="zh-CN"
        )
        plain = context.new_page()
        plain.goto(f"{journey.address}{FORM}")
        plain.locator("#f-revenue_2024").fill("2036.4")
        plain.locator("#f-revenue_2025").fill("23189000")
        plain.locator("#f-registered_area-city").select_option("150100")
        plain.get_by_role("button", name="按新的日期和年度重列问题").click()
        plain.locator("#f-registered_area-place").select_option("150105")
        plain.get_by_role("button", name="改为 2,318.90 万元").click()
        expect(plain).to_have_url(re.compile("#q-revenue$"))
        expect(plain.locator("#f-revenue_2025")).to_have_value("2,318.90")
        plain.locator("#f-industry_code").fill("碳素")
        plain.get_by_role("button", name="查看结果").click()
        plain.get_by_role("button", name=re.compile("C3091")).click()
        expect(plain.locator("#f-industry_code")).to_have_value("C3091")
        expect(plain.locator("#f-registered_area-place")).to_have_value("150105")
        plain.get_by_role("button", name="查看结果").click()
        expect(plain.locator("#c-registered_in_city [data-s=met]")).to_be_visible()
        context.close()
