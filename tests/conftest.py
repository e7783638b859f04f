"""What tests of every part share: the official texts beside the project, and a browser."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tools.system import find_chromium

# Playwright's synchronous interface runs an event loop in the test's own thread, which Django would refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Machines differ in speed and are shared: a slow example is no failure.
settings.register_profile("tidu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("tidu"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tidu"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official texts and real tables beside the project. They are not ours to publish in it."""
    folder = Path(__file__).resolve().parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared, the official texts and real tables, which are not part of the project")
    return folder


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Drive the system's own Chromium. It goes nowhere but to the page: no updates, no look-ups, no sync."""
    return {
        "executable_path": find_chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Chinese user at a desk in Hohhot."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
