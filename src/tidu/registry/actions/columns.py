"""Bringing the columns of enterprises up to date with their facts and titles. Part of other actions' transactions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from django.utils import timezone

from tidu.core.models import Jurisdiction
from tidu.registry.actions.bulk_writes import update_rows
from tidu.registry.asked import FactKey, asked_anywhere
from tidu.registry.models import Enterprise, Fact, Title
from tidu.registry.models.standing import TitleState
from tidu.registry.projection import REPEATED, HeldTitle, projected

COLUMNS: Final = (
    "name",
    "core_name",
    "pinyin",
    "initials",
    "search_text",
    "city_id",
    "district_id",
    "status",
    "registered_on",
    "legal_person",
    "industry",
    "industry_basis",
    "size",
    "size_on",
    "listing_stage",
    "tier",
    "completeness",
)


def refresh_columns(enterprise_ids: Collection[int], on: dt.date | None = None) -> int:
    """Write the columns of these enterprises anew and say how many changed. Four queries, however many they are.

    Call it inside the transaction that changed their facts or titles; ``on`` defaults to today.
    """
    today = on or timezone.localdate()
    known = _chosen(enterprise_ids, REPEATED | asked_anywhere(today))
    titles = _held(enterprise_ids)
    places = set(Jurisdiction.objects.values_list("code", flat=True))
    changed: list[tuple[int, list[Any]]] = []
    now = timezone.now()
    current = Enterprise.objects.filter(pk__in=enterprise_ids).values_list("pk", *COLUMNS)
    for pk, *values in current.iterator(chunk_size=2000):
        before = dict(zip(COLUMNS, values, strict=True))
        after = projected(
            known[pk],
            titles[pk],
            today,
            name=before["name"],
            status=before["status"],
            area=before["district_id"] or before["city_id"],
        )
        for column in ("city_id", "district_id"):
            if after[column] not in places:
                after[column] = None
        if after != before:
            changed.append((pk, [*(after[column] for column in COLUMNS), now]))
    update_rows(Enterprise, (*COLUMNS, "changed_at"), changed)
    return len(changed)


def _chosen(enterprise_ids: Collection[int], indicators: Collection[str]) -> dict[int, dict[FactKey, str]]:
    found: dict[int, dict[FactKey, str]] = defaultdict(dict)
    chosen = Fact.objects.filter(enterprise_id__in=enterprise_ids, indicator__in=indicators, chosen=True)
    for pk, indicator, year, value in chosen.values_list("enterprise_id", "indicator", "year", "value"):
        found[pk][indicator, year] = value
    return found


def _held(enterprise_ids: Collection[int]) -> dict[int, list[HeldTitle]]:
    found: dict[int, list[HeldTitle]] = defaultdict(list)
    titles = Title.objects.filter(
        enterprise_id__in=enterprise_ids, state=TitleState.HELD, removed_at__isnull=True
    ).exclude(tier="")
    fields = ("enterprise_id", "tier", "recognised_on", "valid_until", "kept_until")
    for title in titles.only(*fields):
        found[title.enterprise_id].append(HeldTitle(title.tier, title.recognised_on, title.last_day))
    return found
