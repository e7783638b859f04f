"""The columns of an enterprise that repeat what is chosen among its facts. Pure: facts and titles in, columns out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from tidu.policy.status import Status
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.size import size_class
from tidu.registry.asked import FactKey, asked_of
from tidu.registry.fact_values import read
from tidu.registry.models import EnterpriseStatus
from tidu.registry.models.enterprises import SizeClass
from tidu.registry.naming import name_columns
from tidu.registry.vocabulary import vocabulary_in_view

#: Indicators that the columns below are made of; completeness reads those that are asked besides.
REPEATED: Final = frozenset(
    {
        "name",
        "registered_on",
        "registered_area",
        "registration_status",
        "independent_legal_person",
        "industry_code",
        "industry_basis",
        "employees",
        "revenue",
        "total_assets",
        "listing_status",
        "listing_progress",
    }
)
#: How far back the figures may lie by which an enterprise is sized.
SIZED_WITHIN_YEARS: Final = 3
_GONE: Final = frozenset({"revoked", "cancelled"})
_DECEMBER, _LAST_DAY = 12, 31

Known = Mapping[FactKey, str]


class HeldTitle(NamedTuple):
    """What the tier column needs to know of a title that was not removed."""

    tier: str
    recognised_on: dt.date
    valid_until: dt.date | None


class CityAndDistrict(NamedTuple):
    """Codes of the city and of the district or zone."""

    city: str | None
    district: str | None


def projected(
    known: Known, titles: Iterable[HeldTitle], on: dt.date, *, name: str, status: str, area: str | None
) -> dict[str, Any]:
    """The columns by field name.

    ``known`` holds the chosen facts' texts; ``name``, ``status`` and ``area`` stand in where no fact says otherwise.
    """
    columns: dict[str, Any] = {}
    named = name_columns(known.get(("name", 0)) or name)
    columns.update(
        name=named.name,
        core_name=named.core_name,
        pinyin=named.pinyin,
        initials=named.initials,
        search_text=named.search_text,
    )
    place = places_of(known.get(("registered_area", 0)) or area or "")
    columns.update(city_id=place.city, district_id=place.district)
    columns["registered_on"] = _value(known, "registered_on")
    columns["legal_person"] = _value(known, "independent_legal_person")
    columns["industry"] = known.get(("industry_code", 0), "")
    columns["industry_basis"] = known.get(("industry_basis", 0), "")[:200]
    columns["status"] = _status(known.get(("registration_status", 0)), status)
    columns["listing_stage"] = listing_stage(known)
    columns["size"], columns["size_on"] = _size(known, on.year)
    columns["tier"] = highest_tier(titles, on)
    columns["completeness"] = asked_of(place.district or place.city, on).completeness(known.keys())
    return columns


def places_of(area: str) -> CityAndDistrict:
    """City and district of a code of any level and system; nothing for a code that names neither."""
    places = load_places()
    found = places.get(area)
    city = places.city_of(area) if area else None
    if found is None or city is None:
        return CityAndDistrict(None if city is None else city.code, None)
    return CityAndDistrict(city.code, None if found.code == city.code else found.code)


def highest_tier(titles: Iterable[HeldTitle], on: dt.date) -> str:
    """The highest rung held on a day; a title without a last day counts until it is taken away."""
    ranks = vocabulary_in_view().tiers
    held = [
        title.tier
        for title in titles
        if title.tier in ranks
        and title.recognised_on <= on
        and (title.valid_until is None or title.valid_until >= on)
    ]
    return max(held, key=lambda tier: ranks[tier].rank, default="")


def listing_stage(known: Known) -> str:
    """``listed`` or ``quoted``, else how far the way there has been gone, else ``planned`` or ``none``."""
    status = known.get(("listing_status", 0), "")
    progress = known.get(("listing_progress", 0), "")
    return status if status in {"listed", "quoted"} or not progress else progress


def _status(registration: str | None, status: str) -> str:
    """What the registrar says outweighs our books only about whether the enterprise still exists."""
    if registration in _GONE and status == EnterpriseStatus.ACTIVE:
        return EnterpriseStatus.CLOSED
    if registration == "active" and status == EnterpriseStatus.CLOSED:
        return EnterpriseStatus.ACTIVE
    return status


def _size(known: Known, year: int) -> tuple[str, dt.date | None]:
    """The class by the newest year whose figures decide it, and the last day of that year."""
    industry = known.get(("industry_code", 0))
    for recent in range(year, year - SIZED_WITHIN_YEARS - 1, -1):
        found = size_class(
            industry, *(_whole(known, name, recent) for name in ("employees", "revenue", "total_assets"))
        )
        if found.status is Status.NEEDS_REVIEW:
            return SizeClass.NONE, None
        if found.size is not None:
            return found.size, dt.date(recent, _DECEMBER, _LAST_DAY)
    return "", None


def _whole(known: Known, indicator: str, year: int) -> int | None:
    text = known.get((indicator, year))
    return None if text is None else int(text)


def _value(known: Known, indicator: str) -> Any:  # noqa: ANN401 - of the indicator's kind
    text = known.get((indicator, 0))
    return None if text is None else read(text, vocabulary_in_view().indicators[indicator].kind)
