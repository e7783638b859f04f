"""A NUL in what a request says is taken out, wherever it stands: PostgreSQL refuses every query that holds one."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.core.files.sample_files import pdf
from tests.recognition.cases import published_call
from tests.recognition.published import public_notice
from tidu.core.middleware import WithoutNul
from tidu.recognition.actions.applying import start_application
from tidu.recognition.models import Objection, Statement

pytestmark = pytest.mark.django_db
TEXT = "该企业上年度营业收入与公开年报不符，请核实。"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize(
    ("person", "address", "query"),
    [
        ("", "recognition:recognised", {"q": "乳\0业", "district": "\0"}),
        ("", "recognition:verify", {"number": "HHHT\0-2026-0001", "proof": "甲\0"}),
        ("", "portal:home", {"q\0": "\0"}),
        ("city_hohhot", "registry:enterprises", {"q": "\0试样", "sort": "\0", "industry": "\0"}),
        ("city_hohhot", "desk:home", {"q": "\0", "tab": "\0"}),
        ("city_hohhot", "recognition:titles", {"q": "\0", "call": "\0"}),
        ("city_hohhot", "recognition:objections", {"q": "试\0"}),
        (
            "audit_administrator",
            "core:audit",
            {"person": "\0张", "subject": "\0", "enterprise": "\0", "since": "\0"},
        ),
    ],
)
def test_a_search_finds_what_it_would_without(
    client: Client, world: World, person: str, address: str, query: dict[str, str]
) -> None:
    if person:
        sign_in(client, world.users[person])
    name = reverse(address)
    given = client.get(name, query)
    plain = client.get(name, {key: text.replace("\0", "") for key, text in query.items()})
    assert given.status_code == plain.status_code in {200, 404}


def test_an_objection_loses_the_nul_and_nothing_else(client: Client, world: World) -> None:
    notice = public_notice(world)
    sent = client.post(
        reverse("recognition:objection-new", args=[notice.pk]),
        {
            "item": f"{notice.items.all()[0].pk}\0",
            "text": TEXT.replace("，", "\0，"),
            "way": "named",
            "name": "\0张三",
            "phone": "138\x000000\x000000",
            "once\0": "\0",
            "files": [SimpleUploadedFile("证\0据.pdf", pdf())],
        },
    )
    assert sent.status_code == 200
    found = Objection.objects.get()
    assert (found.text, found.sender_name, found.sender_phone) == (TEXT, "张三", "13800000000")


def test_a_statement_is_saved_without_the_nul(client: Client, world: World) -> None:
    application = start_application(actor=world.actor("editor_c"), call=published_call(world))
    sign_in(client, world.users["editor_c"])
    address = reverse("recognition:application-section", args=[application.pk, "specialised"])
    name = "statement-chain_advantage"
    answer = client.post(
        address,
        {name: "深耕\0细分领域", "shown": json.dumps({name: "\0"})},
        headers={"X-Requested-With": "autosave"},
    )
    assert answer.status_code == 200
    assert Statement.objects.get().text == "深耕细分领域"


def test_an_address_with_a_nul_is_nobody_s(client: Client, world: World) -> None:
    sign_in(client, world.users["city_hohhot"])
    for address in ("/recognition/verify/HHHT%00/ABCD/", "/registry/enterprises/%00/", "/personal/a%00/1/b/"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("number", [2**63, 10**30])
@pytest.mark.parametrize("name", ["recommendation-table", "recommendation-table-workbook"])
def test_an_address_with_a_number_beyond_every_row_is_nobody_s(
    client: Client, world: World, name: str, number: int
) -> None:
    sign_in(client, world.users["district_saihan"])
    assert client.get(reverse(f"recognition:{name}", args=[number, "150105"])).status_code == 404


def test_a_cookie_with_a_nul_is_a_session_that_does_not_exist(client: Client) -> None:
    cookie = rf'{settings.SESSION_COOKIE_NAME}="aaaaaaaaaaaaaaaa\000aaaaaaaaaaaaaaaa"'
    answer = client.get(reverse("desk:home"), headers={"Cookie": cookie})
    assert answer.status_code == 302


def test_a_form_is_read_when_a_view_asks_for_it_and_not_before(rf: RequestFactory) -> None:
    request = rf.post("/?a=%00b", {"c": ["\0d", "e"], "c\0": "f"})
    WithoutNul(lambda _: None)(request)  # type: ignore[arg-type, return-value] # no answer is needed
    assert not hasattr(request, "_post")
    assert request.GET.dict() == {"a": "b"}
    assert request.POST.getlist("c") == ["d", "e", "f"]
    with pytest.raises(AttributeError):
        request.POST["c"] = "g"  # type: ignore[misc] # as immutable as Django gives it
