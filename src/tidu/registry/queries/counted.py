"""Counts of listed things beside the counts that were stated.

Offered to a person, never written over what is stated: a rule asks for those "related to the leading product", which
only a person can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tidu.policy.quantities import Value
from tidu.registry.fact_words import fact_label
from tidu.registry.models import Enterprise, Fact, IntellectualProperty
from tidu.registry.queries.facts import value_of

COUNTED: Final = {
    "invention_patents": IntellectualProperty.Kind.INVENTION,
    "pct_published": IntellectualProperty.Kind.PCT,
    "utility_models": IntellectualProperty.Kind.UTILITY,
    "design_patents": IntellectualProperty.Kind.DESIGN,
    "software_copyrights": IntellectualProperty.Kind.SOFTWARE,
    "layout_designs": IntellectualProperty.Kind.LAYOUT,
    "standards": IntellectualProperty.Kind.STANDARD,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator: how many are listed, and how many are stated (``None``: nobody has said)."""

    indicator: str
    listed: int
    stated: int | None

    @property
    def label(self) -> str:
        """What is counted."""
        return fact_label(self.indicator)

    @property
    def differs(self) -> bool:
        """Whether a person should look."""
        return self.listed != (self.stated or 0)


def counted(enterprise: Enterprise) -> list[Counted]:
    """The indicators of which something is listed or stated. Two queries."""
    listed = IntellectualProperty.objects.filter(enterprise=enterprise, ended_at__isnull=True)
    facts = Fact.objects.filter(enterprise=enterprise, chosen=True, indicator__in=COUNTED, year=0)
    stated = {fact.indicator: value_of(fact) for fact in facts}
    return counted_among(listed, stated.get)


def counted_among(
    properties: Iterable[IntellectualProperty], stated: Callable[[str], Value | None]
) -> list[Counted]:
    """The same from what was read already: the list, and what is stated of an indicator."""
    listed = Counter(item.kind for item in properties)
    found = []
    for indicator, kind in COUNTED.items():
        said = stated(indicator)
        number = said if isinstance(said, int) else None
        if listed[kind] or number is not None:
            found.append(Counted(indicator, listed[kind], number))
    return found
