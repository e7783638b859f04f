"""Values and rules in plain Chinese, for screens, letters and the command line alike.

Money is shown in 万元 with two decimals (more where the fen would be lost), ratios in percent, differences of
ratios in 个百分点, dates as 2026-11-20. A missing value is 未填.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidu.policy.dates import full_years_and_months
from tidu.policy.language import terms
from tidu.policy.quantities import Kind, Type
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.policy.vocabulary.size import SIZE_LABELS

FEN_PER_WAN: Final = 1_000_000
MISSING: Final = "未填"
MINUS: Final = "−"
#: Of what a rule forbids: a bare 否 beside 没有重大事故 would be read the wrong way round.
ABSENT: Final = "无此情形"
_PRESENT: Final = "有此情形"
_COMPARATORS: Final = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "==": "＝", "!=": "≠"}


@dataclass(frozen=True, slots=True)
class Names:
    """The words for ids: indicators, parameters and tiers in view of a pack."""

    indicators: Mapping[str, Quantity]
    tiers: Mapping[str, str]

    def key(self, key: str) -> str:
        """A flat name in words: ``revenue_2025`` → 营业收入（2025年）, ``holds_srdi`` → the title's question."""
        if key.startswith("holds_"):
            tier = key.removeprefix("holds_")
            return f"是否持有有效的{self.tiers.get(tier, tier)}称号"
        indicator = self.indicator(key)
        if indicator is None:
            return key
        year = key.removeprefix(indicator.id).removeprefix("_")
        return f"{indicator.label}（{year}年）" if year else indicator.label

    def indicator(self, key: str) -> Quantity | None:
        """The indicator behind a flat name."""
        found = self.indicators.get(key)
        if found is not None:
            return found
        stem, _, year = key.rpartition("_")
        return self.indicators.get(stem) if year.isdigit() else None

    def evidence(self, key: str) -> tuple[str, ...]:
        """The documents that prove a flat name, the usual one first; a title is proved by its holder's record."""
        found = self.indicator(key)
        return () if found is None else found.evidence

    def value(self, key: str, value: Any) -> str:
        """The value of a flat name in words."""
        indicator = self.indicator(key)
        if key.startswith("holds_"):
            return show_value(value, Type(Kind.YES_NO))
        return str(value) if indicator is None else show_value(value, indicator.type, indicator.choices)


def show_value(value: Any, kind: Type, choices: Mapping[str, str] | None = None) -> str:
    """One value with its unit: ``2,318.90 万元``, ``−12.20%``, ``3 项``, ``是``, ``2026-11-20``."""
    if value is None:
        return MISSING
    match kind.kind:
        case Kind.MONEY:
            return f"{show_wan(int(value))} 万元"
        case Kind.RATIO:
            return f"{_number(value * 100, '.2f')}%"
        case Kind.COUNT:
            return f"{_number(value)} {kind.unit}" if kind.unit else _number(value)
        case Kind.YEARS:
            return f"{_number(value, 'g')} 年"
        case Kind.SCORE:
            return f"{_number(value, 'g')} 分"
        case Kind.NUMBER:
            return _number(value, "g")
        case Kind.YES_NO:
            return "是" if value else "否"
        case Kind.CHOICE:
            return (choices or {}).get(value, str(value))
        case Kind.AREA:
            return load_places().path(str(value)) or str(value)
        case Kind.INDUSTRY:
            sector = load_sectors().get(str(value))
            return str(value) if sector is None else f"{value} {sector.name}"
        case _:
            return str(value)


def _number(value: Any, how: str = "") -> str:
    """A number with thousands separators and a real minus sign."""
    text = format(value, f",{how}")
    return text.replace("-", MINUS, 1) if value < 0 else text


def show_occurrence(value: Any) -> str:
    """Whether there is what a rule forbids: ``有此情形``, ``无此情形``."""
    if value is None:
        return MISSING
    return _PRESENT if value else ABSENT


def show_wan(fen: int) -> str:
    """Fen as 万元 with two decimals, or as many as are needed to be exact: 2_318_900_000 → ``2,318.90``."""
    sign, fen = (MINUS, -fen) if fen < 0 else ("", fen)
    whole, rest = divmod(fen, FEN_PER_WAN)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole:,}.{decimals}"


def show_margin(margin: Any, kind: Type) -> str:
    """A surplus or shortfall: ``＋1,318.90 万元``, ``−0.50 个百分点``, ``0（恰好达到）``."""
    if margin is None:
        return "—"
    if margin == 0:
        return "0（恰好达到）"
    sign = "＋" if margin > 0 else MINUS
    size = abs(margin)
    if kind.kind is Kind.RATIO:
        return f"{sign}{size * 100:,.2f} 个百分点"
    if kind.kind is Kind.DATE:
        return f"{sign}{size:,} 天"
    return f"{sign}{show_value(size, kind)}"


def show_elapsed(since: dt.date, until: dt.date) -> str:
    """The span between two days in completed years and months: ``8 年 4 个月``."""
    if since > until:
        return "尚未开始"
    years, months = full_years_and_months(since, until)
    parts = [f"{years} 年"] * bool(years) + [f"{months} 个月"] * bool(months)
    return " ".join(parts) or "不足 1 个月"


def describe(term: terms.Term, names: Names, base_year: int | None = None) -> str:
    """A term in words. With ``base_year`` years are named (2025年), without it they are relative (上年度)."""
    match term:
        case terms.Constant(value=value, type=kind):
            return show_value(value, kind)
        case terms.Input():
            return _input(term, names, base_year)
        case terms.Arithmetic(operator=operator, left=left, right=right):
            symbol = {"+": "＋", "-": "−", "*": "×", "/": "÷"}[operator]
            return f"{_operand(left, names, base_year)}{symbol}{_operand(right, names, base_year)}"
        case terms.Extreme(which=which, parts=parts):
            inner = "、".join(describe(part, names, base_year) for part in parts)
            return f"{inner}中的{'最小值' if which == 'min' else '最大值'}"
        case terms.Growth(method=method, inputs=inputs):
            label = names.indicators[inputs[0].id].label
            span = len(inputs) - 1
            how = "平均增速" if method == "mean" else "复合增速"
            return f"{label}近 {span} 年{how}" if span > 1 else f"{label}增速"
        case _:
            return describe_condition(term, names, base_year)


def describe_condition(term: terms.Condition, names: Names, base_year: int | None = None) -> str:
    """A condition in words."""
    match term:
        case terms.Compare(left=left):
            return f"{describe(left, names, base_year)} {describe_bound(term, names, base_year)}"
        case terms.Elapsed(since=since, years=years, negated=negated):
            return f"{_input(since, names, base_year)}{'不满' if negated else '满'} {years} 年"
        case terms.Truth(input=item):
            return _input(item, names, base_year)
        case terms.Fixed(value=value):
            return "总是符合" if value else "总不符合"
        case terms.Member(input=item, options=options, wording=wording):
            said = wording or "、".join(names.value(item.id, option) for option in options)
            return f"{_input(item, names, base_year)}：{said}"
        case terms.SizeMember(classes=classes):
            return f"企业规模：{'、'.join(label for size, label in SIZE_LABELS.items() if size in classes)}"
        case terms.Holds(tiers=tiers):
            return f"持有有效的{'或'.join(names.tiers.get(tier, tier) for tier in tiers)}称号"
        case terms.Not(part=terms.Truth(input=item)):
            return f"无“{_input(item, names, base_year)}”情形"
        case terms.Not(part=part):
            return f"不属于（{describe_condition(part, names, base_year)}）"
        case terms.All(parts=parts):
            return "，且".join(_nested(part, names, base_year) for part in parts)
        case terms.AnyOf(parts=parts):
            return "，或".join(_nested(part, names, base_year) for part in parts)
        case terms.AtLeast(wanted=wanted, parts=parts):
            return f"下列至少 {wanted} 项：{'；'.join(_nested(part, names, base_year) for part in parts)}"


def describe_bound(term: terms.Compare, names: Names, base_year: int | None = None) -> str:
    """The right side of a comparison with its sign: ``≥ 1,000.00 万元``; a bare number takes the left side's unit."""
    right = term.right
    if isinstance(right, terms.Constant):
        kind = term.left.type if right.type.kind is Kind.NUMBER else right.type
        return f"{_COMPARATORS[term.comparator]} {show_value(right.value, kind)}"
    return f"{_COMPARATORS[term.comparator]} {describe(right, names, base_year)}"


def _nested(term: terms.Condition, names: Names, base_year: int | None) -> str:
    text = describe_condition(term, names, base_year)
    return f"（{text}）" if isinstance(term, terms.All | terms.AnyOf | terms.AtLeast) else text


def _operand(term: terms.Scalar, names: Names, base_year: int | None) -> str:
    text = describe(term, names, base_year)
    return f"（{text}）" if isinstance(term, terms.Arithmetic) else text


def _input(item: terms.Input, names: Names, base_year: int | None) -> str:
    indicator = names.indicators.get(item.id)
    label = item.id if indicator is None else indicator.label
    if item.offset is None:
        return label
    if base_year is not None:
        return f"{base_year + 1 + item.offset}年{label}"
    return {-1: "上年度", -2: "前一年度"}.get(item.offset, f"前 {-item.offset - 1} 年度") + label
