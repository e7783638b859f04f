"""The list of enterprises: which filters, orders and columns it has. The page and its export both read this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import Q

from tidu.core.actor import Actor
from tidu.core.components import Choice, Column
from tidu.core.listing import Filter
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.registry.models import Enterprise, EnterpriseStatus
from tidu.registry.models.enterprises import EnterpriseQuerySet, SizeClass
from tidu.registry.queries.enterprises import search_condition
from tidu.registry.vocabulary import vocabulary_in_view

NO_TIER: Final = "none"
NOWHERE: Final = "none"
SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "completeness": ("completeness",),
    "registered": ("registered_on",),
}
DEFAULT_SORT: Final = "name"
#: Bands of completeness: lowest and highest per cent in each.
BANDS: Final[Mapping[str, tuple[str, int, int]]] = {
    "low": ("不足 50%", 0, 49),
    "middle": ("50% 至 79%", 50, 79),
    "high": ("80% 至 99%", 80, 99),
    "full": ("100%", 100, 100),
}
_FIELDS: Final = (
    "uscc",
    "name",
    "city",
    "district",
    "status",
    "registered_on",
    "industry",
    "size",
    "tier",
    "completeness",
)


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """One enterprise of the list, in words. The page and the export show the same."""

    pk: int
    name: str
    uscc: str
    place: str
    industry: str
    size: str
    tier: str
    registered_on: dt.date | None
    completeness: int
    status: str
    active: bool

    @property
    def cells(self) -> list[str | int | dt.date | None]:
        """The row of the export, under :data:`EXPORTED`."""
        return [
            self.name,
            self.uscc,
            self.place,
            self.industry,
            self.size,
            self.tier,
            self.registered_on,
            self.completeness,
            self.status,
        ]


#: Heads of the page's table; the credit code stands below the name there.
COLUMNS: Final = (
    Column("企业", sort="name"),
    Column("所在地"),
    Column("行业"),
    Column("规模"),
    Column("最高称号"),
    Column("注册日期", sort="registered"),
    Column("完整度", number=True, sort="completeness"),
    Column("状态"),
)
EXPORTED: Final = (
    "企业名称",
    "统一社会信用代码",
    "所在地",
    "行业",
    "规模",
    "最高称号",
    "注册日期",
    "完整度（%）",
    "状态",
)


def filters_for(actor: Actor) -> tuple[Filter, ...]:
    """The filters that make sense where the actor looks. At most one query, for the places."""
    return (
        Filter("q", "企业", "text", hint="名称、信用代码、拼音、首字母"),
        *_place_filter(actor),
        Filter("industry", "行业", choices=_industries()),
        Filter("cluster", "产业集群", choices=_clusters(actor.place)),
        Filter("tier", "最高称号", choices=(*_tiers(), Choice(NO_TIER, "没有称号"))),
        Filter("size", "规模", choices=tuple(Choice(*choice) for choice in SizeClass.choices)),
        Filter("status", "状态", choices=tuple(Choice(*choice) for choice in EnterpriseStatus.choices)),
        Filter("known", "完整度", choices=tuple(Choice(key, label) for key, (label, _, _) in BANDS.items())),
    )


def _place_filter(actor: Actor) -> tuple[Filter, ...]:
    """The places directly below the actor's own; an officer of a district has nothing to choose."""
    if actor.level in {PlaceLevel.DISTRICT, PlaceLevel.ZONE}:
        return ()
    below = Jurisdiction.objects.filter(parent_id=actor.place, valid_to__isnull=True)
    places = [Choice(code, name) for code, name in below.order_by("code").values_list("code", "name")]
    return (Filter("place", "所在地", choices=(*places, Choice(NOWHERE, "未定到旗县区"))),)


@lru_cache(maxsize=1)
def _industries() -> tuple[Choice, ...]:
    sectors = load_sectors().by_code.values()
    return tuple(
        Choice(sector.code, f"{sector.code} {sector.name}")
        for sector in sectors
        if len(sector.code) in {1, 3}
    )


def _clusters(place: str) -> tuple[Choice, ...]:
    clusters = vocabulary_in_view().clusters.values()
    return tuple(
        Choice(cluster.id, cluster.label)
        for cluster in clusters
        if not place or place.endswith("0000") or cluster.area[:4] == place[:4]
    )


def _tiers() -> tuple[Choice, ...]:
    return tuple(Choice(tier.id, tier.short) for tier in reversed(list(vocabulary_in_view().tiers.values())))


def filtered(rows: EnterpriseQuerySet, on: Mapping[str, Any]) -> EnterpriseQuerySet:
    """``rows`` under the filters that are on, as :func:`tidu.core.listing.chosen` gives them."""
    condition = Q()
    for name, value in on.items():
        condition &= _CONDITIONS[name](value)
    return rows.filter(condition)


def _of_industry(code: str) -> Q:
    """Codes that begin with ``code``, as a range that an index serves on both databases."""
    return Q(industry__gte=code, industry__lt=f"{code[:-1]}{chr(ord(code[-1]) + 1)}")


def _of_place(code: str) -> Q:
    if code == NOWHERE:
        return Q(district=None)
    return Q(city_id=code) if code.endswith("00") else Q(district_id=code)


def _of_band(key: str) -> Q:
    _label, low, high = BANDS[key]
    return Q(completeness__gte=low, completeness__lte=high)


_CONDITIONS: Final[Mapping[str, Callable[[str], Q]]] = {
    "q": search_condition,
    "place": _of_place,
    "industry": _of_industry,
    "cluster": lambda cluster: Q(clusters__cluster=cluster),
    "tier": lambda tier: Q(tier="" if tier == NO_TIER else tier),
    "size": lambda size: Q(size=size),
    "status": lambda status: Q(status=status),
    "known": _of_band,
}


def shown(rows: EnterpriseQuerySet) -> EnterpriseQuerySet:
    """``rows`` with what the columns read and no more: the search columns are long.

    Places are fetched beside the page and not joined: a join tempts SQLite to sort the whole city by name.
    """
    return rows.only(*_FIELDS).prefetch_related("city", "district")


def row_of(enterprise: Enterprise) -> EnterpriseRow:
    """One enterprise in words."""
    place = enterprise.district or enterprise.city
    sector = load_sectors().get(enterprise.industry) if enterprise.industry else None
    tier = vocabulary_in_view().tiers.get(enterprise.tier)
    return EnterpriseRow(
        pk=enterprise.pk,
        name=enterprise.name,
        uscc=enterprise.uscc,
        place="" if place is None else place.name,
        industry=enterprise.industry if sector is None else f"{sector.code} {sector.name}",
        size=enterprise.get_size_display(),
        tier="" if tier is None else tier.short,
        registered_on=enterprise.registered_on,
        completeness=enterprise.completeness,
        status=enterprise.get_status_display(),
        active=enterprise.status == EnterpriseStatus.ACTIVE,
    )
