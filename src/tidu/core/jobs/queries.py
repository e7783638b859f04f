"""Who sees which job, and how far it is."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tidu.core.actor import Actor
from tidu.core.jobs.board import Progress, board
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


def progress_of(job: Job) -> Progress:
    """How far the job is: of a running one what it said last, of another what its row keeps."""
    if job.state == JobState.RUNNING:
        return board().read(job)
    return Progress(job.done, job.total, job.step, job.heartbeat)
