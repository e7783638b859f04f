"""What the scripts of the signed-in pages add, and that nothing is lost without them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import Route, expect
from pytest_django import Settings

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.journeys.journey import PHONE, Journey
from tidu.accounts.models import Membership
from tidu.core.actor import SYSTEM
from tidu.core.roles import Role
from tidu.desk.actions import open_task
from tidu.desk.models import Preference

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _guide_is_open(settings: Settings) -> None:
    settings.STYLEGUIDE = True


def enter(journey: Journey, world: World, person: str) -> None:
    """Carry a signed-in session into the browser."""
    client = Client()
    sign_in(client, world.users[person])
    journey.page.context.clear_cookies()
    name = site.SESSION_COOKIE_NAME
    journey.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": journey.address}]
    )


def test_a_section_saves_itself_and_keeps_what_was_typed_while_the_network_is_gone(journey: Journey) -> None:
    with journey.step("填一项，停下来就保存") as page:
        journey.open("/styleguide/")
        section = page.locator("#sample-section")
        staff = section.get_by_label("从业人员")
        staff.fill("12")
        expect(section.get_by_role("status")).to_have_text(re.compile(r"^已保存 \d{2}:\d{2}:\d{2}$"))
        expect(section.locator("[data-done]")).to_have_text("2")
        assert (
            page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tidu-draft')).length")
            == 0
        )
    with journey.step("填错时照样保存，并在旁边说明怎样改") as page:
        staff.fill("十二")
        expect(section.get_by_role("status")).to_contain_text("有 1 处需要改")
        expect(section.locator("[data-auto-error]")).to_contain_text("请填数字，例如 12")
        expect(staff).to_have_attribute("aria-invalid", "true")
    with journey.step("断网时写明没有保存，内容留在本机", widths=(), shot=False) as page:
        page.route("**/styleguide/section/", lambda route: route.abort())
        staff.fill("208")
        expect(section.get_by_role("status")).to_contain_text("内容保留在本机")
        journey.forget_complaints()
    with journey.step("关掉再打开，内容还在，并自动补存") as page:
        page.unroute("**/styleguide/section/")
        journey.open("/styleguide/")
        expect(page.locator("#sample-section").get_by_label("从业人员")).to_have_value("208")
        expect(page.locator("#sample-section").get_by_role("status")).to_contain_text("已保存")
    with journey.step("登录已结束时不丢内容", widths=(), shot=False) as page:

        def signed_out(route: Route) -> None:
            route.fulfill(status=302, headers={"Location": "/accounts/login/"})

        page.route("**/styleguide/section/", signed_out)
        page.locator("#sample-section").get_by_label("从业人员").fill("209")
        expect(page.locator("#sample-section").get_by_role("status")).to_contain_text("登录已结束")
        expect(page.locator("#sample-section").get_by_role("link", name="重新登录")).to_be_in_viewport()


def test_rows_are_picked_questions_open_beside_the_page_and_files_are_named(journey: Journey) -> None:
    with journey.step("勾选两行，再选中本页") as page:
        journey.open("/styleguide/")
        bar = page.locator("#sample-bulk")
        page.get_by_label("选择样例企业甲").check()
        expect(bar.get_by_role("status")).to_have_text("已选 1 行")
        bar.get_by_label("选中本页").check()
        expect(bar.get_by_role("status")).to_have_text("已选 3 行")
        bar.get_by_label(re.compile("筛选出的全部 95")).check()
        expect(page.get_by_label("选择样例企业乙")).to_be_disabled()
    with journey.step("什么都没选时不提交", widths=(), shot=False) as page:
        journey.open("/styleguide/")
        page.get_by_role("button", name="送部门确认").click()
        expect(page.locator("#sample-bulk").get_by_role("status")).to_contain_text("还没有选中任何一行")
    with journey.step("点撤销导入，在对话框里问理由") as page:
        page.get_by_role("link", name="撤销导入").click()
        dialog = page.get_by_role("dialog", name="撤销样例导入")
        expect(dialog.get_by_label("撤销理由")).to_be_focused()
    with journey.step("不填理由时在整页上再问一次", status=422) as page:
        dialog.get_by_label("撤销理由").evaluate("control => control.removeAttribute('required')")
        dialog.get_by_role("button", name="撤销导入").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("撤销样例导入")
        expect(page.get_by_role("alert")).to_contain_text("请填写撤销理由")
    with journey.step("选中的文件写出名称和大小，太大的当场说明") as page:
        journey.open("/styleguide/")
        page.get_by_label("企业数据表").set_input_files(
            {"name": "样例.xlsx", "mimeType": "application/zip", "buffer": b"x" * 2048}
        )
        expect(page.locator("[data-file-list]").first).to_contain_text("样例.xlsx　2 KB")
        page.get_by_label("企业数据表").evaluate("control => { control.dataset.bytes = '1024'; }")
        page.get_by_label("企业数据表").set_input_files(
            {"name": "太大.xlsx", "mimeType": "application/zip", "buffer": b"x" * 4096}
        )
        expect(page.locator("[data-drop-error]").first).to_contain_text("超过 1 KB")
    with journey.step("太大的不会发出，页面和填写的都在", widths=(), shot=False) as page:
        page.locator("form:has(#f-workbook)").evaluate("form => form.requestSubmit()")
        expect(page.get_by_label("企业数据表")).to_be_focused()
        expect(page.locator("[data-file-list]").first).to_contain_text("太大.xlsx")


def test_the_home_page_the_messages_and_another_identity(journey: Journey) -> None:
    world = make_world()
    office = world.organisations["district_kundulun"]
    Membership.objects.create(
        user=world.users["district_kundulun"],
        organisation=world.organisations["district_qingshan"],
        role=Role.DISTRICT_OFFICER,
    )
    open_task(
        actor=SYSTEM,
        kind="desk.sample",
        title="核实认领：某市试样A科技有限公司",
        url="/desk/?tab=todo",
        organisation=office,
        role=Role.DISTRICT_OFFICER,
        subject=world.a,
    )
    enter(journey, world, "district_kundulun")
    with journey.step("打开工作台") as page:
        journey.open("/desk/")
        expect(page.get_by_role("heading", level=1)).to_have_text("待办 1 件，三个工作日内没有到期的")
        expect(page.get_by_role("link", name=re.compile("消息"))).to_contain_text("1")
    with journey.step("打开消息并跳到办理的地方") as page:
        page.get_by_role("link", name=re.compile("消息")).click()
        page.get_by_role("button", name=re.compile("核实认领")).click()
        expect(page).to_have_url(re.compile(r"tab=todo$"))
    with journey.step("换一个身份，看不到前一个机构的待办") as page:
        page.get_by_label("当前身份").select_option(label=_label(journey, "青山"))
        page.get_by_role("button", name=re.compile(r"^切换")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("没有待办")
    with journey.step("不在范围内的页面写明原因，并可换身份打开", status=404) as page:
        journey.open("/desk/nowhere/")
        expect(page.get_by_text("不在您当前身份的范围内")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^以“.*昆都仑.*”打开$"))).to_be_visible()
    with journey.step("打开深色，随账号保存，换一台机器也是深色", widths=(), shot=False) as page:
        journey.open("/desk/")
        with page.expect_response(lambda answer: "/display/" in answer.url):
            page.get_by_role("button", name="深色").click()
        assert Preference.objects.get(user=world.users["district_kundulun"]).display == "dark"
        enter(journey, world, "district_kundulun")
        journey.open("/desk/")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    for mode in ("高对比", "大字"):
        with journey.step(f"工作台再打开{mode}") as page:
            page.get_by_role("button", name=mode).click()
    with journey.step("手机上打开菜单", widths=(PHONE,)) as page:
        journey.resize(PHONE)
        page.get_by_role("button", name="菜单").click()
        expect(
            page.get_by_role("navigation", name="主导航").get_by_role("link", name="工作台")
        ).to_be_visible()
    with journey.step("退出") as page:
        page.get_by_role("button", name="退出").click()
        expect(page.get_by_role("link", name="登录", exact=True)).to_be_visible()


def _label(journey: Journey, part: str) -> str:
    """The full label of the identity that names ``part``."""
    for text in journey.page.get_by_label("当前身份").locator("option").all_inner_texts():
        if part in text:
            return text
    raise AssertionError(part)


def test_an_enterprise_and_each_administrator_have_a_home(journey: Journey) -> None:
    world = make_world()
    for person in ("manager_a", "system_administrator", "security_administrator", "audit_administrator"):
        enter(journey, world, person)
        with journey.step(f"{person} 打开工作台") as page:
            journey.open("/desk/")
            expect(page.get_by_role("heading", level=1)).to_contain_text("没有待办")


def test_the_desk_works_without_scripts(journey: Journey) -> None:
    world = make_world()
    enter(journey, world, "manager_a")
    browser = journey.page.context.browser
    assert browser is not None
    with journey.step("关掉脚本打开工作台和确认页", widths=(), shot=False):
        context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 812})
        context.add_cookies(
            [
                {"name": item["name"], "value": item["value"], "url": journey.address}
                for item in journey.page.context.cookies()
            ]
        )
        plain = context.new_page()
        plain.goto(f"{journey.address}/desk/")
        expect(plain.get_by_role("navigation", name="主导航")).to_be_visible()
        plain.get_by_role("button", name="深色").click()
        expect(plain.locator("html")).to_have_attribute("data-bs-theme", "dark")
        plain.goto(f"{journey.address}/styleguide/")
        plain.get_by_role("link", name="撤销导入").click()
        plain.get_by_label("撤销理由").fill("重复导入")
        plain.get_by_role("button", name="撤销导入").click()
        expect(plain).to_have_url(f"{journey.address}/styleguide/")
        context.close()
