"""What became of jobs whose worker fell silent, and of their entries in the queue."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tidu.core.actor import SYSTEM
from tidu.core.jobs import JobRun, job_kind, start
from tidu.core.jobs import running as running_module
from tidu.core.jobs.board import Progress, board
from tidu.core.jobs.kinds import KINDS
from tidu.core.jobs.queries import progress_of
from tidu.core.jobs.worker import drain, forget_old_entries, give_up_dead_jobs
from tidu.core.models import AuditEvent, Job
from tidu.core.models.jobs import JobState
from tidu.core.ticks import TICKS, run_due, tick

LONG_AGO = dt.timedelta(minutes=5)


@pytest.fixture
def work() -> Iterator[list[Any]]:
    """What the job does is put into the list by the test."""
    doing: list[Any] = []

    @job_kind("test.dead", label="测试")
    def _(run: JobRun) -> dict[str, Any]:
        return dict(doing[0](run) or {})

    yield doing
    KINDS.pop("test.dead")


def silent(**fields: Any) -> Job:  # noqa: ANN401 - fields of a row
    values = {"state": JobState.RUNNING, "attempts": 1, "heartbeat": timezone.now() - LONG_AGO, **fields}
    return Job.objects.create(kind="test.dead", title="试", **values)


@pytest.mark.django_db
def test_a_job_whose_worker_is_silent_is_given_up_once() -> None:
    job = silent(done=3, total=9)
    fresh = silent(heartbeat=timezone.now())
    assert give_up_dead_jobs() == 1
    assert give_up_dead_jobs() == 0
    for item in (job, fresh):
        item.refresh_from_db()
    assert (job.state, fresh.state) == (JobState.FAILED, JobState.RUNNING)
    assert "工作进程中断" in job.fault
    assert list(AuditEvent.objects.values_list("action", "result")) == [("core.job.failed", "failed")]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_says_how_far_it_is_lives_whatever_its_row_says() -> None:
    job = silent()
    board().write(job.pk, 1, Progress(2, 5, "第二段"))
    assert give_up_dead_jobs() == 0
    job.refresh_from_db()
    assert progress_of(job).step == "第二段"
    board().clear(job.pk)


@pytest.mark.django_db
def test_an_attempt_that_was_given_up_cannot_close_its_job_any_more(work: list[Any]) -> None:
    def give_up_and_retry(run: JobRun) -> None:
        if run.attempt == 1:
            give_up_dead_jobs(silent_for=dt.timedelta(seconds=-60))
            Job.objects.filter(pk=run.number).update(state=JobState.RUNNING, attempts=2)

    work.append(give_up_and_retry)
    job = start(actor=SYSTEM, kind="test.dead", title="试")
    drain()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 2)


@pytest.mark.django_db
def test_a_job_that_was_lost_on_its_way_to_a_worker_is_queued_anew(work: list[Any]) -> None:
    work.append(lambda _run: None)
    job = start(actor=SYSTEM, kind="test.dead", title="试")
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - LONG_AGO)
    drain()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    give_up_dead_jobs()
    drain()
    job.refresh_from_db()
    assert job.state == JobState.DONE


@pytest.mark.django_db
def test_the_queue_forgets_what_was_done_a_week_ago(work: list[Any]) -> None:
    work.append(lambda _run: None)
    start(actor=SYSTEM, kind="test.dead", title="试")
    drain()
    assert forget_old_entries() == 0
    DBTaskResult.objects.update(finished_at=timezone.now() - dt.timedelta(days=8))
    assert forget_old_entries() == 1


@pytest.mark.django_db(transaction=True)
def test_others_see_progress_while_the_job_has_a_transaction_open(
    work: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_module, "_PULSE_SECONDS", 0.05)
    seen: list[Progress] = []

    def look(number: int) -> None:
        seen.append(progress_of(Job.objects.get(pk=number)))
        connections.close_all()

    def hold(run: JobRun) -> None:
        with transaction.atomic():
            Job.objects.create(kind="test.dead", title="写入中", state=JobState.CANCELLED)
            run.progress(4, 10, "写第 4 批")
            time.sleep(0.5)
            other = threading.Thread(target=look, args=(run.number,))
            other.start()
            other.join()

    work.append(hold)
    start(actor=SYSTEM, kind="test.dead", title="试")
    drain()
    assert [(item.done, item.total, item.step) for item in seen] == [(4, 10, "写第 4 批")]


@pytest.fixture
def ticks() -> Iterator[list[str]]:
    called: list[str] = []
    before = dict(TICKS)
    TICKS.clear()

    @tick("test.always")
    def always() -> str:
        called.append("always")
        return ""

    @tick("test.daily", every=dt.timedelta(days=1))
    def daily() -> str:
        called.append("daily")
        return "办了 1 件"

    @tick("test.broken", every=dt.timedelta(days=1))
    def broken() -> str:
        called.append("broken")
        raise RuntimeError("broken")

    yield called
    TICKS.clear()
    TICKS.update(before)


@pytest.mark.django_db
def test_ticks_rest_when_they_have_run_and_a_broken_one_keeps_no_other_from_running(ticks: list[str]) -> None:
    first = run_due()
    assert [(item.name, item.said, item.failed) for item in first] == [
        ("test.always", "", False),
        ("test.broken", "", True),
        ("test.daily", "办了 1 件", False),
    ]
    run_due()
    assert ticks == ["always", "broken", "daily", "always", "broken"]


@pytest.mark.django_db
def test_every_tick_of_the_site_can_run_twice() -> None:
    for _ in range(2):
        assert [item.name for item in run_due() if item.failed] == []
