"""The background work that makes the files of certificates."""

from __future__ import annotations

from typing import Any, Final

from tidu.core.documents.template_files import TemplateBroken
from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.recognition.actions.certificates import PAPERS
from tidu.recognition.certificates.papers import stored_paper
from tidu.recognition.models import TitleCertificate

_LONGEST_STEP: Final = 110


@job_kind(PAPERS, label="生成证书")
def make_papers(run: JobRun) -> dict[str, Any]:
    """Make the file of each certificate. One that is there stays; one whose template is broken keeps no other back."""
    numbers: list[int] = run.arguments["items"]
    faults: list[str] = []
    failed = 0
    rows = TitleCertificate.objects.select_related("title", "organisation", "document", "file")
    for done, pk in enumerate(numbers):
        run.stop_if_wanted()
        certificate = rows.get(pk=pk)
        run.progress(done, len(numbers), f"{certificate.number} {certificate.name}"[:_LONGEST_STEP])
        try:
            stored_paper(certificate, actor=run.actor)
        except TemplateBroken as broken:
            failed += 1
            if broken.message not in faults:
                faults.append(broken.message)
    if faults:
        raise JobFault("\n".join([f"{len(numbers)} 份证书里有 {failed} 份没有生成：", *faults]))
    return {"summary": f"{len(numbers):,} 份证书已经生成。"}
