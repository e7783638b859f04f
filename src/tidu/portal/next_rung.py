"""The next rung above a title, as a teaser beside its result."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.policy.assess.assessment import Assessment, names_of
from tidu.policy.assess.ladder import climb
from tidu.policy.assess.rendering import headline, requirement_text
from tidu.policy.documents.library import Library
from tidu.policy.status import Status

SHOWN = 4
_FIRST = (Status.NOT_MET, Status.UNKNOWN, Status.NEEDS_REVIEW, Status.MET)
LONGEST = 24


@dataclass(frozen=True, slots=True)
class NextLine:
    """One criterion of the next rung."""

    label: str
    status: Status
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class NextRung:
    """The rung above: what it is, how far it is, and the criteria that stand in the way."""

    title: str
    policy: str
    headline: str
    lines: tuple[NextLine, ...]
    url: str


def next_rung(library: Library, assessment: Assessment) -> NextRung | None:
    """The lowest rung above the assessed one for which a standard is in force, or None."""
    rank = library.vocabulary.tiers[assessment.tier].rank
    ladder = climb(library, assessment.facts, as_of=assessment.as_of, base_year=assessment.base_year)
    above = (rung.nearest for rung in ladder.rungs if rung.tier.rank > rank)
    found = next((nearest for nearest in above if nearest is not None), None)
    if found is None:
        return None
    ordered = sorted(found.criteria, key=lambda result: _FIRST.index(result.status))
    names = names_of(found.pack)
    lines = []
    for result in ordered[:SHOWN]:
        asked = requirement_text(result.criterion, names, found.base_year)
        short = result.criterion.condition is not None and asked[:1] in "≥≤＞＜" and len(asked) <= LONGEST
        label = f"{result.criterion.label} {asked}" if short else result.criterion.label
        lines.append(NextLine(label, result.status, clauses(found.pack, [result.criterion.cite])))
    return NextRung(
        found.title,
        found.pack.document.short_title,
        headline(found),
        tuple(lines),
        reverse("portal:self-check-form", args=[found.pack.id, found.tier]),
    )
