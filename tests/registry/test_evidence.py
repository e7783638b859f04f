"""Evidence: handed in once, scoped by place, never lost; and the lists of the enterprise's form."""

from __future__ import annotations

from typing import cast

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.core.files.sample_files import office, pdf
from tidu.core.actor import SYSTEM
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.receiving import store_file
from tidu.core.models import StoredFile
from tidu.core.models.audit import AuditEvent
from tidu.core.refusals import Refused
from tidu.registry.actions.particular_changes import replace_particular
from tidu.registry.models import Certificate, Evidence, IntellectualProperty, Product

pytestmark = pytest.mark.django_db
LAST = timezone.localdate().year - 1


@pytest.fixture
def world() -> World:
    return make_world()


def _signed_in(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


@pytest.fixture
def own(world: World) -> Client:
    return _signed_in(world, "manager_a")


def _hand_in(client: Client, content: bytes, name: str = "报告.pdf", **said: str) -> HttpResponse:
    fields = {"kind": "audit_report", "year": str(LAST), "file": SimpleUploadedFile(name, content)} | said
    return cast("HttpResponse", client.post(reverse("registry:own-evidence"), fields))


def test_a_year_of_five_thousand_digits_is_no_year(own: Client) -> None:
    assert _hand_in(own, pdf(), year="9" * 5_000).status_code == 302
    assert Evidence.objects.get().year is None


def test_a_document_is_kept_under_its_kind_and_year_on_the_record(own: Client, world: World) -> None:
    assert _hand_in(own, pdf(), note="已盖章").status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.enterprise, evidence.kind, evidence.year) == (world.a, "audit_report", LAST)
    page = own.get(reverse("registry:own-evidence")).content.decode()
    assert "报告.pdf" in page
    assert "未扫描" in page
    assert AuditEvent.objects.get(action="registry.evidence.added").enterprise_id == world.a.pk


def test_the_same_file_twice_is_one_document(own: Client) -> None:
    content = pdf()
    _hand_in(own, content)
    _hand_in(own, content)
    assert Evidence.objects.count() == 1
    assert StoredFile.objects.count() == 1
    _hand_in(own, content, year="")
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "name", "content", "words"),
    [
        ({"kind": ""}, "a.pdf", pdf(), "请从列表里选择材料种类"),
        ({"kind": "nothing"}, "a.pdf", pdf(), "请从列表里选择材料种类"),
        ({"year": "1066"}, "a.pdf", pdf(), "请从列表里选择所属年度"),
        ({}, "a.xlsm", office(), "不能上传 .xlsm 文件"),
        ({}, "a.html", b"<html>", "不能上传 .html 文件"),
        ({}, "a.xlsx", office(extra={"xl/vbaProject.bin": b"x"}), "含有宏"),
    ],
)
def test_what_is_not_taken_is_said_and_nothing_is_kept(
    own: Client, said: dict[str, str], name: str, content: bytes, words: str
) -> None:
    answer = _hand_in(own, content, name, **said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_virus_stays_outside(own: Client, settings: Settings) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    answer = _hand_in(own, pdf())
    assert "病毒扫描服务暂时不可用" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(own: Client, settings: Settings) -> None:
    settings.FILE_BYTES = 1024
    settings.REQUEST_BYTES = 1024
    answer = _hand_in(own, pdf() + bytes(2 * 1024 * 1024))
    assert answer.status_code == 413
    assert "太大" in answer.content.decode()


def test_a_withdrawn_document_stays_for_the_record(own: Client, world: World) -> None:
    _hand_in(own, pdf())
    evidence = Evidence.objects.get()
    url = reverse("registry:own-evidence-withdraw", args=[evidence.pk])
    assert own.get(url).status_code == 200
    assert own.post(url).status_code == 302
    assert own.post(url).status_code == 302
    assert AuditEvent.objects.filter(action="registry.evidence.withdrawn").count() == 1
    assert default_storage.exists(evidence.file.location)
    officer = _signed_in(world, "district_kundulun")
    page = officer.get(reverse("registry:enterprise-evidence", args=[world.a.pk])).content.decode()
    assert "撤下的材料" in page


def test_officers_of_the_place_look_at_it_on_the_record_and_nobody_else_does(
    own: Client, world: World
) -> None:
    _hand_in(own, pdf(2))
    pk = Evidence.objects.get().pk
    officer = _signed_in(world, "district_kundulun")
    assert "共 2 页" in officer.get(reverse("registry:evidence", args=[pk])).content.decode()
    assert officer.get(reverse("registry:evidence-page", args=[pk, 2]))["Content-Type"] == "image/png"
    assert officer.get(reverse("registry:evidence-download", args=[pk])).status_code == 200
    looked = AuditEvent.objects.filter(enterprise_id=world.a.pk, user_id=world.users["district_kundulun"].pk)
    assert set(looked.values_list("action", flat=True)) == {"core.file.previewed", "core.file.downloaded"}
    for stranger in ("district_qingshan", "city_hohhot", "manager_b", "tax_baotou", "system_administrator"):
        for name, arguments in (("evidence", [pk]), ("evidence-download", [pk]), ("evidence-page", [pk, 1])):
            url = reverse(f"registry:{name}", args=arguments)
            assert _signed_in(world, stranger).get(url).status_code == 404, (stranger, name)


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "九"])
def test_a_page_number_that_is_none_shows_the_nearest_page(own: Client, page: str) -> None:
    _hand_in(own, pdf(2))
    url = reverse("registry:evidence", args=[Evidence.objects.get().pk])
    assert own.get(url, {"page": page}).status_code == 200


def test_the_list_costs_the_same_at_one_and_at_a_hundred(own: Client, world: World) -> None:
    counts = []
    for number in (1, 100):
        for _ in range(number):
            stored = store_file(
                actor=SYSTEM, upload=SimpleUploadedFile("a.docx", _DOCX), allowed=EVIDENCE_KINDS
            )
            Evidence.objects.create(enterprise=world.a, kind="audit_report", file=stored)
        for client, url in (
            (own, reverse("registry:own-evidence")),
            (
                _signed_in(world, "district_kundulun"),
                reverse("registry:enterprise-evidence", args=[world.a.pk]),
            ),
        ):
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                client.get(url)
            counts.append(len(caught))
    assert counts[:2] == counts[2:], counts


_DOCX = office(next(kind for kind in EVIDENCE_KINDS if kind.name == "DOCX"))


def test_a_product_is_added_changed_and_ended(own: Client, world: World) -> None:
    url = reverse("registry:own-list", args=["products"])
    assert own.post(url, {"name": "石墨电极", "main": "on", "revenue": "1,604.68"}).status_code == 302
    product = Product.objects.get()
    assert (product.enterprise, product.revenue) == (world.a, 1_604_680_000)
    row = reverse("registry:own-row", args=["products", product.pk])
    assert 'value="1,604.68"' in own.get(row).content.decode()
    assert own.post(row, {"name": "超高功率石墨电极", "revenue": ""}).status_code == 302
    stale = own.post(row, {"name": "第三个名字"})
    assert "刚才已被改动" in stale.content.decode()
    standing = Product.objects.get(ended_at=None)
    assert standing.name == "超高功率石墨电极"
    end = reverse("registry:own-row-end", args=["products", standing.pk])
    assert own.post(end).status_code == 302
    assert not Product.objects.filter(ended_at=None).exists()
    assert Product.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("products", {"name": "", "revenue": "很多"}, "请填数字"),
        ("products", {"name": "甲", "market_share": "101000"}, "有 1 处需要改"),
        ("properties", {"kind": "magic", "number": "1", "name": "甲"}, "有 1 处需要改"),
        (
            "properties",
            {"kind": "utility", "number": "1", "name": "甲", "acquired_on": "2025-01-01"},
            "同时勾选“受让取得”",
        ),
        (
            "certificates",
            {"name": "甲", "issued_on": "2025-06-01", "valid_until": "2024-06-01"},
            "有效期早于发证日期",
        ),
        ("platforms", {"name": "甲", "level": ""}, "有 1 处需要改"),
    ],
)
def test_a_row_that_cannot_be_is_refused_beside_its_field(
    own: Client, kind: str, said: dict[str, str], words: str
) -> None:
    answer = own.post(reverse("registry:own-list", args=[kind]), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not any(model.objects.exists() for model in (Product, IntellectualProperty, Certificate))


def test_the_same_patent_is_listed_once(own: Client) -> None:
    url = reverse("registry:own-list", args=["properties"])
    said = {"kind": "utility", "number": "ZL1", "name": "一种装置"}
    assert own.post(url, said).status_code == 302
    answer = own.post(url, said)
    assert answer.status_code == 422
    assert IntellectualProperty.objects.count() == 1


def test_of_two_changes_at_once_the_second_is_refused(world: World) -> None:
    product = Product.objects.create(enterprise=world.a, name="甲")
    actor = world.actor("manager_a")
    replace_particular(actor=actor, old=product, new=Product(name="乙"))
    with pytest.raises(Refused, match="已被改动"):
        replace_particular(actor=actor, old=product, new=Product(name="丙"))


def test_rows_of_another_enterprise_are_out_of_reach(own: Client, world: World) -> None:
    foreign = Product.objects.create(enterprise=world.enterprises["B"], name="别家的产品")
    for name in ("own-row", "own-row-end"):
        url = reverse(f"registry:{name}", args=["products", foreign.pk])
        assert own.get(url).status_code == 404
        assert own.post(url, {"name": "改名"}).status_code == 404
    assert own.get(reverse("registry:own-list", args=["nothing"])).status_code == 404
