"""What packages behind recognition read: titles that count on a day, bars in force, each with its clause."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import PACK, TIER
from tests.recognition.life_cases import DAY, campaign_running, proposed, title_of
from tidu.recognition.actions.cancellation_decisions import confirm
from tidu.recognition.models import Cancellation
from tidu.recognition.queries.standing import bars_on, titles_on, valid_titles
from tidu.recognition.queries.titles import Standing, public_titles, title_state
from tidu.registry.models import Title

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def test_a_title_counts_from_its_first_to_its_last_day_and_names_its_clause(world: World) -> None:
    title = title_of(world)
    assert title.valid_until is not None
    found = titles_on(title.valid_until, enterprises=[title.enterprise_id])
    assert [(item.id, item.tier, item.standing) for item in found] == [(title.pk, TIER, Standing.HELD)]
    assert (found[0].pack, found[0].cite) == (PACK, "监督管理/（三）")
    assert (found[0].since, found[0].until, found[0].renewed) == (
        title.recognised_on,
        title.valid_until,
        False,
    )
    assert titles_on(title.recognised_on, tier=TIER)
    assert not titles_on(title.recognised_on - DAY)
    assert not titles_on(title.valid_until + DAY)
    assert not titles_on(timezone.localdate(), tier="little_giant")
    assert not titles_on(timezone.localdate(), enterprises=[world.enterprises["D"].pk])


def test_a_title_that_a_re_review_keeps_counts_beyond_its_term(world: World) -> None:
    campaign_running(world)
    title = title_of(world)
    assert title.valid_until is not None
    later = titles_on(title.valid_until + 30 * DAY, enterprises=[title.enterprise_id])
    assert [item.standing for item in later] == [Standing.IN_REVIEW]


def test_a_cancelled_title_counts_before_its_end_and_bars_from_the_decision_on(world: World) -> None:
    today = timezone.localdate()
    case = confirm(actor=world.actor("city_hohhot_second"), case=proposed(world))
    number = case.enterprise_id
    assert titles_on(today - DAY, enterprises=[number])
    assert not titles_on(today, enterprises=[number])
    assert not bars_on(today)  # the document of Hohhot names no bar
    until = today + 365 * DAY
    Cancellation.objects.update(barred_until=until)
    assert not bars_on(today - DAY)
    bar = bars_on(today, enterprises=[number])[0]
    assert (bar.since, bar.until, bar.tier) == (today, until, TIER)
    assert (bar.ground, bar.pack, bar.cite) == (case.ground, PACK, case.cite)
    assert case.decision is not None
    assert bar.document_no == case.decision.number
    assert bars_on(until)
    assert not bars_on(until + DAY)
    assert not bars_on(today, enterprises=[world.enterprises["D"].pk])


def test_what_was_taken_back_from_an_import_or_is_no_rung_does_not_count(world: World) -> None:
    title = title_of(world)
    Title.objects.filter(pk=title.pk).update(removed_at=timezone.now())
    assert not titles_on(timezone.localdate())
    Title.objects.filter(pk=title.pk).update(removed_at=None, tier="")
    assert not titles_on(timezone.localdate())


def test_it_agrees_with_the_check_of_certificates_on_every_day(world: World) -> None:
    campaign_running(world)
    confirm(actor=world.actor("city_hohhot_second"), case=proposed(world))
    today = timezone.localdate()
    for days in range(-1100, 120, 7):
        on = today + dt.timedelta(days=days)
        valid = set(valid_titles(on).values_list("pk", flat=True))
        assert valid == {title.pk for title in public_titles() if title_state(title, on).valid}, on


def test_many_are_read_by_one_query_each(world: World) -> None:
    for letter in "CD":
        title_of(world, letter=letter)
    titles_on(timezone.localdate())  # the library is read once
    with CaptureQueriesContext(connection) as caught:
        assert len(titles_on(timezone.localdate())) == 2
    assert len(caught) == 1
    with CaptureQueriesContext(connection) as caught:
        bars_on(timezone.localdate())
    assert len(caught) == 1
