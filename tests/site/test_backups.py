"""A site is backed up and restored as docs/operate.md says, on both databases; the record proves itself afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import TIDU
from tests.core.calendar.test_deadlines import arrangement_of_2027
from tests.databases import lay_file
from tests.postgres import server
from tools.system import find_postgresql

ROOT = Path(__file__).resolve().parents[2]
PHONE = "13800000000"
WRITE = f"""
import sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tidu.accounts.models import User
from tidu.core.actor import SYSTEM
from tidu.core.calendar.published import import_year
from tidu.core.models import AuditHead
User.objects.create_user("beifen", name="备份员", phone={PHONE!r})
import_year(actor=SYSTEM, content=sys.stdin.buffer.read(), file_name="2027.csv")
head = AuditHead.objects.get()
print(f"{{head.number}}:{{head.hash}}")
"""
READ = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tidu.accounts.models import User
from tidu.core.models import CalendarYear
from tidu.core.ticks import run_due
assert not [item for item in run_due() if item.failed]
print(User.objects.get(username="beifen").phone, CalendarYear.objects.get(pk=2027).source)
"""


class Place:
    """One machine: a data folder and a database."""

    def __init__(self, data: Path, database: str) -> None:
        self.data, self.database = data, database
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIDU_", "DJANGO_", "DATABASE"))}
        self._environment = kept | {
            "TIDU_DATA": str(data),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
        }

    def run(self, *words: str | Path, given: bytes = b"") -> str:
        done = subprocess.run(  # noqa: S603 - ours, and the database's own programs
            words, env=self._environment, cwd=ROOT, input=given, capture_output=True, check=False
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout.decode()

    def fill(self) -> str:
        """Put something in that a backup must keep; the end of the record as ``number:hash``."""
        end_of_record = self.run(sys.executable, "-c", WRITE, given=arrangement_of_2027()).strip()
        (self.data / "files").mkdir(exist_ok=True)
        (self.data / "files/evidence.pdf").write_bytes(b"%PDF")
        return end_of_record

    def bring_back(self, other: Place, end_of_record: str) -> None:
        """Take files and keys of ``other`` over, and check that everything is there."""
        shutil.copytree(other.data / "files", self.data / "files")
        for key in ("secret_key", "field_keys"):
            shutil.copy(other.data / key, self.data / key)
        assert self.run(sys.executable, "-c", READ).split() == [PHONE, "试"]
        assert "完好" in self.run(TIDU, "audit", "verify", "--against", end_of_record)
        assert (self.data / "files/evidence.pdf").read_bytes() == b"%PDF"


def test_sqlite(tmp_path: Path) -> None:
    program = shutil.which("sqlite3")
    if program is None:
        pytest.skip("needs the program sqlite3")
    (tmp_path / "new").mkdir()
    old = Place(lay_file(tmp_path / "old"), f"sqlite:///{tmp_path}/old/tidu.sqlite3")
    end_of_record = old.fill()
    backup = tmp_path / "backup.sqlite3"
    old.run(program, old.data / "tidu.sqlite3", f"VACUUM INTO '{backup}'")
    new = Place(tmp_path / "new", f"sqlite:///{tmp_path}/new/tidu.sqlite3")
    shutil.copy(backup, new.data / "tidu.sqlite3")
    new.bring_back(old, end_of_record)


def test_postgresql(tmp_path: Path) -> None:
    programs = find_postgresql()
    if programs is None:
        pytest.skip("needs the programs of PostgreSQL")
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    with server() as address:
        old = Place(tmp_path / "old", address)
        socket = address.split("host=")[1]
        end_of_record = old.fill()
        at = (f"--host={socket}", "--username=tidu")
        old.run(programs / "createdb", *at, "--encoding=UTF8", "--template=template0", "again")
        backup = tmp_path / "backup.dump"
        old.run(programs / "pg_dump", *at, "--format=custom", f"--file={backup}", "postgres")
        new = Place(tmp_path / "new", address.replace("/postgres?", "/again?"))
        for _ in range(2):  # into an empty database, and over one that is there
            words = ("--clean", "--if-exists", "--no-owner", "--dbname=again", backup)
            new.run(programs / "pg_restore", *at, *words)
        new.bring_back(old, end_of_record)
