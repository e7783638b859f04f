"""What a policy gives, in words: the amount, what brings it about, how often, and how it bears on other awards."""

from __future__ import annotations

from tidu.core.figures import plain_percent, round_money
from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.wording import Names, describe, describe_condition
from tidu.policy.documents.benefits import DecidedAmount, FixedAmount, Happening, RateAmount, ResolvedBenefit
from tidu.policy.documents.pack import Pack

_ONCE = {
    "enterprise": "每家企业一次",
    "tier": "每一层级一次",
    "event": "每一事项一次",
    "year": "每年一次",
}
_RULES = {
    "no_repeat": "同一事项已由其他政策奖励的，不再给",
    "take_highest": "同类奖励只给最高的一项",
    "difference": "扣除同类已领金额，只补差额",
}


def amount_words(benefit: ResolvedBenefit, pack: Pack) -> str:
    """How much: ``20 万元``, ``100 万元至 2,000 万元，由评审确定``, ``专利及技术交易费的 50%，最高 200 万元``."""
    match benefit.amount:
        case FixedAmount(fen=fen):
            return round_money(fen)
        case DecidedAmount(least=least, most=most):
            return f"{round_money(least)}至 {round_money(most)}，由评审确定"
        case RateAmount(rate=rate, base=base, cap=cap, floor=floor):
            parts = [f"{describe(base, _names(benefit, pack))}的 {plain_percent(rate)}"]
            parts += [] if floor is None else [f"最低 {round_money(floor)}"]
            parts += [] if cap is None else [f"最高 {round_money(cap)}"]
            return "，".join(parts)


def trigger_words(benefit: ResolvedBenefit, pack: Pack) -> str:
    """What brings it about: ``新认定为“小巨人”企业``, ``引进专利，且已转化并取得成效，且已通过评估``."""
    if benefit.happening is Happening.EVENT:
        what = pack.event_kinds[benefit.names[0]].label
    else:
        how = "新认定为" if benefit.happening is Happening.NEWLY_RECOGNISED else "复核通过，继续为"
        what = how + "或".join(pack.vocabulary.tiers[name].label for name in benefit.names)
    if benefit.condition is None:
        return what
    return f"{what}，且{describe_condition(benefit.condition, _names(benefit, pack))}"


def limits_words(benefit: ResolvedBenefit) -> str:
    """How often, and how earlier awards of the same class bear on it."""
    document = benefit.document
    parts = [_ONCE[way] for way in document.once_per if way != "enterprise" or len(document.once_per) == 1]
    if benefit.rule in _RULES:
        parts.append(_RULES[benefit.rule])
    if document.quota is not None:
        parts.append(f"每年不超过 {document.quota:,} 家")
    return "；".join(parts)


def _names(benefit: ResolvedBenefit, pack: Pack) -> Names:
    """The words in view of a benefit's rules: the fields of its event stand before the indicators."""
    names = names_of(pack)
    if benefit.happening is not Happening.EVENT:
        return names
    return Names({**names.indicators, **pack.event_kinds[benefit.names[0]].fields}, names.tiers)
