"""What is asked of an enterprise: every fact that a rule in force for its place reads, the measure of completeness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from tidu.policy.documents.criteria import Criterion
from tidu.policy.documents.library import NATION, Library, Offer
from tidu.policy.language.terms import Input
from tidu.registry.vocabulary import is_recordable, library_at_hand, vocabulary_in_view

FactKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules of a place ask on a day: indicator and year (0 where it has none) → the tiers that read it.

    Tiers are named as offers, so that a form can say which policy a field serves.
    """

    serves: Mapping[FactKey, tuple[Offer, ...]]

    def completeness(self, known: Collection[FactKey]) -> int:
        """Per cent of what is asked that is known; 100 where nothing is asked. Never 100 while something lacks."""
        if not self.serves:
            return 100
        return 100 * sum(1 for key in self.serves if key in known) // len(self.serves)

    def lacking(self, known: Collection[FactKey]) -> tuple[FactKey, ...]:
        """What is asked and not known, in the order of the rules."""
        return tuple(key for key in self.serves if key not in known)


def asked_of(area: str | None, on: dt.date) -> Asked:
    """What is asked in ``area`` (a code of any level; without one, what the nation's rules ask) on a day.

    Per-year figures are asked for the years that the rules reach back to from the year before ``on``.
    """
    return _asked(library_at_hand(), area or NATION, on)


@lru_cache(maxsize=8)
def asked_anywhere(on: dt.date) -> frozenset[str]:
    """The indicators that some rule asks of some place on a day."""
    library = library_at_hand()
    areas = {pack.document.jurisdiction for pack in library}
    return frozenset(indicator for area in areas for indicator, _year in _asked(library, area, on).serves)


@lru_cache(maxsize=512)
def _asked(library: Library, area: str, on: dt.date) -> Asked:
    serves: dict[FactKey, list[Offer]] = {}
    for offer in library.offers(area, on):
        for criterion in offer.pack.criteria(offer.tier).criteria:
            for key in _keys(criterion, on.year - 1):
                known = serves.setdefault(key, [])
                if offer not in known:
                    known.append(offer)
    return Asked(MappingProxyType({key: tuple(offers) for key, offers in serves.items()}))


def _keys(criterion: Criterion, base_year: int) -> list[FactKey]:
    return [key for item in criterion.inputs for key in facts_behind(item, base_year)]


def facts_behind(item: Input, base_year: int) -> list[FactKey]:
    """The facts behind an input: itself, or what it is derived from. What only a person can judge is not asked."""
    indicators = vocabulary_in_view().indicators
    found = indicators.get(item.id)
    if found is None or item.judged:
        return []
    year = base_year if item.offset is None else base_year + 1 + item.offset
    names = (item.id,) if found.derived is None else found.derived.sources
    return [
        (name, year if indicators[name].per_year else 0)
        for name in names
        if name in indicators and is_recordable(indicators[name])
    ]
