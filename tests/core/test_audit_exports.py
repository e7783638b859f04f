"""Lists that leave as files: which enterprises were in them stays, and the record proves it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tidu.core.actor import SYSTEM
from tidu.core.audit import append_only
from tidu.core.audit.chain import digest_of
from tidu.core.audit.exports import exports_with, record_export
from tidu.core.audit.recording import record
from tidu.core.audit.verification import verify
from tidu.core.models import ExportedBlock

pytestmark = pytest.mark.django_db


def test_every_enterprise_of_a_list_is_written_down_and_the_event_covers_all() -> None:
    listed = [0, 7, 62, 63, 125, 126, 7, 10**12]
    record_export(actor=SYSTEM, enterprises=[8])
    event = record_export(actor=SYSTEM, enterprises=listed, subject_label="名单", detail={"rows": 8})
    assert event.after_digest == digest_of(sorted(set(listed)))
    for number in listed:
        assert list(exports_with(number).values_list("event", flat=True)) == [event.number]
    for number in (1, 6, 61, 64, 124, 127, 10**12 + 1):
        assert not exports_with(number).exists()


def test_a_list_of_nobody_is_an_event_as_well() -> None:
    assert record_export(actor=SYSTEM, enterprises=[]).after_digest == digest_of([])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM core_exportedblock",
        "UPDATE core_exportedblock SET event = event + 1",
    ],
)
def test_the_database_refuses_to_change_or_remove_what_is_written(statement: str) -> None:
    record_export(actor=SYSTEM, enterprises=[3])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ExportedBlock.objects.count() == 1


def test_a_long_list_costs_few_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(10):
        record_export(actor=SYSTEM, enterprises=range(10_000))
    assert ExportedBlock.objects.count() == 159


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE core_exportedblock SET members = 2 WHERE event = 2", 2),
        ("DELETE FROM core_exportedblock WHERE event = 3", 3),
        ("INSERT INTO core_exportedblock (block, event, members) VALUES (9, 4, 1)", 4),
        ("INSERT INTO core_exportedblock (block, event, members) VALUES (9, 1, 1)", 1),
        ("INSERT INTO core_exportedblock (block, event, members) VALUES (9, 6, 1)", 6),
        ("UPDATE core_exportedblock SET event = 4 WHERE event = 3", 3),
    ],
)
def test_a_list_that_somebody_alters_behind_the_triggers_is_found(statement: str, number: int) -> None:
    record(actor=SYSTEM, action="core.job.started")
    for listed in ([3, 70], [3], [], [5]):
        record_export(actor=SYSTEM, enterprises=listed)
    record(actor=SYSTEM, action="core.job.started")
    assert verify().whole
    append_only.release(connection, "core_exportedblock")
    with connection.cursor() as cursor:
        cursor.execute(statement)
    fault = verify().fault
    assert fault is not None
    assert (fault.code, fault.number) == ("list", number)
    assert "企业名单被改动" in fault.message
