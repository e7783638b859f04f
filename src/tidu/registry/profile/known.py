"""Everything that the page of an enterprise rests on, read at once, now or as it was known on a past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from tidu.policy.assess.facts import Facts
from tidu.policy.quantities import Value
from tidu.registry.models import (
    Certificate,
    ClusterTag,
    Contact,
    Enterprise,
    Evidence,
    Fact,
    Incident,
    IntellectualProperty,
    Platform,
    Product,
    Title,
)
from tidu.registry.queries.facts import (
    Conflict,
    conflicts_among,
    end_of,
    facts_from_rows,
    recognitions_of,
    value_of,
)


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise with what is known of it when the day ``on`` ends; ``past`` where that is not today.

    ``facts`` are the believed ones by indicator and year, ``standing`` those of every source.
    """

    enterprise: Enterprise
    on: dt.date
    past: bool
    standing: tuple[Fact, ...]
    facts: Mapping[tuple[str, int], Fact]
    engine: Facts
    titles: tuple[Title, ...]
    incidents: tuple[Incident, ...]
    products: tuple[Product, ...]
    properties: tuple[IntellectualProperty, ...]
    certificates: tuple[Certificate, ...]
    platforms: tuple[Platform, ...]
    evidence: tuple[Evidence, ...]
    clusters: tuple[str, ...]
    contacts: tuple[Contact, ...] = field(default=())

    @property
    def base_year(self) -> int:
        """The last whole year before the day."""
        return self.on.year - 1

    @property
    def area(self) -> str | None:
        """The code of the place of registration."""
        stated = self.engine.values.get("registered_area")
        return str(stated) if stated else None

    @property
    def conflicts(self) -> list[Conflict]:
        """Values about which sources disagree."""
        return conflicts_among(self.standing)

    def value(self, indicator: str, year: int = 0) -> Value | None:
        """What is believed of an indicator."""
        fact = self.facts.get((indicator, year))
        return None if fact is None else value_of(fact)


def known_of(enterprise: Enterprise, on: dt.date | None = None) -> Known:
    """What is known of ``enterprise``, which the actor may see. The same ten queries, whatever it has."""
    today = timezone.localdate()
    day = today if on is None else min(on, today)
    past = day < today
    moment = end_of(day)
    standing = tuple(_standing(enterprise, moment if past else None))
    facts: dict[tuple[str, int], Fact] = {}
    for fact in sorted(standing, key=lambda fact: (fact.source, fact.recorded_at, fact.pk)):
        facts[fact.indicator, fact.year] = fact
    there = Q(ended_at__isnull=True) | Q(ended_at__gte=moment)
    titles = tuple(Title.objects.filter(_kept("removed_at", moment), enterprise=enterprise))
    return Known(
        enterprise=enterprise,
        on=day,
        past=past,
        standing=standing,
        facts=facts,
        engine=facts_from_rows(enterprise, facts.values(), recognitions_of(titles, day if past else None)),
        titles=tuple(title for title in titles if title.recognised_on <= day),
        incidents=tuple(
            Incident.objects.filter(_kept("removed_at", moment), enterprise=enterprise, happened_on__lte=day)
        ),
        products=tuple(Product.objects.filter(there, enterprise=enterprise)),
        properties=tuple(IntellectualProperty.objects.filter(there, enterprise=enterprise)),
        certificates=tuple(Certificate.objects.filter(there, enterprise=enterprise)),
        platforms=tuple(Platform.objects.filter(there, enterprise=enterprise)),
        evidence=tuple(
            Evidence.objects.filter(
                _kept("withdrawn_at", moment), enterprise=enterprise, created_at__lt=moment
            ).select_related("file")
        ),
        clusters=tuple(
            ClusterTag.objects.filter(enterprise=enterprise)
            .values_list("cluster", flat=True)
            .order_by("cluster")
        ),
        contacts=tuple(Contact.objects.filter(enterprise=enterprise, ended_at__isnull=True)),
    )


def _kept(column: str, moment: dt.datetime) -> Q:
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gte": moment})


def _standing(enterprise: Enterprise, moment: dt.datetime | None) -> list[Fact]:
    """The facts of all sources that stand, or stood at a moment: of each source the newest."""
    rows = Fact.objects.filter(enterprise=enterprise)
    if moment is None:
        return list(rows.filter(ended_at__isnull=True))
    stood = rows.filter(_kept("ended_at", moment), recorded_at__lt=moment).order_by("recorded_at", "pk")
    newest = {(fact.indicator, fact.year, fact.source): fact for fact in stood}
    return list(newest.values())
