"""A job as pages show it: ``<c-work :work="work" id="work-7" />``, which asks for itself until the job has ended."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.jobs.kinds import KINDS
from tidu.core.jobs.queries import ACTIVE, may_steer, progress_of, sees_inside
from tidu.core.models.jobs import Job, JobState
from tidu.core.workspace import Work

#: A job that is queued for longer than this makes the page say that no worker may be running.
LONG: Final = dt.timedelta(minutes=10)


def work_of(job: Job, actor: Actor) -> Work:
    """The job for the component, with what ``actor`` may do about it. Needs no query.

    A page that embeds it gives the element the id ``work-<number of the job>``; when the job ends, the page is opened
    anew by itself, so that it shows what came out.
    """
    progress = progress_of(job)
    inside = sees_inside(actor, job)
    steer = may_steer(actor, job)
    active = job.state in ACTIVE
    stopping = job.state == JobState.RUNNING and job.stop_wanted
    result = job.result if inside and isinstance(job.result, dict) else {}
    return Work(
        title=title_of(job, actor),
        state=job.state,
        word="正在停止" if stopping else job.get_state_display(),
        step=str(result.get("summary", "")) or progress.step or _waits(job),
        done=progress.done,
        total=progress.total,
        fault=job.fault,
        poll=_address("job-progress", job) if active else "",
        stop=_address("job-stop", job) if steer and active and not stopping else "",
        stop_label="停止任务",
        retry=_address("job-retry", job) if steer and _again(job) else "",
        result=_local(result.get("url", "")),
    )


def _waits(job: Job) -> str:
    """What a queued job waits for. Of one that is tried again it is not known since when."""
    if job.state != JobState.QUEUED:
        return ""
    since = timezone.now() - job.created_at
    if job.attempts or since < LONG:
        return "等待工作进程。"
    return f"已排队 {since // dt.timedelta(minutes=1)} 分钟，工作进程可能没有运行，请系统管理员检查服务。"


def title_of(job: Job, actor: Actor) -> str:
    """What the job was called by whoever started it; to others its kind alone, since titles name files and lists."""
    return job.title if sees_inside(actor, job) else label_of(job)


def label_of(job: Job) -> str:
    """What kind of work it is, for people."""
    kind = KINDS.get(job.kind)
    return kind.label if kind else "已取消的种类"


def _again(job: Job) -> bool:
    return job.kind in KINDS and job.state in {JobState.FAILED, JobState.CANCELLED}


def _address(name: str, job: Job) -> str:
    return reverse(f"core:{name}", kwargs={"number": job.pk})


def _local(address: object) -> str:
    """An address of this site, or nothing."""
    text = str(address)
    return text if text.startswith("/") and not text.startswith("//") else ""
