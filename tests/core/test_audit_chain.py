"""The record is one chain, however many write at once, and every tampering is found and named."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit import guard
from tidu.core.audit.chain import hash_of
from tidu.core.audit.reading import COLUMNS
from tidu.core.audit.recording import record
from tidu.core.audit.verification import verify
from tidu.core.models import AuditEvent, AuditHead
from tidu.core.roles import Role

pytestmark = pytest.mark.django_db

CLERK = Actor(
    user_id=7,
    name="王一\n2026-01-01 伪造",
    role=Role.CITY_OFFICER,
    organisation_id=3,
    organisation="市工信局",
    place="150100",
    delegated_by="李二",
    address="192.0.2.7",
)


@pytest.fixture
def tampering(db: None) -> None:  # noqa: ARG001 - inside the transaction that ends with the test
    """Somebody with the rights of the database's owner has switched the triggers off."""
    guard.remove(connection)


def record_some(count: int = 6) -> None:
    for index in range(count):
        record(
            actor=CLERK,
            action="core.setting.changed",
            subject_label=f"设置{index}",
            enterprise_id=index,
            before={"值": index},
            after={"值": index + 1},
            detail={"说明": "甲"},
        )


def rehash(event: AuditEvent) -> None:
    event.hash = hash_of({name: getattr(event, name) for name in COLUMNS})
    event.save()


def test_a_whole_record_is_whole_and_tells_its_end() -> None:
    record_some()
    result = verify()
    assert result.whole
    assert (result.first, result.checked, result.number) == (1, 6, 6)
    assert result.hash == AuditHead.objects.get().hash


def test_an_empty_record_is_whole() -> None:
    assert verify().whole


def test_a_line_break_in_a_name_makes_no_second_line() -> None:
    record_some(1)
    assert AuditEvent.objects.get().user_name == "王一 2026-01-01 伪造"


def test_text_that_no_database_keeps_does_not_stop_the_record() -> None:
    record(actor=SYSTEM, action="core.file.stored", subject_label="a\x00b\ud800", detail={"名": "\x00\ud800"})
    assert AuditEvent.objects.get().subject_label == "a b "
    assert verify().whole


def test_recording_takes_three_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record_some(1)
    with transaction.atomic(), django_assert_num_queries(3):
        record_some(1)


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize("field", [name for name in COLUMNS if name not in {"number", "at", "hash"}])
def test_one_altered_character_in_any_field_is_found(field: str) -> None:
    record_some()
    event = AuditEvent.objects.get(number=3)
    value = getattr(event, field)
    changed = value + 1 if isinstance(value, int) else (value[:-1] + ("y" if value.endswith("x") else "x"))
    AuditEvent.objects.filter(number=3).update(**{field: changed})
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (3, "altered")
    assert "第 3 条操作记录被改动" in fault.message


@pytest.mark.usefixtures("tampering")
def test_an_altered_time_is_found() -> None:
    record_some()
    event = AuditEvent.objects.get(number=3)
    AuditEvent.objects.filter(number=3).update(at=event.at + dt.timedelta(microseconds=1))
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (3, "altered")


@pytest.mark.usefixtures("tampering")
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps nothing but times in a column of times"
)
def test_nonsense_in_a_column_is_a_finding_and_not_a_crash() -> None:
    record_some()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditevent SET at = 'x' WHERE number = 3")
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (3, "altered")


@pytest.mark.usefixtures("tampering")
def test_a_removed_event_is_missed() -> None:
    record_some()
    AuditEvent.objects.filter(number=3).delete()
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (3, "missing")
    assert "第 2 条之后是第 4 条" in fault.message


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize(("new", "first_bad"), [(9, 3), (0, 3)])
def test_an_event_with_another_number_is_found(new: int, first_bad: int) -> None:
    record_some()
    AuditEvent.objects.filter(number=3).update(number=new)
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (first_bad, "missing")


@pytest.mark.usefixtures("tampering")
def test_two_events_that_changed_places_are_found() -> None:
    record_some()
    for old, new in ((3, 99), (4, 3), (99, 4)):
        AuditEvent.objects.filter(number=old).update(number=new)
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (3, "altered")


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize("count", [1, 6])
def test_a_cut_off_end_is_missed(count: int) -> None:
    record_some()
    AuditEvent.objects.filter(number__gt=6 - count).delete()
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (7 - count, "cut")


@pytest.mark.usefixtures("tampering")
@pytest.mark.parametrize("number", [3, 6])
def test_an_event_that_was_replaced_with_its_hash_is_named(number: int) -> None:
    record_some()
    event = AuditEvent.objects.get(number=number)
    event.user_name = "别人"
    rehash(event)
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (number, "replaced")


@pytest.mark.usefixtures("tampering")
def test_an_event_behind_the_end_is_found() -> None:
    record_some()
    last = AuditEvent.objects.get(number=6)
    last.number, last.previous = 7, last.hash
    rehash(last)
    fault = verify().fault
    assert fault is not None
    assert (fault.number, fault.code) == (7, "added")


@pytest.mark.usefixtures("tampering")
def test_a_lost_head_is_a_fault() -> None:
    record_some()
    AuditHead.objects.all().delete()
    assert not verify().whole


@pytest.mark.usefixtures("tampering")
def test_a_record_rewritten_from_one_event_on_is_found_with_a_hash_kept_elsewhere() -> None:
    record_some()
    kept = AuditEvent.objects.get(number=5)
    previous = AuditEvent.objects.get(number=2).hash
    for event in AuditEvent.objects.filter(number__gte=3).order_by("number"):
        event.user_name, event.previous = "别人", previous
        rehash(event)
        previous = event.hash
    AuditHead.objects.update(hash=previous)
    assert verify().fault is None
    fault = verify(against=(5, kept.hash)).fault
    assert fault is not None
    assert fault.code == "rewritten"


@pytest.mark.usefixtures("tampering")
def test_a_walk_may_begin_in_the_middle() -> None:
    record_some()
    AuditEvent.objects.filter(number=2).update(user_name="别人")
    assert verify(start=4).fault is None
    assert verify(start=4).checked == 3
    assert verify(start=2).fault is not None


@pytest.mark.usefixtures("tampering")
def test_a_missing_trigger_is_told() -> None:
    record_some()
    result = verify()
    assert result.fault is None
    assert not result.whole
    assert len(result.guards_missing) >= 4


def test_a_long_record_takes_few_queries_and_bounded_memory(
    django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidu.core.audit.reading._BATCH", 10)
    record_some(35)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr("tidu.core.audit.verification._EVERY", 10)
    with django_assert_max_num_queries(9):
        assert verify(progress=lambda done, total: told.append((done, total))).checked == 35
    assert told == [(10, 35), (20, 35), (30, 35)]


WRITER = """
import sys, threading
import django
django.setup()
from django.db import connection, transaction
from tidu.core.actor import Actor
from tidu.core.audit.recording import record

def write(name):
    for index in range(15):
        with transaction.atomic():
            record(actor=Actor(user_id=1, name=name), action="core.setting.changed", detail={"index": index})
    connection.close()

threads = [threading.Thread(target=write, args=(f"{sys.argv[1]}{part}",)) for part in "ab"]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


@pytest.mark.django_db(transaction=True)
def test_processes_and_threads_that_record_at_once_make_one_chain(tmp_path: Path) -> None:
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{there['NAME']}"
    else:
        address = (
            f"postgres://{there['USER']}@/{there['NAME']}?host={there['OPTIONS'].get('host', there['HOST'])}"
        )
    environment = os.environ | {
        "DATABASE_URL": address,
        "TIDU_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
    }
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], env=environment, stderr=subprocess.PIPE)  # noqa: S603 - ours
        for name in ("甲", "乙", "丙")
    ]
    said = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], said
    result = verify()
    assert result.whole
    assert result.checked == 90
    assert AuditEvent.objects.values("user_name").distinct().count() == 6
