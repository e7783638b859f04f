"""Why an application was sent back to be corrected, and which conditions were found wanting."""

from __future__ import annotations

from dataclasses import dataclass

from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.recognition.models import Act, Application, CaseKind, CriterionFinding, Finding, Status
from tidu.recognition.process.rules import limit_of, pack_of


@dataclass(frozen=True, slots=True)
class Wanting:
    """A condition that the reviewer did not accept, and what is said of it."""

    criterion: str
    label: str
    finding: str
    note: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A return: the reason with its clause, the conditions found wanting, and what follows if nothing comes."""

    reason: str
    clauses: tuple[Clause, ...]
    wanting: tuple[Wanting, ...]
    late: str


def returned_for(application: Application) -> Returned | None:
    """Why the application is returned; ``None`` where it is not. Two queries."""
    if application.status != Status.RETURNED:
        return None
    act = (
        Act.objects.filter(case=CaseKind.APPLICATION, case_id=application.pk, act="return")
        .order_by("-id")
        .first()
    )
    pack = pack_of(application.call)
    criteria = pack.criteria(application.call.tier, pack.settings(application.call.readings)).criteria
    labels = {found.id: found.label for found in criteria}
    labels |= {branch.id: branch.label for found in criteria for branch in found.branches}
    findings = CriterionFinding.objects.filter(application=application).exclude(finding=Finding.ACCEPTED)
    last = max((found.submission_id for found in findings), default=None)
    return Returned(
        "" if act is None else act.reason,
        clauses(pack, [act.cite]) if act is not None and act.cite else (),
        tuple(
            Wanting(
                found.criterion,
                labels.get(found.criterion, found.criterion),
                found.get_finding_display(),
                found.note,
            )
            for found in findings
            if found.submission_id == last
        ),
        limit_of(application.call, "correction")["late"],
    )
