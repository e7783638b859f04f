"""Starting, retrying and stopping background work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.jobs.kinds import KINDS
from tidu.core.jobs.queries import ACTIVE, may_steer, visible_to
from tidu.core.jobs.queue import enqueue
from tidu.core.jobs.running import actor_data
from tidu.core.models.jobs import Job, JobState
from tidu.core.refusals import Refused

_LONGEST_TITLE = 120


@transaction.atomic
def start(*, actor: Actor, kind: str, title: str, arguments: Mapping[str, Any] | None = None) -> Job:
    """Put a job into the queue, in the caller's transaction: where that is rolled back, there is no job.

    ``kind`` must be declared. ``title`` is what the owner sees; ``arguments`` are plain JSON data, and hold no
    personal data. Recorded as ``core.job.started``.
    """
    if kind not in KINDS:
        raise ValueError(f"undeclared kind of job: {kind}")
    job = Job.objects.create(
        kind=kind,
        title=title[:_LONGEST_TITLE],
        arguments=dict(arguments or {}),
        owner_id=actor.user_id,
        actor=actor_data(actor),
        organisation_id=actor.organisation_id,
    )
    enqueue(job)
    record(actor=actor, action="core.job.started", subject=job, detail={"kind": kind})
    return job


@transaction.atomic
def start_alone(*, actor: Actor, kind: str, title: str) -> Job:
    """Like :func:`start`, for work that one organisation does once at a time: the second click gets the first's job."""
    get_user_model().objects.select_for_update().get(pk=actor.user_number)
    same = Job.objects.filter(kind=kind, organisation_id=actor.organisation_id, state__in=ACTIVE).first()
    return same or start(actor=actor, kind=kind, title=title)


@transaction.atomic
def start_for(*, actor: Actor, kind: str, title: str, titles: str, item: int) -> Job:
    """Have something done to ``item`` by one job for many: the one of this actor that still waits takes it in.

    ``arguments["items"]`` are the numbers in the order in which they came. ``title`` names a job with one of them,
    ``titles`` one with more, with a place for their number: ``"生成 {:,} 份公文的文件"``. A worker that takes the job
    up waits for the end of this transaction; a job that others hold right now is left alone, and a second one started.
    """
    rows = Job.objects.select_for_update(skip_locked=True).filter(kind=kind, state=JobState.QUEUED)
    mine = rows.filter(owner_id=actor.user_id, organisation_id=actor.organisation_id)
    waiting = next((job for job in mine if _acts_alike(job.actor, actor_data(actor))), None)
    if waiting is None:
        return start(actor=actor, kind=kind, title=title, arguments={"items": [item]})
    items = [*waiting.arguments["items"], item]
    waiting.arguments, waiting.title = {"items": items}, titles.format(len(items))[:_LONGEST_TITLE]
    waiting.save(update_fields=["arguments", "title"])
    return waiting


@transaction.atomic
def retry(*, actor: Actor, number: int) -> Job:
    """Queue a failed or stopped job once more. A second click finds it queued and changes nothing.

    Raises ``Http404`` for a job of others, :class:`Refused` for one that is done.
    """
    job = _locked(actor, number)
    if job.state in {JobState.QUEUED, JobState.RUNNING}:
        return job
    if job.state == JobState.DONE:
        raise Refused("任务已经完成，不需要重试。")
    if job.kind not in KINDS:
        raise Refused("系统不再办理这种任务，请重新发起。")
    job.state, job.fault, job.step, job.stop_wanted = JobState.QUEUED, "", "", False
    job.done = job.total = 0
    job.started_at = job.heartbeat = job.finished_at = None
    job.save()
    enqueue(job)
    record(actor=actor, action="core.job.retried", subject=job, detail={"attempts": job.attempts})
    return job


@transaction.atomic
def stop(*, actor: Actor, number: int) -> Job:
    """End a waiting job, or ask a running one to stop at its next safe place. One that has ended stays as it is.

    Raises ``Http404`` for a job of others.
    """
    job = _locked(actor, number)
    if job.state == JobState.QUEUED:
        job.state, job.finished_at = JobState.CANCELLED, timezone.now()
    elif job.state == JobState.RUNNING and not job.stop_wanted:
        job.stop_wanted = True
    else:
        return job
    job.save(update_fields=["state", "finished_at", "stop_wanted"])
    record(actor=actor, action="core.job.stopped", subject=job)
    return job


def _acts_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two did something in the same role for the same body, from wherever."""
    return {**one, "address": ""} == {**other, "address": ""}


def _locked(actor: Actor, number: int) -> Job:
    job = visible_to(actor).select_for_update().filter(pk=number).first()
    if job is None or not may_steer(actor, job):
        raise Http404("没有这个任务。")
    return job
