"""The criteria of Hohhot's recognition as a decision of zen-engine: one expression each, three or four values.

The date is a number such as 20240630, which spares zen-engine the parsing of dates.
"""

from __future__ import annotations

import json
from typing import Any, Final

#: zen-engine ships no types.
Decision = Any
JUDGED: Final = ("chain_advantage", "refined_management", "distinctive_product", "sustained_innovation")


def _decided(test: str, *needed: str, absent: str = "unknown") -> str:
    known = " and ".join(f"{name} != null" for name in needed)
    return f"({known}) ? (({test}) ? 'met' : 'not_met') : '{absent}'"


def _either(*tests: tuple[str, tuple[str, ...]]) -> str:
    """Met as soon as one test is; unknown while an input of one is missing."""
    known = [f"({' and '.join(f'{name} != null' for name in needed)})" for _, needed in tests]
    met = " or ".join(f"({ready} and ({test}))" for ready, (test, _) in zip(known, tests, strict=True))
    return f"({met}) ? 'met' : (({' and '.join(known)}) ? 'not_met' : 'unknown')"


EXPRESSIONS: Final[dict[str, str]] = {
    "independent_legal_person": _decided("independent_legal_person", "independent_legal_person"),
    "registered_two_years": _decided("registered_on <= 20240630", "registered_on"),
    "registered_in_city": _decided("startsWith(registered_area, '1501')", "registered_area"),
    "sme": _either(
        ("employees_2025 < 1000", ("employees_2025",)), ("revenue_2025 < 400000000", ("revenue_2025",))
    ),
    "tax_and_credit_good": _decided("tax_and_credit_good", "tax_and_credit_good"),
    "no_major_incident": _decided("not major_incident", "major_incident"),
    "no_bad_record": _decided("not bad_record", "bad_record"),
    "revenue": _decided("revenue_2025 >= 10000000", "revenue_2025"),
    "growth": (
        "(revenue_2023 != null and revenue_2024 != null and revenue_2025 != null"
        " and revenue_2023 > 0 and revenue_2024 > 0)"
        " ? ((((revenue_2024 / revenue_2023 - 1) + (revenue_2025 / revenue_2024 - 1)) / 2 >= 0.099999999)"
        " ? 'met' : 'not_met') : 'unknown'"
    ),
    "niche_two_years": _decided("niche_years >= 2", "niche_years"),
    "main_product_share": (
        "(main_product_revenue_2025 != null and revenue_2025 != null and revenue_2025 != 0)"
        " ? ((main_product_revenue_2025 / revenue_2025 >= 0.499999999) ? 'met' : 'not_met') : 'unknown'"
    ),
    "market_rank": _either(
        ("rank_national <= 20", ("rank_national",)), ("rank_regional <= 10", ("rank_regional",))
    ),
    "quality_system": _decided("quality_system_certified", "quality_system_certified"),
    "brand": _decided("municipal_brands >= 1", "municipal_brands"),
    "innovation_outcome": _either(
        ("invention_patents >= 1", ("invention_patents",)),
        ("pct_published >= 1", ("pct_published",)),
        ("utility_models + software_copyrights >= 3", ("utility_models", "software_copyrights")),
        ("standards >= 1", ("standards",)),
        ("rd_centre in ['municipal', 'provincial', 'national']", ("rd_centre",)),
    ),
    **{name: _decided(name, name, absent="needs_review") for name in JUDGED},
}


def decision() -> Decision:
    """The compiled decision. Its answer maps criteria to statuses."""
    import zen

    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "criteria",
            "type": "expressionNode",
            "name": "criteria",
            "position": {"x": 0, "y": 0},
            "content": {
                "expressions": [{"id": key, "key": key, "value": text} for key, text in EXPRESSIONS.items()]
            },
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "criteria"},
        {"id": "b", "type": "edge", "sourceId": "criteria", "targetId": "out"},
    ]
    content = json.dumps({"nodes": nodes, "edges": edges})
    return zen.ZenEngine().create_decision(content)
