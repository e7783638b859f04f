"""The whole way of a title, by eight people of Hohhot and those of a second city: eight applications, each to its end.

What a step does behind the page is tested beside it; here everybody looks, one after the other, at the same cases, and
every page that decides anything names the clause that it rests on.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.access.world import World, make_world
from tests.journeys.journey import DESK, Journey
from tests.journeys.persons import Persons
from tests.recognition.chain import OUTCOMES, Chain, settle
from tests.recognition.deciding_cases import end_period
from tests.recognition.life_cases import GROUND, change_paper, received
from tests.recognition.second_city import PACKS, SecondCity
from tidu.policy.vocabulary.places import look_again
from tidu.recognition.actions.campaigns import Selection, approve_campaign, open_campaign, send_campaign
from tidu.recognition.actions.cancellation_decisions import confirm, propose
from tidu.recognition.actions.cancellations import draft_notice, open_cancellation, send_notice
from tidu.recognition.actions.changes import decide_change, give_opinion, report_change
from tidu.recognition.actions.re_reviews import begin_left_over, follow_re_reviews
from tidu.recognition.actions.submitting import submit_application
from tidu.recognition.certificates.codes import code_of
from tidu.recognition.models import (
    Application,
    Campaign,
    Cancellation,
    ChangeReport,
    Notice,
    TitleCertificate,
)
from tidu.registry.models import Title

ENDS = {
    "C": "已经认定",
    "D": "已经认定",
    "E": "没有获得推荐",
    "F": "没有获得认定",
    "G": "没有获得认定",
    "H": "没有获得认定",
    "I": "已经认定",
    "J": "撤回",
}


@pytest.fixture
def chain(transactional_db: None) -> Chain:  # noqa: ARG001 - the live server needs committed rows
    """Hohhot with its people and eight enterprises."""
    world = make_world()
    settle(world)
    return Chain(world)


def cites(page: Page) -> None:
    """The page names the clause that it rests on."""
    assert page.locator("main .td-clause").count() > 0, f"no clause on {page.url}"


def test_eight_applications_of_one_call(journey: Journey, chain: Chain) -> None:
    persons, world = Persons(journey, chain.world), chain.world
    chain.publish_call()
    call = chain.call
    with journey.step("陌生人读申报通知") as page:
        journey.open(f"/recognition/public/calls/{call.pk}/")
        cites(page)
    _applies(journey, persons, chain)
    for letter in OUTCOMES:
        chain.apply(letter)
    chain.correct("D")
    chain.withdraw("J")
    persons.enter("district_saihan")
    with journey.step("区县的审核清单") as page:
        journey.open("/recognition/reviews/")
        expect(page.get_by_role("main")).to_contain_text("试样C")
    with journey.step("区县对着材料逐条审核") as page:
        journey.open(f"/recognition/reviews/{chain.of('C').pk}/")
        cites(page)
    for letter in "CDEFGHI":
        chain.review(letter)
    chain.close()
    chain.draw()
    for expert in ("expert_hohhot", "expert_hohhot_second", "expert_hohhot_third"):
        persons.enter(expert)
        with journey.step(f"专家（{expert}）只看到分派给本人的", widths=(DESK,)) as page:
            journey.open("/recognition/assignments/")
            expect(page.get_by_role("main")).to_contain_text("待声明")
    chain.judge()
    chain.conclude()
    persons.enter("city_hohhot")
    with journey.step("市里的申报总表") as page:
        journey.open(f"/recognition/calls/{call.pk}/applications/")
        expect(page.get_by_role("main")).to_contain_text("等待研究决定")
    for step in (chain.propose, chain.confirm, chain.publish, chain.object):
        step()
    notice = Notice.objects.get(call=call)
    persons.leave()
    with journey.step("陌生人读公示，期限到小时") as page:
        journey.open(f"/recognition/public/notices/{notice.pk}/")
        cites(page)
    chain.look_into()
    persons.enter("city_hohhot_second")
    with journey.step("公示期内谁也不能认定") as page:
        journey.open(f"/recognition/calls/{call.pk}/recognise/")
        expect(page.get_by_role("button", name="拟定认定文件")).to_have_count(0)
    end_period(notice)
    chain.recognise()
    with journey.step("印发以后：文号和名单") as page:
        journey.open(f"/recognition/calls/{call.pk}/recognise/")
        expect(page.locator("#issued")).to_contain_text("〔")
    for letter, end in ENDS.items():
        persons.enter(f"manager_{letter.lower()}")
        with journey.step(f"企业{letter}看到结果：{end}", widths=(DESK,)) as page:
            journey.open(f"/recognition/applications/{chain.of(letter).pk}/progress/")
            expect(page.get_by_role("main")).to_contain_text(end)
            cites(page)
    _stranger_checks(journey, persons, world, "证书真实，称号有效")
    _life(journey, persons, chain)


def _applies(journey: Journey, persons: Persons, chain: Chain) -> None:
    persons.enter("manager_c")
    with journey.step("企业看到正在受理的通知") as page:
        journey.open("/recognition/applications/")
        page.get_by_role("main").get_by_role("button", name=re.compile("开始")).first.click()
    with journey.step("申报表：已有的数据自动带入，每项条件有结论和条款") as page:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        cites(page)
    application = Application.objects.get(enterprise=chain.world.enterprises["C"])
    with journey.step("提交以前看全文") as page:
        journey.open(f"/recognition/applications/{application.pk}/preview/")
        cites(page)
    with journey.step("声明真实，提交，取得回执") as page:
        journey.open(f"/recognition/applications/{application.pk}/submit/")
        page.locator("[name=accept_unknown]").check()
        page.locator("[name=true]").check()
        page.get_by_role("button", name="提交申报").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("申报已提交，受理号")
    with journey.step("办理进度：谁在办、还剩几天、逾期怎样") as page:
        journey.open(f"/recognition/applications/{application.pk}/progress/")
        expect(page.get_by_role("main")).to_contain_text("工作日")
        cites(page)


def _stranger_checks(journey: Journey, persons: Persons, world: World, said: str) -> None:
    certificate = TitleCertificate.objects.filter(title__enterprise=world.enterprises["C"]).latest("pk")
    persons.leave()
    with journey.step(f"陌生人扫证书上的二维码：{said}") as page:
        journey.open(f"/recognition/verify/{certificate.number}/{code_of(certificate)}/")
        expect(page.get_by_role("heading", name=said)).to_be_visible()


def _life(journey: Journey, persons: Persons, chain: Chain) -> None:
    world = chain.world
    first, second = chain.actor("city_hohhot"), chain.actor("city_hohhot_second")
    title = Title.objects.get(enterprise=world.enterprises["C"])
    change = report_change(
        actor=chain.manager_of("C"),
        title=title,
        kind=ChangeReport.Kind.RESTRUCTURING,
        happened_on=title.recognised_on,
        before="有限责任公司",
        after="股份有限公司",
        text="整体改制，主营业务不变。",
        evidence=[change_paper(world)],
    )
    change = give_opinion(
        actor=chain.officer_of("C"), change=change, positive=True, opinion="已核对，主营业务没有变化。"
    )
    persons.enter("city_hohhot")
    with journey.step("重大变化：区县核实以后市里审定") as page:
        journey.open(f"/recognition/changes/{change.pk}/")
        expect(page.get_by_role("main")).to_contain_text("已核对，主营业务没有变化。")
    decide_change(actor=first, change=change, accepted=True, decision="称号延续。")
    _re_reviewed(journey, persons, chain)
    case = open_cancellation(
        actor=first,
        title=Title.objects.get(pk=title.pk),
        origin=Cancellation.Origin.REPORT,
        ground=GROUND,
        facts="2025 年营业收入填报 1,500.00 万元，审计报告为 918.90 万元。",
        files=[received()],
    )
    case = send_notice(actor=first, case=draft_notice(actor=first, case=case))
    persons.enter("manager_c")
    with journey.step("企业在期限内陈述") as page:
        journey.open(f"/recognition/cancellations/{case.pk}/")
        cites(page)
        page.get_by_role("textbox", name=re.compile("陈述和申辩")).fill(
            "单位填写有误，并非故意，附更正说明。"
        )
        page.get_by_role("button", name=re.compile("提交陈述")).click()
        expect(page.get_by_role("main")).to_contain_text("单位填写有误，并非故意，附更正说明。")
    case.refresh_from_db()
    case = propose(actor=first, case=case, cancels=True, opinion="陈述不足以推翻审计报告，不予采纳。")
    confirm(actor=second, case=case)
    with journey.step("企业读到决定和依据") as page:
        journey.open(f"/recognition/cancellations/{case.pk}/")
        expect(page.get_by_role("main")).to_contain_text("已取消")
        cites(page)
    _stranger_checks(journey, persons, world, "证书曾经颁发")


def _re_reviewed(journey: Journey, persons: Persons, chain: Chain) -> None:
    """Titles that end in a window are reviewed again: one passes, one fails and will be heard."""
    first, second = chain.actor("city_hohhot"), chain.actor("city_hohhot_second")
    now, today = timezone.now(), timezone.localdate()
    ends = max(item.valid_until for item in Title.objects.all() if item.valid_until)
    draft = open_campaign(
        actor=first,
        tier=chain.call.tier,
        selection=Selection(Campaign.Way.WINDOW, today, ends),
        opens_at=now,
        closes_at=now + dt.timedelta(days=30),
    )
    approve_campaign(actor=second, call=send_campaign(actor=first, call=draft))
    begin_left_over()
    persons.enter("manager_d")
    with journey.step("企业在复核中确认或更新数据") as page:
        journey.open(f"/recognition/applications/{chain.of('D').pk}/")
        cites(page)
    for letter in "DI":
        submit_application(
            actor=chain.manager_of(letter),
            application=chain.of(letter),
            declared_by="负责人",
            accept_unknown=True,
        )
    chain.review("D")
    chain.refuse("I")
    chain.propose(against="")
    chain.confirm()
    chain.recognise()
    follow_re_reviews()
    assert Title.objects.filter(enterprise=chain.world.enterprises["D"]).count() == 2
    case = Cancellation.objects.get(enterprise=chain.world.enterprises["I"])
    persons.enter("city_hohhot")
    with journey.step("到期复核：一家通过，一家没有通过") as page:
        journey.open(f"/recognition/re-reviews/{draft.pk}/")
        cites(page)
    with journey.step("没有通过的，先听取陈述再决定") as page:
        journey.open(f"/recognition/cancellations/{case.pk}/")
        cites(page)


def test_a_second_city_with_a_procedure_of_its_own(
    journey: Journey,
    transactional_db: None,  # noqa: ARG001 - as above
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TIDU_PACKS", str(PACKS))
    look_again()
    city = SecondCity.made()
    city.add("甲")
    city.add("乙")
    call = city.call()
    with journey.step("第二座城市的通知：没有专家评审") as page:
        journey.open(f"/recognition/public/calls/{call.pk}/")
        cites(page)
        expect(page.get_by_role("row", name=re.compile("专家评审"))).to_have_count(0)
    for name in ("甲", "乙"):
        city.apply(name, call)
        city.recommend(name, call)
    notice = city.decide(call, against=frozenset({"乙"}))
    with journey.step("公示期按工作日计算") as page:
        journey.open(f"/recognition/public/notices/{notice.pk}/")
        cites(page)
        expect(page.get_by_role("main")).to_contain_text("工作日")
    end_period(notice)
    city.recognise(call)
    certificate = TitleCertificate.objects.get()
    with journey.step("证书由任何人核验") as page:
        journey.open(f"/recognition/verify/{certificate.number}/{code_of(certificate)}/")
        expect(page.get_by_role("heading", name="证书真实，称号有效")).to_be_visible()
