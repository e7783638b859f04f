"""`tidu serve`: the site starts on a fresh data folder, says where it is, and stops when asked."""

import json
import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

from tests.cli.running import messages, run, start
from tests.databases import lay_file
from tidu.cli.serve import _prepare
from tidu.policy.errors import InputError


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@pytest.mark.parametrize(("interrupt", "again"), [(signal.SIGINT, False), (signal.SIGTERM, True)])
def test_the_site_starts_from_nothing_or_again_prints_its_address_and_stops(
    interrupt: signal.Signals,
    again: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
) -> None:
    if again:
        lay_file(tmp_path / "data")
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TIDU_", "DJANGO_"))
    }
    program = start(
        "serve",
        "--port",
        str(port),
        "--workers",
        "1",
        "--json",
        env=environment | {"TIDU_DATA": str(tmp_path / "data")},
    )
    try:
        assert program.stdout is not None
        said = b"".join([*iter(program.stdout.readline, b"}\n"), b"}"])
        address = json.loads(said)["address"]
        assert address == f"http://127.0.0.1:{port}/"
        collected = json.loads((tmp_path / "data/static/staticfiles.json").read_text(encoding="utf-8"))[
            "paths"
        ]
        style = next(hashed for name, hashed in collected.items() if name.endswith("tokens.css"))
        for path in ("healthz", f"static/{style}"):
            with urllib.request.urlopen(f"{address}{path}", timeout=60) as answer:  # noqa: S310 - our own address
                assert answer.status == 200
    finally:
        program.send_signal(interrupt)
        _, error = program.communicate(timeout=60)
    assert program.returncode == 0, error
    assert b"Traceback" not in error
    assert (tmp_path / "data/tidu.sqlite3").is_file()


@pytest.mark.django_db
def test_a_database_of_another_version_is_told_with_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_order(*_: object) -> None:
        raise InconsistentMigrationHistory

    monkeypatch.setattr(MigrationExecutor, "migration_plan", out_of_order)
    with pytest.raises(InputError, match=r"是另一版程序建立的.*TIDU_DATA"):
        _prepare()


def test_a_port_in_use_is_told_before_anything_is_prepared(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        outcome = run("serve", "--port", str(port), "--json", env={"TIDU_DATA": str(tmp_path / "data")})
    assert f"端口 {port} 已被占用" in messages(outcome.errors)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "x" * 300, "\u202e"])
def test_an_address_that_is_not_this_machines_is_refused(host: str) -> None:
    assert "不能在地址" in messages(run("serve", "--host", host, "--port", "8765", "--json").errors)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert "1 到 65535" in messages(run("serve", "--port", port, "--json").errors)
