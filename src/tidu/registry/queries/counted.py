"""Counts of listed things beside the counts that were stated. Offered to a person, never written over what is stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from tidu.registry.models import Enterprise, Fact, IntellectualProperty

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
    def differs(self) -> bool:
        """Whether a person should look."""
        return self.listed != (self.stated or 0)


def counted(enterprise: Enterprise) -> list[Counted]:
    """The indicators of which something is listed or stated. Two queries."""
    listed = dict(
        IntellectualProperty.objects.filter(enterprise=enterprise, ended_at__isnull=True)
        .values_list("kind")
        .annotate(number=Count("pk"))
        .order_by()
    )
    facts = Fact.objects.filter(enterprise=enterprise, chosen=True, indicator__in=COUNTED, year=0)
    stated = {indicator: int(value) for indicator, value in facts.values_list("indicator", "value")}
    return [
        Counted(indicator, listed.get(kind, 0), stated.get(indicator))
        for indicator, kind in COUNTED.items()
        if kind in listed or indicator in stated
    ]
