"""A database of the last release becomes one of today by ``tidu serve`` alone, and the site then works on it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.upgrade.release import check_out, has_commit, last_release
from tools.console import ROOT

RELEASE = last_release()
TO_THE_RELEASE_AND_ON = """
import json, sys
import django
from django.core.management import call_command

django.setup()
for app, name in json.loads(sys.argv[1]).items():
    call_command("migrate", app, name, verbosity=0)
call_command("migrate", verbosity=0)
"""
TIDU = Path(sys.executable).with_name("tidu")


@pytest.fixture
def site(tmp_path: Path, db: None) -> Iterator[dict[str, str]]:  # noqa: ARG001 - marks the test for both databases
    """The environment of a site with a data folder and an empty database of its own, on the server of the tests."""
    folder = tmp_path / "data"
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TIDU_", "DJANGO_"))}
    kept |= {
        "TIDU_DATA": str(folder),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
    }
    if connection.vendor == "sqlite":
        kept.pop("DATABASE_URL", None)
        yield kept
        return
    import psycopg

    name = f"upgrade_{secrets.token_hex(4)}"
    server = connection.get_connection_params() | {"dbname": "postgres"}
    plain = {key: server[key] for key in ("dbname", "user", "password", "host", "port") if server.get(key)}
    with psycopg.connect(**plain, autocommit=True) as console:
        console.execute(f"CREATE DATABASE {name}")
        yield kept | {"DATABASE_URL": f"postgres://{plain['user']}@/{name}?host={plain['host']}"}
        console.execute(f"DROP DATABASE {name} WITH (FORCE)")


def done(*words: str | Path, env: Mapping[str, str], cwd: Path = ROOT) -> str:
    """Standard output of a program that must succeed."""
    result = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def walked(env: Mapping[str, str]) -> dict[str, Any]:
    """What somebody sees who walks through the upgraded site."""
    seen: dict[str, Any] = json.loads(
        done(sys.executable, "-m", "tests.upgrade.smoke", env=env).splitlines()[-1]
    )
    return seen


def serve(env: Mapping[str, str]) -> None:
    """Start ``tidu serve``, which upgrades, open its front page, and stop it."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = str(trial.getsockname()[1])
    words: list[str | Path] = [TIDU, "serve", "--port", port, "--workers", "1", "--json"]
    server = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - ours
    try:
        assert server.stdout is not None
        said = b""
        while not said.rstrip().endswith(b"}"):
            line = server.stdout.readline()
            assert line, server.communicate(timeout=30)[1].decode()
            said += line
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.status == 200
    finally:
        server.terminate()
        errors = server.communicate(timeout=60)[1].decode()
    assert "Traceback" not in errors, errors


def assert_it_works(seen: dict[str, Any]) -> None:
    """What the walk must have seen, whatever was in the database before."""
    assert seen["public"] == [200, 200, 200, 200]
    assert seen["home"] == 200
    assert seen["phone"] == "13800001234"
    assert seen["whole"]
    assert seen["guards_missing"] == []


def test_no_released_migration_was_edited_away() -> None:
    graph = MigrationLoader(None).graph
    gone = [node for node in RELEASE.migrations.items() if node not in graph.nodes]
    assert gone == [], "databases out there have gone through these; add a migration, do not change one"


@pytest.mark.skipif(not has_commit(RELEASE.commit), reason="a shallow clone: the released files are not here")
def test_no_file_of_a_released_migration_was_changed() -> None:
    changed = done(
        "git",
        "diff",
        "--name-only",
        "--diff-filter=MDR",
        RELEASE.commit,
        "--",
        ":(glob)src/tidu/*/migrations/0*.py",
        env=os.environ,
    )
    assert changed == ""


@pytest.mark.skipif(has_commit(RELEASE.commit), reason="the release itself is here, and tried below")
def test_a_database_that_stands_where_the_release_left_it_is_brought_up_to_date(site: dict[str, str]) -> None:
    """In a shallow clone the present code takes the database to the released migrations, then further."""
    done(sys.executable, "-c", TO_THE_RELEASE_AND_ON, json.dumps(RELEASE.migrations), env=site)
    assert_it_works(walked(site))


@pytest.mark.skipif(not has_commit(RELEASE.commit), reason="a shallow clone: the release itself is not here")
def test_a_database_made_by_the_release_itself_is_brought_up_to_date(
    site: dict[str, str], tmp_path: Path
) -> None:
    """The true thing: the released program makes its database, with its demonstration where it has one."""
    released = tmp_path / "released"
    check_out(RELEASE.commit, released)
    then = site | {"PYTHONPATH": f"{released / 'src'}:{released}", "TIDU_HTTPS": "false"}
    done(sys.executable, released / "manage.py", "migrate", "--verbosity=0", env=then, cwd=released)
    main = "from tidu.cli import main; main()"
    has_demonstration = (released / "src/tidu/cli/demo.py").is_file()
    if has_demonstration:
        done(sys.executable, "-c", main, "demo", "load", "--json", env=then, cwd=released)
    serve(site)
    seen = walked(site)
    assert_it_works(seen)
    if has_demonstration:
        assert seen["enterprises"] > 100
        assert seen["people"] > 5
