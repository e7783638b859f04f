"""Facts of invented enterprises for tests: complete for Hohhot's measures, to be varied."""

from __future__ import annotations

from typing import Any

from tidu.policy.assess.facts import Facts, facts_from
from tidu.policy.vocabulary.vocabulary import load_vocabulary

COMPLETE: dict[str, Any] = {
    "name": "内蒙古样例智能装备有限公司",
    "registered_on": "2018-06-12",
    "registered_area": "150105",
    "independent_legal_person": True,
    "industry_code": "C3562",
    "employees": {2025: 128},
    "revenue": {2023: 18_426_000, 2024: 20_364_000, 2025: 23_189_000},
    "total_assets": {2025: 30_000_000},
    "main_product_revenue": {2025: 16_000_000},
    "tax_and_credit_good": True,
    "major_incident": False,
    "bad_record": False,
    "niche_years": 7,
    "rank_national": 40,
    "rank_regional": 6,
    "quality_system_certified": True,
    "municipal_brands": 1,
    "invention_patents": 0,
    "pct_published": 0,
    "utility_models": 2,
    "software_copyrights": 1,
    "standards": 0,
    "rd_centre": "none",
}


def enterprise(**changes: Any) -> Facts:  # noqa: ANN401 - facts are of every kind
    """The complete enterprise with some facts changed; ``None`` removes one."""
    data = {key: value for key, value in {**COMPLETE, **changes}.items() if value is not None}
    return facts_from(data, load_vocabulary())
