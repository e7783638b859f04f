"""A district officer works through a case: papers, conditions, a question, a return, a recommendation, the table."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.access.world import SAIHAN, make_world
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tests.recognition.district_cases import accept_all, filled_case, submit_again
from tidu.recognition.models import Application, Status
from tidu.registry.models import DuplicateProposal, Enterprise, Incident

pytestmark = pytest.mark.django_db(transaction=True)


def _accept(page: Page, condition: str) -> None:
    page.locator(f"#c-{condition} .td-judge label").nth(0).click()
    expect(page.locator(f"#s-{condition}")).to_contain_text("保存")


def test_a_district_officer_reviews_asks_returns_and_recommends(journey: Journey) -> None:
    cache.clear()
    world = make_world()
    Enterprise.objects.filter(pk=world.enterprises["D"].pk).update(district=SAIHAN)
    world.enterprises["D"].refresh_from_db()
    case = filled_case(world)
    late = filled_case(world, letter="D", call=case.call)
    assert late.deadline
    late.deadline.due_on = timezone.localdate() - dt.timedelta(days=1)
    late.deadline.save()
    first, second = sorted((case.enterprise, late.enterprise), key=lambda item: item.pk)
    DuplicateProposal.objects.create(first=first, second=second, score=95)
    Incident.objects.create(
        enterprise=case.enterprise,
        field="environment",
        severity="minor",
        happened_on=timezone.localdate() - dt.timedelta(days=40),
        title="未按要求公开环境信息",
        authority="某生态环境局",
    )
    persons = Persons(journey, world)
    persons.enter("district_saihan")

    with journey.step("工作台：待审、逾期、本批进度") as page:
        journey.open("/desk/")
        expect(page.get_by_text("待审申报")).to_be_visible()

    with journey.step("申报审核：按截止时间，逾期在前") as page:
        journey.open("/recognition/reviews/")
        expect(page.locator("tbody tr").first).to_contain_text("逾期")

    with journey.step("审核页：证据在左，条件在右，系统提示") as page:
        page.get_by_role("link", name=case.enterprise.name).click()
        expect(page.get_by_role("heading", name="条件清单")).to_be_visible()
        expect(page.locator("#evidence img")).to_be_visible()
        page.wait_for_function("document.querySelector('#evidence img').complete")

    with journey.step("逐条审核，当场保存") as page:
        _accept(page, "revenue")
        page.locator("#c-brand .td-judge label").nth(1).click()
        page.locator("#n-brand").fill("品牌证书看不清，请换清晰的扫描件")
        page.locator("#n-brand").blur()
        expect(page.locator("#review-progress")).to_contain_text("已审 2／19")
        expect(page.locator("#s-brand")).to_contain_text("保存")
        page.get_by_role("button", name="放大").click()
        expect(page.locator("[data-zoom-words]")).to_have_text("150%")

    with journey.step("提问，时钟停") as page:
        page.get_by_role("link", name="提问").click()
        page.locator("dialog").get_by_label("问题").fill("请说明主导产品的供货合同在哪一份材料里。")
        page.get_by_role("button", name="提问并停表").click()
        expect(page.get_by_text("已向企业提问")).to_be_visible()
        expect(page.get_by_text("1 个问题等待企业答复，时钟已停")).to_be_visible()

    with journey.step("退回补正，理由已汇总", widths=()) as page:
        page.get_by_role("link", name="退回补正").click()
        expect(page.locator("dialog").get_by_label("需要补正的内容")).to_have_value(
            "1. 市级以上品牌：品牌证书看不清，请换清晰的扫描件"
        )

    with journey.step("不用脚本也能办：退回补正的页面") as page:
        journey.open(f"/recognition/reviews/{case.pk}/return/")
        page.get_by_role("button", name="退回补正").click()
        expect(page.get_by_text("已退回补正，审核时钟已停。")).to_be_visible()

    Application.objects.filter(pk=case.pk).update(status=Status.DISTRICT, correction=None)
    case.refresh_from_db()
    submit_again(
        case, revenue="2,418.90 万元", statement="为区内五家企业供应无菌灌装阀组，占其采购量约三成。"
    )
    with journey.step("重新提交：与上次的差异") as page:
        journey.open(f"/recognition/reviews/{case.pk}/")
        expect(page.get_by_text("与上次提交相比，变了")).to_be_visible()

    accept_all(world.actor("district_saihan"), case)
    with journey.step("全部审完，推荐") as page:
        page.reload()
        expect(page.get_by_text("19 项条件全部审完")).to_be_visible()
        page.get_by_role("textbox", name="意见").fill("经审核，各项条件符合，材料齐全，同意推荐。")

    with journey.step("还有没有自述的条件：不勾选确认不能推荐", status=422) as page:
        page.get_by_role("button", name="推荐", exact=True).click()
        expect(page.get_by_text("请勾选确认并写明理由")).to_be_visible()
        page.get_by_label("已逐项看过，仍然推荐").check()
        page.get_by_label("仍然推荐的理由").fill("已到企业现场核对")

    with journey.step("推荐以后回到清单") as page:
        page.get_by_role("button", name="推荐", exact=True).click()
        expect(page.get_by_text("已推荐“")).to_be_visible()

    with journey.step("批量推荐：逐件结果") as page:
        page.get_by_label("选择" + late.enterprise.name).check()
        page.get_by_role("button", name="批量推荐").click()
        expect(page.get_by_text("带着没有落实的条件")).to_be_visible()
        page.get_by_role("textbox", name="意见").fill("同意推荐")
        page.get_by_role("button", name="推荐选中的申报").click()
        expect(page.get_by_text("项条件没有审核")).to_be_visible()

    with journey.step("推荐汇总表：拟制") as page:
        journey.open("/recognition/reviews/tables/")
        page.get_by_role("link", name=case.call.batch_name).click()
        page.get_by_role("button", name="拟制推荐汇总表").click()
        expect(page.get_by_text("已拟好推荐汇总表")).to_be_visible()

    with journey.step("推荐汇总表：印发，有了文号") as page:
        page.get_by_role("button", name="印发汇总表").click()
        expect(page.get_by_text("推荐汇总表已印发")).to_be_visible()

    persons.enter("city_hohhot")
    with journey.step("市级看同一清单，不能办理") as page:
        journey.open("/recognition/reviews/?tab=all")
        expect(page.get_by_role("button", name="导出 Excel")).to_be_visible()
        expect(page.get_by_role("button", name="批量推荐")).to_have_count(0)
