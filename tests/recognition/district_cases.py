"""Submissions with something in them, for the pages of the district's review."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.access.world import World
from tests.core.files.sample_files import pdf
from tests.recognition.cases import application_at, published_call
from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.chain import digest_of
from tidu.core.files.kinds import PAPER_KINDS
from tidu.core.files.receiving import store_file
from tidu.recognition.actions.reviewing import save_finding
from tidu.recognition.models import Application, Call, Status, Submission
from tidu.recognition.queries.reviewing import criteria_of
from tidu.registry.models import Enterprise, Evidence

#: The same bytes for everybody: a paper is known by its digest.
_PAPER: Final = pdf()


def filled_case(world: World, *, letter: str = "C", call: Call | None = None) -> Application:
    """A case under review whose one submission holds facts, a statement, a paper and a verdict."""
    call = call or published_call(world)
    enterprise = world.enterprises[letter]
    content = _content(call, enterprise, _paper(enterprise), "2,318.90 万元", "")
    return application_at(world, Status.DISTRICT, letter=letter, call=call, content=content)


def paper_of(enterprise: Enterprise, name: str = "2025年审计报告.pdf") -> Evidence:
    """A paper of an enterprise that is in storage."""
    stored = store_file(actor=SYSTEM, upload=SimpleUploadedFile(name, _PAPER), allowed=PAPER_KINDS)
    return Evidence.objects.create(enterprise=enterprise, kind="audit_report", year=2025, file=stored)


def _paper(enterprise: Enterprise) -> Evidence:
    return Evidence.objects.filter(enterprise=enterprise, kind="audit_report").first() or paper_of(enterprise)


def submit_again(application: Application, *, revenue: str, statement: str = "") -> Submission:
    """One more frozen submission, with the revenue and statement that are given."""
    enterprise, last = application.enterprise, application.submissions.order_by("-number")[0]
    content = _content(application.call, enterprise, _paper(enterprise), revenue, statement)
    return Submission.objects.create(
        application=application,
        number=last.number + 1,
        submitted_by=last.submitted_by,
        submitted_by_name=last.submitted_by_name,
        submitted_at=timezone.now(),
        pack_digest=last.pack_digest,
        content=content,
        digest=digest_of(content),
    )


def _content(
    call: Call, enterprise: Enterprise, paper: Evidence, revenue: str, statement: str
) -> dict[str, Any]:
    criteria = []
    for item in criteria_of(call):
        status = "needs_review" if item.question else "met"
        criteria.append(
            {
                "id": item.id,
                "label": item.label,
                "status": status,
                "shown": revenue if item.id == "revenue" else "是" if status == "met" else "",
                "limit": "≥ 1,000 万元" if item.id == "revenue" else "",
                "cite": item.cite or "",
                "keys": ["revenue_2025"] if item.id == "revenue" else [],
                "question": item.question or "",
            }
        )
    fact = {"key": "revenue_2025", "label": "2025 年营业收入", "value": revenue, "shown": revenue}
    return {
        "enterprise": {"name": enterprise.name, "uscc": enterprise.uscc},
        "facts": [{**fact, "source": "declared"}],
        "statements": {"chain_advantage": statement or "为区内四家企业供应阀组。"},
        "evidence": [
            {
                "id": paper.pk,
                "criterion": "revenue",
                "kind": paper.kind,
                "label": "审计报告",
                "name": paper.file.name,
                "sha256": paper.file.sha256,
                "size": paper.file.size,
                "year": 2025,
            }
        ],
        "verdict": {"status": "needs_review", "criteria": criteria},
    }


def accept_all(officer: Actor, case: Application) -> None:
    """Every condition accepted."""
    for criterion in criteria_of(case.call):
        save_finding(actor=officer, application=case, criterion=criterion.id, finding="accepted")
