"""Two officers of the city: from the table to the list for the meeting, the notice, an objection, and recognition."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from tests.access.world import World, make_world
from tests.journeys.journey import DESK, Journey
from tests.journeys.persons import Persons
from tests.recognition.cases import application_at, published_call
from tests.recognition.deciding_cases import PDF, end_period, many
from tidu.recognition.actions.objections import receive_objection
from tidu.recognition.models import Application, Call, Notice, Status
from tidu.registry.models import Title

FIRST, SECOND = "city_hohhot", "city_hohhot_second"


@pytest.fixture
def world(transactional_db: None) -> World:  # noqa: ARG001 - the live server needs committed rows
    """Hohhot with its people."""
    return make_world()


@pytest.fixture
def call(world: World) -> Call:
    """Five applications before the decision, two of which miss a condition; three are announced."""
    call = published_call(world, quota=3)
    application_at(world, Status.DECISION, letter="C", call=call)
    application_at(world, Status.DECISION, letter="D", call=call)
    many(world, 5, call=call, failing=[3])
    return call


def test_the_city_decides_publishes_and_recognises(journey: Journey, world: World, call: Call) -> None:
    persons = Persons(journey, world)
    persons.enter(FIRST)
    home = f"/recognition/calls/{call.pk}/applications/"
    with journey.step("申报总表：走到哪里、接下来办什么") as page:
        journey.open(home)
        expect(page.locator("#todo")).to_contain_text("7 件等待研究决定")
    with journey.step("按自动核对筛选") as page:
        page.get_by_label("自动核对").select_option("not_met")
        page.get_by_role("button", name="筛选").click()
        expect(page.get_by_text("共 1 条")).to_be_visible()
    with journey.step("导出的就是看到的", widths=()) as page:
        with page.expect_download() as got:
            page.get_by_role("link", name="导出 CSV").click()
        text = got.value.path().read_text(encoding="utf-8-sig")
        assert len(text.splitlines()) == 2
    with journey.step("拟定认定方案：理由按案卷预填") as page:
        journey.open(home)
        page.get_by_role("button", name="拟定认定方案").click()
        expect(page.get_by_label(re.compile("不列入的理由")).last).to_have_value(re.compile("填报 4.20%"))
    with journey.step("不列入而不写理由：指出哪一家", status=422) as page:
        row = page.get_by_role("row", name=re.compile("试样D"))
        row.get_by_label("不列入", exact=True).check()
        page.get_by_role("button", name="保存本页名单").click()
        expect(page.get_by_role("alert")).to_contain_text("试样D")
    with journey.step("写明理由和条款，保存名单") as page:
        row = page.get_by_role("row", name=re.compile("试样D"))
        expect(row.get_by_label("不列入", exact=True)).to_be_checked()
        row.get_by_label(re.compile("不列入的理由")).fill("从事特定细分市场不满二年。")
        row.get_by_label(re.compile("所依据的条款")).select_option("申报条件/具体条件/专业化")
        page.get_by_role("button", name="保存本页名单").click()
        expect(page.get_by_text("已保存，改动 1 件。")).to_be_visible()
    with journey.step("定稿会议材料") as page:
        page.get_by_role("button", name="定稿会议材料").click()
        expect(page.locator("#meeting")).to_contain_text("会议纪要")
    with journey.step("超过名额：要写理由", status=422) as page:
        page.get_by_label("会议编号").fill("2026年第12次党组会")
        page.get_by_label("会议日期").fill(f"{timezone.localdate():%Y-%m-%d}")
        page.get_by_label("会议纪要").set_input_files(
            {"name": "会议纪要.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.get_by_role("button", name="提交认定方案").click()
        expect(page.get_by_role("alert").first).to_contain_text("超过通知公布的名额 3 家")
    with journey.step("写明超出的理由，提交方案") as page:
        page.get_by_label("超出名额的理由").fill("会议同意增加二家。")
        page.get_by_label("会议纪要").set_input_files(
            {"name": "会议纪要.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.get_by_role("button", name="提交认定方案").click()
        expect(page.get_by_text("方案由您提交，请另一位同事确认。")).to_be_visible()
    persons.enter(SECOND)
    with journey.step("第二位经办人确认：先看后果") as page:
        journey.open(home)
        page.get_by_role("link", name="确认认定方案").click()
        page.get_by_role("link", name="确认认定方案").click()
        expect(page.get_by_role("dialog")).to_contain_text("2 家不予认定")
    with journey.step("方案确认以后") as page:
        page.get_by_role("dialog").get_by_role("button", name="确认认定方案").click()
        expect(page.get_by_text("认定方案已确认，结果已告知企业。")).to_be_visible()
    with journey.step("发布公示：先看公示期") as page:
        journey.open(home)
        page.get_by_role("link", name="发布公示").click()
        expect(page.locator("#period")).to_contain_text("24:00")
    with journey.step("公示中的申报总表") as page:
        page.get_by_role("button", name="发布公示").click()
        expect(page.locator("#todo")).to_contain_text("公示期内不能认定")
    _an_objection_is_decided(journey, persons, call)
    _the_batch_is_recognised(journey, persons, call)


def _an_objection_is_decided(journey: Journey, persons: Persons, call: Call) -> None:
    notice = Notice.objects.get(call=call)
    receive_objection(
        item=notice.items.get(name__contains="试样C"),
        text="该企业上年度营业收入与公开年报不符，请核实。",
        named=True,
        name="某行业协会",
        phone="13800000000",
        files=[SimpleUploadedFile("某行业协会的证据.pdf", PDF)],
    )
    with journey.step("公示异议") as page:
        journey.open("/recognition/objections/?state=open")
        expect(page.get_by_role("main")).to_contain_text("尚未分派")
    with journey.step("一件异议：姓名和电话不直接显示") as page:
        page.get_by_role("link", name=re.compile("试样C")).click()
        expect(page.locator("#said")).to_contain_text("138****0000")
        expect(page.get_by_text("某行业协会")).to_have_count(0)
    with journey.step("材料逐页看，不知道原来的文件名") as page:
        page.get_by_role("link", name="异议材料 1.pdf").click()
        expect(page.get_by_role("img", name="第 1 页，共 1 页")).to_be_visible()
    with journey.step("分派给自己，填写处理意见") as page:
        page.get_by_role("navigation", name="当前位置").get_by_role("link", name=re.compile("试样C")).click()
        page.get_by_label("承办人").select_option(label=f"{SECOND}（我）")
        page.get_by_role("button", name="分派承办人").click()
        page.get_by_label("核查情况").fill("调取审计报告，与申报一致。")
        page.get_by_label("不成立，企业继续认定").check()
        page.get_by_label("给反映人的答复").fill("已核实，申报数据与审计报告一致。")
    with journey.step("处理意见等待另一位同事确认") as page:
        page.get_by_role("button", name="提交处理意见").click()
        expect(page.get_by_text("处理意见由您提出，请另一位同事确认。")).to_be_visible()
    end_period(notice)
    with journey.step("期满：有异议的先不认定，其他的可以") as page:
        journey.open(f"/recognition/calls/{call.pk}/recognise/")
        expect(page.locator("#waiting")).to_contain_text("有异议没有办结")
    persons.enter(FIRST)
    with journey.step("第一位经办人确认异议不成立", widths=(DESK,)) as page:
        journey.open("/recognition/objections/?state=open")
        page.get_by_role("link", name=re.compile("试样C")).click()
        page.get_by_role("link", name="确认处理意见").click()
        page.get_by_role("dialog").get_by_role("button", name="确认异议不成立").click()
        expect(page.get_by_text("已确认：异议不成立。")).to_be_visible()


def _the_batch_is_recognised(journey: Journey, persons: Persons, call: Call) -> None:
    with journey.step("拟定认定文件") as page:
        journey.open(f"/recognition/calls/{call.pk}/recognise/")
        page.get_by_role("button", name="拟定认定文件").click()
        expect(page.get_by_text("认定文件由您拟定，请另一位同事审核印发。")).to_be_visible()
    persons.enter(SECOND)
    with journey.step("印发认定文件：先看后果", widths=(DESK,)) as page:
        journey.open(f"/recognition/calls/{call.pk}/recognise/")
        page.get_by_role("link", name="印发认定文件").click()
        expect(page.get_by_role("dialog")).to_contain_text("共 5 家")
    with journey.step("已印发：文号、牌匾清单") as page:
        page.get_by_role("dialog").get_by_role("button", name="印发认定文件").click()
        expect(page.locator("#issued")).to_contain_text("〔")
    assert Title.objects.count() == 5
    with journey.step("办结以后的申报总表") as page:
        journey.open(f"/recognition/calls/{call.pk}/applications/")
        expect(page.get_by_role("main")).to_contain_text("没有等待办理的事")
    persons.enter("manager_d")
    letter = Application.objects.get(enterprise=persons.world.enterprises["D"]).pk
    with journey.step("企业读到结果告知书", widths=()) as page:
        with page.expect_download() as got:
            page.evaluate(f"location.href = '/recognition/applications/{letter}/result/'")
        assert got.value.suggested_filename.endswith(".pdf")
