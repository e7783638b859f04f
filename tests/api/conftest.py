"""What the tests of the API share: a caller that is not slowed down."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from tests.api.published import Answer

Ask = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Calls are counted in the database."""


@pytest.fixture(autouse=True)
def _unhurried(settings: Settings) -> None:
    settings.API_RATE = "1000000/day"


@pytest.fixture
def ask(client: Client) -> Ask:
    """Call an endpoint of version 1: ``ask("packs")`` gets, ``ask("assess", {…})`` posts."""

    def call(path: str, body: object = None, **headers: str) -> Answer:
        if body is None:
            return client.get(f"/api/v1/{path}", headers=headers)
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.post(
            f"/api/v1/{path}", text, content_type="application/json; charset=utf-8", headers=headers
        )

    return call
