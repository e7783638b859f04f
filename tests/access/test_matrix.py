"""Every address × every position in the world: whoever stands outside gets 404, on every verb."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.rows import Elsewhere, Row, all_rows
from tests.access.world import ANYONE, SIGNED_IN, World, make_world
from tests.accounts.signing_in import sign_in

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


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}")
def test_whoever_stands_outside_finds_nothing(row: Row) -> None:
    world = make_world()
    arguments = dict(row.arguments(world))
    url = reverse(row.name, kwargs=arguments)
    fields = dict(row.fields(world))
    outcomes = {}
    # Those outside first: what they attempt must not change what the others meet.
    for person in (ANYONE, *sorted(SIGNED_IN - row.may), *sorted(row.may)):
        outcomes[person] = _status(world, person, row, url, fields)
    if row.public:
        assert {person for person, status in outcomes.items() if status not in row.answers} == set()
        return
    assert outcomes.pop(ANYONE) == "sign-in"
    wrongly_in = {
        person: status for person, status in outcomes.items() if person not in row.may and status != 404
    }
    wrongly_out = {
        person: status
        for person, status in outcomes.items()
        if person in row.may and status not in row.answers
    }
    assert (wrongly_in, wrongly_out) == ({}, {})


def _status(world: World, person: str, row: Row, url: str, fields: dict[str, object]) -> int | str:
    client = Client(raise_request_exception=True)
    if person != ANYONE:
        sign_in(client, world.users[person])
    send = client.post if row.method == "POST" else client.get
    response = send(url, fields or dict(row.query))
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return "sign-in"
    return response.status_code
