"""The background work of documents: PDF and DOCX of what has been issued."""

from __future__ import annotations

from typing import Any

from tidu.core.documents.drafting import FILES_JOB
from tidu.core.documents.making import DocumentAltered, Form, stored_form
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.core.models import OfficialDocument


@job_kind(FILES_JOB, label="生成公文文件")
def make_files(run: JobRun) -> dict[str, Any]:
    """Make and store both files. One that is there stays; a broken template of one does not keep the other back."""
    document = OfficialDocument.objects.select_related("pdf", "docx").get(pk=run.arguments["document"])
    if document.state != OfficialDocument.State.ISSUED:
        return {"summary": f"“{document}”{document.get_state_display()}，没有生成文件。"}
    faults = []
    for done, form in enumerate(Form):
        run.stop_if_wanted()
        run.progress(done, len(Form), f"生成 {form.value.upper()}")
        try:
            stored_form(document, form, actor=run.actor)
        except TemplateBroken as broken:
            faults.append(broken.message)
        except DocumentAltered as altered:
            raise JobFault(
                f"“{document}”的内容与印发时的摘要不符，没有生成文件。请联系系统管理员核查。"
            ) from altered
    if faults:
        raise JobFault("\n".join(faults))
    return {"summary": f"“{document}”的 PDF 和 Word 文件已经生成。"}
