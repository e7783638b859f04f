"""Lists that leave as files: which enterprises were in them stays, and the record proves it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tidu.core.actor import SYSTEM
from tidu.core.audit.chain import digest_of
from tidu.core.audit.exports import exports_with, record_export
from tidu.core.models import ExportedEnterprise

pytestmark = pytest.mark.django_db


def test_every_enterprise_of_a_list_is_written_down_once_and_the_event_covers_all() -> None:
    event = record_export(actor=SYSTEM, enterprises=[7, 3, 7], subject_label="名单", detail={"rows": 3})
    assert event.after_digest == digest_of([3, 7])
    assert list(exports_with(7).values_list("event", flat=True)) == [event.number]
    assert not exports_with(4).exists()


def test_a_list_of_nobody_is_an_event_as_well() -> None:
    assert record_export(actor=SYSTEM, enterprises=[]).after_digest == digest_of([])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM core_exportedenterprise",
        "UPDATE core_exportedenterprise SET event = event + 1",
    ],
)
def test_the_database_refuses_to_change_or_remove_what_is_written(statement: str) -> None:
    record_export(actor=SYSTEM, enterprises=[3])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ExportedEnterprise.objects.count() == 1


def test_a_long_list_costs_a_statement_for_hundreds(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(30):
        record_export(actor=SYSTEM, enterprises=range(10_000))
    assert ExportedEnterprise.objects.count() == 10_000
