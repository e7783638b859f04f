"""Who sees which job, and how far it is."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from tidu.core.actor import Actor
from tidu.core.jobs.board import Progress, board
from tidu.core.models.jobs import Job, JobState
from tidu.core.models.jurisdictions import Jurisdiction, PlaceLevel
from tidu.core.roles import Role

ACTIVE = frozenset({JobState.QUEUED, JobState.RUNNING})


def visible_to(actor: Actor) -> QuerySet[Job]:
    """Jobs that ``actor`` may know of: their organisation's; an expert's, only their own.

    The system administrator sees that those of their place and below it exist, and the system's own, and how they
    fare, never what is in them (:func:`sees_inside`).
    """
    jobs = Job.objects.all()
    if actor.is_system:
        return jobs
    if actor.has(Role.SYSTEM_ADMINISTRATOR):
        return _administered(jobs, actor)
    if not actor.user_id:
        return jobs.none()
    own = Q(owner_id=actor.user_id, organisation_id=actor.organisation_id)
    if actor.organisation_id is None or actor.has(Role.EXPERT):
        return jobs.filter(own)
    return jobs.filter(organisation_id=actor.organisation_id)


def _administered(jobs: QuerySet[Job], actor: Actor) -> QuerySet[Job]:
    """Where the starter acted tells the place of a job; who acts for no place is the nation's matter alone."""
    if actor.level == PlaceLevel.NATION:
        return jobs
    own = Q(owner_id=None) | Q(organisation_id=actor.organisation_number)
    if not actor.place:
        return jobs.filter(own)
    within = Q(pk=actor.place)
    if actor.level in {PlaceLevel.REGION, PlaceLevel.CITY}:
        within |= Q(parent=actor.place)
    if actor.level == PlaceLevel.REGION:
        within |= Q(parent__parent=actor.place)
    places = Jurisdiction.objects.filter(within).values("code")
    return jobs.alias(started_in=KT("actor__place")).filter(own | Q(started_in__in=places))


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
