"""The queue of django-tasks: it carries a job's number and nothing else."""

from __future__ import annotations

from django_tasks import task

from tidu.core.jobs.running import execute
from tidu.core.models.jobs import Job


@task()
def run_job(number: int) -> None:
    """Do one job. What becomes of it stands in its own row."""
    execute(number)


def enqueue(job: Job) -> None:
    """Put the job into the queue: one more row, in the transaction that is open."""
    run_job.enqueue(job.pk)
