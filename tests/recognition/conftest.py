"""The clock of these tests: Hohhot's document is in force, and nobody is near a change of year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

NOW = dt.datetime(2026, 11, 18, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture(autouse=True)
def _the_clock_stands_in_the_term_of_the_document() -> Iterator[None]:
    """A Wednesday morning in November 2026, going on from there."""
    with time_machine.travel(NOW, tick=True):
        yield
