"""What the page of a sheet shows: what is judged beside what the applicant says, and what the machine found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.policy.documents.pack import Pack
from tidu.policy.status import Status
from tidu.recognition.models import Assignment
from tidu.recognition.queries.frozen_files import FrozenFile
from tidu.recognition.queries.opinions import CriterionOpinion, Opinion
from tidu.recognition.queries.sheets import MET, JudgedCriterion, ScoredItem, Sheet
from tidu.recognition.queries.submissions import SubmittedContent, SubmittedCriterion, SubmittedFact


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One criterion to judge. ``error`` belongs to the finding, ``note_error`` to the note below it."""

    item: JudgedCriterion
    statement: str
    facts: tuple[SubmittedFact, ...]
    files: tuple[FrozenFile, ...]
    clauses: tuple[Clause, ...]
    finding: str
    note: str
    error: str
    note_error: str


@dataclass(frozen=True, slots=True)
class JudgedGroup:
    """The criteria of one dimension."""

    label: str
    rows: tuple[JudgedRow, ...]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One item to give points for."""

    item: ScoredItem
    clauses: tuple[Clause, ...]
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One criterion that the machine decides, for information, with the ways in which it may be fulfilled."""

    label: str
    status: Status
    shown: str
    limit: str
    clauses: tuple[Clause, ...]
    branches: tuple[SubmittedCriterion, ...]


@dataclass(frozen=True, slots=True)
class SheetForm:
    """Everything that is typed, with what is wrong of it."""

    groups: tuple[JudgedGroup, ...]
    scores: tuple[ScoreRow, ...]
    positive: str
    opinion: str
    errors: Mapping[str, str]


def sheet_form(
    sheet: Sheet,
    pack: Pack,
    content: SubmittedContent | None,
    files: Collection[FrozenFile],
    *,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> SheetForm:
    """The form with ``values`` in its controls. Without ``content`` it shows the answers alone."""
    rows = [_judged(item, pack, content, files, values, errors) for item in sheet.judged]
    labels = dict.fromkeys(item.dimension for item in sheet.judged)
    return SheetForm(
        tuple(
            JudgedGroup(label, tuple(row for row in rows if row.item.dimension == label)) for label in labels
        ),
        tuple(
            ScoreRow(
                item,
                clauses(pack, [item.cite or None]),
                values.get(f"score-{item.id}", ""),
                errors.get(f"score-{item.id}", ""),
            )
            for item in sheet.scored
        ),
        values.get("positive", ""),
        values.get("opinion", ""),
        errors,
    )


def machine_rows(
    pack: Pack, content: SubmittedContent, judged: Iterable[JudgedCriterion]
) -> list[MachineRow]:
    """What the machine found of everything else."""
    names = {item.id for item in judged}
    return [
        MachineRow(
            item.label,
            item.status,
            item.shown,
            item.limit,
            clauses(pack, [item.cite or None]),
            content.branches_of(item.id),
        )
        for item in content.top
        if item.id not in names
    ]


def _judged(  # noqa: PLR0917 - private, called once above
    item: JudgedCriterion,
    pack: Pack,
    content: SubmittedContent | None,
    files: Collection[FrozenFile],
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> JudgedRow:
    return JudgedRow(
        item,
        "" if content is None else content.statements.get(item.id, ""),
        () if content is None else content.facts_of(item.id),
        tuple(file for file in files if item.id in file.criteria),
        clauses(pack, [item.cite or None]),
        values.get(f"finding-{item.id}", ""),
        values.get(f"note-{item.id}", ""),
        errors.get(f"finding-{item.id}", ""),
        errors.get(f"note-{item.id}", ""),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one expert found of one criterion."""

    finding: str
    note: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One criterion over all sheets of a file."""

    label: str
    clauses: tuple[Clause, ...]
    verdicts: tuple[Verdict, ...]
    divided: bool


def compared(sheet: Sheet, pack: Pack, sheets: Sequence[Assignment], opinion: Opinion) -> list[ComparedRow]:
    """Every judged criterion over the sheets, in their order."""
    by_id: Mapping[str, CriterionOpinion] = {item.criterion: item for item in opinion.criteria}
    rows = []
    for item in sheet.judged:
        judged = [found.judgements.get(item.id, {}) for found in sheets]
        rows.append(
            ComparedRow(
                item.label,
                clauses(pack, [item.cite or None]),
                tuple(
                    Verdict("met" if found.get("finding") == MET else "not_met", found.get("note", ""))
                    for found in judged
                ),
                item.id in by_id and by_id[item.id].divided,
            )
        )
    return rows
