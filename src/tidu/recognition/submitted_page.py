"""A submission as pages and paper show it: part by part, figures, statements, documents, conclusions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tidu.core.assessment_result import LONGEST_CELL
from tidu.core.citations import clauses
from tidu.core.components import CriterionGroup, CriterionRow
from tidu.core.criterion_words import NOTHING
from tidu.policy.documents.pack import Pack
from tidu.recognition.queries.submissions import (
    SubmittedContent,
    SubmittedCriterion,
    SubmittedEvidence,
    SubmittedFact,
)


@dataclass(frozen=True, slots=True)
class SubmittedStatement:
    """A statement under its criterion."""

    label: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class SubmittedPart:
    """One part of what was handed in."""

    id: str
    label: str
    facts: tuple[SubmittedFact, ...]
    statements: tuple[SubmittedStatement, ...]
    criteria: CriterionGroup | None
    evidence: tuple[tuple[str, tuple[SubmittedEvidence, ...]], ...]

    @property
    def groups(self) -> tuple[CriterionGroup, ...]:
        """What ``<c-criteria>`` takes."""
        return () if self.criteria is None else (self.criteria,)


def submitted_parts(content: SubmittedContent, pack: Pack | None) -> tuple[SubmittedPart, ...]:
    """The parts of a submission; citations become chips where its pack is at hand."""
    shown = []
    placed: set[str] = set()
    for name, label in content.sections.items():
        criteria = [item for item in content.criteria if item.dimension == name]
        ids = {item.id for item in criteria}
        keys = {key for item in criteria for key in item.keys}
        statements = [
            SubmittedStatement(content.label_of(key), _question(content, key), text)
            for key, text in content.statements.items()
            if key not in placed and (key in ids or key in keys)
        ]
        placed |= {key for key in content.statements if key in ids or key in keys}
        evidence = [
            (item.label, content.evidence_of(item.id)) for item in criteria if content.evidence_of(item.id)
        ]
        shown.append(
            SubmittedPart(
                name,
                label,
                content.facts_in(name),
                tuple(statements),
                _group("逐条结论（机器预判）", criteria, pack) if criteria else None,
                tuple(evidence),
            )
        )
    left = [
        SubmittedStatement(content.label_of(key), "", text)
        for key, text in content.statements.items()
        if key not in placed
    ]
    if left:
        shown.append(SubmittedPart("statements", "其他自述", (), tuple(left), None, ()))
    return tuple(shown)


def _question(content: SubmittedContent, key: str) -> str:
    found = content.criterion(key)
    return "" if found is None else found.question


def _group(label: str, criteria: Iterable[SubmittedCriterion], pack: Pack | None) -> CriterionGroup:
    rows = tuple(criterion_row(item, pack) for item in criteria)
    return CriterionGroup(label, rows)


def criterion_row(item: SubmittedCriterion, pack: Pack | None) -> CriterionRow:
    """One line of ``<c-criteria>`` as it was frozen. What a narrow cell does not hold stands below the label."""
    notes = [
        f"{word}：{text}"
        for word, text in (("现状", item.shown), ("要求", item.limit))
        if len(text) > LONGEST_CELL
    ]
    notes += [text for text in (item.note, item.question) if text]
    return CriterionRow(
        f"{item.letter}　{item.label}" if item.letter else item.label,
        item.status,
        _cell(item.shown),
        _cell(item.limit),
        item.margin or NOTHING,
        clauses=() if pack is None or item.letter else clauses(pack, [item.cite]),
        note="；".join(notes),
        branch=bool(item.letter),
    )


def _cell(text: str) -> str:
    return text if text and len(text) <= LONGEST_CELL else NOTHING
