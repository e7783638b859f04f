"""The background work of submissions: the paper of the whole application."""

from __future__ import annotations

from typing import Any

from tidu.core.documents.template_files import TemplateBroken
from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.recognition.actions.papers import paper_of
from tidu.recognition.actions.submitting import PAPER_JOB
from tidu.recognition.models import Submission


@job_kind(PAPER_JOB, label="制作提交的材料")
def make_paper(run: JobRun) -> dict[str, Any]:
    """Make and keep the paper. One that is there stays."""
    submission = Submission.objects.select_related("application__call").get(pk=run.arguments["submission"])
    try:
        paper_of(actor=run.actor, submission=submission)
    except TemplateBroken as broken:
        raise JobFault(broken.message) from broken
    held = submission.application
    return {"summary": f"{held.call.form} {held.number} 第 {submission.number} 次提交的文件已经生成。"}
