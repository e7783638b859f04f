"""What tests of every part share: the official texts beside the project, and a browser."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from tests import databases
from tidu.core.audit import append_only, guard
from tools.system import find_chromium

# Playwright's synchronous interface runs an event loop in the test's own thread, which Django would refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Machines differ in speed and are shared: a slow example is no failure.
settings.register_profile("tidu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("tidu"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tidu"))


# Nearly everything that is loaded while tests are found stays to the end.
gc.disable()

#: What takes a minute or so begins first, so that nobody waits for it in the end.
_LONGEST = ("upgrade", "cli/test_demo.py", "recognition/test_killed.py", "journeys")
_TESTS = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first. On PostgreSQL leave out what would only do the same again as on SQLite.

    That is what uses no database, what says that it is the same on ``any_database``, and the journeys but for the one
    through the whole of recognition: how a page looks in a browser is the same everywhere, and what it reads and writes
    is tested below it.
    """
    items.sort(key=_turn)
    if connection.vendor == "sqlite":
        return
    same = [item for item in items if _is_same_anywhere(item)]
    config.hook.pytest_deselected(items=same)
    items[:] = [item for item in items if item not in set(same)]


def pytest_collection_finish() -> None:
    """From here on garbage is collected, and never again looked for among what is there by now."""
    gc.freeze()
    gc.enable()


def _turn(item: pytest.Item) -> int:
    if "spark" in item.name:
        return len(_LONGEST)  # beside each other, so that as a rule one process starts Spark, not each
    found = item.path.relative_to(_TESTS).as_posix()
    return next((turn for turn, name in enumerate(_LONGEST) if found.startswith(name)), len(_LONGEST) + 1)


def _is_same_anywhere(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database"):
        return True
    if item.path.parent.name == "journeys" and item.path.name != "test_recognition_chain.py":
        return True
    using = {"db", "transactional_db", "live_server"}
    return not (using.intersection(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,  # noqa: ARG001 - gives each worker a name of its own
    django_test_environment: None,  # noqa: ARG001 - as pytest-django asks for it
    django_db_blocker: Any,  # noqa: ANN401 - pytest-django's, not exported
) -> None:
    """Begin with a copy of a migrated database."""
    with django_db_blocker.unblock():
        databases.provide()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What has been provided is used as it is; it goes with its folder, or with its server."""
    return True


@pytest.fixture(scope="session", autouse=True)
def _record_is_emptied_between_tests() -> Iterator[None]:
    """Lift the triggers of the record while the database is emptied behind a test that has committed to it."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined] # django-stubs leaves it out

    def lifted(case: TransactionTestCase) -> None:
        guard.remove(connection)
        append_only.release(connection, *append_only.TABLES)
        try:
            empty(case)
        finally:
            guard.install(connection)
            append_only.install(connection, *append_only.TABLES)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted)
        yield


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
