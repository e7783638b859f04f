"""A re-review by clicks alone: from the campaign to the new term of one enterprise and the cancelled title of another.

What no person does is called here: the background work that begins the applications, and the periodic work behind them.
"""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.access.world import World, make_world
from tests.journeys.journey import DESK, Journey
from tests.journeys.persons import Persons
from tests.recognition.deciding_cases import PDF
from tests.recognition.filling import state
from tests.recognition.life_cases import DAY, title_of
from tidu.core.ticks import run_due
from tidu.recognition.models import Application, Call, Cancellation, Status
from tidu.registry.models import Title
from tidu.registry.models.standing import TitleState

FIRST, SECOND = "city_hohhot", "city_hohhot_second"


@pytest.fixture
def world(transactional_db: None) -> World:  # noqa: ARG001 - the live server needs committed rows
    """Hohhot with two titles that end soon."""
    world = make_world()
    for letter in "CD":
        title_of(world, letter=letter)
        state(world, letter)
    return world


def _of(world: World, letter: str) -> Application:
    return Application.objects.get(enterprise=world.enterprises[letter])


def test_a_re_review_is_driven_to_its_end_by_clicks(journey: Journey, world: World) -> None:
    persons = Persons(journey, world)
    call = _opened(journey, persons)
    run_due()
    for letter in "CD":
        _takes_part(journey, persons, letter)
    _reviewed(journey, persons, "C")
    _refused(journey, persons, "D")
    _decided(journey, persons, call)
    run_due()
    with journey.step("复核的结果：一家通过，一家转入取消") as page:
        journey.open(f"/recognition/re-reviews/{call.pk}/")
        expect(page.get_by_role("row", name=re.compile("试样C"))).to_contain_text("复核通过")
        expect(page.get_by_role("row", name=re.compile("试样D"))).to_contain_text("已立案")
    _heard_and_cancelled(journey, persons)
    persons.enter("manager_c")
    with journey.step("通过的企业看到新的有效期") as page:
        journey.open("/recognition/own/titles/")
        expect(page.get_by_role("main")).to_contain_text("复核")
    titles = Title.objects.filter(enterprise=world.enterprises["C"]).order_by("recognised_on")
    old, new = titles
    assert old.valid_until is not None
    assert new.recognised_on == old.valid_until + DAY
    assert Title.objects.get(enterprise=world.enterprises["D"]).state == TitleState.REVOKED


def _opened(journey: Journey, persons: Persons) -> Call:
    """One officer writes the list, another signs it."""
    now = timezone.localtime()
    persons.enter(FIRST)
    with journey.step("发起复核：时间段和受理时间") as page:
        journey.open("/recognition/re-reviews/")
        page.get_by_role("link", name=re.compile("发起复核")).first.click()
        page.get_by_label("开始受理").fill(f"{now:%Y-%m-%d %H:%M}")
        page.get_by_label("截止受理").fill(f"{now + 20 * DAY:%Y-%m-%d} 17:30")
    with journey.step("名单已生成，送审签") as page:
        page.get_by_role("button", name="生成复核名单").click()
        expect(page.get_by_role("row", name=re.compile("试样[CD]"))).to_have_count(2)
        page.get_by_role("button", name="送审签").click()
        expect(page.get_by_text("请另一位经办人审签")).to_be_visible()
    call = Call.objects.get()
    persons.enter(SECOND)
    with journey.step("第二位经办人从待办审签发布") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("审签复核通知")).first.click()
        page.get_by_role("link", name="审签发布").click()
        page.get_by_role("dialog").get_by_role("button", name="审签发布").click()
        expect(page.get_by_text("已发布，正在通知名单上的企业")).to_be_visible()
    return call


def _takes_part(journey: Journey, persons: Persons, letter: str) -> None:
    """The enterprise finds its task, confirms or updates its figures, and hands in."""
    persons.enter(f"manager_{letter.lower()}")
    with journey.step(f"企业{letter}的待办：参加复核") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("提交复核")).first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    pk = _of(persons.world, letter).pk
    with journey.step(f"企业{letter}核对并更新数据") as page:
        journey.open(f"/recognition/applications/{pk}/parts/basic/")
        revenue = page.locator("#f-revenue_2025")
        expect(revenue).to_have_value(re.compile("2,?318"))
        revenue.fill("2480")
        page.keyboard.press("Tab")
        expect(page.locator("#section [data-saved]")).to_contain_text("已保存", timeout=15_000)
    with journey.step(f"企业{letter}提交复核") as page:
        journey.open(f"/recognition/applications/{pk}/preview/")
        page.get_by_role("link", name=re.compile("^去提交")).click()
        page.get_by_label(re.compile("没有填完")).check()
        page.get_by_label(re.compile("本企业对所填数据")).check()
        page.get_by_role("button", name=re.compile("^提交")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已提交")


def _judge(page: Page, *, rejected: str = "") -> None:
    """Say of every condition what the officer thinks of it."""
    expect(page.locator(".rv-check").first).to_be_visible()
    for number in range(page.locator(".rv-check").count()):
        row = page.locator(".rv-check").nth(number)
        bad = row.get_attribute("id") == f"c-{rejected}"
        row.locator(".td-judge label").nth(1 if bad else 0).click()
        if bad:
            row.get_by_placeholder(re.compile("说明原因")).fill("与审计报告不一致")
            page.keyboard.press("Tab")
        expect(row.locator(".rv-said")).to_contain_text("保存")


def _reviewed(journey: Journey, persons: Persons, letter: str) -> None:
    persons.enter("district_saihan")
    with journey.step("区县审核复核：逐条认可，推荐") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("审核复核材料")).first.click()
        _judge(page)
        page.get_by_role("textbox", name="意见").fill("数据已更新，条件仍然符合，同意通过。")
        if page.get_by_label("仍然推荐的理由").count():
            page.get_by_label("已逐项看过，仍然推荐").check()
            page.get_by_label("仍然推荐的理由").fill("已到企业现场核对")
        page.get_by_role("button", name="推荐", exact=True).click()
        expect(page.get_by_text("已推荐“")).to_be_visible()
    assert _of(persons.world, letter).status == Status.DECISION


def _refused(journey: Journey, persons: Persons, letter: str) -> None:
    persons.enter("district_huimin")
    with journey.step("区县审核复核：一项不认可，不推荐") as page:
        journey.open(f"/recognition/reviews/{_of(persons.world, letter).pk}/")
        _judge(page, rejected="revenue")
        page.get_by_role("link", name="不推荐").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("依据的条件").select_option(index=1)
        dialog.get_by_role("textbox", name=re.compile("理由")).fill("审计报告与填报的营业收入不一致。")
        dialog.get_by_role("button", name="不予推荐").click()
        expect(page.get_by_text("已作出不予推荐的结论")).to_be_visible()
    assert _of(persons.world, letter).status == Status.NOT_RECOMMENDED


def _decided(journey: Journey, persons: Persons, call: Call) -> None:
    """The meeting's list, confirmed by another; the new term, issued by another. A re-review has no public notice."""
    home = f"/recognition/calls/{call.pk}/applications/"
    persons.enter(FIRST)
    with journey.step("市里从复核页进入研究和认定") as page:
        journey.open(f"/recognition/re-reviews/{call.pk}/")
        page.get_by_role("link", name="研究和认定").click()
        page.get_by_role("button", name="拟定认定方案").click()
        page.get_by_role("button", name="定稿会议材料").click()
        page.get_by_label("会议编号").fill("2026年第12次党组会")
        page.get_by_label("会议日期").fill(f"{timezone.localdate():%Y-%m-%d}")
        page.get_by_label("会议纪要").set_input_files(
            {"name": "会议纪要.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.get_by_role("button", name="提交认定方案").click()
        expect(page.get_by_text("方案由您提交，请另一位同事确认。")).to_be_visible()
    persons.enter(SECOND)
    with journey.step("另一位经办人确认方案") as page:
        journey.open(home)
        page.get_by_role("link", name="确认认定方案").click()
        page.get_by_role("link", name="确认认定方案").click()
        page.get_by_role("dialog").get_by_role("button", name="确认认定方案").click()
        expect(page.get_by_text("认定方案已确认，结果已告知企业。")).to_be_visible()
    with journey.step("拟定认定文件") as page:
        journey.open(f"/recognition/calls/{call.pk}/recognise/")
        page.get_by_role("button", name="拟定认定文件").click()
        expect(page.get_by_text("认定文件由您拟定，请另一位同事审核印发。")).to_be_visible()
    persons.enter(FIRST)
    with journey.step("印发：新的有效期接着原来的") as page:
        journey.open(f"/recognition/calls/{call.pk}/recognise/")
        page.get_by_role("link", name="印发认定文件").click()
        page.get_by_role("dialog").get_by_role("button", name="印发认定文件").click()
        expect(page.locator("#issued")).to_contain_text("〔")


def _heard_and_cancelled(journey: Journey, persons: Persons) -> None:
    """Notice, reply, proposal by one, confirmation by another."""
    with journey.step("没有通过的：从待办拟制告知书") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("发出拟取消告知书")).first.click()
        page.get_by_role("button", name="拟制告知书").click()
        expect(page.get_by_role("button", name="重新拟制")).to_be_visible()
    with journey.step("发出告知书，陈述期限开始") as page:
        page.get_by_role("link", name="发出告知书").click()
        page.get_by_role("dialog").get_by_role("button", name="发出告知书").click()
        expect(page.get_by_role("main")).to_contain_text("听取意见中")
    case = Cancellation.objects.get()
    persons.enter("manager_d")
    with journey.step("企业从待办陈述和申辩") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("请陈述和申辩")).first.click()
        page.get_by_role("textbox", name=re.compile("陈述和申辩")).fill("口径理解有误，附更正说明。")
        page.get_by_role("button", name="提交陈述").click()
        expect(page.get_by_role("main")).to_contain_text("口径理解有误，附更正说明。")
    persons.enter(FIRST)
    with journey.step("一位经办人提出处理意见") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("提出处理意见")).first.click()
        form = page.locator("#propose")
        form.get_by_label(re.compile("^取消称号")).check()
        form.get_by_role("textbox").fill("陈述不足以推翻审计报告，不予采纳。")
        form.get_by_role("button", name="提交处理意见").click()
        expect(page.get_by_text("处理意见由您提出，请另一位经办人确认。")).to_be_visible()
    persons.enter(SECOND)
    with journey.step("另一位经办人确认，称号取消") as page:
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("确认处理意见")).first.click()
        page.get_by_role("link", name="确认处理意见").click()
        page.get_by_role("dialog").get_by_role("button", name=re.compile("确认")).click()
        expect(page.get_by_role("main")).to_contain_text("已取消称号")
    persons.enter("manager_d")
    with journey.step("企业读到决定", widths=(DESK,)) as page:
        journey.open(f"/recognition/cancellations/{case.pk}/")
        expect(page.get_by_role("main")).to_contain_text("已取消")
