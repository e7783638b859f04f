"""Recording facts: sources beside one another, the one believed, the columns that follow, days gone by, undoing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access.world import World, make_world
from tidu.core.actor import SYSTEM
from tidu.core.models import AuditEvent
from tidu.registry.actions.fact_endings import undo_batch, withdraw_facts
from tidu.registry.actions.facts import NewFact, record_facts, record_many
from tidu.registry.models import Enterprise, Fact, Import, Source
from tidu.registry.models.imports import ImportKind, ImportState
from tidu.registry.queries.facts import conflicts_of, facts_of, history_of

pytestmark = pytest.mark.django_db

REVENUE = 8_431_00_0000_00
DECLARED = 8_613_20_0000


@pytest.fixture
def world() -> World:
    return make_world()


def _record(enterprise: Enterprise, source: Source, *facts: NewFact, batch: Import | None = None) -> None:
    record_facts(actor=SYSTEM, enterprise=enterprise, facts=facts, source=source, batch=batch)


def _revenue(value: int, document_no: str = "") -> NewFact:
    return NewFact("revenue", value, 2025, document_no=document_no)


def _batch(state: ImportState = ImportState.DONE) -> Import:
    return Import.objects.create(kind=ImportKind.FIGURES, state=state)


def test_the_higher_source_is_believed_and_the_other_one_stays(world: World) -> None:
    _record(world.a, Source.AUDITED, _revenue(REVENUE))
    _record(world.a, Source.DECLARED, _revenue(DECLARED))
    assert facts_of(world.a).values["revenue_2025"] == REVENUE
    (conflict,) = conflicts_of(world.a)
    assert [fact.value for fact in conflict.facts] == [str(REVENUE), str(DECLARED)]
    assert conflict.chosen.source == Source.AUDITED


def test_the_same_value_again_is_no_news(world: World) -> None:
    _record(world.a, Source.DECLARED, _revenue(REVENUE))
    again = record_facts(actor=SYSTEM, enterprise=world.a, facts=[_revenue(REVENUE)], source=Source.DECLARED)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert Fact.objects.filter(enterprise=world.a, indicator="revenue").count() == 1


def test_the_same_value_from_a_new_document_is_recorded(world: World) -> None:
    _record(world.a, Source.CONFIRMED, _revenue(REVENUE, document_no="〔2025〕1号"))
    _record(world.a, Source.CONFIRMED, _revenue(REVENUE, document_no="〔2026〕1号"))
    newest, oldest = history_of(world.a, "revenue", 2025)
    assert newest.chosen
    assert oldest.superseded_by == newest


def test_what_was_known_on_a_past_day_is_read_back(world: World) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC), tick=False):
        _record(world.a, Source.DECLARED, _revenue(DECLARED))
    with time_machine.travel(dt.datetime(2026, 3, 28, 4, tzinfo=dt.UTC), tick=False):
        _record(world.a, Source.AUDITED, _revenue(REVENUE))
    assert "revenue_2025" not in facts_of(world.a, dt.date(2026, 2, 28)).values
    assert facts_of(world.a, dt.date(2026, 3, 1)).values["revenue_2025"] == DECLARED
    assert facts_of(world.a, dt.date(2026, 3, 28)).values["revenue_2025"] == REVENUE


def test_columns_follow_what_is_believed_in_the_same_transaction(world: World) -> None:
    _record(
        world.a,
        Source.IMPORTED,
        NewFact("name", "包头市衡屹稀土功能材料有限公司"),
        NewFact("registered_area", "150204"),
        NewFact("registered_on", dt.date(2016, 4, 19)),
        NewFact("independent_legal_person", value=True),
        NewFact("industry_code", "C3985"),
        NewFact("listing_status", "planned"),
        NewFact("listing_progress", "reformed"),
        NewFact("employees", 221, dt.date.today().year - 1),  # noqa: DTZ011 - any recent year
        _revenue(REVENUE),
    )
    found = Enterprise.objects.get(pk=world.a.pk)
    assert (found.core_name, found.initials) == ("衡屹稀土功能材料", "btshyxtgnclyxgs")
    assert (found.city_id, found.district_id) == ("150200", "150204")
    assert (found.registered_on, found.legal_person) == (dt.date(2016, 4, 19), True)
    assert (found.industry, found.listing_stage) == ("C3985", "reformed")
    assert 0 < found.completeness < 100


def test_size_is_derived_with_the_year_of_its_figures(world: World) -> None:
    year = dt.date.today().year - 1  # noqa: DTZ011 - any recent year
    _record(
        world.a,
        Source.AUDITED,
        NewFact("industry_code", "C3985"),
        NewFact("employees", 221, year),
        NewFact("revenue", 84_310_000_00, year),
    )
    found = Enterprise.objects.get(pk=world.a.pk)
    assert (found.size, found.size_on) == ("small", dt.date(year, 12, 31))


def test_what_a_source_withdraws_leaves_the_next_one_believed(world: World) -> None:
    _record(world.a, Source.DECLARED, _revenue(DECLARED))
    _record(world.a, Source.IMPORTED, _revenue(REVENUE))
    withdraw_facts(
        actor=SYSTEM, enterprise=world.a, keys=[("revenue", 2025)], source=Source.IMPORTED, reason="录入错误"
    )
    assert facts_of(world.a).values["revenue_2025"] == DECLARED


def test_undoing_a_batch_lets_stand_again_what_it_had_superseded(world: World) -> None:
    _record(world.a, Source.IMPORTED, _revenue(DECLARED))
    batch = _batch()
    record_many(actor=SYSTEM, entries=[(world.a.pk, _revenue(REVENUE))], source=Source.IMPORTED, batch=batch)
    assert undo_batch(actor=SYSTEM, batch=batch) == 1
    (standing,) = Fact.objects.filter(enterprise=world.a, indicator="revenue", ended_at__isnull=True)
    assert (standing.value, standing.chosen, standing.superseded_by) == (str(DECLARED), True, None)


def test_undoing_a_batch_leaves_alone_what_was_stated_since(world: World) -> None:
    batch = _batch()
    record_many(actor=SYSTEM, entries=[(world.a.pk, _revenue(REVENUE))], source=Source.IMPORTED, batch=batch)
    _record(world.a, Source.IMPORTED, _revenue(DECLARED))
    assert undo_batch(actor=SYSTEM, batch=batch) == 0
    assert facts_of(world.a).values["revenue_2025"] == DECLARED


def test_of_an_undone_batch_nothing_comes_back_when_a_later_one_is_undone(world: World) -> None:
    _record(world.a, Source.IMPORTED, _revenue(DECLARED))
    first, second = _batch(), _batch()
    record_many(actor=SYSTEM, entries=[(world.a.pk, _revenue(REVENUE))], source=Source.IMPORTED, batch=first)
    record_many(actor=SYSTEM, entries=[(world.a.pk, _revenue(1_00))], source=Source.IMPORTED, batch=second)
    undo_batch(actor=SYSTEM, batch=first)
    Import.objects.filter(pk=first.pk).update(state=ImportState.UNDONE)
    undo_batch(actor=SYSTEM, batch=second)
    assert facts_of(world.a).values["revenue_2025"] == DECLARED


@pytest.mark.parametrize(
    ("person", "source"),
    [
        ("manager_a", Source.AUDITED),
        ("manager_a", Source.CONFIRMED),
        ("city_baotou", Source.CONFIRMED),
        ("city_baotou", Source.DECLARED),
        ("tax_baotou", Source.IMPORTED),
        ("auditor_baotou", Source.IMPORTED),
    ],
)
def test_nobody_speaks_for_a_source_that_is_not_theirs(world: World, person: str, source: Source) -> None:
    with pytest.raises(ValueError, match="cannot record"):
        record_facts(actor=world.actor(person), enterprise=world.a, facts=[_revenue(1)], source=source)
    assert not Fact.objects.filter(enterprise=world.a, indicator="revenue").exists()


@pytest.mark.parametrize(
    "fact",
    [
        NewFact("uscc", "91150203MA0TDT1X00"),
        NewFact("contact_phone", "13900000000"),
        NewFact("size_class", "small"),
        NewFact("revenue", 1),
        NewFact("registered_on", dt.date(2016, 4, 19), 2025),
        NewFact("revenue", "1", 2025),
        NewFact("independent_legal_person", 1),
        NewFact("no_such_thing", 1),
    ],
)
def test_what_is_no_fact_is_refused(world: World, fact: NewFact) -> None:
    with pytest.raises(ValueError, match=fact.indicator):
        record_facts(actor=SYSTEM, enterprise=world.a, facts=[fact], source=Source.IMPORTED)


def test_what_was_recorded_stands_on_the_record_without_its_values(world: World) -> None:
    record_facts(
        actor=world.actor("manager_a"), enterprise=world.a, facts=[_revenue(REVENUE)], source=Source.DECLARED
    )
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.enterprise_id) == ("registry.facts.recorded", world.a.pk)
    assert event.after_digest
    assert str(REVENUE) not in event.detail


def test_recording_many_takes_as_many_queries_for_few_as_for_hundreds(world: World) -> None:
    def queries(years: range) -> int:
        entries = [
            (enterprise.pk, NewFact(name, year * 100, year))
            for enterprise in world.enterprises.values()
            for name in ("revenue", "total_assets", "net_profit", "rd_expense")
            for year in years
        ]
        with CaptureQueriesContext(connection) as seen:
            record_many(actor=SYSTEM, entries=entries, source=Source.IMPORTED)
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    queries(range(2025, 2026))  # the chain of the record is begun, columns get their first figures
    assert queries(range(1990, 1991)) == queries(range(1991, 2023))
