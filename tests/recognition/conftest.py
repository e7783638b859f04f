"""The clock of these tests: Hohhot's document is in force, and nobody is near a change of year."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from tidu.core.files import previewing
from tidu.core.files.kinds import FileKind

_OPENED: set[tuple[FileKind, str]] = set()

NOW = dt.datetime(2026, 11, 18, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture(autouse=True)
def _the_clock_stands_in_the_term_of_the_document() -> Iterator[None]:
    """A Wednesday morning in November 2026, going on from there."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(autouse=True)
def _a_paper_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of cases here rest on the same page; a process is started for its first upload, not for each."""
    opened = previewing.check

    def check(path: Path, kind: FileKind) -> None:
        paper = (kind, hashlib.sha256(path.read_bytes()).hexdigest())
        if paper not in _OPENED:
            opened(path, kind)
            _OPENED.add(paper)

    monkeypatch.setattr(previewing, "check", check)
