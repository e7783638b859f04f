"""An enterprise that fits Hohhot's conditions as far as rules decide them, for any base year."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tidu.core.actor import SYSTEM
from tidu.policy.quantities import Value
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Enterprise, Source

_WAN: Final = 1_000_000  # fen
_PLAIN: Final[dict[str, Value]] = {
    "independent_legal_person": True,
    "registered_on": dt.date(2018, 5, 10),
    "industry_code": "C3091",
    "niche_years": 5,
    "rank_national": 15,
    "rank_regional": 6,
    "quality_system_certified": True,
    "municipal_brands": 2,
    "invention_patents": 2,
    "pct_published": 1,
    "utility_models": 3,
    "software_copyrights": 2,
    "standards": 1,
    "rd_centre": "municipal",
}
_CONFIRMED: Final[dict[str, Value]] = {
    "tax_and_credit_good": True,
    "major_incident": False,
    "bad_record": False,
}


def fit(enterprise: Enterprise, *, base_year: int = 2025, without: frozenset[str] = frozenset()) -> None:
    """Record what makes every rule of the pack hold; ``without`` names indicators that stay unknown."""
    yearly: dict[str, dict[int, Value]] = {
        "employees": {base_year: 120},
        "total_assets": {base_year: 3000 * _WAN},
        "revenue": {base_year - 2: 1000 * _WAN, base_year - 1: 1200 * _WAN, base_year: 1500 * _WAN},
        "main_product_revenue": {base_year: 1200 * _WAN},
    }
    stated = [NewFact(name, value) for name, value in _PLAIN.items() if name not in without]
    stated += [
        NewFact(name, value, year)
        for name, by_year in yearly.items()
        if name not in without
        for year, value in by_year.items()
    ]
    record_facts(actor=SYSTEM, enterprise=enterprise, facts=stated, source=Source.AUDITED)
    confirmed = [NewFact(name, value) for name, value in _CONFIRMED.items() if name not in without]
    record_facts(actor=SYSTEM, enterprise=enterprise, facts=confirmed, source=Source.CONFIRMED)
