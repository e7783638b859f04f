from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tidu.policy.data_folder import data_folder
from tidu.site.secret_key import stored_secret_key

ROOT = Path(__file__).resolve().parents[2]
IDENTITY = {
    "TIDU_PUBLIC_URL": "https://tidu.example",
    "TIDU_SPONSOR": "样例市工业和信息化局",
    "TIDU_SITE_CODE": "1500000000",
    "TIDU_ICP": "样ICP备00000000号",
    "TIDU_SECURITY_RECORD": "00000000000000",
    "TIDU_CONTACT": "0000-0000000",
    "TIDU_REPORT_ERRORS_URL": "https://zfwzgl.example/",
    "TIDU_EMAIL_URL": "smtp+tls://tidu:mima@mail.example:587",
}


def _run(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TIDU_", "DJANGO_", "DATABASE_"))}
    environment |= {"TIDU_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tidu.site.settings", **variables}
    return subprocess.run(  # noqa: S603 - our own interpreter with our own words
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def _settings(*names: str, folder: Path, **variables: str) -> dict[str, Any]:
    program = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{n: getattr(settings, n) for n in {names!r}}}, default=str))"
    )
    done = _run("-c", program, folder=folder, **variables)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_configured_production_site_has_nothing_to_complain_about(tmp_path: Path) -> None:
    done = _run("manage.py", "check", "--deploy", "--fail-level", "INFO", folder=tmp_path, **IDENTITY)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_production_site_is_told_what_a_government_site_must_show(tmp_path: Path) -> None:
    done = _run("manage.py", "check", "--deploy", folder=tmp_path, TIDU_DEMONSTRATION="true")
    assert "TIDU_DEMONSTRATION" in done.stderr
    for variable in IDENTITY:
        assert variable in done.stderr


def test_the_safe_side_is_the_default(tmp_path: Path) -> None:
    expected = {
        "DEBUG": False,
        "STYLEGUIDE": False,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-tidu-session",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_AGE": 14 * 86_400,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
    }
    assert _settings(*expected, folder=tmp_path) == expected


def test_a_machine_of_one_s_own_can_do_without_transport_security(tmp_path: Path) -> None:
    found = _settings(
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        folder=tmp_path,
        TIDU_HTTPS="false",
    )
    assert not any(found.values())


def test_sqlite_waits_for_a_writer_and_postgresql_keeps_its_connection(tmp_path: Path) -> None:
    local = _settings("DATABASES", folder=tmp_path)["DATABASES"]["default"]
    assert local["NAME"] == str(tmp_path / "tidu.sqlite3")
    assert local["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in local["OPTIONS"]["init_command"]
    remote = _settings("DATABASES", folder=tmp_path, DATABASE_URL="postgres://u:p@db.example/tidu")[
        "DATABASES"
    ]["default"]
    assert remote["ENGINE"] == "django.db.backends.postgresql"
    assert remote["CONN_HEALTH_CHECKS"] is True
    assert "OPTIONS" not in remote or "init_command" not in remote["OPTIONS"]


def test_one_migrate_leaves_a_site_ready_to_serve(tmp_path: Path) -> None:
    done = _run("manage.py", "migrate", "--verbosity", "0", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    program = (
        "import django; django.setup(); from django.core.cache import cache; cache.set('a', 1);"
        "from django.db import connection; c = connection.cursor(); c.execute('PRAGMA journal_mode');"
        "print(cache.get('a'), c.fetchone()[0])"
    )
    assert _run("-c", program, folder=tmp_path).stdout.split() == ["1", "wal"]


def test_static_files_are_collected_under_names_that_hold_their_content(tmp_path: Path) -> None:
    done = _run("manage.py", "collectstatic", "--noinput", "--verbosity", "0", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "static" / "staticfiles.json").read_text())
    assert manifest["paths"]["core/tokens.css"] != "core/tokens.css"
    assert (tmp_path / "static" / (manifest["paths"]["core/app.js"] + ".gz")).is_file()


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = stored_secret_key(tmp_path)
    assert len(key) >= 64
    assert stored_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret_key"]


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        keys = pool.map(stored_secret_key, [tmp_path] * 16)
    assert len(set(keys)) == 1


def test_the_data_folder_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDU_DATA", str(tmp_path / "deep" / "data"))
    assert stat.S_IMODE(data_folder().stat().st_mode) == 0o700


def test_the_key_given_by_the_environment_wins_and_none_is_stored(tmp_path: Path) -> None:
    variables: Mapping[str, str] = {"TIDU_SECRET_KEY": "x" * 60}
    assert _settings("SECRET_KEY", folder=tmp_path, **variables) == {"SECRET_KEY": "x" * 60}
    assert not (tmp_path / "secret_key").exists()


def test_every_variable_that_a_deployment_can_set_is_documented() -> None:
    names = ("site/settings.py", "policy/data_folder.py", "policy/vocabulary/editions.py")
    sources = [ROOT / "src" / "tidu" / name for name in names]
    read = {
        name
        for source in sources
        for name in re.findall(r'"((?:TIDU|DATABASE)_[A-Z_]+)"', source.read_text("utf-8"))
    }
    told = set(
        re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE)
    )
    assert read == told
