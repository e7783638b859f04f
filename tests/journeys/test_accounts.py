"""People: three administrators bring an officer in, who signs in with a second factor and lends the role."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.accounts.people import KUNDULUN, PASSWORD, holder, organisation
from tests.accounts.signing_in import sign_in
from tests.journeys.journey import Journey
from tests.journeys.persons import type_sign_in
from tidu.accounts.models import User
from tidu.accounts.second_factor import PERIOD, code_at
from tidu.core.roles import OrganisationKind, Role

pytestmark = pytest.mark.django_db(transaction=True)


def enter(journey: Journey, user: User) -> None:
    """Carry a signed-in session into the browser."""
    client = Client()
    sign_in(client, user)
    name = settings.SESSION_COOKIE_NAME
    journey.page.context.clear_cookies()
    journey.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": journey.address}]
    )


def fill(page: Page, **fields: str) -> None:
    """Type into text fields by their names."""
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def test_an_officer_comes_signs_in_and_goes_on_leave(journey: Journey) -> None:
    system, security = holder(Role.SYSTEM_ADMINISTRATOR).user, holder(Role.SECURITY_ADMINISTRATOR).user
    colleague = holder(
        Role.DISTRICT_OFFICER, of=organisation(OrganisationKind.DISTRICT_BUREAU, KUNDULUN)
    ).user
    enter(journey, system)
    with journey.step("系统管理员查看机构") as page:
        journey.open("/accounts/organisations/")
        expect(page.get_by_role("heading", level=1)).to_have_text("机构")
    with journey.step("新建机构，漏填时说明哪里要改") as page:
        journey.open("/accounts/organisations/new/")
        page.get_by_role("button", name="建立机构").click()
        expect(page.locator("#errors")).to_contain_text("请填写名称。")
    with journey.step("查看一个机构和在任人员") as page:
        journey.open(f"/accounts/organisations/{colleague.organisation_id}/")
        expect(page.get_by_role("table")).to_contain_text("区县审核岗")
    with journey.step("新建人员") as page:
        journey.open("/accounts/people/new/")
        fill(page, username="zhou.ming", name="周明")
        page.locator("[name=organisation]").select_option(str(colleague.organisation_id))
    with journey.step("临时密码只显示一次") as page:
        page.get_by_role("button", name="建立账号").click()
        password = page.locator(".ac-issued").text_content() or ""
        assert re.fullmatch(r"[A-Za-z0-9-]{19}", password)
    with journey.step("人员列表") as page:
        journey.open("/accounts/people/")
        expect(page.get_by_role("table")).to_contain_text("周明")
    enter(journey, security)
    with journey.step("安全管理员打开此人") as page:
        journey.open("/accounts/people/?q=zhou")
        page.get_by_role("link", name="周明").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("周明")
    with journey.step("授予角色的表单") as page:
        page.get_by_role("link", name="授予角色").click()
        page.get_by_label("区县审核岗").check()
        fill(page, reason="昆工信发〔2026〕12号")
    with journey.step("角色已授予") as page:
        page.get_by_role("button", name="授予角色").click()
        expect(page.locator("#roles")).to_contain_text("区县审核岗")
    with journey.step("查看安全策略") as page:
        journey.open("/accounts/policy/")
    journey.page.context.clear_cookies()
    with journey.step("登录页") as page:
        journey.open("/desk/")
        expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/desk/"))
    with journey.step("密码填错") as page:
        type_sign_in(page, "zhou.ming", "not-the-password")
        expect(page.locator("#errors")).to_contain_text("登录名或密码不正确")
    with journey.step("首次登录先改密码") as page:
        type_sign_in(page, "zhou.ming", password)
        expect(page.get_by_role("heading", level=1)).to_have_text("请先设置新密码")
    with journey.step("再启用动态码") as page:
        fill(page, oldpassword=password, password1=PASSWORD, password2=PASSWORD)
        page.get_by_role("button", name="保存新密码").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("启用动态码")
        expect(page.get_by_role("img", name="二维码")).to_be_visible()
    with journey.step("保存恢复码") as page:
        secret = (page.locator(".ac-secret").text_content() or "").replace(" ", "")
        fill(page, code=code_at(secret, int(time.time()) // PERIOD))
        page.get_by_role("button", name="启用动态码").click()
        expect(page.locator(".ac-codes li")).to_have_count(10)
    with journey.step("进入工作台，打开我的账号") as page:
        page.get_by_role("button", name="已保存恢复码，继续").click()
        expect(page).to_have_url(re.compile("/desk/$"))
        journey.open("/accounts/")
        expect(page.locator("#ways")).to_contain_text("还有 10 个恢复码")
    with journey.step("请同事代理") as page:
        page.get_by_role("link", name="请同事代理").click()
        today = timezone.localdate()
        page.locator("[name=membership]").select_option(index=1)
        page.locator("[name=delegate]").select_option(str(colleague.pk))
        fill(
            page,
            first_day=today.isoformat(),
            last_day=(today + dt.timedelta(days=3)).isoformat(),
            reason="休假",
        )
        page.get_by_role("button", name="设立代理").click()
        expect(page.get_by_role("table")).to_contain_text("休假")
    with journey.step("登录中的设备") as page:
        journey.open("/accounts/sessions/")
        expect(page.get_by_role("table")).to_contain_text("本机")
    with journey.step("修改资料") as page:
        journey.open("/accounts/profile/")
    with journey.step("退出") as page:
        journey.open("/accounts/logout/")
        expect(page.get_by_role("heading", level=1)).to_have_text("退出登录？")
    with journey.step("第二次登录填动态码") as page:
        page.get_by_role("main").get_by_role("button", name="退出登录").click()
        journey.open("/accounts/login/")
        type_sign_in(page, "zhou.ming", PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("还差一步：填写动态码")
    with journey.step("忘记密码") as page:
        journey.page.context.clear_cookies()
        journey.open("/accounts/password/reset/")
    with journey.step("连续输错后锁定", status=429) as page:
        journey.open("/accounts/login/")
        for _ in range(5):
            if page.locator("[name=login]").count():
                type_sign_in(page, "nobody-here", "wrong-wrong")
        expect(page.get_by_role("heading", level=1)).to_have_text("这个登录名暂时锁定")
    enter(journey, colleague)
    with journey.step("代理人在身份列表里看到“代”") as page:
        journey.open("/accounts/")
        expect(page.locator("#roles")).to_contain_text("（代周明）")


def test_a_manager_keeps_the_people_of_the_enterprise(journey: Journey) -> None:
    enterprise = organisation(OrganisationKind.ENTERPRISE, None, "某某科技有限公司")
    manager = holder(Role.ENTERPRISE_MANAGER, of=enterprise, username="manager").user
    holder(Role.ENTERPRISE_EDITOR, of=enterprise, username="editor")
    enter(journey, manager)
    with journey.step("本企业人员") as page:
        journey.open("/accounts/colleagues/")
        expect(page.get_by_role("table")).to_contain_text("企业经办人")
    with journey.step("邀请同事") as page:
        page.get_by_role("link", name="邀请同事").click()
    with journey.step("收回角色前要写理由") as page:
        journey.open("/accounts/colleagues/")
        page.get_by_role("link", name=re.compile("收回企业经办人")).click()
        expect(page.get_by_label("收回的理由")).to_be_visible()
