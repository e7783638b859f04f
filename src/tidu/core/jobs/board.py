"""Where a running job says how far it is, so that others can read it while the job writes.

A job's own transaction hides what it writes until it ends, and on SQLite it keeps everybody else from writing as well,
the job's own second connection included. So progress and heartbeat never go through the job's connection:

- on SQLite, where worker and web share one machine and one data folder, they go to a small file beside the database;
- on other databases they go to the job's row, through a connection of the thread that writes them.

When the job ends, the last word stands in its row in either case.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tidu.core.models.jobs import Job, JobState

_LONGEST_STEP = 120


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` (0: not known), what is being done, and when it was said."""

    done: int = 0
    total: int = 0
    step: str = ""
    at: dt.datetime | None = None

    @classmethod
    def of(cls, done: int, total: int, step: str) -> Progress:
        """A progress that a row can hold: no negative numbers, never more done than there is."""
        most = max(total, 0)
        return cls(min(max(done, 0), most) if most else max(done, 0), most, step[:_LONGEST_STEP])


class Board(Protocol):
    """Progress of running jobs by number and attempt."""

    def write(self, number: int, attempt: int, progress: Progress) -> None:
        """Say how far an attempt is, and that it is alive."""

    def read(self, job: Job) -> Progress:
        """The last word of the job's present attempt."""

    def clear(self, number: int) -> None:
        """The job has ended."""


class RowBoard:
    """In the job's row. Called from a thread that has a connection of its own."""

    def write(self, number: int, attempt: int, progress: Progress) -> None:
        """Update the row, unless the attempt is over."""
        Job.objects.filter(pk=number, attempts=attempt, state=JobState.RUNNING).update(
            done=progress.done, total=progress.total, step=progress.step, heartbeat=timezone.now()
        )

    def read(self, job: Job) -> Progress:
        """What the row says."""
        return Progress(job.done, job.total, job.step, job.heartbeat)

    def clear(self, number: int) -> None:
        """Nothing to do: the row stays."""


class FileBoard:
    """In ``jobs/<number>.json`` of the data folder, replaced as a whole at each write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, number: int, attempt: int, progress: Progress) -> None:
        """Replace the file."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = {
            "attempt": attempt,
            "done": progress.done,
            "total": progress.total,
            "step": progress.step,
            "at": timezone.now().isoformat(),
        }
        draft = self._folder / f".{number}.{os.getpid()}"
        draft.write_text(json.dumps(content), encoding="ascii")
        draft.replace(self._folder / f"{number}.json")

    def read(self, job: Job) -> Progress:
        """What the file says of this attempt; the row where there is no such file."""
        row = Progress(job.done, job.total, job.step, job.heartbeat)
        try:
            content = json.loads((self._folder / f"{job.pk}.json").read_text(encoding="ascii"))
            if content["attempt"] != job.attempts:
                return row
            at = dt.datetime.fromisoformat(content["at"])
            return Progress(content["done"], content["total"], content["step"], at)
        except (OSError, ValueError, KeyError, TypeError):
            return row

    def clear(self, number: int) -> None:
        """Remove the file."""
        with suppress(OSError):
            (self._folder / f"{number}.json").unlink(missing_ok=True)


def board() -> Board:
    """The board that suits the database."""
    if connection.vendor == "sqlite":
        return FileBoard(Path(settings.DATA) / "jobs")
    return RowBoard()
