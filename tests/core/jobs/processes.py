"""A site in processes of its own: started as people start it, killed as machines kill it."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.cli.running import TIDU
from tests.databases import lay_file

ROOT = Path(__file__).parents[3]


def environment(data: Path) -> dict[str, str]:
    """The site's environment: a SQLite database in ``data``, whatever the tests themselves run on."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TIDU_", "DJANGO_", "DATABASE"))
    }
    return kept | {
        "TIDU_DATA": str(data),
        "TIDU_HTTPS": "false",
        "DJANGO_SETTINGS_MODULE": "tests.core.jobs.slow.settings",
        "PYTHONPATH": str(ROOT),
    }


_HELPER = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connections
from tidu.core.actor import SYSTEM
from tidu.core.jobs import retry, start
call_command("migrate", verbosity=0)
for line in sys.stdin:
    order = json.loads(line)
    if "kind" in order:
        job = start(actor=SYSTEM, kind=order["kind"], title="试", arguments=order["arguments"])
    else:
        job = retry(actor=SYSTEM, number=order["number"])
    connections.close_all()
    print(job.pk, flush=True)
"""


class Site:
    """A data folder with a database, the commands that run in it, and a process that starts jobs as a page would."""

    def __init__(self, folder: Path) -> None:
        self.data = lay_file(folder / "data")
        self.trace = folder / "trace"
        self._environment = environment(self.data)
        self._helper = subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, "-c", _HELPER],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End the helper."""
        self._helper.communicate(timeout=30)

    def _ask(self, **order: Any) -> int:  # noqa: ANN401 - JSON
        assert self._helper.stdin is not None
        assert self._helper.stdout is not None
        self._helper.stdin.write(json.dumps(order) + "\n")
        self._helper.stdin.flush()
        return int(self._helper.stdout.readline())

    def tidu(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(  # noqa: S603 - ours
            [TIDU, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )

    @contextlib.contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A command that runs until the block ends."""
        program = subprocess.Popen(  # noqa: S603 - ours
            [TIDU, *arguments],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield program
        finally:
            if program.poll() is None:
                program.send_signal(signal.SIGTERM)
            program.communicate(timeout=60)

    def start_job(self, kind: str, **arguments: Any) -> int:  # noqa: ANN401 - JSON
        """Start a job in the system's name; its number."""
        return self._ask(kind=kind, arguments=arguments)

    def retry(self, number: int) -> None:
        """Retry a job."""
        self._ask(number=number)

    def job(self, number: int) -> dict[str, Any]:
        """The job's row."""
        with contextlib.closing(sqlite3.connect(self.data / "tidu.sqlite3", timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            row = connection.execute("SELECT * FROM core_job WHERE id = ?", (number,)).fetchone()
            return dict(row)

    def steps(self) -> list[str]:
        """The lines that jobs have left."""
        return self.trace.read_text(encoding="ascii").split() if self.trace.exists() else []


def wait_for(condition: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Wait until it holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def children(pid: int) -> dict[int, list[int]]:
    """Children and grandchildren of a process, by number."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                found.setdefault(parent, []).append(int(entry.name))
    return {child: found.get(child, []) for child in found.get(pid, [])}
