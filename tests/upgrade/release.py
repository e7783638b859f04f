"""The last release as the upgrade tests know it: its commit, and the last migration of each application.

``python -m tests.upgrade.release`` writes them for the present commit. Run it after every release: from then on nobody
can edit or remove a migration that some database has already gone through.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tools.console import SetupError, run

FILE = Path(__file__).with_name("released.json")


@dataclass(frozen=True)
class Release:
    """``migrations`` maps an application to the name of its last migration."""

    commit: str
    migrations: dict[str, str]


def last_release() -> Release:
    """What the file says."""
    return Release(**json.loads(FILE.read_text(encoding="utf-8")))


def has_commit(commit: str) -> bool:
    """Whether this clone reaches back so far."""
    try:
        run(["git", "cat-file", "-e", f"{commit}^{{commit}}"])
    except SetupError:
        return False
    return True


def check_out(commit: str, folder: Path) -> None:
    """Put the project as it was at ``commit`` into ``folder``; the clone itself is left alone."""
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    run(["git", "archive", "--output", archive, commit])
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")


def _present() -> Release:
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    graph = MigrationLoader(None).graph
    commit = run(["git", "rev-parse", "HEAD"]).strip()
    return Release(commit, dict(sorted(graph.leaf_nodes())))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings_for_tests")
    now = _present()
    text = json.dumps({"commit": now.commit, "migrations": now.migrations}, indent=2)
    FILE.write_text(f"{text}\n", encoding="utf-8")
