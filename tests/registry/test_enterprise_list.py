"""The list of enterprises: found by name, pinyin and code; filtered, sorted, exported as seen, at a constant cost."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.actor import SYSTEM
from tidu.core.models import AuditEvent
from tidu.core.uscc import check_characters
from tidu.registry.actions.enterprises import register_enterprise, set_clusters
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Enterprise, SavedFilter, Source

pytestmark = pytest.mark.django_db
LIST = "registry:enterprises"


@pytest.fixture
def world() -> World:
    return make_world()


def _add(number: int, name: str, place: str = "150203", **facts: str) -> Enterprise:
    enterprise, _ = register_enterprise(
        actor=SYSTEM,
        uscc=check_characters(f"91159900MA0K{number:04d}"),
        name=name,
        place=place,
        source=Source.IMPORTED,
        facts=[NewFact(indicator, value) for indicator, value in facts.items()],
    )
    return enterprise


def _client(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def _names(response: HttpResponseBase) -> list[str]:
    return [row.name for row in response.context["rows"]]  # type: ignore[attr-defined] # of a test client's answer


@pytest.fixture
def search(world: World) -> Callable[..., list[str]]:
    _add(1, "包头市衡屹稀土功能材料有限公司", industry_code="C3985")
    _add(2, "内蒙古重庆路银行设备有限公司", "150204")
    _add(3, "呼和浩特市禾朔智能装备有限公司", "150105")
    client = _client(world, "city_baotou")
    return lambda **query: _names(client.get(reverse(LIST), query))


@pytest.mark.parametrize(
    "text",
    [
        "包头市衡屹稀土功能材料有限公司",
        "稀土",
        "衡",
        "hyxt",
        "HYXT",
        "hengyi",
        "heng yi",
        "稀土 衡屹",
        "稀 土",
        check_characters("91159900MA0K0001"),
        "91159900ma0k0001",
        "９１１５９９００MA0K0001",
        "（衡屹）稀土",
    ],
)
def test_an_enterprise_is_found_by(search: Callable[..., list[str]], text: str) -> None:
    assert search(q=text) == ["包头市衡屹稀土功能材料有限公司"]


@pytest.mark.parametrize(
    "text", ["屹衡", "稀材", "hytx", "衡屹 磁材", '"稀土', "稀土*", "NEAR(稀土)", "zzzz"]
)
def test_what_is_not_in_the_name_is_not_found(search: Callable[..., list[str]], text: str) -> None:
    assert search(q=text) in ([], ["包头市衡屹稀土功能材料有限公司"] if text in {'"稀土', "稀土*"} else [])


def test_characters_of_several_readings_are_read_by_their_word(search: Callable[..., list[str]]) -> None:
    assert search(q="cqlyh") == ["内蒙古重庆路银行设备有限公司"]


def test_a_search_never_reaches_beyond_ones_place(search: Callable[..., list[str]]) -> None:
    assert search(q="禾朔") == []


def test_a_renamed_enterprise_is_found_by_its_new_name_alone(world: World) -> None:
    enterprise = _add(1, "包头市旧名科技有限公司")
    record_facts(
        actor=SYSTEM,
        enterprise=enterprise,
        facts=[NewFact("name", "包头市新生磁材有限公司")],
        source=Source.IMPORTED,
    )
    client = _client(world, "city_baotou")
    assert _names(client.get(reverse(LIST), {"q": "新生磁材"})) == ["包头市新生磁材有限公司"]
    assert _names(client.get(reverse(LIST), {"q": "旧名"})) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"place": "150204"}, {"内蒙古重庆路银行设备有限公司", "某市试样B科技有限公司"}),
        ({"industry": "C"}, {"包头市衡屹稀土功能材料有限公司"}),
        ({"industry": "C39"}, {"包头市衡屹稀土功能材料有限公司"}),
        ({"industry": "C38"}, set()),
        ({"cluster": "baotou_rare_earth"}, {"包头市衡屹稀土功能材料有限公司"}),
        ({"tier": "srdi"}, set()),
        ({"status": "closed"}, set()),
        ({"known": "full"}, set()),
    ],
)
def test_filters_leave_what_fits(
    search: Callable[..., list[str]], query: dict[str, str], found: set[str]
) -> None:
    enterprise = Enterprise.objects.get(core_name="衡屹稀土功能材料")
    set_clusters(actor=SYSTEM, enterprise=enterprise, clusters=["baotou_rare_earth"])
    assert set(search(**query)) == found


def test_an_export_holds_exactly_what_is_seen(world: World) -> None:
    _add(1, "包头市衡屹稀土功能材料有限公司")
    _add(2, "＝cmd有限公司")
    client = _client(world, "district_kundulun")
    address = f"{reverse('registry:enterprises-act')}?sort=-name"
    response = client.post(address, {"act": "xlsx", "all": "1"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [
        name if not name.startswith(("=", "＝")) else f"'{name}"
        for name in _names(client.get(reverse(LIST), {"sort": "-name"}))
    ]
    assert "某市试样B科技有限公司" not in {row[0] for row in rows}
    event = AuditEvent.objects.latest("number")
    assert (event.action, '"rows": 3' in event.detail) == ("core.export.made", True)


def test_only_picked_rows_are_exported_and_none_of_another_place(world: World) -> None:
    one, other = _add(1, "包头市衡屹稀土功能材料有限公司"), _add(2, "赛罕设备有限公司", "150105")
    client = _client(world, "city_baotou")
    picked = {"act": "csv", "picked": [str(one.pk), str(other.pk), "x"]}
    response = client.post(reverse("registry:enterprises-act"), picked)
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [line.split(",")[0] for line in text.splitlines()] == ["企业名称", one.name]


def test_picking_nothing_is_told(world: World) -> None:
    client = _client(world, "city_baotou")
    response = client.post(reverse("registry:enterprises-act"), {"act": "csv"}, follow=True)
    assert "还没有选中企业" in response.content.decode()


def test_a_filter_is_kept_under_a_name_for_its_owner_alone(world: World) -> None:
    client = _client(world, "city_baotou")
    client.post(f"{reverse('registry:enterprises-filter-keep')}?q=稀土&place=150204", {"name": "青山稀土"})
    kept = SavedFilter.objects.get()
    assert "青山稀土" in client.get(reverse(LIST)).content.decode()
    stranger = _client(world, "city_hohhot")
    forget = reverse("registry:enterprises-filter-forget", args=[kept.pk])
    assert "青山稀土" not in stranger.get(reverse(LIST)).content.decode()
    assert stranger.post(forget).status_code == 404
    assert client.post(forget).status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("person", ["district_kundulun", "city_baotou"])
def test_the_list_costs_as_many_queries_for_a_hundred_as_for_one(world: World, person: str) -> None:
    client = _client(world, person)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(LIST), {"q": "有限公司"}).status_code == 200
        return len(seen)

    _add(100, "昆都仑第一百稀土有限公司")
    queries()
    few = queries()
    for number in range(100):
        _add(number, f"昆都仑第{number}稀土有限公司", "150203" if number % 2 else "150271")
    assert queries() == few
