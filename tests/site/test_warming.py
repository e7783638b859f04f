"""What is made ready before the first visitor comes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidu.site.warming import warm


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_every_page_needs_is_there_and_left_alone_by_collections() -> None:
    warm()
    assert gc.get_freeze_count() > 0


def test_a_folder_of_packs_that_is_gone_keeps_no_site_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDU_PACKS", str(tmp_path / "gone"))
    warm()
