"""Recommendation lists: ranked by readiness, with the document that each lacks; unknown is no failure."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.fitting import fit
from tests.recognition.life_cases import TIER, list_made, title_of
from tidu.core.actor import SYSTEM
from tidu.core.jobs.running import execute
from tidu.core.refusals import Refused
from tidu.recognition.actions.recommendations import (
    draft_list,
    finish_recommendation,
    issue_list,
    start_recommendation,
)
from tidu.recognition.life.readiness import ranked_rows
from tidu.recognition.models import RecommendationList
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.actions.standing import add_title
from tidu.registry.models import Source
from tidu.registry.models.standing import Level

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def figures(world: World, least: int | None = None) -> RecommendationList:
    for letter in ("C", "D"):
        title_of(world, letter=letter)
    return start_recommendation(
        actor=world.actor("city_hohhot"),
        held_tier=TIER,
        on=timezone.localdate(),
        title="中小企业发展专项资金",
        asked=[{"indicator": "revenue", "year": timezone.localdate().year - 1, "least": least}],
    )


def test_what_is_not_known_is_counted_by_itself_and_never_as_failed(world: World) -> None:
    row = list_made(world).rows[0]
    assert row["name"] == world.enterprises["C"].name
    assert row["status"] in {"unknown", "not_met"}
    assert row["unknown"] > 0
    assert row["met"] + row["not_met"] + row["unknown"] + row["needs_review"] == row["total"]
    assert row["lacks"]


def test_whoever_holds_the_higher_title_already_is_not_recommended_for_it(world: World) -> None:
    own = title_of(world, letter="D")
    add_title(
        actor=world.actor("city_hohhot"),
        enterprise=world.enterprises["D"],
        name="专精特新“小巨人”企业",
        level=Level.NATIONAL,
        tier="little_giant",
        authority="工业和信息化部",
        document_no="工信部企业函〔2024〕1号",
        recognised_on=own.recognised_on,
        valid_until=own.valid_until,
    )
    assert [row["name"] for row in list_made(world).rows] == [world.enterprises["C"].name]


def test_whoever_reaches_the_figures_comes_before_whoever_is_not_known(world: World) -> None:
    found = figures(world, least=1_000_000_000)
    fit(world.enterprises["D"], base_year=timezone.localdate().year - 1)
    rows = ranked_rows(found, lambda _done, _total: None)
    assert [(row["name"], row["status"]) for row in rows] == [
        (world.enterprises["D"].name, "met"),
        (world.enterprises["C"].name, "unknown"),
    ]
    assert rows[1]["lacks"] == "年度审计报告"


def test_a_figure_below_the_least_fails_and_comes_last(world: World) -> None:
    found = figures(world, least=100_000_000_000)
    fit(world.enterprises["D"], base_year=timezone.localdate().year - 1)
    rows = ranked_rows(found, lambda _done, _total: None)
    assert [row["status"] for row in rows] == ["unknown", "not_met"]


def test_holders_of_the_title_alone_are_on_the_list(world: World) -> None:
    title_of(world, letter="D", days_left=-3)
    found = list_made(world)
    assert [row["id"] for row in found.rows] == [world.enterprises["C"].pk]


def test_the_work_is_done_by_a_job_and_stays_as_it_is_when_done_again(world: World) -> None:
    found = figures(world)
    assert found.job is not None
    execute(found.job.pk)
    found.refresh_from_db()
    assert len(found.rows) == 2
    record_facts(
        actor=SYSTEM,
        enterprise=world.enterprises["C"],
        facts=[NewFact("revenue", 5, timezone.localdate().year - 1)],
        source=Source.AUDITED,
    )
    before = found.rows
    finish_recommendation(actor=SYSTEM, found=found, rows=[])
    found.refresh_from_db()
    assert found.rows == before


def test_two_clicks_make_one_list(world: World) -> None:
    assert figures(world) == figures(world)


def test_the_document_is_drafted_by_one_and_issued_by_another(world: World) -> None:
    found = draft_list(actor=world.actor("city_hohhot"), found=list_made(world))
    with pytest.raises(Refused, match="由您拟制"):
        issue_list(actor=world.actor("city_hohhot"), found=found)
    done = issue_list(actor=world.actor("city_hohhot_second"), found=found)
    assert done.document is not None
    assert done.document.number
    with pytest.raises(Refused, match="已经印发"):
        draft_list(actor=world.actor("city_hohhot"), found=done)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"pack": "hohhot-2022-recognition", "tier": "municipal_srdi"}, "高于"),
        ({"pack": "national-2022-gradient", "tier": "srdi"}, "正在施行"),
        ({"tier": "", "pack": ""}, "请选择对照"),
    ],
)
def test_a_list_against_what_is_no_higher_or_not_in_force_is_refused(
    world: World, more: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        start_recommendation(
            actor=world.actor("city_hohhot"),
            held_tier=TIER,
            on=timezone.localdate(),
            pack=more["pack"],
            tier=more["tier"],
        )


def test_the_enterprises_of_a_list_are_read_in_a_constant_number_of_queries(
    world: World, django_assert_num_queries: object
) -> None:
    found = figures(world)
    with django_assert_num_queries(4):  # type: ignore[operator] # the fixture of pytest-django
        ranked_rows(found, lambda _done, _total: None)
