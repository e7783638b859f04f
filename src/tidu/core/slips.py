"""Figures that can be read and are hardly meant: money typed in 元 where 万元 is asked, days that have not come.

A slip is told beside its field with the figure that was probably meant. It counts as typed until the visitor changes
it, for a rare enterprise really is so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tidu.core.components import Offer
from tidu.core.entry import money_text
from tidu.core.figures import day_in_words, round_money
from tidu.core.tier_questions import indicator_named
from tidu.policy.assess.facts import Facts
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Indicator

YUAN_PER_WAN: Final = 10_000
SUSPICIOUS: Final = 1_000  # times what stands beside it; growth of this size is a slip of the unit
ENORMOUS: Final = 100_000_000_000 * 100  # fen: 1000 亿元, more than any small or medium enterprise turns over


@dataclass(frozen=True, slots=True)
class Slip:
    """What is odd about a figure, and the figure that may have been meant."""

    text: str
    offers: tuple[Offer, ...]


def slips_of(facts: Facts, indicators: Mapping[str, Indicator], as_of: dt.date) -> dict[str, Slip]:
    """The slips among ``facts``, by flat name."""
    found: dict[str, Slip] = {}
    for name, value in facts.values.items():
        described = indicator_named(name, indicators)
        if described is None:
            continue
        indicator, year = described
        if indicator.kind is Kind.MONEY and isinstance(value, int):
            slip = _in_yuan(name, value, indicator, year, facts)
        elif indicator.kind is Kind.DATE and isinstance(value, dt.date) and value > as_of:
            slip = Slip(f"{day_in_words(value)}晚于评估日 {day_in_words(as_of)}，请核对。", ())
        else:
            slip = None
        if slip is not None:
            found[name] = slip
    return found


def _in_yuan(name: str, value: int, indicator: Indicator, year: int | None, facts: Facts) -> Slip | None:
    what = f"{year} 年{indicator.label}" if year else indicator.label
    meant = money_text(round(value / YUAN_PER_WAN))
    offers = (Offer(f"改为 {meant} 万元", meant), Offer("数值无误，保留"))
    advice = f"单位是万元；如果按元填写，应为 {meant} 万元。"
    beside = _beside(name, indicator, year, facts)
    for words, other in beside.items():
        if other > 0 and value >= SUSPICIOUS * other:
            return Slip(f"{what}是{words}的 {value / other:,.0f} 倍。{advice}", offers)
    if not beside and value >= ENORMOUS:
        return Slip(f"{what}合 {round_money(value)}。{advice}", offers)
    return None


def _beside(name: str, indicator: Indicator, year: int | None, facts: Facts) -> dict[str, int]:
    """What a figure is compared with, by the words for it: the year before, other years, else the year's revenue."""
    if year is None:
        return {}
    years = {
        int(other.rpartition("_")[2]): value
        for other, value in facts.values.items()
        if other != name and other.rpartition("_")[0] == indicator.id and isinstance(value, int)
    }
    beside = {"上年": years.pop(year - 1)} if year - 1 in years else {}
    beside |= {f" {other} 年": value for other, value in sorted(years.items())}
    revenue = facts.values.get(f"revenue_{year}")
    if not beside and indicator.id != "revenue" and isinstance(revenue, int):
        beside["当年营业收入"] = revenue
    return beside
