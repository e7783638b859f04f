"""What tests of the public site share: a data folder of their own, and the two official texts attached in it.

Tests of the library, of policies, clauses and search have no database: these pages must not need one. The front page
reads announcements from it, and does without where it does not answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from tidu.policy.documents.library import load_library
from tidu.policy.official_text.clauses import ClauseHint, citation_path
from tidu.policy.official_text.texts import AttachReport, TextStore, attach

HOHHOT, BAOTOU = "hohhot-2022-recognition", "baotou-2023-support"
NATION_2022, NATION_2026 = "national-2022-gradient", "national-2026-gradient"
TODAY = dt.date(2026, 11, 20)
_SEEDS = {HOHHOT: "004_acc7edf7c1d8a5ce.txt", BAOTOU: "000_02980f29dc4fcc23.txt"}


def attach_text(pack_id: str, source: bytes | Path, data: Path) -> AttachReport:
    """Attach a text as an operator does with ``tidu packs attach``."""
    pack = load_library().get(pack_id)
    hints = [ClauseHint(citation_path(hint.path), hint.contains) for hint in pack.document.clauses]
    return attach(pack_id, pack.citations(), hints, source, TextStore(data / "texts"))


@pytest.fixture(autouse=True)
def no_texts(settings: Settings, tmp_path: Path) -> Path:
    """A data folder in which nothing is attached."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def friday() -> Iterator[None]:
    """Noon of Friday, 2026-11-20, in Hohhot."""
    with time_machine.travel(dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(scope="session")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with both official texts attached."""
    data = tmp_path_factory.mktemp("attached")
    for pack_id, name in _SEEDS.items():
        assert attach_text(pack_id, shared / "seeds" / name, data).complete
    return data


@pytest.fixture
def with_texts(seeds: Path, settings: Settings) -> Path:
    """The site with both official texts attached."""
    settings.DATA = seeds
    return seeds
