"""Each criterion as the figures stand at this moment: beside the fields that it reads, and in the list of a part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tidu.core import criterion_words
from tidu.core.citations import clauses, doubt
from tidu.core.components import Clause, Doubt
from tidu.core.criterion_words import NOTHING
from tidu.policy.assess.assessment import Assessment, names_of
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.wording import Names
from tidu.policy.status import Status

#: Characters of a value that stand beside a field; longer ones say again what the fields say.
_LONGEST_VALUE: Final = 24


@dataclass(frozen=True, slots=True)
class Live:
    """One criterion as the figures stand at this moment. ``of`` is what it is a branch of, with its own status.

    ``brief``: it has been shown whole beside an earlier field, or belongs to another part.
    """

    id: str
    label: str
    status: Status
    value: str
    limit: str
    margin: str
    note: str
    clauses: tuple[Clause, ...]
    doubts: tuple[Doubt, ...]
    of: str = ""
    of_status: Status | None = None
    brief: bool = False


def lives_of(assessment: Assessment) -> Mapping[str, Live]:
    """Every criterion and branch by its id, in the order of the rules."""
    names = names_of(assessment.pack)
    return {
        result.id: _live(assessment, result, above, names)
        for criterion in assessment.criteria
        for result, above in _with_branches(criterion)
    }


def _with_branches(criterion: CriterionResult) -> Iterator[tuple[CriterionResult, CriterionResult | None]]:
    yield criterion, None
    for branch in _branches(criterion):
        yield branch, criterion


def _branches(result: CriterionResult) -> Iterator[CriterionResult]:
    for branch in result.branches:
        yield branch
        yield from _branches(branch)


def _live(
    assessment: Assessment, result: CriterionResult, above: CriterionResult | None, names: Names
) -> Live:
    pack = assessment.pack
    criterion = result.criterion
    cite = criterion.cite or (None if above is None else above.criterion.cite)
    missing = result.missing if result.status is Status.UNKNOWN and not result.branches else ()
    value = criterion_words.found(result, assessment, names)
    return Live(
        result.id,
        criterion.label,
        result.status,
        NOTHING if missing or len(value) > _LONGEST_VALUE else value,
        criterion_words.asked(criterion, names, assessment.base_year),
        criterion_words.margin(result),
        f"还缺{'、'.join(names.key(key) for key in missing)}" if missing else "",
        clauses(pack, [cite]),
        tuple(doubt(pack, name, assessment.settings[name]) for name in criterion.interpretations),
        "" if above is None else above.criterion.label,
        None if above is None else above.status,
    )
