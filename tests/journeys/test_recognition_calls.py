"""A call from the choice of its policy to its publication by a second officer, and what may still be changed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.access.world import make_world
from tests.journeys.journey import Journey
from tests.journeys.persons import Persons
from tidu.recognition.models import Call

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_officer_writes_a_call_and_another_publishes_it(journey: Journey) -> None:
    world = make_world()
    persons = Persons(journey, world)
    page = journey.page
    last = timezone.localdate() + dt.timedelta(days=60)

    persons.enter("city_hohhot")
    with journey.step("没有通知的列表教人怎么开始"):
        journey.open("/recognition/calls/")
    with journey.step("选依据的政策"):
        page.get_by_role("link", name="新建通知").first.click()
    with journey.step("草稿按政策包填好了建议内容"):
        page.get_by_role("button", name="建立草稿").click()
        assert "认定管理办法" in page.locator("#id_body").input_value()
    with journey.step("写错的时间说明怎么改，其余已保存", status=422):
        page.get_by_label("名额").fill("30")
        page.get_by_label("截止受理").fill("下个月底")
        page.get_by_role("button", name="保存草稿", exact=True).last.click()
        assert Call.objects.get().quota == 30
    with journey.step("保存并送审"):
        page.get_by_label("截止受理").fill(f"{last.year}年{last.month}月{last.day}日 24:00")
        page.get_by_role("button", name="保存并送审").click()
        page.get_by_text("您是拟稿人，不能审签自己写的通知").wait_for()

    persons.enter("city_hohhot_second")
    call = Call.objects.get()
    with journey.step("第二位经办人在待办里看到"):
        journey.open("/desk/")
        page.get_by_role("link", name="审签申报通知").first.click()
    with journey.step("审签前看清楚后果"):
        page.get_by_role("link", name="审签发布").click()
        page.get_by_text("政策包的当前版本和各环节时限随之固定").wait_for()
    with journey.step("发布后的通知页"):
        page.get_by_role("button", name="审签发布").click()
        page.get_by_text("通知已发布").wait_for()
    with journey.step("延长受理要写理由", status=422):
        journey.open(f"/recognition/calls/{call.pk}/extend/")
        page.get_by_role("button", name="延长受理").click()
    with journey.step("延长以后理由写在经过里"):
        page.get_by_label("新的截止时间").fill(f"{last + dt.timedelta(days=15):%Y-%m-%d} 17:30")
        page.get_by_label("理由").fill("企业反映审计报告还没有出来。")
        page.get_by_role("button", name="延长受理").click()
        page.get_by_text("企业反映审计报告还没有出来。").wait_for()
    Call.objects.update(opens_at=timezone.now() - dt.timedelta(days=1))
    with journey.step("提前截止由一位提出，等另一位审签"):
        journey.open(f"/recognition/calls/{call.pk}/")
        page.get_by_role("link", name="提前截止").click()
        page.get_by_label("新的截止时间").fill(f"{last + dt.timedelta(days=10):%Y-%m-%d} 17:30")
        page.get_by_label("理由").fill("名额已满。")
        page.get_by_role("button", name="提前截止").click()
        page.get_by_text("提前截止等待审签").wait_for()
        assert page.get_by_role("link", name="审签提前截止").count() == 0
    persons.enter("city_hohhot")
    with journey.step("另一位从待办看到，退回或审签"):
        journey.open("/desk/")
        page.get_by_role("link", name=re.compile("审签提前截止")).first.click()
        page.get_by_role("link", name="退回提出人").wait_for()
    with journey.step("审签前看清楚后果，审签以后才生效"):
        page.get_by_role("link", name="审签提前截止").click()
        page.get_by_text("到时没有提交的草稿失效").wait_for()
        page.get_by_role("dialog").get_by_role("button", name="审签提前截止").click()
        page.get_by_text("已审签：提前截止").wait_for()
        page.locator("#log").get_by_text("名额已满。").wait_for()
    with journey.step("列表上看到受理中的通知和家数"):
        journey.open("/recognition/calls/")

    persons.enter("district_saihan")
    with journey.step("区县看得到，改不了"):
        journey.open(f"/recognition/calls/{call.pk}/")
        assert page.get_by_role("link", name="延长受理").count() == 0
    with journey.step("首页有正在受理的通知"):
        journey.open("/desk/")
