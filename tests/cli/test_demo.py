"""``tidu demo load`` as a person runs it: into an empty database, again, and from the beginning."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from tests.cli.running import TIDU
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


def test_the_demonstration_is_loaded_once_and_starts_over_when_asked(tmp_path: Path) -> None:
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
    assert demo(folder, "--fresh")["loaded"] is True
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
