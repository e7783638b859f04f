"""A city officer draws a panel; experts declare, judge and hand in; their opinions come together only then."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.access.world import World, make_world
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tests.recognition.cases import published_call
from tests.recognition.district_cases import filled_case
from tests.recognition.expert_cases import EXPERTS, assignment_of, more_experts, submitted, waiting
from tidu.accounts.models import Membership
from tidu.core.roles import Role
from tidu.recognition.actions.assignments import (
    declare_no_conflict,
    save_sheet,
    submit_sheet,
    values_of,
)
from tidu.recognition.actions.conflicts import end_all_conflicts
from tidu.recognition.actions.panels import Wish, draw_panel
from tidu.recognition.models import Assignment, Panel
from tidu.recognition.queries.sheets import sheet_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:  # noqa: ARG001 - the live server needs committed rows
    return make_world()


def test_experts_are_drawn_judge_independently_and_come_together(journey: Journey, world: World) -> None:
    persons = Persons(journey, world)
    files = waiting(world, "C", "D")
    more_experts(world, 2)
    page = journey.page

    persons.enter("city_hohhot")
    with journey.step("专家库"):
        journey.open("/recognition/experts/")
    with journey.step("登记专家"):
        page.get_by_role("link", name="expert_hohhot", exact=True).click()
        page.get_by_label("装备制造").check()
        page.get_by_label("有利害关系的企业").fill("123")
    with journey.step("代码写错，写明第几行", status=422):
        page.get_by_role("button", name="保存专家信息").click()
        expect(page.get_by_role("alert")).to_contain_text("第 1 行")
    with journey.step("改正后保存"):
        page.get_by_label("有利害关系的企业").fill("")
        page.get_by_label("工作单位", exact=True).fill("内蒙古某研究院")
        page.get_by_role("button", name="保存专家信息").click()
    with journey.step("等待抽取"):
        journey.open(f"/recognition/calls/{files[0].call_id}/panels/")
    with journey.step("怎么抽"):
        page.get_by_role("link", name="抽取专家").click()
    with journey.step("候选不足，说明哪一件", status=422):
        page.get_by_label("每件由几名专家评审").fill("9")
        page.get_by_role("button", name="抽取专家").click()
        expect(page.get_by_role("alert")).to_contain_text("不足 9 人")
    with journey.step("抽取"):
        page.get_by_label("每件由几名专家评审").fill("3")
        page.get_by_role("button", name="抽取专家").click()
        expect(page.get_by_text("与记录一致")).to_be_visible()

    mine = assignment_of(world, _somebody())
    person = mine.expert.user.username
    persons.enter(person)
    with journey.step("专家的工作台"):
        journey.open("/desk/")
    with journey.step("申报利害关系"):
        journey.open("/recognition/own-interests/")
        page.get_by_label("工作单位", exact=True).fill("内蒙古某大学")
        page.get_by_role("button", name="保存工作单位").click()
    with journey.step("评审任务只有编号"):
        journey.open("/recognition/assignments/")
        expect(page.get_by_role("link", name=mine.label)).to_be_visible()
        expect(page.get_by_text("某市试样")).to_have_count(0)
    with journey.step("先声明"):
        page.get_by_role("link", name=mine.label).click()
    with journey.step("评审件打开"):
        page.get_by_role("button", name="声明没有利害关系").click()
        expect(page.get_by_role("heading", name="逐项评判")).to_be_visible()
    with journey.step("没有填好就提交，列出每一处"):
        page.get_by_role("button", name="提交评审意见").click()
        expect(page.get_by_role("alert")).to_contain_text("没有填好")
    with journey.step("逐项评判，自动保存"):
        for group in page.locator("fieldset.td-judge").all():
            group.get_by_label("符合", exact=True).check()
        page.locator("fieldset.td-judge").first.get_by_label("不符合", exact=True).check()
        page.locator(".ex-note input").first.fill("没有配套合同")
        page.get_by_label("不建议认定", exact=True).check()
        page.get_by_role("textbox", name="总体意见").fill("产业链地位缺少合同佐证，其余符合。")
        expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^已保存 \d\d:"), timeout=15000)
        expect(page.locator("#sheet .td-err")).to_have_count(0)
    with journey.step("提交前再看一遍"):
        page.get_by_role("button", name="提交评审意见").click()
        expect(page.get_by_text("提交后不能再改。全部专家")).to_be_visible()
    with journey.step("提交"):
        page.get_by_role("button", name="提交评审意见").click()
    with journey.step("提交后的评审表"):
        journey.open(f"/recognition/assignments/{mine.pk}/")

    persons.enter("city_hohhot")
    panel = Panel.objects.get()
    with journey.step("没有交齐，看不到内容"):
        journey.open(f"/recognition/cases/{mine.application_id}/opinions/")
        expect(page.get_by_text("意见还没有交齐")).to_be_visible()
    for other in Assignment.objects.filter(application=mine.application_id, state="assigned"):
        _submit(world, other)
    with journey.step("交齐后逐项对照"):
        page.reload()
        expect(page.get_by_text("不一致")).to_be_visible()
    with journey.step("专家组"):
        journey.open(f"/recognition/panels/{panel.pk}/")
    with journey.step("更换专家要写理由"):
        page.get_by_role("link", name=re.compile("^更换")).first.click()
        expect(page.get_by_label("更换的理由")).to_be_visible()
    with journey.step("办结交齐的一件"):
        journey.open(f"/recognition/panels/{panel.pk}/close/")
        page.get_by_role("button", name="办结 1 件").click()


def test_a_blind_file_is_judged_without_names_and_avoided_on_recognition(
    journey: Journey, world: World
) -> None:
    persons = Persons(journey, world)
    files = waiting(world)
    draw_panel(
        actor=world.actor("city_hohhot"),
        call=files[0].call,
        wish=Wish(name="盲评组", files=[files[0].pk], blind=True),
    )
    mine = assignment_of(world)
    persons.enter("expert_hohhot")
    page = journey.page
    with journey.step("盲评的声明"):
        journey.open(f"/recognition/assignments/{mine.pk}/")
        expect(page.get_by_text("本组盲评")).to_be_visible()
    with journey.step("盲评件"):
        page.get_by_role("button", name="声明没有利害关系").click()
        expect(page.get_by_text("某市试样C")).to_have_count(0)
    with journey.step("发现应当回避"):
        page.get_by_role("link", name="现在发现应当回避").click()
        page.get_by_label("回避的理由").fill("与企业有合作项目")
        page.get_by_role("button", name="确认回避").click()
        expect(page.get_by_text("没有分派给您的评审件")).to_be_visible()
    for person in EXPERTS[1:]:
        submitted(world, person, positive=person == EXPERTS[1])
    persons.enter("city_hohhot")
    with journey.step("缺一名专家"):
        journey.open(f"/recognition/panels/{Panel.objects.get().pk}/")
        expect(page.get_by_text("共缺 1 名专家")).to_be_visible()
    chair = Assignment.objects.filter(state="submitted").order_by("pk")[0]
    persons.enter(chair.expert.user.username)
    with journey.step("组长填写专家组意见"):
        journey.open(f"/recognition/assignments/{chair.pk}/panel/")
        page.get_by_role("group", name="专家组建议").get_by_label("建议认定", exact=True).check()
        page.get_by_role("textbox", name="专家组意见").fill("经讨论，建议认定。")
        page.get_by_role("button", name="保存专家组意见").click()


def _somebody() -> str:
    """An expert of the world who was drawn."""
    drawn = set(Assignment.objects.values_list("expert__user__username", flat=True))
    return next(name for name in EXPERTS if name in drawn)


def _submit(world: World, assignment: Assignment) -> None:
    actor = world.actor(assignment.expert.user.username)
    declare_no_conflict(actor=actor, assignment=assignment)
    names = values_of(assignment, sheet_of(assignment.panel.call))
    texts = {name: "met" for name in names if name.startswith("finding-")}
    texts |= {"positive": "yes", "opinion": "各项条件都符合，材料齐全。"}
    save_sheet(actor=actor, assignment=assignment, texts=texts, shown={})
    submit_sheet(actor=actor, assignment=assignment)


def test_what_has_to_be_avoided_is_counted_and_not_shown(journey: Journey, world: World) -> None:
    persons = Persons(journey, world)
    files = waiting(world, "C", "D")
    more_experts(world, 2)
    page, city = journey.page, world.actor("city_hohhot_second")
    first, second = sorted(files, key=lambda file: file.enterprise.name)
    draw_panel(actor=city, call=first.call, wish=Wish(name="第一组", files=[first.pk], each=1))
    chosen = Assignment.objects.get(application=first).expert.user.username
    submitted(world, chosen)
    once_worked(world, chosen, "C")
    assert end_all_conflicts() == 1
    once_worked(world, "city_hohhot", "D")
    filled_case(world, call=published_call(world, title="另一次申报"))
    for person in ("district_saihan", "district_saihan_second"):
        once_worked(world, person, "C")

    persons.enter("city_hohhot")
    with journey.step("总表少一件，说明为什么"):
        journey.open(f"/recognition/calls/{first.call_id}/applications/")
        expect(page.get_by_text("另有 1 件申报对您不显示")).to_be_visible()
        expect(page.get_by_text(second.enterprise.name)).to_have_count(0)
    with journey.step("已交的意见应当更换"):
        journey.open(f"/recognition/panels/{Panel.objects.get().pk}/")
        expect(page.get_by_text("有 1 份已交的意见，专家应当回避")).to_be_visible()
    with journey.step("更换以后原来的意见不计入"):
        page.get_by_role("link", name=re.compile("^更换")).click()
        page.get_by_label("更换的理由").fill("应当回避")
        page.get_by_role("button", name="更换专家").click()
        expect(page.get_by_text("有 1 份已交的意见")).to_have_count(0)
    persons.enter("city_hohhot_second")
    with journey.step("盲评看得到什么"):
        journey.open(f"/recognition/calls/{first.call_id}/panels/draw/")
        page.get_by_label(re.compile("^盲评：")).check()
        page.get_by_label(re.compile("^盲评时也出示")).check()
    with journey.step("盲评出示材料，写明后果"):
        page.get_by_role("button", name="抽取专家").click()
        expect(page.get_by_text("专家在材料上看得到企业的名称和印章")).to_be_visible()
    persons.enter("district_saihan")
    with journey.step("没有人可以办理，写明怎么办"):
        journey.open("/recognition/reviews/")
        expect(page.get_by_text("有申报没有人可以办理")).to_be_visible()


def once_worked(world: World, person: str, letter: str) -> None:
    """Let it be known that somebody was once employed at an enterprise."""
    Membership.objects.create(
        user=world.users[person],
        organisation=world.organisations[letter],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )
