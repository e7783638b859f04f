"""What would come out under the other readings of an unclear text: both results side by side, never only ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.policy.assess.assessment import Assessment, assess, names_of
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.rendering import measured_text
from tidu.policy.status import Status
from tidu.portal.self_check_draft import READING

MOST_DIFFERENCES = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """One choice of a reading: the verdict under it, and what differs from the reading in use."""

    label: str
    status: Status
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One declared interpretation: its question, the choice in use, the others, and where to switch."""

    number: int
    question: str
    used: Outcome
    others: tuple[Outcome, ...]
    clauses: tuple[Clause, ...]
    url: str


def reading_rows(assessment: Assessment, readings: tuple[str, ...], form_url: str) -> tuple[ReadingRow, ...]:
    """A row for each of ``readings``, the verdict assessed anew under each of its choices."""
    document = assessment.pack.document
    rows = []
    for name in readings:
        declared = document.interpretations[name]
        used = assessment.settings[name]
        others = tuple(
            _other(assessment, name, choice, label)
            for choice, label in declared.choices.items()
            if choice != used
        )
        rows.append(
            ReadingRow(
                list(document.interpretations).index(name) + 1,
                declared.question,
                Outcome(declared.choices[used], assessment.status, ()),
                others,
                clauses(assessment.pack, [declared.cite]),
                f"{form_url}#q-{READING}{name}",
            )
        )
    return tuple(rows)


def _other(assessment: Assessment, name: str, choice: str, label: str) -> Outcome:
    other = assess(
        assessment.pack,
        assessment.facts,
        tier=assessment.tier,
        as_of=assessment.as_of,
        base_year=assessment.base_year,
        settings={**assessment.settings, name: choice},
    )
    return Outcome(label, other.status, tuple(_differences(assessment, other))[:MOST_DIFFERENCES])


def _differences(ours: Assessment, other: Assessment) -> Iterator[str]:
    if ours.force is not other.force:
        yield f"当天{other.force.label}"
    names = names_of(ours.pack)
    theirs = {result.id: result for result in _flat(other.criteria)}
    for mine in _flat(ours.criteria):
        found = theirs.get(mine.id)
        if found is None or mine.branches:
            continue
        if (found.status, found.measured) != (mine.status, mine.measured):
            measured = measured_text(found, other, names)
            yield f"{found.criterion.label}：{measured}，{found.status.label}"


def _flat(results: tuple[CriterionResult, ...]) -> Iterator[CriterionResult]:
    for result in results:
        yield result
        yield from _flat(result.branches)
