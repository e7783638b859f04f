"""The background work of documents: PDF and DOCX of what has been issued, of any number of documents in one go."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import Any, Final

from tidu.core.actor import Actor
from tidu.core.documents.drafting import FILES_JOB
from tidu.core.documents.making import DocumentAltered, Form, stored_form
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.core.models import OfficialDocument
from tidu.core.quoting import quoted

_log = logging.getLogger(__name__)
_MOST_FAULTS: Final = 20
_LONGEST_STEP: Final = 110


@job_kind(FILES_JOB, label="生成公文文件")
def make_files(run: JobRun) -> dict[str, Any]:
    """Make and store both files of every document. What is there stays; one that fails keeps no other back."""
    numbers: list[int] = run.arguments["items"]
    faults: list[str] = []
    made = failed = 0
    for done, number in enumerate(numbers):
        run.stop_if_wanted()
        document = OfficialDocument.objects.select_related("pdf", "docx").get(pk=number)
        run.progress(done, len(numbers), str(document)[:_LONGEST_STEP])
        if document.state != OfficialDocument.State.ISSUED:
            continue
        found = list(_faults_of(document, run.actor))
        faults += (fault for fault in found if fault not in faults)  # a broken template fails alike each time
        made, failed = made + (not found), failed + bool(found)
    if failed:
        kept = f"{made:,} 份已经生成，{failed:,} 份没有生成：" if len(numbers) > 1 else ""
        more = [f"另有 {len(faults) - _MOST_FAULTS} 处问题。"] if len(faults) > _MOST_FAULTS else []
        raise JobFault("\n".join([*([kept] if kept else []), *faults[:_MOST_FAULTS], *more]))
    return {"summary": f"{made:,} 份公文的 PDF 和 Word 文件已经生成。"}


def _faults_of(document: OfficialDocument, actor: Actor) -> Iterator[str]:
    """What kept a file of the document from being made. A broken template of one form does not keep the other back."""
    for form in Form:
        try:
            stored_form(document, form, actor=actor)
        except TemplateBroken as broken:
            yield broken.message
        except DocumentAltered:
            yield f"{quoted(document)}的内容与印发时的摘要不符，没有生成文件。请联系系统管理员核查。"
            return
        # Faults of this document's own words; any other failure would meet every document.
        except (ValueError, TypeError, LookupError):
            reference = secrets.token_hex(4).upper()
            _log.exception("no %s of document %s, reference %s", form.value, document.pk, reference)
            yield f"{quoted(document)}没有生成文件。请把编号 {reference} 告诉系统管理员。"
