"""Who sees which job, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tidu.core.actor import Actor
from tidu.core.jobs.board import Progress, board
from tidu.core.jobs.kinds import KINDS
from tidu.core.models.jobs import Job, JobState
from tidu.core.roles import Role

ACTIVE = frozenset({JobState.QUEUED, JobState.RUNNING})


def visible_to(actor: Actor) -> QuerySet[Job]:
    """Jobs that ``actor`` may know of: their organisation's; an expert's, only their own.

    The system administrator sees that all others exist and how they fare, never what is in them (:func:`sees_inside`).
    """
    jobs = Job.objects.all()
    if actor.is_system or actor.has(Role.SYSTEM_ADMINISTRATOR):
        return jobs
    if not actor.user_id:
        return jobs.none()
    own = Q(owner_id=actor.user_id, organisation_id=actor.organisation_id)
    if actor.organisation_id is None or actor.has(Role.EXPERT):
        return jobs.filter(own)
    return jobs.filter(organisation_id=actor.organisation_id)


def sees_inside(actor: Actor, job: Job) -> bool:
    """Whether the result of the job is for ``actor``: a system administrator does not see other people's business."""
    return actor.is_system or job.organisation_id == actor.organisation_id


def may_steer(actor: Actor, job: Job) -> bool:
    """Whether ``actor`` may retry or stop it: who started it; the system's own jobs, the system administrator."""
    if job.owner_id is None:
        return actor.is_system or actor.has(Role.SYSTEM_ADMINISTRATOR)
    return job.owner_id == actor.user_id and job.organisation_id == actor.organisation_id


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as pages show it."""

    job: Job
    label: str
    progress: Progress
    active: bool
    can_retry: bool
    can_stop: bool
    stopping: bool
    summary: str
    url: str

    @property
    def percent(self) -> int | None:
        """How much is done, in whole per cent; ``None`` while the whole is not known."""
        return self.progress.done * 100 // self.progress.total if self.progress.total else None


def shown(jobs: Iterable[Job], actor: Actor) -> list[JobView]:
    """Jobs with their progress and what ``actor`` may do about them. No query of its own."""
    where = board()
    return [
        _view(job, actor, where.read(job) if job.state == JobState.RUNNING else _last(job)) for job in jobs
    ]


def _last(job: Job) -> Progress:
    return Progress(job.done, job.total, job.step, job.heartbeat)


def _view(job: Job, actor: Actor, progress: Progress) -> JobView:
    steer, inside = may_steer(actor, job), sees_inside(actor, job)
    kind = KINDS.get(job.kind)
    result = job.result if inside and isinstance(job.result, dict) else {}
    url = str(result.get("url", ""))
    return JobView(
        job=job,
        label=kind.label if kind else job.kind,
        progress=progress,
        active=job.state in ACTIVE,
        can_retry=steer and kind is not None and job.state in {JobState.FAILED, JobState.CANCELLED},
        can_stop=steer and job.state in ACTIVE and not job.stop_wanted,
        stopping=job.state == JobState.RUNNING and job.stop_wanted,
        summary=str(result.get("summary", "")),
        url=url if url.startswith("/") and not url.startswith("//") else "",
    )
