"""The benefits of a pack in words and amounts of 元."""

from __future__ import annotations

from tidu.api.pack_shapes import AmountShown, BenefitShown, InstalmentShown, StackingShown, TriggerShown
from tidu.policy.assess.wording import Names, describe, describe_condition
from tidu.policy.documents.benefits import FixedAmount, Happening, RateAmount, ResolvedBenefit
from tidu.policy.documents.pack import Pack
from tidu.policy.quantities import yuan


def benefit_shown(benefit: ResolvedBenefit, pack: Pack, names: Names) -> BenefitShown:
    """One benefit under the pack's default interpretations."""
    document = benefit.document
    words = _names(benefit, pack, names)
    stacking = document.stacking
    return BenefitShown(
        id=document.id,
        label=document.label,
        summary=document.summary,
        form=document.form,
        trigger=TriggerShown(
            happening=benefit.happening,
            names=[*benefit.names],
            where=None if benefit.condition is None else describe_condition(benefit.condition, words),
        ),
        amount=_amount(benefit, words),
        instalments=[
            InstalmentShown(share=str(item.share), label=item.label, judge=item.judge)
            for item in document.instalments
        ],
        once_per=[*document.once_per],
        stacking=None
        if stacking is None
        else StackingShown(
            group=stacking.cls, rule=benefit.rule, upgrade=benefit.upgrade, cite=stacking.cite
        ),
        payers=[*document.payers],
        quota=document.quota,
        evidence=[*document.evidence],
        clawback=[*document.clawback],
        cite=document.cite,
    )


def _names(benefit: ResolvedBenefit, pack: Pack, names: Names) -> Names:
    """Where an event triggers the benefit, its rules also speak of the event's own fields."""
    if benefit.happening is not Happening.EVENT:
        return names
    return Names({**names.indicators, **pack.event_kinds[benefit.names[0]].fields}, names.tiers)


def _amount(benefit: ResolvedBenefit, names: Names) -> AmountShown:
    amount = benefit.amount
    if isinstance(amount, FixedAmount):
        return AmountShown(kind="fixed", amount=yuan(amount.fen))
    if isinstance(amount, RateAmount):
        return AmountShown(
            kind="rate",
            rate=str(amount.rate),
            of=describe(amount.base, names),
            least=None if amount.floor is None else yuan(amount.floor),
            most=None if amount.cap is None else yuan(amount.cap),
        )
    return AmountShown(
        kind="decided",
        of=describe(amount.decided, names),
        least=yuan(amount.least),
        most=yuan(amount.most),
    )
