"""How often one address may call."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from tests.api.published import validator
from tidu.core.rates import Rate, parse_rate

NOW = "2026-06-01T04:00:00Z"


@pytest.fixture(autouse=True)
def _three_a_minute(settings: Settings, _unhurried: None) -> None:
    settings.API_RATE = "3/min"
    caches["rates"].clear()


def _calls(number: int = 1, *, origin: str = "192.0.2.200", forwarded: str = "") -> list[int]:
    """The answers to ``number`` calls from ``origin``, ``forwarded`` being what X-Forwarded-For says."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    client = Client(REMOTE_ADDR=origin)
    return [client.get("/api/v1/places?within=150100", headers=headers).status_code for _ in range(number)]


@time_machine.travel(NOW, tick=False)
def test_the_call_after_the_last_allowed_is_429_and_says_how_long_to_wait() -> None:
    assert _calls(4) == [200, 200, 200, 429]
    answer = Client(REMOTE_ADDR="192.0.2.200").post("/api/v1/assess", "{}", content_type="application/json")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    validator("assess", "post", 429).validate(json.loads(answer.content))


def test_after_the_wait_the_next_call_is_answered() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        clock.shift(45.5)
        _calls(4)
        wait = int(Client(REMOTE_ADDR="192.0.2.200").get("/api/v1/packs").headers["Retry-After"])
        assert wait == 15
        clock.shift(wait)
        assert _calls() == [200]


@time_machine.travel(NOW, tick=False)
def test_calls_that_are_refused_for_their_content_count_too() -> None:
    for _ in range(3):
        assert (
            Client(REMOTE_ADDR="192.0.2.200")
            .post("/api/v1/assess", "{", content_type="application/json")
            .status_code
            == 400
        )
    assert _calls() == [429]


@time_machine.travel(NOW, tick=False)
def test_each_address_has_its_own_count() -> None:
    assert _calls(4, origin="192.0.2.1")[-1] == 429
    assert _calls(origin="192.0.2.2") == [200]
    assert _calls(origin="") == [200]


@time_machine.travel(NOW, tick=False)
def test_a_network_of_ipv6_is_one_subscriber() -> None:
    assert _calls(3, origin="2001:db8::1") == [200] * 3
    assert _calls(origin="2001:db8::ffff:2") == [429]
    assert _calls(origin="2001:db8:0:1::1") == [200]
    assert _calls(3, origin="192.0.2.9") == [200] * 3
    assert _calls(origin="::ffff:192.0.2.9") == [429]


@time_machine.travel(NOW, tick=False)
def test_without_a_proxy_the_header_of_a_proxy_is_the_callers_own_word() -> None:
    for number in range(3):
        _calls(forwarded=f"192.0.2.{number}")
    assert _calls(forwarded="192.0.2.99") == [429]


@time_machine.travel(NOW, tick=False)
def test_behind_a_proxy_only_what_the_proxy_wrote_last_counts(settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    for number in range(3):
        _calls(forwarded=f"192.0.2.{number}, 198.51.100.7")
    assert _calls(forwarded="192.0.2.99, 198.51.100.7") == [429]
    assert _calls(forwarded="192.0.2.99, 198.51.100.8") == [200]
    assert _calls() == [200]


@time_machine.travel(NOW, tick=False)
def test_the_page_and_the_document_are_not_counted() -> None:
    _calls(4)
    assert Client().get("/api/openapi.json").status_code == 200
    assert Client().get("/api/docs/").status_code == 200


@time_machine.travel(NOW, tick=False)
def test_no_address_is_stored() -> None:
    _calls(1, origin="192.0.2.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM core_rates")
        stored = str(cursor.fetchall())
    assert "api:" in stored
    assert "192.0.2.77" not in stored


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_time_are_counted_exactly(settings: Settings) -> None:
    settings.API_RATE = "20/day"
    start = threading.Barrier(8)

    def call(_number: int) -> list[int]:
        try:
            start.wait()
            return _calls(5)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        found = [status for part in threads.map(call, range(8)) for status in part]
    assert sorted(found) == [200] * 20 + [429] * 20


@pytest.mark.parametrize(
    ("text", "rate"),
    [("60/min", Rate(60, 60)), ("1/s", Rate(1, 1)), (" 500/h ", Rate(500, 3600)), ("9/day", Rate(9, 86400))],
)
def test_rates_are_read(text: str, rate: Rate) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "60", "0/min", "-1/min", "60/minute", "60 / min", "1.5/s", "60/min/h"])
def test_a_rate_that_cannot_be_read_stops_the_site_at_its_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TIDU_API_RATE"):
        parse_rate(text)
