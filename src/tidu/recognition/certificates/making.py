"""The background work that makes the files of certificates."""

from __future__ import annotations

from typing import Any

from tidu.core.documents.template_files import TemplateBroken
from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.recognition.actions.certificates import PAPERS
from tidu.recognition.certificates.papers import stored_paper
from tidu.recognition.models import TitleCertificate


@job_kind(PAPERS, label="生成证书")
def make_papers(run: JobRun) -> dict[str, Any]:
    """Make the file of every certificate of a bureau that has none yet. Run twice, it finds nothing left to do."""
    missing = list(
        TitleCertificate.objects.filter(organisation_id=run.arguments["organisation"], file__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for done, pk in enumerate(missing):
        run.stop_if_wanted()
        run.progress(done, len(missing), f"第 {done + 1} 份，共 {len(missing)} 份")
        certificate = TitleCertificate.objects.select_related(
            "title", "organisation", "document", "file"
        ).get(pk=pk)
        try:
            stored_paper(certificate, actor=run.actor)
        except TemplateBroken as broken:
            raise JobFault(broken.message) from broken
    return {"summary": f"生成了 {len(missing)} 份证书。" if missing else "证书都已经生成。"}
