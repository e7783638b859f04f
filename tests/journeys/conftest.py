"""Journeys share a live server, a browser page that is watched, and a folder for screenshots."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.journeys.journey import Journey

DEFAULT_SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "journeys"


@pytest.fixture
def journey(page: Page, live_server: LiveServer, request: pytest.FixtureRequest) -> Journey:
    """A visitor at the front door. ``TIDU_SHOTS`` names another folder for the screenshots."""
    shots = Path(os.environ.get("TIDU_SHOTS") or DEFAULT_SHOTS)
    shots.mkdir(parents=True, exist_ok=True)
    name = request.path.stem.removeprefix("test_")
    print(f"\n{name}：{request.node.name}", flush=True)
    return Journey(page=page, address=live_server.url, name=name, shots=shots)
