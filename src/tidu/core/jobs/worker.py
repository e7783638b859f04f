"""The process that does the jobs, and what to do when one has died."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import logging
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from tidu.core.jobs.board import board
from tidu.core.jobs.queue import enqueue, run_job
from tidu.core.jobs.running import INTERRUPTED, leaving, record_failure
from tidu.core.models.jobs import Job, JobState

log = logging.getLogger(__name__)

DEAD_AFTER: Final = dt.timedelta(seconds=60)
_KEPT: Final = dt.timedelta(days=7)
_INTERVAL: Final = 1.0


class AnotherWorker(Exception):  # noqa: N818 - a state of the machine, not an error of the program
    """On SQLite one worker at a time; another one is running."""


class _Worker(QueueWorker):
    """The queue's worker; told to leave, it also asks the running job to stop at its next safe place."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Leave after the job in hand; at the second signal, at once."""
        leaving.set()
        super().shutdown(signum, frame)

    @property
    def worked(self) -> int:
        """Entries that it has worked off."""
        return self._run_tasks


def _worker(*, batch: bool) -> _Worker:
    return _Worker(
        queue_names=["default"],
        interval=_INTERVAL,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def drain() -> None:
    """Do every job that waits, in this process and on the connection that is open: for tests and their transactions."""
    worker = _worker(batch=True)
    while (entry := _claimed(worker.worker_id)) is not None:
        worker.run_task(entry)


def _claimed(worker_id: str) -> DBTaskResult[[int], None] | None:
    with transaction.atomic():
        entry = DBTaskResult.objects.ready().get_locked()
        if entry is not None:
            entry.claim(worker_id)
    return entry


def work(*, once: bool) -> int:
    """Be the worker until a signal comes, or with ``once`` until the queue is empty; how many entries were worked off.

    Raises :class:`AnotherWorker` on SQLite while another one runs.
    """
    with only_worker():
        worker = _worker(batch=once)
        worker.configure_signals()
        try:
            worker.run()
        except SystemExit:  # told to leave while it waited
            return worker.worked
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
        return worker.worked


@contextlib.contextmanager
def only_worker() -> Iterator[None]:
    """On SQLite, hold the worker's place: the operating system frees it however the process ends.

    Whoever gets it knows that no other worker lives, so jobs that still seem to run are given up at once. Elsewhere
    several workers may run, and silence tells (:func:`give_up_dead_jobs`).
    """
    if connection.vendor != "sqlite":
        yield
        return
    with (Path(settings.DATA) / "worker.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherWorker from None
        give_up_dead_jobs(silent_for=dt.timedelta(0))
        yield


def give_up_dead_jobs(*, silent_for: dt.timedelta = DEAD_AFTER) -> int:
    """Mark jobs whose worker has been silent so long as failed, and queue anew what was lost on its way to one.

    Returns how many were given up. Idempotent; an attempt that turns out to live cannot close its job any more.
    """
    limit = timezone.now() - silent_for
    where = board()
    given_up = 0
    for job in Job.objects.filter(state=JobState.RUNNING, heartbeat__lte=limit):
        progress = where.read(job)
        if progress.at is not None and progress.at > limit:
            continue
        with transaction.atomic():
            closed = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING).update(
                state=JobState.FAILED,
                fault=INTERRUPTED,
                done=progress.done,
                total=progress.total,
                step=progress.step,
                finished_at=timezone.now(),
                stop_wanted=False,
            )
            if closed:
                given_up += 1
                record_failure(job)
        where.clear(job.pk)
    _tidy_queue(limit)
    return given_up


def _tidy_queue(limit: dt.datetime) -> None:
    """Close entries whose worker died; a job that still waits behind one (it died in between) is queued anew."""
    ours = DBTaskResult.objects.filter(task_path=run_job.module_path)
    for entry in ours.running().filter(started_at__lte=limit):
        job = Job.objects.filter(pk=entry.args_kwargs["args"][0]).first()
        if job is not None and job.state == JobState.RUNNING:
            continue
        with transaction.atomic():
            closed = ours.running().filter(pk=entry.pk).update(status="FAILED", finished_at=timezone.now())
            if closed and job is not None and job.state == JobState.QUEUED:
                enqueue(job)


def forget_old_entries() -> int:
    """Delete finished entries of the queue after a week; what became of the jobs stands in their own rows."""
    old = DBTaskResult.objects.finished().filter(finished_at__lte=timezone.now() - _KEPT)
    return old.delete()[0]
