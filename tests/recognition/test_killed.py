"""Whatever moment the process dies at, the chain goes on where it stood: nothing is lost, nothing happens twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.databases import lay_file
from tests.recognition.killing import run_killed

EXPECTED = {
    "ends": {
        **dict.fromkeys("CDI", "recognised"),
        **dict.fromkeys("FGH", "not_recognised"),
        "E": "not_recommended",
        "J": "withdrawn",
    },
    "titles": 3,
    "certificates": 3,
    "recognised": 3,
    "submissions": 9,
    "whole": True,
}


@pytest.mark.django_db(transaction=True)
def test_killed_in_and_behind_every_step_the_chain_comes_to_the_same_end(tmp_path: Path) -> None:
    found = run_killed() if connection.vendor == "postgresql" else _on_a_file(lay_file(tmp_path))
    assert found == EXPECTED


def _on_a_file(data: Path) -> dict[str, Any]:
    """On a database of its own: what lies in memory would die with the first process."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TIDU_", "DJANGO_", "DATABASE"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.recognition.killing"],
        env=kept
        | {
            "TIDU_DATA": str(data),
            "TIDU_HTTPS": "false",
            "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
        },
        cwd=Path(__file__).resolve().parents[2],
        check=True,
        stdout=subprocess.PIPE,
        timeout=300,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
