"""The documented examples: requests that anybody can repeat. Their answers are computed, never written down here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

_AS_OF: Final = "2026-06-01"
_FACTS: Final[dict[str, Any]] = {
    "name": "示例一精密制造有限公司",
    "independent_legal_person": True,
    "registered_on": "2016-05-20",
    "registered_area": "150102",
    "industry_code": "C3489",
    "tax_and_credit_good": True,
    "major_incident": False,
    "bad_record": False,
    "employees": {"2025": 126},
    "revenue": {"2023": 18_000_000, "2024": 20_400_000, "2025": 23_189_000},
    "main_product_revenue": {"2025": "1560万元"},
    "niche_years": 8,
    "rank_regional": 3,
    "municipal_brands": 1,
    "utility_models": 6,
    "software_copyrights": 0,
}

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "assess": {"pack": "hohhot-2022-recognition", "as_of": _AS_OF, "facts": _FACTS},
        "rewards": {
            "pack": "baotou-2023-support",
            "as_of": "2025-06-30",
            "facts": {
                "name": "示例二乳业装备有限公司",
                "recognitions": [
                    {
                        "tier": "srdi",
                        "authority": "内蒙古自治区工业和信息化厅",
                        "recognised_on": "2024-09-01",
                        "expires_on": "2027-08-31",
                    }
                ],
                "payments": [],
            },
        },
        "ladder": {"as_of": _AS_OF, "facts": _FACTS},
        "size": {"industry_code": "C3489", "employees": 126, "revenue": "2318.9万元"},
    }
)
"""By operation: the body of a call."""


def compact(data: object, width: int = 100) -> str:
    """JSON for the eye: what fits into ``width`` characters stands on one line, the rest is broken and indented."""
    return _compact(data, 0, width)


def _compact(data: object, depth: int, width: int) -> str:
    flat = json.dumps(data, ensure_ascii=False)
    if not data or not isinstance(data, dict | list) or len(flat) + 2 * depth <= width:
        return flat
    margin = "  " * (depth + 1)
    if isinstance(data, dict):
        inner = [
            f"{json.dumps(key, ensure_ascii=False)}: {_compact(value, depth + 1, width)}"
            for key, value in data.items()
        ]
        opening, closing = "{", "}"
    else:
        inner = [_compact(value, depth + 1, width) for value in data]
        opening, closing = "[", "]"
    lines = ",\n".join(f"{margin}{line}" for line in inner)
    return f"{opening}\n{lines}\n{'  ' * depth}{closing}"


def curl(operation: str, address: str) -> str:
    """The call of an example as a command line, to be pasted into a shell. The examples hold no quote mark '."""
    body = compact(EXAMPLES[operation], 90)
    return f"curl {address} \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'"
