"""One set of facts against every rung that is open to the enterprise on a day, and the next rung up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from tidu.policy.assess.assessment import Assessment, assess
from tidu.policy.assess.facts import Facts
from tidu.policy.documents.library import Library
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Tier

#: The place that the facts name, for :func:`climb`.
REGISTERED: Final = ""
_NO_SETTINGS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({})


class Standing(StrEnum):
    """Where the enterprise stands on one rung."""

    HELD = "held"
    OPEN = "open"
    NO_RULE = "no_rule"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return {"held": "持有", "open": "可评估", "no_rule": "没有现行规则"}[self.value]


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: whether its title is held, and one assessment per rule that offers it."""

    tier: Tier
    standing: Standing
    expires_on: dt.date | None
    assessments: tuple[Assessment, ...]

    @property
    def nearest(self) -> Assessment | None:
        """The assessment that is furthest along."""
        return min(self.assessments, key=_distance, default=None)


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs from the lowest to the highest, and the lowest not held for which there is a rule."""

    as_of: dt.date
    area: str | None
    rungs: tuple[Rung, ...]
    next: Rung | None


def climb(
    library: Library,
    facts: Facts,
    *,
    as_of: dt.date,
    base_year: int | None = None,
    area: str | None = REGISTERED,
    settings: Mapping[str, Mapping[str, str]] = _NO_SETTINGS,
) -> Ladder:
    """Assess ``facts`` on every rung that a rule in force offers in the enterprise's place on ``as_of``.

    ``area`` names another place to look at; ``None``, like facts without a registered area, lets every place's
    rules answer. ``settings`` holds chosen interpretations by pack. The next rung is the lowest above the
    highest title held; rungs that do not build on each other (a city's own title) stay visible beside it.
    """
    if area == REGISTERED:
        stated = facts.values.get("registered_area")
        area = stated if isinstance(stated, str) else None
    offers = library.offers(area, as_of)
    rungs = []
    for tier in library.vocabulary.tiers.values():
        assessments = tuple(
            assess(
                offer.pack,
                facts,
                tier=offer.tier,
                as_of=as_of,
                base_year=base_year,
                settings=settings.get(offer.pack.id, {}),
            )
            for offer in offers
            if offer.tier == tier.id
        )
        held_until = _held_until(facts, tier.id, as_of)
        standing = Standing.HELD if held_until else Standing.OPEN if assessments else Standing.NO_RULE
        rungs.append(Rung(tier, standing, held_until, assessments))
    return Ladder(as_of, area, tuple(rungs), _next(rungs))


def _held_until(facts: Facts, tier: str, on: dt.date) -> dt.date | None:
    ends = [
        title.expires_on
        for title in facts.recognitions or ()
        if title.tier == tier
        and title.recognised_on <= on
        and title.expires_on is not None
        and title.expires_on >= on
    ]
    return max(ends, default=None)


def _next(rungs: Sequence[Rung]) -> Rung | None:
    held = [index for index, rung in enumerate(rungs) if rung.standing is Standing.HELD]
    above = rungs[held[-1] + 1 :] if held else rungs
    return next((rung for rung in above if rung.standing is Standing.OPEN), None)


def _distance(assessment: Assessment) -> tuple[int, int]:
    order = (Status.MET, Status.NEEDS_REVIEW, Status.UNKNOWN, Status.NOT_MET)
    return order.index(assessment.status), assessment.counts()[Status.NOT_MET]
