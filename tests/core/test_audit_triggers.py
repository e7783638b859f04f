"""Nobody changes the record, not even with SQL: the database itself refuses."""

import pytest
from django.db import DatabaseError, connection, transaction

from tidu.core.actor import SYSTEM
from tidu.core.audit import guard
from tidu.core.audit.recording import record
from tidu.core.models import AuditEvent, AuditHead

pytestmark = pytest.mark.django_db

_COPIED = ", ".join(str(field.column) for field in AuditEvent._meta.concrete_fields[1:])
FORGED = (
    f"INSERT{{how}} INTO core_auditevent SELECT {{number}}, {_COPIED} FROM core_auditevent WHERE number = 1"  # noqa: S608
)
NEW_HEAD = "REPLACE INTO core_audithead VALUES (1, 0, '')"


def refused(statement: str) -> str:
    """What the database says to a statement that it must refuse."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def record_twice() -> None:
    record(actor=SYSTEM, action="core.job.started", subject_label="甲")
    record(actor=SYSTEM, action="core.job.stopped", subject_label="乙")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET user_name = '别人'",
        "UPDATE core_auditevent SET hash = hash WHERE number = 2",
        "DELETE FROM core_auditevent",
        "DELETE FROM core_auditevent WHERE number = 2",
        "DELETE FROM core_audithead",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(statement: str) -> None:
    record_twice()
    assert "只能追加" in refused(statement)
    assert AuditEvent.objects.count() == 2
    assert AuditHead.objects.get().number == 2


@pytest.mark.parametrize(
    "statement",
    [
        FORGED.format(how="", number=3),  # the right number, but behind another event
        FORGED.format(how="", number=9),
        FORGED.format(how="", number=0),
        "UPDATE core_audithead SET number = 1",
        "UPDATE core_audithead SET number = 2, hash = ''",
        "UPDATE core_audithead SET number = 9",
    ],
)
def test_an_event_is_added_behind_the_last_one_only(statement: str) -> None:
    record_twice()
    assert "接在末条之后" in refused(statement)
    assert AuditEvent.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite's own")
def test_sqlite_refuses_to_replace_an_event_or_the_head() -> None:
    record_twice()
    assert "接在末条之后" in refused(FORGED.format(how=" OR REPLACE", number=2))
    assert "只能追加" in refused(NEW_HEAD)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a statement that SQLite does not have")
@pytest.mark.parametrize("table", ["core_auditevent", "core_audithead"])
def test_postgresql_refuses_to_truncate_the_record(table: str) -> None:
    record_twice()
    assert "只能追加" in refused(f"TRUNCATE {table}")


def test_the_migrations_of_today_leave_every_trigger_in_place() -> None:
    """A later change of the table makes it anew on SQLite and would silently lose them."""
    assert guard.missing(connection) == []
    guard.remove(connection)
    assert guard.missing(connection) == [trigger.name for trigger in guard._TRIGGERS[connection.vendor]]
    guard.install(connection)
    assert guard.missing(connection) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", [1, 2])
def test_a_test_that_commits_finds_and_leaves_an_empty_record(_turn: int) -> None:
    assert guard.missing(connection) == []
    assert not AuditEvent.objects.exists()
    record_twice()
    assert AuditEvent.objects.get(number=2).subject_label == "乙"
