"""One attempt at a job: what its function is given, its pulse, and how it ends."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import TracebackType
from typing import Any, Final, Self

from django.db import DatabaseError, connections, transaction
from django.db.models import F
from django.utils import timezone

from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.jobs.board import Board, Progress, board
from tidu.core.jobs.kinds import KINDS, JobFault, JobStopped
from tidu.core.models.audit import AuditResult
from tidu.core.models.jobs import Job, JobState
from tidu.core.roles import Role
from tidu.policy.errors import InputError

log = logging.getLogger(__name__)

INTERRUPTED: Final = "工作进程中断，任务没有做完。可以重试，已经保存的部分不会重复。"
ABANDONED: Final = "系统不认识这种任务，可能是升级后已经取消。请重新发起。"
NO_LONGER: Final = "发起人已停用，或者不再担任发起时的角色，任务没有执行。请由现任人员重新发起。"
_PULSE_SECONDS: Final = 2.0
_LOOK_SECONDS: Final = 1.0
_MOST_PROBLEMS: Final = 20

#: Set when the worker has been told to leave: jobs stop at their next safe place and go back into the queue.
leaving: Final = threading.Event()
#: Whether whoever started a job may still act so. The application that knows people adds its own check.
actor_checks: Final[list[Callable[[Actor], bool]]] = []


class WorkerLeaving(JobStopped):
    """The worker goes; the job is not done and starts again with the next one."""


class Pulse:
    """A thread that says every two seconds how far the job is. Progress set in between costs nothing."""

    def __init__(self, number: int, attempt: int, where: Board) -> None:
        self.progress = Progress()
        self._number, self._attempt, self._board = number, attempt, where
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job-{number}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while True:
                try:
                    self._board.write(self._number, self._attempt, self.progress)
                except (DatabaseError, OSError):  # a missed beat is no reason to give up the work
                    log.warning("progress of job %s could not be written", self._number, exc_info=True)
                if self._over.wait(_PULSE_SECONDS):
                    return
        finally:
            connections.close_all()  # those of this thread


class JobRun:
    """What the function of a job is given.

    ``actor`` is who started it, ``arguments`` what it was given, ``number`` the job's own number.
    """

    def __init__(self, job: Job, pulse: Pulse) -> None:
        self.number: int = job.pk
        self.attempt: int = job.attempts
        self.actor: Actor = actor_from(job.actor)
        self.arguments: Mapping[str, Any] = job.arguments
        self._pulse = pulse
        self._looked = 0.0

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Say that ``done`` of ``total`` is done and, if given, what comes now. Costs nothing; call it as you like."""
        self._pulse.progress = Progress.of(done, total, step or self._pulse.progress.step)

    def stop_if_wanted(self) -> None:
        """Raise :class:`JobStopped` when the owner wants the job stopped, or the worker has to leave.

        Call it between two transactions. It asks the database at most once a second.
        """
        if leaving.is_set():
            raise WorkerLeaving
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS and self._looked:
            return
        self._looked = now
        wanted = Job.objects.filter(pk=self.number, attempts=self.attempt).values_list(
            "stop_wanted", flat=True
        )
        if wanted.first() is not False:
            raise JobStopped


def actor_data(actor: Actor) -> dict[str, Any]:
    """An actor as a job keeps it."""
    return {**asdict(actor), "role": actor.role.value if actor.role else None}


def actor_from(data: Mapping[str, Any]) -> Actor:
    """The actor that a job keeps; the system where it keeps none."""
    if not data:
        return SYSTEM
    role = data.get("role")
    return Actor(**{**data, "role": Role(role) if role else None})


def execute(number: int) -> None:
    """Do the job, if it is still waiting. Never raises for what goes wrong inside the job."""
    job = _claimed(number)
    if job is None:
        return
    kind = KINDS.get(job.kind)
    actor = actor_from(job.actor)
    if kind is None:
        _failed(job, ABANDONED, Progress())
        return
    if not actor.is_system and not all(check(actor) for check in actor_checks):
        _failed(job, NO_LONGER, Progress())
        return
    where = board()
    pulse = Pulse(job.pk, job.attempts, where)
    try:
        with pulse:
            result = kind.work(JobRun(job, pulse))
        _end(job, JobState.DONE, pulse.progress, result=result)
    except WorkerLeaving:
        _back_to_queue(job)
    except JobStopped:
        _end(job, JobState.CANCELLED, pulse.progress)
    except JobFault as fault:
        _failed(job, str(fault), pulse.progress)
    except InputError as error:
        _failed(job, _in_words(error), pulse.progress)
    except Exception:
        reference = secrets.token_hex(4).upper()
        log.exception("job %s (%s) failed, reference %s", job.pk, job.kind, reference)
        _failed(
            job,
            f"系统出错，任务没有做完。请稍后重试；如果反复出现，请把编号 {reference} 告诉系统管理员。",
            pulse.progress,
        )
    except BaseException:  # the process is being ended by force; the next one must not wait for a pulse
        _failed(job, INTERRUPTED, pulse.progress)
        raise
    finally:
        where.clear(job.pk)


def _claimed(number: int) -> Job | None:
    """The job, now running in a new attempt; ``None`` when it is not waiting (stopped meanwhile, or queued twice)."""
    now = timezone.now()
    taken = Job.objects.filter(pk=number, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat=now,
        finished_at=None,
        done=0,
        total=0,
        step="",
        fault="",
        result={},
    )
    return Job.objects.get(pk=number) if taken else None


def _end(job: Job, state: JobState, progress: Progress, **changes: object) -> bool:
    """Close this attempt, unless it has been given up for dead meanwhile."""
    now = timezone.now()
    closed = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING).update(
        state=state,
        done=progress.done,
        total=progress.total,
        step=progress.step,
        finished_at=now,
        heartbeat=now,
        stop_wanted=False,
        **changes,
    )
    return bool(closed)


def _failed(job: Job, fault: str, progress: Progress) -> None:
    with transaction.atomic():
        if _end(job, JobState.FAILED, progress, fault=fault):
            record_failure(job)


def record_failure(job: Job) -> None:
    """Put the failure of a job on record, in the name of whoever started it."""
    record(
        actor=actor_from(job.actor),
        action="core.job.failed",
        subject=job,
        result=AuditResult.FAILED,
        detail={"kind": job.kind, "attempt": job.attempts},
    )


def _back_to_queue(job: Job) -> None:
    from tidu.core.jobs.queue import enqueue

    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING).update(
            state=JobState.QUEUED, attempts=F("attempts") - 1, started_at=None, heartbeat=None
        )
        if waiting:
            enqueue(job)


def _in_words(error: InputError) -> str:
    lines = [str(problem) for problem in error.problems[:_MOST_PROBLEMS]]
    rest = len(error.problems) - len(lines)
    return "\n".join([*lines, f"另有 {rest} 处问题。"] if rest else lines)
