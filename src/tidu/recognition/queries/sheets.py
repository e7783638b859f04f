"""What an expert sees of a file, and what the sheet asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tidu.policy.documents.criteria import Criterion, PointsItem
from tidu.policy.documents.pack import Pack
from tidu.policy.language.terms import Term, inputs_of
from tidu.recognition.models import Assignment, Call, Panel, Status, Submission
from tidu.recognition.process.rules import pack_of, settings_of
from tidu.recognition.queries.blinding import blinded
from tidu.recognition.queries.submissions import SubmittedContent, read_submission

MET: Final = "met"
NOT_MET: Final = "not_met"


@dataclass(frozen=True, slots=True)
class JudgedCriterion:
    """One criterion that experts judge: the question, under its dimension, with its clause."""

    id: str
    label: str
    question: str
    cite: str
    dimension: str


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """One item that experts give points for, from nought to ``most``."""

    id: str
    label: str
    cite: str
    most: float
    group: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet asks: judgements, and points where the document has a table of them."""

    judged: tuple[JudgedCriterion, ...]
    scored: tuple[ScoredItem, ...]

    @property
    def total(self) -> int:
        """How many answers it wants, recommendation and opinion included."""
        return len(self.judged) + len(self.scored) + 2


def sheet_of(call: Call) -> Sheet:
    """The sheet of a call, by its pack as it was frozen and its choice of readings."""
    pack = pack_of(call)
    dimensions = pack.document.dimensions
    criteria = pack.criteria(call.tier, settings_of(call)).criteria
    judged = tuple(
        JudgedCriterion(
            found.id,
            found.label,
            found.question or "",
            found.cite or "",
            dimensions.get(found.dimension or "", ""),
        )
        for criterion in criteria
        for found in _with_branches(criterion)
        if found.question is not None
    )
    scored = tuple(
        ScoredItem(item.id, item.label, item.cite or group.cite or "", item.maximum, group.label)
        for criterion in criteria
        for found in _with_branches(criterion)
        if found.points is not None
        for group in found.points.groups
        for item in group.items
        if _given_by_experts(item, pack)
    )
    return Sheet(judged, scored)


def _given_by_experts(item: PointsItem, pack: Pack) -> bool:
    """Whether an item rests on what a person judges; the machine scores all others from the facts."""
    terms: list[Term] = [band.condition for band in item.bands if band.condition is not None]
    terms += [] if item.scalar is None else [item.scalar]
    inputs = [found for term in terms for found in inputs_of(term)]
    return any(pack.indicators[found.id].judged for found in inputs if found.id in pack.indicators)


def _with_branches(criterion: Criterion) -> list[Criterion]:
    return [criterion, *(found for branch in criterion.branches for found in _with_branches(branch))]


def is_open(assignment: Assignment) -> bool:
    """Whether the file lies open before its expert: declared, free of conflict, and the case still with the experts."""
    return (
        assignment.declared_at is not None
        and not assignment.conflict
        and assignment.application.status == Status.EXPERTS
        and assignment.panel.state == Panel.State.OPEN
    )


def may_write(assignment: Assignment) -> bool:
    """Whether the sheet can still be filled in."""
    return is_open(assignment) and assignment.state == Assignment.State.OPEN


def content_for(assignment: Assignment) -> SubmittedContent:
    """The frozen submission as the panel may see it: the last one of the file, blinded where the panel is."""
    found = latest_submission(assignment)
    panel = assignment.panel
    if not panel.blind:
        return read_submission(found)
    shown = Submission(
        number=found.number,
        submitted_at=found.submitted_at,
        submitted_by_name="",
        digest=found.digest,
        content=blinded(found.content, evidence_hidden=panel.evidence_hidden),
    )
    return read_submission(shown)


def said_in(assignment: Assignment) -> dict[str, Any]:
    """What a sheet says. Its paper and the record bear the digest of it, which nobody reads an opinion from."""
    return {name: getattr(assignment, name) for name in ("judgements", "scores", "positive", "opinion")}


def latest_submission(assignment: Assignment) -> Submission:
    """What was handed in last."""
    return Submission.objects.filter(application_id=assignment.application_id).order_by("-number")[:1].get()
