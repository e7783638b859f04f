"""A company registers, is confirmed by its district, fills in its facts, sees its matches and takes them away."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import expect

from tests.access.world import KUNDULUN, make_world
from tests.journeys.journey import Journey
from tests.journeys.persons import PASSWORD, Persons, code_now, type_sign_in
from tidu.core.uscc import check_characters
from tidu.registry.models import Enterprise

pytestmark = pytest.mark.django_db(transaction=True)

USCC = check_characters("9115020399TDJR01")
COMPANY = "包头市砚石岭精密部件有限公司"


def _letter(folder: Path) -> Path:
    """A scanned letter: a picture is enough for the way it goes."""
    target = folder / "授权书.png"
    content = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(content, "PNG")
    target.write_bytes(content.getvalue())
    return target


def test_a_company_registers_is_confirmed_and_sees_what_fits_it(journey: Journey, tmp_path: Path) -> None:
    cache.clear()
    world = make_world()
    world.users["district_kundulun"].set_password(PASSWORD)
    world.users["district_kundulun"].save()
    persons = Persons(journey, world)

    with journey.step("首页 → 登录 → 注册企业账号") as page:
        journey.open("/")
        page.get_by_role("link", name="登录", exact=True).click()
        page.get_by_role("link", name="注册企业账号").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("注册企业账号")

    with journey.step("代码错一位：指出是哪里，填过的都在", status=422) as page:
        page.get_by_label("统一社会信用代码").fill(f"{USCC[:-1]}{'1' if USCC[-1] != '1' else '2'}")
        page.get_by_label("企业名称").fill(COMPANY)
        page.get_by_label("注册地").select_option(KUNDULUN)
        page.get_by_label("您的姓名").fill("演示甲")
        page.get_by_label("手机号").fill("13800001234")
        page.get_by_label("登录名").fill("yanshiling")
        page.locator("[name=password1]").fill(PASSWORD)
        page.locator("[name=password2]").fill(PASSWORD)
        page.get_by_role("button", name="注册账号并认领企业").click()
        expect(page.get_by_role("alert")).to_contain_text("还没有注册")
        expect(page.get_by_label("企业名称")).to_have_value(COMPANY)

    with journey.step("改好代码，注册：等待授权书，看不到企业数据") as page:
        page.get_by_label("统一社会信用代码").fill(USCC)
        page.locator("[name=password1]").fill(PASSWORD)
        page.locator("[name=password2]").fill(PASSWORD)
        page.get_by_role("button", name="注册账号并认领企业").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("还差授权书")

    with journey.step("上传授权书") as page:
        page.locator("#f-letter").set_input_files(_letter(tmp_path))
        page.get_by_role("button", name="上传授权书").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("等待核实")
    persons.leave()

    with journey.step("区工信局登录，先设动态码") as page:
        journey.open("/accounts/login/")
        type_sign_in(page, "district_kundulun")
        expect(page).to_have_url(re.compile("/accounts/second-factor/$"))

    with journey.step("填动态码，保存恢复码") as page:
        secret = page.locator("code.ac-secret").inner_text().replace(" ", "")
        page.get_by_label("动态码").fill(code_now(secret))
        page.locator("main form button[type=submit]").first.click()
        expect(page).to_have_url(re.compile("recovery-codes"))

    with journey.step("工作台：一件待办，从这里打开认领") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile(COMPANY)).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(COMPANY)

    with journey.step("核对授权书，通过认领") as page:
        expect(page.get_by_alt_text(re.compile("授权书第 1 页"))).to_be_visible()
        page.get_by_role("button", name="通过认领").click()
        expect(page.get_by_text("已通过").first).to_be_visible()
    persons.leave()

    with journey.step("企业：权限变了，重新登录，去填报") as page:
        journey.open("/accounts/login/")
        type_sign_in(page, "yanshiling")
        expect(page).to_have_url(re.compile("/desk/$"))
        journey.open("/registry/own/")
        expect(page.get_by_text(COMPANY).first).to_be_visible()

    with journey.step("经营与财务数据：边填边保存") as page:
        page.get_by_role("link", name="经营与财务数据").first.click()
        revenue = page.locator("#q-revenue input")
        for index, figure in enumerate(("1600", "1400", "1250")):
            revenue.nth(index).fill(figure)
        revenue.nth(2).press("Tab")
        expect(page.get_by_text(re.compile("已保存")).first).to_be_visible()

    with journey.step("关掉再打开：填过的都在") as page:
        page.reload()
        expect(page.locator("#q-revenue input").first).to_have_value(re.compile("1,?600"))

    enterprise = Enterprise.objects.get(uscc=USCC)
    with journey.step("企业画像：政策匹配，每条说明缺什么") as page:
        journey.open("/registry/own/profile/")
        expect(page.get_by_role("heading", name="政策匹配")).to_be_visible()
        expect(page.get_by_text("待补充").first).to_be_visible()

    with journey.step("下载政策匹配", widths=()) as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="下载政策匹配").first.click()
        assert download.value.suggested_filename.endswith((".xlsx", ".pdf"))
    assert enterprise.facts.filter(indicator="revenue", chosen=True).count() == 3
