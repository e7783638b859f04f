"""Journeys share a live server, a browser page that is watched, and a folder for screenshots."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.journeys.journey import Journey

DEFAULT_SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "journeys"


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Steps are numbered through a whole file, so that no screenshot covers another."""
    return count(1)


@pytest.fixture
def journey(
    page: Page, live_server: LiveServer, numbers: Iterator[int], request: pytest.FixtureRequest
) -> Journey:
    """A visitor at the front door. ``TIDU_SHOTS`` names a folder for screenshots; without it none are taken."""
    wanted = os.environ.get("TIDU_SHOTS", "")
    shots = Path(wanted or DEFAULT_SHOTS)
    shots.mkdir(parents=True, exist_ok=True)
    name = request.path.stem.removeprefix("test_")
    print(f"\n{name}：{request.node.name}", flush=True)
    return Journey(
        page=page, address=live_server.url, name=name, numbers=numbers, shots=shots, wanted=bool(wanted)
    )
