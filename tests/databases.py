"""Databases of tests are migrated once and copied: a hundred migrations cost every worker ten seconds of computing.

The first worker that asks makes the database and keeps a copy of it, under a name that says what it was made from; all
others, and all later runs, begin with the copy. On SQLite the copy is a file in ``.cache``, on PostgreSQL a database
beside those of the tests.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".cache" / "test-databases"

# What the migrations of the project use besides Django. A test holds them to it.
USED = ("core/audit", "core/crypto", "core/money_field.py")


def key() -> str:
    """A digest of everything that decides how a migrated database looks."""
    source = ROOT / "src" / "tidu"
    files = set(source.glob("*/migrations/*.py"))
    for name in USED:
        path = source / name
        files |= set(path.rglob("*.py")) if path.is_dir() else {path}
    digest = hashlib.sha256()
    for file in sorted(files | {ROOT / "requirements" / "prod.txt"}):
        digest.update(f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return f"{version('django').replace('.', '_')}_{digest.hexdigest()[:16]}"


def _making() -> Any:  # noqa: ANN401 - django-stubs leave out what the databases' own makers share
    """Django's maker of test databases."""
    return connection.creation


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def provide() -> None:
    """Let the database of this worker's tests be there, migrated, under its own name."""
    with _one_at_a_time():
        if connection.vendor == "sqlite":
            _provide_file(Path(_making()._get_test_db_name()))
        else:
            _provide_database(_making()._get_test_db_name())


def lay_file(data: Path) -> Path:
    """Put a migrated SQLite database into the data folder of a program that a test starts; the folder.

    Nothing where no copy is kept yet: the program then migrates by itself.
    """
    data.mkdir(exist_ok=True)
    with _one_at_a_time():
        kept = KEPT / f"{key()}.sqlite3"
        if kept.exists():
            shutil.copyfile(kept, data / "tidu.sqlite3")
    return data


def _provide_file(target: Path) -> None:
    kept = KEPT / f"{key()}.sqlite3"
    if not kept.exists():
        _migrate()
        for old in KEPT.glob("*.sqlite3"):
            old.unlink()
        half = kept.with_suffix(".half")
        half.unlink(missing_ok=True)
        with closing(sqlite3.connect(target)) as made, closing(sqlite3.connect(half)) as copy:
            made.backup(copy)
        half.rename(kept)
        return
    shutil.copyfile(kept, target)


def _provide_database(target: str) -> None:
    kept = f"tidu_kept_{key()}"
    quote = connection.ops.quote_name
    with _making()._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept])
        if cursor.fetchone():
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(target)} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(kept)}")
            return
    _migrate()
    with _making()._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quote(kept)} TEMPLATE {quote(target)}")


def _migrate() -> None:
    """Make the database from nothing, and leave the connection as it was."""
    name = connection.settings_dict["NAME"]
    _making().create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    connection.settings_dict["NAME"] = name
