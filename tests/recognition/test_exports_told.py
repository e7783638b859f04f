"""Whoever takes a list along is seen by every enterprise in it, and by no other."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import KNOWING, application_at
from tests.recognition.district_cases import accept_all, filled_case
from tests.recognition.published import certified
from tidu.core.audit.exports import exports_with
from tidu.recognition.actions.reviewing import recommend
from tidu.recognition.models import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def _told(world: World) -> set[str]:
    return {letter for letter in "CD" if exports_with(world.enterprises[letter].pk).exists()}


def _taken(world: World, person: str, address: str, **post: str) -> None:
    client = Client()
    sign_in(client, world.users[person])
    answer = client.post(address, post) if post else client.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_table_of_a_call(world: World) -> None:
    call = application_at(world, Status.DECISION, letter="C").call
    address = reverse("recognition:consolidated-export", args=[call.pk, "csv"])
    _taken(world, "city_hohhot", f"{address}?q=没有这家")
    assert not _told(world)
    _taken(world, "city_hohhot", address)
    assert _told(world) == {"C"}


def test_the_worklist_of_a_district(world: World) -> None:
    call = application_at(world, Status.DISTRICT, letter="C").call
    application_at(world, Status.DISTRICT, letter="D", call=call)
    _taken(world, "district_saihan", reverse("recognition:reviews-act"), act="xlsx", all="1")
    assert _told(world) == {"C"}


def test_the_table_of_a_district(world: World) -> None:
    officer, case = world.actor("district_saihan"), filled_case(world)
    accept_all(officer, case)
    recommend(actor=officer, application=case, opinion="条件符合，同意推荐", despite=KNOWING)
    arguments = [case.call_id, world.enterprises["C"].district_id]
    _taken(world, "district_saihan", reverse("recognition:recommendation-table-workbook", args=arguments))
    assert _told(world) == {"C"}


def test_the_list_of_titles(world: World) -> None:
    certified(world, letter="C")
    _taken(world, "city_hohhot", reverse("recognition:titles-export", args=["xlsx"]))
    assert _told(world) == {"C"}
