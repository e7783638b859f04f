"""Personal data: masked on pages, shown in full on the record only, unreadable in the database."""

import json

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.crypto.fields import EncryptedTextField
from tidu.core.models import AuditEvent
from tidu.core.personal.fields import masked, personal_fields
from tidu.registry.models import Contact

pytestmark = pytest.mark.django_db

PHONE, ID_NUMBER, ACCOUNT = "13800001234", "15010219900101123X", "6222000011112222333"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def contact(world: World) -> Contact:
    return Contact.objects.create(
        enterprise=world.a, name="王一", phone=PHONE, id_number=ID_NUMBER, bank_account=ACCOUNT
    )


def signed_in(client: Client, world: World, person: str) -> None:
    sign_in(client, world.users[person])


def address(row: object, name: str) -> str:
    return reverse("core:reveal", kwargs={"model": row._meta.label_lower, "pk": row.pk, "name": name})  # type: ignore[attr-defined]


def test_an_officer_says_what_for_and_sees_the_number_on_a_page_that_nobody_keeps(
    client: Client, world: World, contact: Contact
) -> None:
    signed_in(client, world, "city_baotou")
    asked = client.get(address(contact, "phone"))
    assert PHONE not in asked.content.decode()
    assert "查看某市试样A科技有限公司联系人王一的电话" in asked.content.decode()
    assert not AuditEvent.objects.filter(action="core.personal.revealed").exists()

    without = client.post(address(contact, "phone"))
    assert without.status_code == 422
    assert PHONE not in without.content.decode()

    shown = client.post(address(contact, "phone"), {"picked_reason": "contact", "reason": "通知补件"})
    assert PHONE in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    event = AuditEvent.objects.get(action="core.personal.revealed")
    assert (event.user_name, event.enterprise_id) == ("city_baotou", world.a.pk)
    assert json.loads(event.detail) == {
        "field": "phone",
        "label": "电话",
        "purpose": "contact",
        "reason": "通知补件",
    }
    assert PHONE not in event.detail + event.subject_label


def test_the_fragment_for_htmx_is_the_value_alone(client: Client, world: World, contact: Contact) -> None:
    signed_in(client, world, "manager_a")
    shown = client.post(address(contact, "id_number"), headers={"HX-Request": "true"})
    assert ID_NUMBER in shown.content.decode()
    assert "<html" not in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("city_hohhot", "phone"),
        ("district_qingshan", "phone"),
        ("manager_b", "phone"),
        ("tax_baotou", "phone"),
        ("auditor_baotou", "phone"),  # sees the enterprise, and the numbers masked
        ("district_kundulun", "bank_account"),
        ("system_administrator", "phone"),
        ("city_baotou", "name"),
    ],
)
def test_for_everybody_else_it_does_not_exist(
    client: Client, world: World, contact: Contact, person: str, name: str
) -> None:
    signed_in(client, world, person)
    for answer in (
        client.get(address(contact, name)),
        client.post(address(contact, name), {"picked_reason": "contact"}),
    ):
        assert answer.status_code == 404
    assert not AuditEvent.objects.filter(action="core.personal.revealed").exists()


def test_a_person_sees_their_own_number_and_no_colleague_s(client: Client, world: World) -> None:
    for name in ("manager_a", "editor_a"):
        world.users[name].phone = PHONE
        world.users[name].save()
    signed_in(client, world, "manager_a")
    assert PHONE in client.post(address(world.users["manager_a"], "phone")).content.decode()
    assert client.post(address(world.users["editor_a"], "phone")).status_code == 404


def test_a_page_shows_the_mask_and_a_link_only_to_those_who_may_look(
    rf: RequestFactory, world: World, contact: Contact
) -> None:
    request = rf.get("/registry/")
    request.actor = world.actor("city_baotou")  # type: ignore[attr-defined]
    shown = masked(request, contact, "phone")  # type: ignore[arg-type]
    assert (shown.value, shown.label) == ("138****1234", "电话")
    assert shown.url == f"{address(contact, 'phone')}?back=%2Fregistry%2F"
    request.actor = world.actor("auditor_baotou")  # type: ignore[attr-defined]
    assert masked(request, contact, "phone").url == ""  # type: ignore[arg-type]
    contact.phone = ""
    assert masked(request, contact, "phone").value == ""  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_the_way_back_leads_to_this_site(client: Client, world: World, contact: Contact, back: str) -> None:
    signed_in(client, world, "manager_a")
    page = client.post(f"{address(contact, 'phone')}?back={back}").content.decode()
    assert f'href="{reverse("desk:home")}">返回上一页' in page


def test_the_database_holds_no_personal_datum_that_can_be_read(world: World, contact: Contact) -> None:
    world.users["manager_a"].phone = PHONE
    world.users["manager_a"].save()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - every table there is
            rows = str(cursor.fetchall())
            assert not [text for text in (PHONE, ID_NUMBER, ACCOUNT) if text in rows], table
    assert contact.phone == Contact.objects.get().phone == PHONE


def test_every_encrypted_column_has_its_mask_and_its_readers() -> None:
    columns = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }
    never_shown = {("accounts.user", "totp_secret"), ("accounts.user", "id_number")}
    # What was said, by all who may see the objection, or the entry in the register.
    read_whole = {("recognition.objection", "text"), ("accounts.interest", "note")}
    assert columns - never_shown - read_whole - {field.key for field in personal_fields()} == set()
