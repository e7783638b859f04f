"""The background work of imports, for the site. Each may run again from the beginning."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tidu.core.actor import SYSTEM
from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.core.jobs.kinds import JobStopped
from tidu.core.jobs.running import WorkerLeaving
from tidu.core.refusals import Refused
from tidu.desk.actions.notifications import notify
from tidu.policy.errors import InputError
from tidu.registry.actions.imports import CHECK_JOB, UNDO_JOB, WRITE_JOB
from tidu.registry.importing.running import check, step_back, stored_table, undo, write
from tidu.registry.importing.scope import Scope
from tidu.registry.models import Import
from tidu.registry.models.imports import ImportState


@job_kind(CHECK_JOB, label="校验导入表")
def check_import(run: JobRun) -> dict[str, Any]:
    """Survey an uploaded table."""
    batch = _batch(run)
    if batch.state not in {ImportState.UPLOADED, ImportState.CHECKING, ImportState.FAILED}:
        return _result(batch, "已经校验过。")
    Import.objects.filter(pk=batch.pk).update(state=ImportState.CHECKING)
    batch.state = ImportState.CHECKING
    try:
        with stored_table(batch) as path:
            check(batch=batch, path=path, scope=Scope.of(run.actor), steps=run)
    except InputError:
        Import.objects.filter(pk=batch.pk, state=ImportState.CHECKING).update(state=ImportState.FAILED)
        raise
    return _result(batch, f"共 {batch.rows:,} 行，{batch.rejected:,} 行有误。")


@job_kind(WRITE_JOB, label="写入导入表")
def write_import(run: JobRun) -> dict[str, Any]:
    """Write a checked table, whole or not at all."""
    batch = _batch(run)
    if batch.state == ImportState.DONE:
        return _result(batch, "已经写入。")
    if batch.state != ImportState.WRITING:
        raise JobFault("这次导入已经撤回，没有写入。请到核对页重新开始。")
    try:
        with stored_table(batch) as path:
            write(batch=batch, path=path, actor=run.actor, scope=Scope.of(run.actor), steps=run)
    except WorkerLeaving:
        raise
    except JobStopped:
        step_back(batch, run.actor, run)
        raise
    except Refused as refused:
        raise JobFault(refused.message) from refused
    said = f"新增 {batch.created:,} 行，更改 {batch.updated:,} 行，无变化 {batch.unchanged:,} 行。"
    if batch.user is not None:
        notify(
            actor=SYSTEM,
            topic="registry.import.written",
            title=f"导入完成：{batch.summary.get('file', '')}",
            body=said,
            url=_address(batch),
            users=[batch.user],
            key=f"import-{batch.pk}-{run.number}",
        )
    return _result(batch, said)


@job_kind(UNDO_JOB, label="撤销导入")
def undo_import(run: JobRun) -> dict[str, Any]:
    """Take back what a table brought."""
    batch = _batch(run)
    ended = undo(batch=batch, actor=run.actor, steps=run)
    return _result(batch, f"已撤销，{ended:,} 项数据不再采用。")


def _batch(run: JobRun) -> Import:
    return Import.objects.select_related("file", "user").get(pk=run.arguments["import"])


def _result(batch: Import, summary: str) -> dict[str, Any]:
    return {"summary": summary, "url": _address(batch)}


def _address(batch: Import) -> str:
    return reverse("registry:import", kwargs={"pk": batch.pk})
