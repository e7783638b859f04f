"""The public list of titles: its filters, its rows, and the same as open data."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from tidu.core.components import Choice, Column
from tidu.core.listing import By, Filter
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.recognition.queries.titles import (
    ENDING,
    ENDING_LABEL,
    Standing,
    by_urgency,
    in_state,
    public_titles,
    title_state,
)
from tidu.registry.models import Enterprise, Title
from tidu.registry.queries.enterprises import search_condition
from tidu.registry.vocabulary import library_at_hand, vocabulary_in_view

COLUMNS: Final = (
    Column("企业名称", sort="name"),
    Column("称号"),
    Column("旗县区"),
    Column("认定日期", sort="since"),
    Column("有效期至", sort="until"),
    Column("状态"),
)
DEFAULT_SORT: Final = "until"
#: Columns of the open data: name for programs, heading for people, what it holds. ``docs/open-data.md`` repeats them.
OPEN_COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("enterprise", "企业名称"),
    ("uscc", "统一社会信用代码"),
    ("district_code", "旗县区代码"),
    ("district", "旗县区"),
    ("tier", "称号层级代码"),
    ("title", "称号"),
    ("authority", "认定机关"),
    ("document_no", "文号"),
    ("batch", "批次"),
    ("recognised_on", "认定日期"),
    ("valid_until", "有效期至"),
    ("state", "状态代码"),
    ("state_label", "状态"),
    ("ended_on", "取消或接替日期"),
)
LICENCE: Final = "可以自由使用、转载和再加工，须注明来源和数据日期；称号状态以发证机关的核验页面为准。"
_CHUNK: Final = 1_000
_NOT_OFFERED: Final = frozenset({Standing.HELD, Standing.FUTURE})


def sorts(on: dt.date) -> Mapping[str, tuple[By, ...]]:
    """The orders of the list; the first is what counts today."""
    return {"name": ("enterprise__name",), "since": ("recognised_on",), "until": by_urgency(on)}


@dataclass(frozen=True, slots=True)
class RecognisedRow:
    """One line of the list."""

    title: Title
    badge: str
    word: str
    tier: str


def filters() -> tuple[Filter, ...]:
    """The controls above the list. Two queries: places, and years."""
    tiers = vocabulary_in_view().tiers
    cities = {
        pack.document.jurisdiction for pack in library_at_hand() if pack.document.jurisdiction.endswith("00")
    }
    places = Jurisdiction.objects.filter(
        Q(parent_id__in=cities), level__in=(PlaceLevel.DISTRICT, PlaceLevel.ZONE)
    ).select_related("parent")
    years = public_titles().dates("recognised_on", "year", order="DESC")
    several = len({place.parent_id for place in places}) > 1
    return (
        Filter("q", "企业", "text", hint="名称、拼音首字母或信用代码"),
        Filter("tier", "称号", choices=tuple(Choice(key, tier.short) for key, tier in tiers.items())),
        Filter(
            "district",
            "旗县区",
            choices=tuple(
                Choice(
                    place.code,
                    f"{place.parent.name} {place.name}" if several and place.parent else place.name,
                )
                for place in places
            ),
        ),
        Filter("year", "认定年度", choices=tuple(Choice(str(day.year), f"{day.year} 年") for day in years)),
        Filter(
            "state",
            "状态",
            choices=(
                Choice(Standing.HELD.value, Standing.HELD.label),
                Choice(ENDING, ENDING_LABEL),
                *(Choice(item.value, item.label) for item in Standing if item not in _NOT_OFFERED),
            ),
        ),
    )


def narrowed(on: Mapping[str, Any], day: dt.date) -> QuerySet[Title]:
    """The titles that the filters leave."""
    rows = public_titles().select_related("enterprise__district")
    if "q" in on:
        found = Enterprise.objects.filter(search_condition(on["q"]))
        rows = rows.filter(enterprise__in=found.values("pk"))
    if "tier" in on:
        rows = rows.filter(tier=on["tier"])
    if "district" in on:
        rows = rows.filter(enterprise__district_id=on["district"])
    if "year" in on:
        year = int(on["year"])
        rows = rows.filter(recognised_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    if "state" in on:
        rows = in_state(rows, on["state"], day)
    return rows


def row_of(title: Title, day: dt.date) -> RecognisedRow:
    """One line as the page shows it."""
    standing = title_state(title, day)
    tiers = vocabulary_in_view().tiers
    tier = tiers[title.tier].short if title.tier in tiers else title.tier
    return RecognisedRow(title, standing.badge, standing.word, tier)


def open_rows(titles: QuerySet[Title], day: dt.date) -> Iterator[tuple[str | dt.date | None, ...]]:
    """The same as open data, a row at a time in bounded memory: the values of :data:`OPEN_COLUMNS`."""
    for title in titles.order_by("-recognised_on", "-pk").iterator(chunk_size=_CHUNK):
        enterprise = title.enterprise
        standing = title_state(title, day)
        yield (
            enterprise.name,
            enterprise.uscc,
            enterprise.district_id or "",
            "" if enterprise.district is None else enterprise.district.name,
            title.tier,
            title.name,
            title.authority,
            title.document_no,
            title.batch_name,
            title.recognised_on,
            title.valid_until,
            standing.standing.value,
            standing.standing.label,
            standing.ended_on,
        )


def source_line(site: str, address: str, day: dt.date) -> str:
    """Where the data come from and what may be done with them, in one line."""
    return f"来源：{site} {address}　数据日期：{day.isoformat()}　许可：{LICENCE}"


def json_lines(titles: QuerySet[Title], day: dt.date, source: Mapping[str, str]) -> Iterator[str]:
    """A JSON document, a row a line."""
    head = {**source, "date": day.isoformat(), "licence": LICENCE, "columns": dict(OPEN_COLUMNS)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [\n'
    names = [name for name, _ in OPEN_COLUMNS]
    for number, row in enumerate(open_rows(titles, day)):
        values = (cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row)
        line = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False)
        yield f"{',' if number else ''}{line}\n"
    yield "]}\n"
