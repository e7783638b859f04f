"""Objections by anybody: taken in without an account, nothing typed lost, and asked after by the code alone."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.published import public_notice
from tidu.core.crypto.sealing import seal
from tidu.core.files import receiving
from tidu.core.files.kinds import FileKind, FileRefused
from tidu.core.files.scanning import Scanned
from tidu.core.models import StoredFile
from tidu.core.models.audit import AuditEvent
from tidu.recognition.models import Notice, Objection

pytestmark = pytest.mark.django_db
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
TEXT = "该企业上年度营业收入与公开年报不符，请核实。"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def notice(world: World) -> Notice:
    return public_notice(world)


def _fields(notice: Notice, **more: object) -> dict[str, object]:
    return {"item": str(notice.items.all()[0].pk), "text": TEXT, "way": "anonymous", **more}


def _send(client: Client, notice: Notice, **more: object) -> tuple[int, str]:
    answer = client.post(reverse("recognition:objection-new", args=[notice.pk]), _fields(notice, **more))
    return answer.status_code, answer.content.decode()


def _code(page: str) -> str:
    found = re.search(r'rp-code td-code">([^<]+)<', page)
    assert found, page
    return found[1]


def _ask(client: Client, code: str) -> str:
    return str(client.post(reverse("recognition:objection-status"), {"code": code}).content.decode())


def test_an_anonymous_objection_keeps_no_name_and_no_address(client: Client, notice: Notice) -> None:
    status, page = _send(client, notice, name="张三", phone="13800001234")
    assert status == 200
    objection = Objection.objects.get()
    assert (objection.sender_name, objection.sender_phone, objection.text) == ("", "", TEXT)
    assert objection.code_digest != _code(page)
    event = AuditEvent.objects.filter(action="recognition.objection.received").get()
    assert event.address == ""
    assert not client.session.keys()


def test_whoever_holds_the_code_learns_the_state_and_the_answer_and_nothing_else(
    client: Client, world: World, notice: Notice
) -> None:
    code = _code(_send(client, notice)[1])
    assert "已收到，等待核查" in _ask(client, f" {code.lower()} ")
    Objection.objects.update(
        state=Objection.State.DISMISSED,
        finding="内部核查：走访了财务科长",
        reply="经核实，数据一致。",
        decided_by=world.users["city_hohhot_second"],
        decided_at=timezone.now(),
    )
    page = _ask(client, code)
    assert "已办结：异议不成立" in page
    assert "经核实，数据一致。" in page
    assert "财务科长" not in page
    assert world.users["city_hohhot_second"].name not in page
    assert "没有这个回执码" in _ask(client, "AAAA-BBBB-CCCC-DDDD")
    assert "没有这个回执码" in _ask(client, "")


def test_a_named_objection_needs_a_name_and_a_telephone(client: Client, notice: Notice) -> None:
    status, page = _send(client, notice, way="named")
    assert status == 422
    assert "请填写联系电话" in page
    assert TEXT in page
    assert _send(client, notice, way="named", name="李四", phone="0471-1234567")[0] == 200
    assert Objection.objects.get().sender_phone == "0471-1234567"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"item": ""}, "请选择异议涉及的企业"),
        ({"item": "999999"}, "请从名单里选择企业"),
        ({"text": "太短"}, "至少 10 个字"),
        ({"text": "长" * 2001}, "2000 个字以内"),
        ({"website": "http://spam.example"}, "请清空后再提交"),
        ({"way": "nobody"}, "有效的选项"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(
    client: Client, notice: Notice, wrong: dict[str, object], said: str
) -> None:
    status, page = _send(client, notice, name="王<b>五</b>", **wrong)
    assert status == 422
    assert said in page
    assert "王&lt;b&gt;五&lt;/b&gt;" in page
    assert not Objection.objects.exists()


def test_a_file_that_is_not_what_it_says_is_refused_and_the_text_stays(
    client: Client, notice: Notice
) -> None:
    status, page = _send(client, notice, files=[SimpleUploadedFile("证据.pdf", b"<html>")])
    assert status == 422
    assert TEXT in page
    assert "内容却不是 PDF" in page
    assert not Objection.objects.exists()
    names = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(6)]
    status, page = _send(client, notice, files=names)
    assert (status, "最多 5 个" in page) == (422, True)


def test_evidence_is_kept_without_the_name_that_tells_whose_it_is(client: Client, notice: Notice) -> None:
    files = [SimpleUploadedFile(name, PDF) for name in ("../../etc/张三的举报.pdf", "年报.PDF")]
    assert _send(client, notice, files=files)[0] == 200
    stored = StoredFile.objects.filter(pk__in=Objection.objects.get().files.values("file"))
    assert {found.name for found in stored} == {"异议材料 1.pdf", "异议材料 2.PDF"}
    assert not any("etc" in found.location for found in stored)
    assert not AuditEvent.objects.filter(subject_label__contains="张三").exists()


def test_a_file_with_a_virus_is_recorded_without_its_name(
    client: Client, notice: Notice, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    monkeypatch.setattr(receiving, "scan", lambda _path: Scanned("Eicar"))
    assert _send(client, notice, files=[SimpleUploadedFile("张三.pdf", PDF)])[0] == 422
    assert AuditEvent.objects.get(action="core.file.refused").subject_label == "异议材料 1.pdf"


def test_the_pages_of_a_file_are_shown_and_of_an_anonymous_one_no_file(
    client: Client, world: World, notice: Notice
) -> None:
    for way in ({"way": "anonymous"}, {"way": "named", "name": "张三", "phone": "13800001234"}):
        assert _send(client, notice, files=[SimpleUploadedFile("年报.pdf", PDF)], **way)[0] == 200
    officer = Client()
    sign_in(officer, world.users["city_hohhot"])
    for objection, status in zip(Objection.objects.order_by("pk"), (404, 200), strict=True):
        file = objection.files.get()
        said = officer.get(reverse("recognition:objection", args=[objection.pk])).content.decode()
        moment = f"{timezone.localtime(objection.received_at):%H:%M}</time>"
        assert (moment in said) is objection.named  # when exactly an anonymous one came may tell from whom
        page = officer.get(reverse("recognition:objection-file", args=[objection.pk, file.pk]))
        assert page.status_code == 200
        assert ("下载原件" in page.content.decode()) is objection.named
        shown = officer.get(reverse("recognition:objection-page", args=[objection.pk, file.pk, 1]))
        assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/png")
        original = reverse("recognition:objection-original", args=[objection.pk, file.pk])
        assert officer.get(original).status_code == status
    assert not AuditEvent.objects.filter(
        action__startswith="core.file.", enterprise_id__isnull=False
    ).exists()


def test_whoever_sends_files_is_told_first_what_they_tell(client: Client, notice: Notice) -> None:
    for name in ("objection-new", "notice"):
        page = client.get(reverse(f"recognition:{name}", args=[notice.pk])).content.decode()
        assert page.index("文件可能透露您是谁") < page.index('type="file"')


def test_refused_files_are_attempts_and_are_not_looked_at_without_end(
    client: Client, notice: Notice, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OBJECTION_RATE = "2/day"
    looked: list[str] = []

    def look(_path: Path, name: str, _allowed: object) -> FileKind:
        looked.append(name)
        raise FileRefused("打不开。")

    monkeypatch.setattr(receiving, "kind_of", look)
    for status in (422, 422, 429, 429):
        assert _send(client, notice, files=[SimpleUploadedFile("坏.pdf", PDF)])[0] == status
        cache.clear()  # whatever becomes of the cache, what was counted stays counted
    assert len(looked) == 2


def test_the_code_is_not_to_be_read_where_a_second_click_finds_it(client: Client, notice: Notice) -> None:
    page = client.get(reverse("recognition:objection-new", args=[notice.pk])).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    code = _code(_send(client, notice, once=once[1])[1])
    assert code not in str(cache.get(f"objection:{once[1]}"))


def test_second_clicks_do_not_keep_the_site_waiting_without_end(
    client: Client, notice: Notice, settings: Settings
) -> None:
    settings.OBJECTION_RATE = "2/day"
    once = "a" * 22
    cache.set(f"objection:{once}", seal("7K2M"), 60)
    assert [_send(client, notice, once=once)[0] for _ in range(3)] == [200, 200, 429]


def test_what_is_larger_than_the_limit_is_not_read(
    client: Client, notice: Notice, settings: Settings
) -> None:
    settings.OBJECTION_BYTES = settings.REQUEST_BYTES = 1024 * 1024
    large = SimpleUploadedFile("大.pdf", b"x" * (3 * 1024 * 1024))
    assert _send(client, notice, files=[large])[0] == 413


def test_two_clicks_make_one_objection_and_show_one_code(client: Client, notice: Notice) -> None:
    page = client.get(reverse("recognition:objection-new", args=[notice.pk])).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    codes = {_code(_send(client, notice, once=once[1])[1]) for _ in range(2)}
    assert len(codes) == 1
    assert Objection.objects.count() == 1


def test_one_address_objects_so_often_and_no_more(client: Client, notice: Notice, settings: Settings) -> None:
    settings.OBJECTION_RATE = "2/day"
    answers = [_send(client, notice)[0] for _ in range(3)]
    assert answers == [200, 200, 429]
    assert TEXT in _send(client, notice)[1]


def test_codes_are_not_tried_out(client: Client, settings: Settings) -> None:
    settings.CHECK_RATE = "2/day"
    address = reverse("recognition:objection-status")
    answers = [client.post(address, {"code": "AAAA"}).status_code for _ in range(3)]
    assert answers == [422, 422, 429]


def test_after_the_period_nothing_is_taken_in(client: Client, notice: Notice) -> None:
    Notice.objects.update(
        published_at=timezone.now() - dt.timedelta(days=7), ends_at=timezone.now() - dt.timedelta(seconds=1)
    )
    status, page = _send(client, notice)
    assert status == 422
    assert "公示已经结束" in page
    assert not Objection.objects.exists()


def test_a_recalled_notice_takes_nothing_in_and_shows_no_names(client: Client, notice: Notice) -> None:
    Notice.objects.update(state="recalled", recalled_at=timezone.now(), recalled_reason="内部原因")
    assert _send(client, notice)[0] == 404
    page = client.get(reverse("recognition:notice", args=[notice.pk])).content.decode()
    assert "撤回" in page
    assert notice.items.all()[0].name not in page
    assert "内部原因" not in page
