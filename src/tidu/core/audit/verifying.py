"""Verifying the record as background work, for those who have no console."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from tidu.core.audit.recording import record
from tidu.core.audit.verification import verify
from tidu.core.jobs.kinds import job_kind
from tidu.core.jobs.running import JobRun
from tidu.core.models.audit import AuditResult

KIND: Final = "core.audit.verify"


@job_kind(KIND, label="核验操作记录")
def verify_record(run: JobRun) -> dict[str, Any]:
    """Walk the whole record and write down what was found."""

    def progress(done: int, total: int) -> None:
        run.progress(done, total, "逐条核验")
        run.stop_if_wanted()

    result = verify(progress=progress)
    if result.fault is not None:
        summary = result.fault.message
    elif result.guards_missing:
        summary = "数据库缺少保护操作记录的触发器。"
    else:
        summary = f"操作记录完好，共 {result.number} 条。"
    record(
        actor=run.actor,
        action="core.audit.verified",
        result=AuditResult.DONE if result.whole else AuditResult.FAILED,
        subject_label=summary,
        detail={"number": result.number, "hash": result.hash, "code": result.fault and result.fault.code},
    )
    return {"summary": summary, "url": reverse("core:audit")}
