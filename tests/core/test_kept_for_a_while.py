"""What is kept for a while goes when the while is over, and not before."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from tidu.core.session_ticks import expired_entries

pytestmark = pytest.mark.django_db


def _entries(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - ours
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(("name", "table"), [("default", "core_cache"), ("rates", "core_rates")])
def test_entries_of_the_caches_go_with_their_time(name: str, table: str) -> None:
    before = _entries(table)
    caches[name].set("soon-over", 1, 60)
    caches[name].set("later", 1, 3_600)
    expired_entries()
    assert _entries(table) == before + 2
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2), tick=False):
        expired_entries()
        assert caches[name].get("later") == 1
    assert _entries(table) <= before + 1
