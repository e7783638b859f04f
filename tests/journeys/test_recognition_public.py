"""What a stranger does with recognition: reads a notice, objects, asks what became of it, finds a title, checks it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.access.world import World, make_world
from tests.journeys.journey import DESK, Journey
from tests.journeys.persons import Persons
from tests.recognition.cases import published_call
from tests.recognition.published import certified, public_notice
from tidu.recognition.actions.certificates import reissue_certificate
from tidu.recognition.certificates.codes import code_of
from tidu.recognition.models import Notice, TitleCertificate
from tidu.registry.actions.standing import end_title
from tidu.registry.models.standing import TitleState


@pytest.fixture
def world(transactional_db: None) -> World:  # noqa: ARG001 - the live server needs committed rows
    """Hohhot with a call, a notice that runs, and a title with its certificate."""
    return make_world()


def test_a_stranger_reads_a_notice_and_objects(journey: Journey, world: World) -> None:
    materials = [
        {"kind": "audit_report", "required": True, "note": ""},
        {"kind": "patent_certificate", "required": False, "note": "近三年"},
    ]
    notice = public_notice(world, call=published_call(world, materials=materials))
    with journey.step("首页：正在受理和公示") as page:
        journey.open("/")
        expect(page.locator("#running")).to_contain_text("公示中，还剩")
    with journey.step("申报通知的列表") as page:
        journey.open("/recognition/public/calls/")
        expect(page.get_by_role("main")).to_contain_text("受理中")
    with journey.step("一份申报通知：窗口、材料、时限、依据") as page:
        page.get_by_role("main").get_by_role("link", name=notice.call.title).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("申报通知")
    with journey.step("公示公告") as page:
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="公示公告").click()
        expect(page.get_by_role("main")).to_contain_text("公示中")
    with journey.step("一份公示：名单、期限到小时") as page:
        page.get_by_role("main").get_by_role("link", name=notice.title).click()
        expect(page.locator(".td-count-down")).to_contain_text("天")
    with journey.step("在名单中查找", widths=(DESK,)) as page:
        page.get_by_placeholder("在名单中查找").fill("试样C")
        page.get_by_role("button", name="查找").click()
        expect(page.get_by_role("status")).to_contain_text("找到 1 家，共 2 家")
    with journey.step("填得不全：写过的都在", status=422) as page:
        page.get_by_role("textbox", name=re.compile("异议内容")).fill("太短")
        page.get_by_label("实名（会书面答复）").check()
        page.get_by_role("button", name="提交异议并取得回执码").click()
        expect(page.get_by_role("alert")).to_contain_text("处需要改")
        expect(page.get_by_role("textbox", name=re.compile("异议内容"))).to_have_value("太短")
    with journey.step("匿名提交，取得回执码") as page:
        page.get_by_label("异议涉及的企业").select_option(index=1)
        page.get_by_role("textbox", name=re.compile("异议内容")).fill(
            "该企业上年度营业收入与公开年报不符，请核实。"
        )
        page.get_by_label("证据").set_input_files(
            {"name": "年报.pdf", "mimeType": "application/pdf", "buffer": _pdf()}
        )
        page.get_by_label("匿名（凭回执码查询）").check()
        page.get_by_role("button", name="提交异议并取得回执码").click()
        expect(page.locator(".rp-code")).to_be_visible()
    code = page.locator(".rp-code").inner_text()
    with journey.step("凭回执码查询") as page:
        page.get_by_role("main").get_by_role("link", name="查询办理情况").click()
        page.get_by_label("回执码").fill(code.lower().replace("-", " "))
        page.get_by_role("button", name="查询办理情况").click()
        expect(page.locator("#found")).to_contain_text("已收到，等待核查")
        assert code not in page.url
    Notice.objects.update(ends_at=timezone.now() - dt.timedelta(minutes=1))
    with journey.step("公示期满：不再接收") as page:
        journey.open(f"/recognition/public/notices/{notice.pk}/")
        expect(page.get_by_role("main")).to_contain_text("公示期已过")


def test_a_stranger_finds_a_title_and_checks_its_certificate(journey: Journey, world: World) -> None:
    certificate = certified(world)
    with journey.step("认定名单") as page:
        journey.open("/recognition/public/recognised/")
        expect(page.get_by_role("main")).to_contain_text(certificate.name)
    with journey.step("证书核验") as page:
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="证书核验").click()
        expect(page.get_by_role("heading", name="怎么核验")).to_be_visible()
    with journey.step("编号对、名称错：没有查到", status=404) as page:
        page.get_by_label("证书编号").fill(certificate.number)
        page.get_by_label("企业名称、统一社会信用代码或核验码").fill("别的企业")
        page.get_by_role("button", name="核验证书").click()
        expect(page.get_by_role("heading", name="没有查到这张证书")).to_be_visible()
    with journey.step("扫码：证书真实，称号有效") as page:
        journey.open(f"/recognition/verify/{certificate.number}/{code_of(certificate)}/")
        expect(page.get_by_role("heading", name="证书真实，称号有效")).to_be_visible()
        expect(page.get_by_role("img", name="核验二维码")).to_be_visible()
    Persons(journey, world).enter("manager_c")
    with journey.step("企业看自己的证书，下载") as page:
        journey.open(f"/recognition/certificates/{certificate.pk}/")
        with page.expect_download() as got:
            page.get_by_role("link", name="下载证书（PDF/A）").click()
        assert got.value.suggested_filename.endswith(".pdf")
    _renamed(world, certificate)
    with journey.step("更名换发以后，旧证书说明已换发") as page:
        journey.open(f"/recognition/verify/{certificate.number}/{code_of(certificate)}/")
        expect(page.get_by_role("heading", name=re.compile("已经换发新证书"))).to_be_visible()
    end_title(
        actor=world.actor("city_hohhot"),
        title=certificate.title,
        state=TitleState.REVOKED,
        ended_on=timezone.localdate(),
        reason="测试用的理由",
    )
    with journey.step("称号取消以后") as page:
        journey.open(f"/recognition/verify/{certificate.number}/{code_of(certificate)}/")
        expect(page.get_by_role("heading", name=re.compile("证书曾经颁发，称号已于"))).to_be_visible()


def _renamed(world: World, certificate: TitleCertificate) -> None:
    enterprise = certificate.title.enterprise
    enterprise.name = "某市新名科技有限公司"
    enterprise.save(update_fields=("name",))
    reissue_certificate(actor=world.actor("city_hohhot"), certificate=certificate, reason="企业更名")


def _pdf() -> bytes:
    from tidu.core.documents.sheets import Sheet
    from tidu.core.documents.typesets import set_sheet

    return set_sheet(kind="receipt", words=Sheet("年报", ()).as_words(), made_at=timezone.now())
