"""Every address × every position in the world: whoever stands outside gets 404, on every verb.

A view for some roles says so itself, and its gate turns all others away before it does anything: of those a row asks
some, by turns. Whoever passes the gate and must find nothing is asked in every row, as is everybody where no gate is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from pytest_django.plugin import DjangoDbBlocker

from tests.access.rows import Row, all_rows
from tests.access.world import ANYONE, ROLES, SIGNED_IN, World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.roles import Role
from tidu.site import urls

NOT_FOUND = HTTPStatus.NOT_FOUND
ROWS = [row for row in all_rows() if isinstance(row, Row)]


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"{namespace}({pattern.pattern})"


def test_every_address_has_a_row() -> None:
    stated = {row.name for row in all_rows()}
    present = set(_names(get_resolver()))
    assert present - stated == set(), "addresses that nobody said who may open"
    assert stated - present == set(), "rows about addresses that are gone"


def test_no_address_is_without_a_name() -> None:
    assert [name for name in _names(get_resolver()) if "(" in name] == []


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:  # noqa: ARG001 - asked for by name
    """One world for all rows, with everybody signed in; what a row makes of it is rolled back after the row."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sessions(world: World) -> dict[str, str]:
    """The session of each person. A request gets a client of its own, so that no row's cookies reach the next."""
    found = {}
    for person in SIGNED_IN:
        client = Client()
        sign_in(client, world.users[person])
        found[person] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


@pytest.fixture(autouse=True)
def _sessions_last(settings: Any) -> None:  # noqa: ANN401 - pytest-django's, not exported
    """Sign-in is once for all rows; how long a session lasts is tested where sessions are."""
    for name in ("STAFF_SESSION", "ENTERPRISE_SESSION"):
        limits = getattr(settings, name)
        setattr(settings, name, replace(limits, idle=limits.whole))


@pytest.fixture(autouse=True)
def _refusals_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly every answer here is a 404; the page that says so has tests of its own, and takes half of the time."""
    monkeypatch.setattr(urls, "handler404", lambda *_, **__: HttpResponseNotFound())


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}")
def test_whoever_stands_outside_finds_nothing(row: Row, world: World, sessions: dict[str, str]) -> None:
    url = reverse(row.name, kwargs=dict(row.arguments(world)))
    fields = dict(row.fields(world))
    outside, inside = SIGNED_IN - row.may, row.may
    if row.public:
        outside = _by_turns(row, outside, 2)
    elif connection.vendor != "sqlite":
        outside, inside = _by_turns(row, outside, 1), _by_turns(row, inside, 1)
    else:
        at_the_gate = _turned_away_at_the_gate(url, outside)
        outside = (outside - at_the_gate) | _by_turns(row, at_the_gate, 3)
    # Those outside first: what they attempt must not change what the others meet.
    persons = (ANYONE, *sorted(outside), *sorted(inside))
    outcomes = {person: _status(row, url, fields, sessions.get(person)) for person in persons}
    if row.public:
        assert {person: status for person, status in outcomes.items() if status not in row.answers} == {}
        return
    assert outcomes.pop(ANYONE) == "sign-in"
    wrongly_in = {
        who: status for who, status in outcomes.items() if who not in row.may and status != NOT_FOUND
    }
    wrongly_out = {
        who: status for who, status in outcomes.items() if who in row.may and status not in row.answers
    }
    assert (wrongly_in, wrongly_out) == ({}, {})


def _turned_away_at_the_gate(url: str, persons: frozenset[str]) -> frozenset[str]:
    """Who never reaches what the view does: it declares the roles that it is for, and theirs is none of them."""
    admitted = getattr(resolve(url).func, "roles", frozenset(Role))
    return frozenset(person for person in persons if ROLES.get(person) not in admitted)


def _by_turns(row: Row, persons: frozenset[str], number: int) -> frozenset[str]:
    """Some of them, where it hardly matters who asks; with each row the turn is that of the next."""
    found, first = sorted(persons), ROWS.index(row)
    return frozenset(found[(first + step) % len(found)] for step in range(min(number, len(found))))


def _status(row: Row, url: str, fields: Mapping[str, Any], session: str | None) -> int | str:
    client = Client()
    if session is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    send = client.post if row.method == "POST" else client.get
    response = send(url, fields or dict(row.query))
    if response.status_code == HTTPStatus.FOUND and response["Location"].startswith(reverse("account_login")):
        return "sign-in"
    return int(response.status_code)
