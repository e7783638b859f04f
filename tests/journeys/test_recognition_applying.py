"""An enterprise applies: the form says how each condition stands, loses nothing typed, and hands in with a receipt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.access.world import World, make_world
from tests.core.files.sample_files import pdf
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tests.recognition.cases import published_call
from tests.recognition.filling import state
from tidu.recognition.models import Application, Inquiry, Statement, Status
from tidu.recognition.process.clocks import start_limit
from tidu.recognition.process.moving import take

pytestmark = pytest.mark.django_db(transaction=True)

_REVENUE = "#f-revenue_2025"


def _said(page: Page, words: str) -> None:
    expect(page.locator("#section [data-saved]")).to_contain_text(words, timeout=15_000)


def test_an_enterprise_applies_and_follows_its_case(journey: Journey, tmp_path: Path) -> None:
    world = make_world()
    call = published_call(
        world, materials=[{"kind": "audit_report", "required": True, "note": "最近两个年度"}]
    )
    persons = Persons(journey, world)
    page = journey.page
    persons.enter("manager_c")
    with journey.step("首页提示可以申报"):
        journey.open("/desk/")
        expect(page.get_by_role("link", name="查看并申报").first).to_be_visible()
    with journey.step("受理中的通知和我的申报"):
        journey.open("/recognition/applications/")
    with journey.step("开始申报，看到要填什么"):
        page.get_by_role("button", name=re.compile("开始申报")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("要填的")
    application = Application.objects.get()
    base = f"/recognition/applications/{application.pk}"
    with journey.step("填营业收入，旁边的结论随之变化"):
        journey.open(f"{base}/parts/basic/")
        expect(page.locator("#live-revenue")).to_contain_text("待补充")
        page.locator(_REVENUE).fill("2318")
        page.keyboard.press("Tab")
        _said(page, "已保存")
        expect(page.locator("#live-revenue")).to_contain_text("符合", timeout=15_000)
        expect(page.locator("#live-revenue")).to_contain_text("余量")
    with journey.step("登录在填写时结束，写的自述留在本机"):
        journey.open(f"{base}/parts/specialised/")
        Session.objects.all().delete()
        page.locator("#f-statement-chain_advantage").fill("为三家整车厂配套减速器，两项为独家供货。")
        page.keyboard.press("Tab")
        _said(page, "登录已结束")
    journey.forget_complaints()
    persons = Persons(journey, world)
    persons.enter("manager_c")
    with journey.step("重新登录后接着保存"):
        journey.open(f"{base}/parts/specialised/")
        _said(page, "已保存")
        assert Statement.objects.get().text.startswith("为三家整车厂")
    with journey.step("同事同时在写同一段，两段都在"):
        Statement.objects.filter(criterion="chain_advantage").update(text="同事改过的自述。")
        page.locator("#f-statement-chain_advantage").fill("我接着写的自述。")
        page.keyboard.press("Tab")
        expect(page.locator("#n-statement-chain_advantage")).to_contain_text("同事改过的自述", timeout=15_000)
    with journey.step("选用自己写的一段"):
        page.get_by_role("button", name="用我写的").click()
        _said(page, "已保存")
        assert Statement.objects.get().text == "我接着写的自述。"
    with journey.step("材料页说明通知要什么"):
        journey.open(f"{base}/materials/")
    with journey.step("上传审计报告并放入"):
        page.get_by_role("link", name=re.compile("放入材料.*年度审计报告")).click()
        file = tmp_path / "审计报告2025.pdf"
        file.write_bytes(pdf())
        page.locator("#f-file").set_input_files(file)
        page.get_by_role("button", name="上传并放入").click()
        page.get_by_text("并放入这一项").wait_for()
    with journey.step("预览指出还缺什么"):
        state(world, quality_system_certified=None)
        journey.open(f"{base}/preview/")
    with journey.step("提交页点名没有填完的"):
        page.get_by_role("link", name="去提交申报").click()
        expect(page.get_by_text("质量管理体系认证").first).to_be_visible()
    with journey.step("没有勾选声明不能提交", status=422):
        page.get_by_role("button", name="提交申报").click()
        expect(page.get_by_role("alert")).to_contain_text("真实性声明")
    with journey.step("提交后得到回执"):
        page.get_by_label("我知道这些没有填完，仍要提交").check()
        page.get_by_label(re.compile("本企业对所填数据")).check()
        page.get_by_role("button", name="提交申报").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("HH2026-1-0001")
    with journey.step("查看提交的内容"):
        page.get_by_role("link", name="查看提交的内容").click()
    with journey.step("办理进度：第几步、由谁办、还剩几天"):
        journey.open(f"{base}/progress/")
        expect(page.get_by_text("第 2 步，共 6 步")).to_be_visible()

    application.refresh_from_db()
    asked = take(
        actor=world.actor("district_saihan"), application=application, act="ask", reason="怎么算的？"
    )
    Inquiry.objects.create(
        application=application,
        criterion="growth",
        text="近两年平均增速是怎么算的？请说明三年的口径。",
        asked_by=world.users["district_saihan"],
        deadline=start_limit(call, "inquiry"),
    )
    asked.move()
    with journey.step("审核人提问，停表等答复"):
        journey.open(f"{base}/progress/")
    with journey.step("答复询问"):
        page.get_by_role("link", name="答复询问").first.click()
    with journey.step("答复后时钟继续"):
        page.locator("#f-answer").fill("按三年审计报告的营业收入计算。")
        page.get_by_role("button", name="送出答复").click()
        page.get_by_text("答复已送达审核人").wait_for()

    application.refresh_from_db()
    take(
        actor=world.actor("district_saihan"),
        application=application,
        act="return",
        reason="缺质量管理体系认证证书。",
        cite="申报条件/具体条件/精细化",
    ).move()
    with journey.step("退回补正，理由在表单旁边"):
        journey.open(f"{base}/parts/refined/")
        expect(page.get_by_text("缺质量管理体系认证证书。").first).to_be_visible()
    with journey.step("补正的预览列出改动"):
        state(world)
        journey.open(f"{base}/preview/")
        expect(page.get_by_text("与上次提交的不同")).to_be_visible()
    with journey.step("提交补正"):
        page.get_by_role("link", name="去提交补正").click()
        page.get_by_label(re.compile("没有填完")).check()
        page.get_by_label(re.compile("本企业对所填数据")).check()
        page.get_by_role("button", name="提交补正").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("补正已提交")
    with journey.step("进度里有停过的表和改动"):
        journey.open(f"{base}/progress/")
    with journey.step("首页列出进度"):
        journey.open("/desk/")
    with journey.step("撤回要想清楚"):
        journey.open(f"{base}/withdraw/")
    with journey.step("撤回以后"):
        page.get_by_role("button", name="撤回申报").click()
        page.get_by_text("已撤回申报。").wait_for()
    application.refresh_from_db()
    assert application.status == Status.WITHDRAWN
    with journey.step("列表里有结果"):
        journey.open("/recognition/applications/")


def test_a_colleague_is_seen_and_an_editor_does_not_submit(journey: Journey) -> None:
    world: World = make_world()
    call = published_call(world)
    persons = Persons(journey, world)
    page = journey.page
    persons.enter("editor_c")
    journey.open("/recognition/applications/")
    page.get_by_role("button", name=re.compile("开始申报")).click()
    application = Application.objects.get(call=call)
    base = f"/recognition/applications/{application.pk}"
    with page.expect_response(re.compile("presence")):
        journey.open(f"{base}/parts/basic/")
    persons.enter("manager_c")
    with journey.step("看得见同事正在编辑"):
        journey.open(f"{base}/parts/basic/")
        expect(page.locator("#presence")).to_contain_text("editor_c正在编辑这一节")
    persons.enter("editor_c")
    with journey.step("经办人看到由负责人提交"):
        journey.open(f"{base}/preview/")
        expect(page.get_by_text("由企业负责人提交")).to_be_visible()
        assert page.get_by_role("link", name="去提交申报").count() == 0
