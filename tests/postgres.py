"""A PostgreSQL of the tests' own: ``python -m tests.postgres [ARGUMENTS OF PYTEST]`` starts it, runs and removes it.

Only tests that use the database run here (see ``tests/conftest.py``); the others know nothing of it and have run
already. A ``DATABASE_URL`` in the environment names a server that is used as it stands. PostgreSQL refuses to run as
root, so root starts it as the user that the system keeps for it.
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.system import find_postgresql

# A crash of the machine may cost the data of a test run; it must not cost time.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


def _other_user() -> dict[str, Any]:
    """What subprocess needs to leave root behind; nothing where we are not root."""
    if os.geteuid():
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def server() -> Iterator[str]:
    """A running server's address. The programs' own words tell why it did not start."""
    programs = find_postgresql()
    if programs is None:
        sys.exit("找不到 PostgreSQL 的程序（initdb、pg_ctl）。请运行 make setup，或安装软件包 postgresql。")
    other = _other_user()
    # Short, because the path of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="tidu-pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if other:
            os.chown(folder, other["user"], other["group"])
        data, log = folder / "data", folder / "log"

        def run(program: str, *arguments: str | Path) -> None:
            # pg_ctl hands its output on to the server, which would keep a pipe open for ever.
            with (folder / "said").open("wb") as said:
                words = [programs / program, "-D", data, *arguments]
                done = subprocess.run(words, stdout=said, stderr=said, cwd=folder, check=False, **other)  # noqa: S603
            if done.returncode:
                told = (folder / "said").read_text() + (log.read_text() if log.exists() else "")
                sys.exit(f"PostgreSQL 的 {program} 失败：\n{told}")

        run("initdb", "--auth=trust", "--username=tidu", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        options = " ".join(f"-c {key}='{value}'" for key, value in SETTINGS.items())
        run(
            "pg_ctl",
            "start",
            "--wait",
            "--log",
            log,
            "--options",
            f"{options} -c unix_socket_directories={folder}",
        )
        try:
            yield f"postgres://tidu@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


def main(arguments: list[str]) -> int:
    """Run pytest against the server; returns its exit status."""
    command = [sys.executable, "-m", "pytest", *arguments]
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode  # noqa: S603 - our own program
    # Whoever ends this program ends the server with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with server() as address:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
