"""What is known of an enterprise, now or as it was known on a past day; where sources disagree; how a value came about.

Callers hand over an enterprise that the actor may see (``Enterprise.objects.visible_to``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tidu.policy.assess.facts import Facts, Recognition
from tidu.policy.quantities import Value
from tidu.registry.fact_values import read
from tidu.registry.models import Enterprise, Fact, Source, Title
from tidu.registry.models.standing import TitleState
from tidu.registry.vocabulary import vocabulary_in_view


def flat_name(indicator: str, year: int) -> str:
    """The name under which the engine knows a fact: ``registered_on``, ``revenue_2025``."""
    return f"{indicator}_{year}" if year else indicator


def value_of(fact: Fact) -> Value | None:
    """The fact's exact value; ``None`` where its indicator has left the vocabulary."""
    indicator = vocabulary_in_view().indicators.get(fact.indicator)
    return None if indicator is None else read(fact.value, indicator.kind)


def facts_of(enterprise: Enterprise, on: dt.date | None = None) -> Facts:
    """Everything known of an enterprise as the engine takes it; with ``on``, as it was known when that day ended.

    ``sources`` gives the key of each value's source (``declared`` …). Two queries.
    """
    rows = Fact.objects.filter(enterprise=enterprise, chosen=True) if on is None else known_on(enterprise, on)
    titles = list(Title.objects.filter(enterprise=enterprise))
    return facts_from_rows(enterprise, rows, recognitions_of(titles, on))


def facts_from_rows(
    enterprise: Enterprise, rows: Iterable[Fact], recognitions: tuple[Recognition, ...] | None
) -> Facts:
    """The engine's facts from rows that are one for each indicator and year."""
    values: dict[str, Any] = {"uscc": enterprise.uscc, "name": enterprise.name}
    sources: dict[str, str] = {}
    area = enterprise.district_id or enterprise.city_id
    if area:
        values["registered_area"] = area
    for fact in rows:
        value = value_of(fact)
        if value is not None:
            name = flat_name(fact.indicator, fact.year)
            values[name] = value
            sources[name] = Source(fact.source).key
    return Facts(
        values=MappingProxyType(values), recognitions=recognitions, sources=MappingProxyType(sources)
    )


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after a day, where the platform is."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


def known_on(enterprise: Enterprise, on: dt.date) -> list[Fact]:
    """The facts believed when the day ``on`` ended: of those that stood then, the highest source, then the newest."""
    moment = end_of(on)
    stood = Fact.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=moment), enterprise=enterprise, recorded_at__lt=moment
    )
    best: dict[tuple[str, int], Fact] = {}
    for fact in stood.order_by("source", "recorded_at", "pk"):
        best[fact.indicator, fact.year] = fact
    return list(best.values())


def recognitions_of(titles: Iterable[Title], on: dt.date | None = None) -> tuple[Recognition, ...] | None:
    """The rungs of the ladder among an enterprise's titles; ``None`` where no title of any kind is on the books.

    Without any, nobody has looked yet: that no title is held is then unknown, not true. A title that was taken away
    ends on the day before, and one whose import was undone later than ``on`` still counts then.
    """
    moment = None if on is None else end_of(on)
    listed = [
        title
        for title in titles
        if title.removed_at is None or (moment is not None and title.removed_at >= moment)
    ]
    return tuple(_recognition(title) for title in listed if title.tier) if listed else None


def _recognition(title: Title) -> Recognition:
    until = title.last_day
    if title.state != TitleState.HELD and title.ended_on is not None:
        last = title.ended_on - dt.timedelta(days=1)
        until = last if until is None else min(until, last)
    return Recognition(title.tier, title.authority, title.recognised_on, until, title.basis)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that disagree about one value, the highest first; the first is the one that is believed."""

    indicator: str
    year: int
    facts: tuple[Fact, ...]

    @property
    def chosen(self) -> Fact:
        """The fact that is believed."""
        return self.facts[0]


def conflicts_of(enterprise: Enterprise) -> list[Conflict]:
    """Every value about which standing sources disagree, newest year first."""
    standing = Fact.objects.filter(enterprise=enterprise, ended_at__isnull=True)
    return conflicts_among(list(standing.select_related("evidence__file")))


def conflicts_among(standing: Sequence[Fact]) -> list[Conflict]:
    """The conflicts among facts that stand."""
    by_key: dict[tuple[str, int], list[Fact]] = {}
    for fact in standing:
        by_key.setdefault((fact.indicator, fact.year), []).append(fact)
    return [
        Conflict(indicator, year, tuple(sorted(facts, key=lambda fact: -fact.source)))
        for (indicator, year), facts in sorted(by_key.items(), key=lambda item: (-item[0][1], item[0][0]))
        if len({fact.value for fact in facts}) > 1
    ]


def history_of(enterprise: Enterprise, indicator: str, year: int = 0) -> list[Fact]:
    """Everything that was ever recorded of one indicator and year, the newest first."""
    rows = Fact.objects.filter(enterprise=enterprise, indicator=indicator, year=year)
    return list(rows.select_related("recorded_by", "evidence__file", "batch").order_by("-recorded_at", "-pk"))
