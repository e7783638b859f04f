"""Background work as its owner meets it: queued with the change that asked for it, done, failed, stopped, retried."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from tidu.core.actor import SYSTEM, Actor
from tidu.core.jobs import JobFault, JobRun, job_kind, retry, start, stop
from tidu.core.jobs import running as running_module
from tidu.core.jobs.kinds import KINDS, Work
from tidu.core.jobs.queries import visible_to
from tidu.core.jobs.showing import work_of
from tidu.core.jobs.worker import drain
from tidu.core.models import AuditEvent, Job
from tidu.core.models.jobs import JobState
from tidu.policy.errors import InputError, Problem

pytestmark = pytest.mark.django_db


Decorator = Callable[[Work], Work]


@pytest.fixture
def kind() -> Iterator[Decorator]:
    """Registers a kind of work that is forgotten after the test."""
    yield job_kind("test.work", label="测试")
    KINDS.pop("test.work", None)


def reloaded(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def begin(**arguments: object) -> Job:
    return start(actor=SYSTEM, kind="test.work", title="试一试", arguments=arguments)


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("number").values_list("action", flat=True))


def test_a_job_is_done_with_its_arguments_and_keeps_its_result(kind: Decorator) -> None:
    @kind
    def work(run: JobRun) -> dict[str, Any]:
        run.progress(3, 3, "第三步")
        return {"summary": f"{run.arguments['rows']} 行", "who": run.actor.name}

    job = begin(rows=3)
    assert job.state == JobState.QUEUED
    drain()
    job = reloaded(job)
    assert (job.state, job.result) == (JobState.DONE, {"summary": "3 行", "who": "系统"})
    assert (job.done, job.total, job.step, job.attempts) == (3, 3, "第三步", 1)
    assert actions() == ["core.job.started"]


def test_a_job_of_a_change_that_is_rolled_back_never_existed(kind: Decorator) -> None:
    kind(lambda _run: {})
    with transaction.atomic():
        begin()
        transaction.set_rollback(True)
    drain()
    assert not Job.objects.exists()


def test_a_fault_in_words_is_shown_as_it_is_and_can_be_retried(kind: Decorator) -> None:
    tries = []

    @kind
    def work(run: JobRun) -> dict[str, Any]:
        tries.append(run.attempt)
        if len(tries) == 1:
            raise JobFault("第 3 张工作表没有表头，请补上后重试。")
        return {}

    job = begin()
    drain()
    assert reloaded(job).fault == "第 3 张工作表没有表头，请补上后重试。"
    retry(actor=SYSTEM, number=job.pk)
    retry(actor=SYSTEM, number=job.pk)  # a double click
    drain()
    assert (reloaded(job).state, reloaded(job).fault, tries) == (JobState.DONE, "", [1, 2])
    assert actions() == ["core.job.started", "core.job.failed", "core.job.retried"]


def test_bad_input_is_told_problem_by_problem(kind: Decorator) -> None:
    @kind
    def work(_run: JobRun) -> dict[str, Any]:
        raise InputError(*(Problem(f"第 {number} 处", remedy="改正") for number in range(25)))

    job = begin()
    drain()
    lines = reloaded(job).fault.splitlines()
    assert lines[0] == "第 0 处（改正）"
    assert lines[-1] == "另有 5 处问题。"


def test_a_fault_of_the_program_shows_a_reference_and_leaves_its_trace_in_the_log(
    kind: Decorator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    @kind
    def work(_run: JobRun) -> dict[str, Any]:
        raise RuntimeError("password=hunter2")

    job = begin()
    drain()
    fault = reloaded(job).fault
    assert "hunter2" not in fault
    reference = fault.split("编号 ")[1].split()[0]
    assert any(reference in record.getMessage() and record.exc_info for record in caplog.records)


def test_a_waiting_job_can_be_stopped_and_is_not_done(kind: Decorator) -> None:
    @kind
    def work(_run: JobRun) -> dict[str, Any]:
        raise AssertionError("must not run")

    job = begin()
    stop(actor=SYSTEM, number=job.pk)
    drain()
    assert reloaded(job).state == JobState.CANCELLED


def test_a_running_job_stops_at_its_next_safe_place(kind: Decorator) -> None:
    @kind
    def work(run: JobRun) -> dict[str, Any]:
        run.progress(1, 9, "前半")
        stop(actor=SYSTEM, number=run.number)
        run.stop_if_wanted()
        raise AssertionError("must have stopped")

    job = begin()
    drain()
    job = reloaded(job)
    assert (job.state, job.done, job.stop_wanted) == (JobState.CANCELLED, 1, False)


def test_a_worker_that_leaves_puts_the_job_back_into_the_queue(
    kind: Decorator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = threading.Event()
    monkeypatch.setattr(running_module, "leaving", event)
    done: list[int] = []

    @kind
    def work(run: JobRun) -> dict[str, Any]:
        if not done:
            event.set()
        done.append(run.attempt)
        try:
            run.stop_if_wanted()
        finally:
            event.clear()
        return {}

    job = begin()
    drain()
    assert (reloaded(job).state, done) == (JobState.DONE, [1, 1])


def test_a_job_whose_starter_may_no_longer_act_is_not_done(
    kind: Decorator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind(lambda _run: {})
    monkeypatch.setattr(running_module, "actor_checks", [lambda actor: actor.is_system])
    job = Job.objects.create(kind="test.work", title="试", actor={"user_id": 7, "name": "某人", "role": None})
    running_module.execute(job.pk)
    assert reloaded(job).state == JobState.FAILED
    assert "不再担任" in reloaded(job).fault


def test_a_kind_that_is_gone_fails_in_words() -> None:
    job = Job.objects.create(kind="test.gone", title="旧任务")
    running_module.execute(job.pk)
    assert "不认识这种任务" in reloaded(job).fault


def test_a_kind_that_nobody_declared_cannot_be_started() -> None:
    with pytest.raises(ValueError, match="undeclared"):
        start(actor=SYSTEM, kind="test.unknown", title="试")


def test_a_job_that_nobody_takes_up_says_whom_to_ask() -> None:
    job = Job.objects.create(kind="test.work", title="试")
    assert work_of(job, SYSTEM).step == "等待工作进程。"
    job.created_at -= dt.timedelta(minutes=12)
    assert work_of(job, SYSTEM).step.startswith("已排队 12 分钟，工作进程可能没有运行")


def test_others_neither_see_nor_steer_a_job(kind: Decorator) -> None:
    kind(lambda _run: {})
    job = Job.objects.create(kind="test.work", title="试", organisation_id=1, state=JobState.FAILED)
    stranger = Actor(user_id=5, name="外人", organisation_id=2)
    colleague = Actor(user_id=6, name="同事", organisation_id=1)
    assert not visible_to(stranger).exists()
    assert work_of(visible_to(colleague).get(), colleague).retry == ""
    for actor in (stranger, colleague):
        with pytest.raises(Http404):
            retry(actor=actor, number=job.pk)
