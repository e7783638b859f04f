"""The record in a browser: a number is revealed, the enterprise reads by whom, the audit administrator finds it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.access.world import World, make_world
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditResult
from tidu.registry.models import Contact

PHONE_NUMBER = "13800001234"


@pytest.fixture
def world(transactional_db: None) -> World:  # noqa: ARG001 - the live server needs committed rows
    """The small world with a contact, and a few things that have happened in it."""
    world = make_world()
    Contact.objects.create(enterprise=world.a, name="王一", post="财务负责人", phone=PHONE_NUMBER)
    for number in range(60):
        record(
            actor=world.actor("city_baotou"),
            action="core.file.downloaded",
            subject_label=f"第{number}号证明材料.pdf",
            enterprise_id=world.a.pk,
            result=AuditResult.REFUSED if number % 7 == 0 else AuditResult.DONE,
        )
    return world


def test_who_looks_is_seen(journey: Journey, world: World) -> None:
    page, persons = journey.page, Persons(journey, world)

    persons.enter("city_baotou")
    journey.open(f"/registry/enterprises/{world.a.pk}/")
    with journey.step("企业画像：联系电话是掩码", shot=False):
        expect(page.locator("body")).to_contain_text("138****1234")
        expect(page.locator("body")).not_to_contain_text(PHONE_NUMBER)
    with journey.step("问用途"):
        page.locator("a[data-dialog][href*='/personal/registry.contact/']").first.click()
        expect(page.locator("dialog[open]")).to_contain_text("会记入操作记录")
    with journey.step("显示完整号码"):
        page.locator("dialog[open]").get_by_label("联系本人办理业务").check()
        page.locator("dialog[open] button[type=submit]").click()
        expect(page.locator("main")).to_contain_text(PHONE_NUMBER)

    persons.enter("manager_a")
    journey.open("/registry/own/looks/")
    with journey.step("企业：谁看过我的数据"):
        expect(page.locator("main")).to_contain_text("查看个人信息")
        expect(page.locator("main")).to_contain_text("电话，联系本人办理业务")

    persons.enter("audit_administrator")
    journey.open("/audit/")
    with journey.step("操作记录：最新的在前"):
        expect(page.locator("main tbody tr").first).to_contain_text("查看个人信息")
    with journey.step("按结果查找"):
        page.get_by_label("结果").select_option("refused")
        page.get_by_role("button", name="筛选").click()
        expect(page.locator("main tbody tr")).to_have_count(9)
    with journey.step("一条记录"):
        page.locator("main tbody a").first.click()
        expect(page.locator("main")).to_contain_text("本条摘要")
    journey.open("/audit/")
    with journey.step("翻到更早的"):
        page.get_by_role("link", name="更早的").click()
        expect(page.locator("main tbody tr")).to_have_count(12)
    with journey.step("没有找到"):
        page.get_by_label("对象").fill("没有这份材料")
        page.get_by_role("button", name="筛选").click()
        expect(page.locator("main")).to_contain_text("没有符合条件的操作记录")
    journey.open("/audit/")
    with journey.step("核验在后台进行"):
        page.get_by_role("button", name="核验操作记录").click()
        expect(page.locator("main")).to_contain_text("核验操作记录")
