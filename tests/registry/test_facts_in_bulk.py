"""Recording in bulk gives what recording one by one gives, whatever comes in whatever order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tidu.core.actor import SYSTEM
from tidu.core.uscc import check_characters
from tidu.registry.actions.enterprises import register_enterprise
from tidu.registry.actions.facts import NewFact, record_facts, record_many
from tidu.registry.models import Enterprise, Fact, Source

pytestmark = pytest.mark.django_db

FACTS = st.one_of(
    st.builds(
        NewFact,
        indicator=st.sampled_from(["revenue", "total_assets"]),
        value=st.sampled_from([0, 1_000_00, 5_000_000_000]),
        year=st.sampled_from([2023, 2024]),
        document_no=st.sampled_from(["", "〔2025〕1号"]),
    ),
    st.builds(NewFact, indicator=st.just("independent_legal_person"), value=st.booleans()),
    st.builds(
        NewFact,
        indicator=st.just("registered_on"),
        value=st.sampled_from([dt.date(2016, 4, 19), dt.date(2020, 2, 29)]),
    ),
    st.builds(
        NewFact, indicator=st.just("registered_area"), value=st.sampled_from(["150203", "150105", "150200"])
    ),
    st.builds(
        NewFact, indicator=st.just("name"), value=st.sampled_from(["包头市甲科技有限公司", "乙新材料公司"])
    ),
)
BATCHES = st.lists(
    st.tuples(st.sampled_from(list(Source)), st.lists(st.tuples(st.integers(0, 1), FACTS), max_size=8)),
    max_size=5,
)


class BulkTests(TestCase):
    """Hypothesis gives each example a transaction of its own through this case."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(batches=BATCHES)
    def test_recording_in_bulk_gives_what_recording_one_by_one_gives(
        self, batches: Sequence[tuple[Source, Sequence[tuple[int, NewFact]]]]
    ) -> None:
        singly, together = _pair(1), _pair(3)
        for source, entries in batches:
            counted = [
                record_facts(actor=SYSTEM, enterprise=singly[index], facts=[fact], source=source)
                for index, fact in entries
            ]
            bulk = record_many(
                actor=SYSTEM, entries=[(together[index].pk, fact) for index, fact in entries], source=source
            )
            assert (bulk.new, bulk.changed, bulk.unchanged) == (
                sum(one.new for one in counted),
                sum(one.changed for one in counted),
                sum(one.unchanged for one in counted),
            )
        for one, other in zip(singly, together, strict=True):
            assert _state(one) == _state(other)


def _pair(first: int) -> list[Enterprise]:
    return [
        register_enterprise(
            actor=SYSTEM,
            uscc=check_characters(f"91159900MA0TDT{number:02d}"),
            name="初始名称有限公司",
            source=Source.DECLARED,
        )[0]
        for number in (first, first + 1)
    ]


def _state(enterprise: Enterprise) -> object:
    enterprise.refresh_from_db()
    facts = Fact.objects.filter(enterprise=enterprise).order_by("indicator", "year", "source", "pk")
    columns = {
        field.attname: getattr(enterprise, field.attname)
        for field in Enterprise._meta.concrete_fields
        if field.attname not in {"id", "uscc", "created_at", "changed_at"}
    }
    rows = [
        (
            fact.indicator,
            fact.year,
            fact.value,
            fact.source,
            fact.document_no,
            fact.chosen,
            fact.ended_at is None,
            None if fact.superseded_by is None else fact.superseded_by.value,
        )
        for fact in facts
    ]
    return columns, rows
