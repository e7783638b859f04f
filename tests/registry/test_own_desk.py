"""The enterprise's own form: saved field by field, nothing typed lost, nothing overwritten unseen."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.models.audit import AuditEvent
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Fact, Source, TypedText
from tidu.registry.own.controls import sections
from tidu.registry.own.form import section_form

pytestmark = pytest.mark.django_db
LAST = timezone.localdate().year - 1
REVENUE = f"revenue_{LAST}"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def own(world: World) -> Client:
    """The manager of enterprise A."""
    client = Client()
    sign_in(client, world.users["manager_a"])
    return client


def _url(section: str = "figures") -> str:
    return reverse("registry:own-section", args=[section])


def _save(
    client: Client, texts: dict[str, str], shown: dict[str, str] | None = None, **more: str
) -> dict[str, Any]:
    posted = texts | {"shown": json.dumps(dict.fromkeys(texts, "") if shown is None else shown)} | more
    answer = client.post(_url(), posted, headers={"X-Requested-With": "autosave"})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def _declared(world: World, name: str = "revenue", year: int = LAST) -> str | None:
    fact = Fact.objects.filter(
        enterprise=world.a, indicator=name, year=year, source=Source.DECLARED, ended_at=None
    ).first()
    return None if fact is None else fact.value


def test_a_figure_saves_itself_and_says_when(own: Client, world: World) -> None:
    answer = _save(own, {REVENUE: "2,318.90"})
    assert _declared(world) == "2318900000"
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer["saved_at"])
    assert answer["shown"][REVENUE] == "2,318.90"
    assert answer["errors"] == {}
    assert answer["done"] == 1
    event = AuditEvent.objects.get(action="registry.facts.recorded")
    assert event.enterprise_id == world.a.pk


def test_the_same_text_again_records_nothing(own: Client, world: World) -> None:
    _save(own, {REVENUE: "2318.9"})
    _save(own, {REVENUE: "2,318.90"}, {REVENUE: "2,318.90"})
    _save(own, {REVENUE: "2,318.90"})
    assert Fact.objects.filter(enterprise=world.a, indicator="revenue").count() == 1


def test_what_cannot_be_read_is_kept_beside_its_field_and_holds_up_nothing_else(
    own: Client, world: World
) -> None:
    answer = _save(own, {REVENUE: "两千多", f"employees_{LAST}": "128"})
    assert _declared(world) is None
    assert _declared(world, "employees") == "128"
    assert "请填数字" in answer["errors"][REVENUE]
    page = own.get(_url()).content.decode()
    assert 'value="两千多"' in page
    assert "有 1 处需要改" in page
    _save(own, {REVENUE: "2300"}, {REVENUE: "两千多"})
    assert _declared(world) == "2300000000"
    assert not TypedText.objects.exists()


def test_clearing_a_field_withdraws_what_was_said(own: Client, world: World) -> None:
    _save(own, {REVENUE: "2300"})
    answer = _save(own, {REVENUE: ""}, {REVENUE: "2,300.00"})
    assert _declared(world) is None
    assert answer["done"] == 0
    assert Fact.objects.filter(enterprise=world.a, indicator="revenue").count() == 1


def test_a_stale_tab_shows_what_changed_instead_of_overwriting_it(own: Client, world: World) -> None:
    _save(own, {REVENUE: "2000"})
    _save(own, {REVENUE: "2100"}, {REVENUE: "2,000.00"})
    answer = _save(own, {REVENUE: "2200"}, {REVENUE: "2,000.00"})
    assert _declared(world) == "2100000000"
    assert "已被改为“2,100.00”" in answer["errors"][REVENUE]
    assert "用我填的 2200" in answer["said"]["revenue"]
    kept = _save(own, {REVENUE: "2200"}, {REVENUE: "2200"}, keep=REVENUE)
    assert _declared(world) == "2200000000"
    assert kept["errors"] == {}


def test_of_two_values_the_standing_one_can_be_taken(own: Client, world: World) -> None:
    _save(own, {REVENUE: "2000"})
    _save(own, {REVENUE: "2200"}, {REVENUE: "1"})
    own.post(_url(), {REVENUE: "2200", "shown": json.dumps({REVENUE: "2200"}), "set": f"{REVENUE}=2,000.00"})
    assert _declared(world) == "2000000000"
    assert not TypedText.objects.exists()


def test_an_untouched_field_of_a_stale_tab_changes_nothing(own: Client, world: World) -> None:
    _save(own, {REVENUE: "2000"})
    stale = {REVENUE: "", f"employees_{LAST}": ""}
    _save(own, stale | {f"employees_{LAST}": "9"}, stale)
    assert _declared(world) == "2000000000"
    assert _declared(world, "employees") == "9"


def test_it_works_without_scripts(own: Client, world: World) -> None:
    answer = own.post(_url(), {REVENUE: "2300", "shown": json.dumps({REVENUE: ""})}, follow=True)
    page = answer.content.decode()
    assert "已保存" in page
    assert 'value="2,300.00"' in page
    answer = own.post(_url(), {REVENUE: "很多", "shown": json.dumps({REVENUE: "2,300.00"})}, follow=True)
    assert "有 1 处需要改" in answer.content.decode()
    assert _declared(world) == "2300000000"


def test_a_value_from_a_higher_source_is_shown_and_not_asked_again(own: Client, world: World) -> None:
    record_facts(
        actor=world.actor("city_baotou"),
        enterprise=world.a,
        facts=[NewFact("revenue", 2_318_900_000, LAST, document_no="审字12号")],
        source=Source.AUDITED,
    )
    page = own.get(_url()).content.decode()
    assert "审字12号" in page
    assert "与实际不符？" in page
    _save(own, {REVENUE: "2000"})
    page = own.get(_url()).content.decode()
    assert "您填的不一样，保留在旁边" in page
    assert Fact.objects.get(enterprise=world.a, indicator="revenue", chosen=True).source == Source.AUDITED
    assert "不一致" in own.get(reverse("registry:own")).content.decode()


def test_money_typed_in_yuan_is_warned_about_and_counts(own: Client, world: World) -> None:
    _save(own, {f"revenue_{LAST - 1}": "2000"})
    answer = _save(own, {REVENUE: "23189000"})
    assert _declared(world) == str(23_189_000 * 10_000 * 100)
    assert "如果按元填写" in answer["said"]["revenue"]


def test_each_field_says_which_policy_it_serves(own: Client) -> None:
    page = own.get(_url()).content.decode()
    assert "上年度营业收入" in page or "营业收入" in page
    assert 'class="td-clause"' in page


def test_nothing_that_is_decided_elsewhere_can_be_typed(own: Client, world: World) -> None:
    before = world.a.district_id
    _save(own, {"registered_area": "150105", "name": "改名公司", "uscc": "1", "recommended": "yes"})
    world.a.refresh_from_db()
    assert world.a.district_id == before
    assert not Fact.objects.filter(indicator__in=("registered_area", "name", "recommended")).exists()


def test_every_section_opens_and_an_unknown_one_does_not(own: Client) -> None:
    for section in sections():
        assert own.get(_url(section.id)).status_code == 200, section.id
    assert own.get(_url("monitoring")).status_code == 404
    assert own.get(_url("nothing")).status_code == 404


def test_an_editor_fills_in_too_and_others_find_nothing(world: World) -> None:
    for person, status in {"editor_a": 200, "city_baotou": 404, "person_without_role": 404}.items():
        client = Client()
        sign_in(client, world.users[person])
        assert client.get(_url()).status_code == status
        assert client.get(reverse("registry:own")).status_code == status


def test_what_a_colleague_types_belongs_to_their_own_enterprise(own: Client, world: World) -> None:
    other = Client()
    sign_in(other, world.users["manager_b"])
    _save(own, {REVENUE: "看不懂"})
    _save(other, {REVENUE: "500"})
    assert TypedText.objects.get().enterprise == world.a
    assert _declared(world) is None


def test_a_forged_record_of_what_was_shown_does_no_harm(own: Client, world: World) -> None:
    for shown in ("not json", "[1]", '{"x": 1}', "[" * 5000):
        answer = own.post(_url(), {REVENUE: "2300", "shown": shown}, headers={"X-Requested-With": "autosave"})
        assert answer.status_code == 200
    assert _declared(world) == "2300000000"


def test_a_section_costs_the_same_however_much_is_filled_in(own: Client, world: World) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            own.get(_url())
        counts.append(len(caught))
        form = section_form(world.a, "figures", timezone.localdate())
        assert form is not None
        _save(own, {entry.name: "10" for entry in form.entries if entry.kind in {"money", "count"}})
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 25
