"""A fact's value as people read it, with its unit."""

from __future__ import annotations

from tidu.core import figures
from tidu.core.typed_values import shown_industry, shown_place
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Quantity
from tidu.registry.models import Fact
from tidu.registry.queries.facts import value_of
from tidu.registry.vocabulary import vocabulary_in_view


def fact_words(fact: Fact) -> str:
    """The value of a fact; its text where the indicator has left the vocabulary."""
    indicator = vocabulary_in_view().indicators.get(fact.indicator)
    value = value_of(fact)
    return fact.value if indicator is None or value is None else value_words(value, indicator)


def value_words(value: Value, described: Quantity) -> str:
    """A value with its unit: ``8,431.00 万元``, ``12.20%``, ``是``, ``C3091 …``."""
    match described.kind:
        case Kind.YES_NO:
            return "是" if value else "否"
        case Kind.CHOICE:
            return described.choices.get(str(value), str(value))
        case Kind.AREA:
            return shown_place(str(value))
        case Kind.INDUSTRY:
            return shown_industry(str(value))
        case Kind.MONEY if isinstance(value, int):
            return f"{figures.wan_yuan(value)} 万元"
        case Kind.RATIO if isinstance(value, (int, float)):
            return figures.percent(float(value))
    return _number_or_text(value, described)


def _number_or_text(value: Value, described: Quantity) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        unit = {Kind.YEARS: "年", Kind.SCORE: "分"}.get(described.kind, described.unit or "")
        return f"{figures.number(value)} {unit}".rstrip()
    return str(value)


def fact_label(indicator: str, year: int = 0) -> str:
    """What a fact is about: ``2025 年营业收入``."""
    found = vocabulary_in_view().indicators.get(indicator)
    label = indicator if found is None else found.label
    return f"{year} 年{label}" if year else label
