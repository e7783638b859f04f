"""The demonstration as a person gets it: into an empty database, again, and served from the beginning."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.cli.running import TIDU, start
from tests.cli.test_serving import free_port
from tests.databases import lay_file


def demo(folder: Path, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"TIDU_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tidu.site.settings"}
    done = subprocess.run(  # noqa: S603 - ours
        [TIDU, "demo", "load", "--json", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def serve_until_idle(folder: Path, *arguments: str) -> None:
    """Serve the demonstration until its worker has done every job, and stop."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TIDU_", "DJANGO_"))
    }
    environment.pop("DATABASE_URL", None)
    program = start(
        "serve",
        "--demo",
        "--workers",
        "1",
        "--port",
        str(free_port()),
        "--json",
        *arguments,
        env=environment | {"TIDU_DATA": str(folder)},
    )
    try:
        assert program.stdout is not None
        assert b"".join(iter(program.stdout.readline, b"}\n"))
        until = time.monotonic() + 60
        while (states := job_states(folder)) != {"done"}:
            assert time.monotonic() < until, states
            time.sleep(0.25)
    finally:
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=60)
    assert program.returncode == 0, said


def job_states(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "tidu.sqlite3")) as database:
        return {state for (state,) in database.execute("SELECT state FROM core_job")}


def test_the_demonstration_is_loaded_once_served_and_starts_over_when_asked(tmp_path: Path) -> None:
    folder = lay_file(tmp_path / "data")
    first = demo(folder)
    assert first["loaded"] is True
    assert ["市级经办岗", "baotou-city", "hohhot-city"] in first["accounts"]
    assert demo(folder)["loaded"] is False
    with sqlite3.connect(folder / "tidu.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM registry_enterprise").fetchone() == (600,)
        database.execute("UPDATE registry_enterprise SET name = '改过的'")
        database.commit()
    database.close()
    serve_until_idle(folder, "--fresh")
    with sqlite3.connect(folder / "tidu.sqlite3") as database:
        changed = database.execute(
            "SELECT count(*) FROM registry_enterprise WHERE name = '改过的'"
        ).fetchone()
        assert changed == (0,)
        database.execute("UPDATE accounts_user SET demonstration = 0")
        database.commit()
    database.close()
    refused = demo(folder, "--fresh", code=2)
    assert "演示以外的数据" in refused["errors"][0]["message"]
