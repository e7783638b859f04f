"""Refusals are recorded: who knocked at which door, without what they typed, and without flooding the record."""

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.models import AuditEvent
from tidu.core.models.audit import AuditResult
from tidu.registry.models import Contact

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def door(world: World) -> str:
    contact = Contact.objects.create(enterprise=world.a, name="王一", phone="13800001234")
    return reverse("core:reveal", kwargs={"model": "registry.contact", "pk": contact.pk, "name": "phone"})


def refusals() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="core.access.refused").order_by("number"))


def test_a_refused_person_is_recorded_with_the_view_and_the_number(
    client: Client, world: World, door: str
) -> None:
    sign_in(client, world.users["city_hohhot"])
    assert client.post(f"{door}?token=secret", {"reason": "13912345678"}).status_code == 404
    event = refusals()[0]
    assert (event.user_name, event.result, event.place) == ("city_hohhot", AuditResult.REFUSED, "150100")
    assert event.subject_label == "core:reveal"
    assert json.loads(event.detail) == {
        "method": "POST",
        "numbers": {"pk": door.split("/")[3]},
        "route": "/personal/<str:model>/<int:pk>/<slug:name>/",
        "status": 404,
    }


def test_a_thousand_knocks_at_one_door_are_one_event_a_minute(
    client: Client, world: World, door: str
) -> None:
    sign_in(client, world.users["city_hohhot"])
    for _ in range(5):
        client.get(door)
    assert len(refusals()) == 1
    cache.clear()  # a minute later
    client.get(door)
    assert len(refusals()) == 2
    other = Client()
    sign_in(other, world.users["manager_b"])
    other.get(door)
    assert len(refusals()) == 3


def test_a_visitor_a_wrong_address_and_a_public_page_leave_no_trail(
    client: Client, world: World, door: str
) -> None:
    client.get(door)
    sign_in(client, world.users["city_hohhot"])
    client.get("/no/such/page/")
    assert client.get(reverse("portal:policy", kwargs={"pack_id": "none"})).status_code == 404
    assert refusals() == []


def test_a_form_without_its_token_is_recorded(world: World, door: str) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, world.users["city_baotou"])
    assert client.post(door, {"picked_reason": "contact"}).status_code == 403
    assert json.loads(refusals()[0].detail)["status"] == 403
