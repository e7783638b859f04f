"""What a field of the enterprise's form is asked for: the conditions that rest on it, each with its clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.core.tier_questions import Asked, form_of
from tidu.policy.documents.library import NATION, Library, load_library
from tidu.policy.documents.pack import Pack


@dataclass(frozen=True, slots=True)
class Serving:
    """One title of one policy that looks at an indicator, and what it requires of it."""

    pack: Pack
    title: str
    requirements: tuple[str, ...]
    cites: tuple[str, ...]

    @property
    def policy(self) -> str:
        """The policy's short title."""
        return self.pack.document.short_title

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Where it is written. Not kept: an official text may be attached at any time."""
        return clauses(self.pack, self.cites)


def servings(area: str | None, on: dt.date) -> Mapping[str, tuple[Serving, ...]]:
    """For each indicator the titles in force in ``area`` that look at it, from the lowest rung to the highest.

    What feeds a derived indicator serves whatever that serves.
    """
    return _servings(load_library(), area or NATION, on)


@lru_cache(maxsize=256)
def _servings(library: Library, area: str, on: dt.date) -> Mapping[str, tuple[Serving, ...]]:
    found: dict[str, dict[tuple[str, str], Serving]] = {}
    for offer in library.offers(area, on):
        for asked in form_of(offer.pack, offer.tier, offer.pack.settings()).asked:
            serving = Serving(
                offer.pack, offer.recognition.title, tuple(asked.requirements), tuple(asked.cites)
            )
            for name in _behind(asked):
                found.setdefault(name, {}).setdefault((offer.pack.id, offer.tier), serving)
    return MappingProxyType({name: tuple(by_offer.values()) for name, by_offer in found.items()})


def _behind(asked: Asked) -> tuple[str, ...]:
    indicator = asked.indicator
    derived = None if indicator is None else indicator.derived
    return (asked.name,) if derived is None else (asked.name, *derived.sources)
