"""Random rules and facts over the inputs of ``conformance.yaml``, for property tests of every evaluator."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from tidu.policy.language.compile import Moment

MOMENT = Moment(dt.date(2026, 6, 30), 2025)

_NUMBERS = {
    "money[-1]": ["0元", "1000万元", "9999999.99元"],
    "money[-2]": ["0元", "1000万元"],
    "cost[-1]": ["0元", "30万元"],
    "people[-1]": ["0人", "100人"],
    "patents": ["0项", "1项", "3项"],
    "models": ["0项", "3项"],
    "patents + models": ["1项", "3项"],
    "patents - models": ["0项"],
    "min(patents, models)": ["1项"],
    "max(patents, models)": ["3项"],
    "sum_years(money, 2)": ["1000万元"],
    "share": ["0%", "10%"],
    "years": ["2年"],
    "score": ["60分"],
    "cost[-1] / money[-1]": ["0%", "3%"],
    "mean_growth(money, 2)": ["0%", "10%"],
    "compound_growth(money, 2)": ["0%", "10%"],
    "money[-1] - 100万元 * people[-1]": ["0元"],
}
_ATOMS = [
    "flag",
    "other",
    "judged",
    "level >= municipal",
    "level in (none, national)",
    'within(area, "150100")',
    'within(area, "150105")',
    'within(industry, "C30")',
    "years_since(since) >= 2年",
    "years_since(since) < 4年",
]

comparisons = st.sampled_from(sorted(_NUMBERS)).flatmap(
    lambda left: st.builds(
        "{} {} {}".format,
        st.just(left),
        st.sampled_from([">=", "<=", ">", "<", "==", "!="]),
        st.sampled_from(_NUMBERS[left]),
    )
)
atoms = st.one_of(st.sampled_from(_ATOMS), comparisons)


def _combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda parts: f"({' and '.join(parts)})"),
        several.map(lambda parts: f"({' or '.join(parts)})"),
        inner.map(lambda part: f"(not {part})"),
        several.flatmap(
            lambda parts: st.integers(1, len(parts)).map(lambda n: f"at_least({n}, {', '.join(parts)})")
        ),
    )


rules = st.recursive(atoms, _combine, max_leaves=5)

_FEN = st.sampled_from([0, 1, -1, 100_00, 999_999_999, 1_000_000_000, 1_000_000_001, 30_000_000])
_REAL = st.sampled_from([0.0, 0.03, 0.0999999995, 0.1, 0.1000000005, 0.5, -1.0, 2.0, 59.9, 60.0])
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "money_2023": _FEN,
    "money_2024": _FEN,
    "money_2025": _FEN,
    "cost_2025": _FEN,
    "people_2025": st.sampled_from([0, 1, 99, 100, 5_000_000_000]),
    "patents": st.integers(0, 4),
    "models": st.integers(0, 4),
    "share": _REAL,
    "years": _REAL,
    "score": _REAL,
    "flag": st.booleans(),
    "other": st.booleans(),
    "judged": st.booleans(),
    "level": st.sampled_from(["none", "municipal", "provincial", "national"]),
    "area": st.sampled_from(["150000", "150100", "150105", "150172", "150200", "420107"]),
    "industry": st.sampled_from(["C", "C30", "C3091", "C3130", "I6513"]),
    "since": st.sampled_from([dt.date(2020, 2, 29), dt.date(2024, 6, 30), dt.date(2024, 7, 1)]),
}
complete_facts = st.fixed_dictionaries(_VALUES)
facts = st.fixed_dictionaries({}, optional=_VALUES)
