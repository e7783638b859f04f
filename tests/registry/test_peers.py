"""The picture of dimensions beside the median of peers: from a stored run, and in words where there is none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.registry.asking import evaluated
from tests.registry.test_evaluations import know, many
from tidu.registry.evaluating.peers import FEWEST
from tidu.registry.models import Enterprise, Evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    know(world.enterprises["A"])
    return world


def page(world: World, query: str = "") -> str:
    client = Client()
    sign_in(client, world.users["city_baotou"])
    address = reverse("registry:enterprise", args=[world.enterprises["A"].pk])
    return str(client.get(f"{address}?{query}").content.decode())


def peers(number: int) -> None:
    """So many enterprises beside A that hold the same tier, of which everything is known."""
    many(range(number))
    for place in range(number):
        know(Enterprise.objects.get(name=f"试样{place:03}"))
    Enterprise.objects.update(tier="innovative")


def test_without_a_run_the_page_says_so(world: World) -> None:
    text = page(world)
    assert "没有同层级企业可比" in text
    assert "td-r-peer" not in text


def test_with_a_run_the_median_of_the_same_tier_is_drawn_for_one_query(world: World) -> None:
    peers(FEWEST)
    page(world)
    with CaptureQueriesContext(connection) as without:
        page(world)
    evaluated(world)
    with CaptureQueriesContext(connection) as queries:
        text = page(world)
    assert f"虚线是包头市同层级 {FEWEST + 1} 家企业的中位数，2026-06-30 评估" in text
    assert "td-r-peer" in text
    assert ">同层级中位数<" in text
    assert len(queries) == len(without)
    assert "td-r-peer" not in page(world, "known=2026-01-01")  # a past day had no such run


def test_of_few_peers_no_median_is_told(world: World) -> None:
    peers(FEWEST - 2)
    evaluated(world)
    text = page(world)
    assert f"同层级有数据的企业不到 {FEWEST} 家" in text
    assert "td-r-peer" not in text


def test_a_run_under_an_earlier_edition_of_the_rule_is_none(world: World) -> None:
    peers(FEWEST)
    evaluated(world)
    Evaluation.objects.update(pack_digest="0" * 64)
    assert "没有同层级企业可比" in page(world)
