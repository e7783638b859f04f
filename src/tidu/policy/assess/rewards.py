"""Entitlements of one enterprise on a day: what is due under a pack, what blocks it, and the clause for each answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.entitlements import Entitlement, EntitlementStatus
from tidu.policy.assess.facts import Event, Facts, Recognition
from tidu.policy.assess.stacking import settle
from tidu.policy.assess.wording import Names, describe_condition, show_value
from tidu.policy.documents.benefits import (
    DecidedAmount,
    FixedAmount,
    Happening,
    RateAmount,
    ResolvedBenefit,
    times,
)
from tidu.policy.documents.pack import Force, Pack
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.compile import Moment, compile_condition, compile_scalar
from tidu.policy.language.extents import area_extent
from tidu.policy.language.missing import compile_missing
from tidu.policy.language.scope import did_you_mean
from tidu.policy.language.terms import Term, tiers_of
from tidu.policy.quantities import MONEY
from tidu.policy.status import Status
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.validation import closest
from tidu.policy.vocabulary.values import shown

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Cause:
    """What may trigger a benefit: the day, the thing it is for, words for it, and the values its rules see."""

    on: dt.date
    what_for: str
    words: str
    values: Mapping[str, Any]
    place: int
    arrived: dt.date | None = None


def rewards(
    pack: Pack, facts: Facts, *, as_of: dt.date, settings: Mapping[str, str] = _NO_SETTINGS
) -> tuple[Entitlement, ...]:
    """The entitlements under ``pack`` as known on ``as_of``.

    A cause counts when it lies on a day the pack was in force (a closed interval), so what fell due inside
    the dates stays payable after them. Every benefit of the pack answers at least once. Raises
    :class:`InputError` for unknown settings.
    """
    complete = pack.settings(settings)
    _check_payments(pack, facts, complete)
    found: list[Entitlement] = []
    for benefit in pack.benefits(complete):
        judge = _Judge(pack, facts, benefit, as_of, complete)
        answers = [judge.decide(cause) for cause in _causes(benefit, facts, as_of, pack)]
        found.extend(answers or [judge.not_triggered()])
    return tuple(settle(found, facts.payments, dict(pack.vocabulary.tiers)))


def _check_payments(pack: Pack, facts: Facts, settings: Mapping[str, str]) -> None:
    """Refuse a payment that is meant for a class of this pack and misses it by a slip: it would be paid again."""
    benefits = pack.benefits(settings)
    classes = {benefit.document.stacking.cls for benefit in benefits if benefit.document.stacking is not None}
    things = {*pack.vocabulary.tiers, *pack.event_kinds, *(benefit.document.id for benefit in benefits)}
    problems = []
    for index, payment in enumerate(facts.payments):
        if payment.cls not in classes:
            near = closest(payment.cls, classes)
            if near is not None:
                said = f"没有名为“{shown(payment.cls)}”的奖励类别"
                problems.append(Problem(said, key=f"payments.{index}.class", remedy=did_you_mean(near)))
        elif payment.what_for not in things:
            remedy = did_you_mean(closest(payment.what_for, things)) or "写称号层级、事项种类或奖励的标识"
            said = f"不知道“{shown(payment.what_for)}”是什么"
            problems.append(Problem(said, key=f"payments.{index}.for", remedy=remedy))
    if problems:
        raise InputError(*problems)


def _causes(benefit: ResolvedBenefit, facts: Facts, as_of: dt.date, pack: Pack) -> Iterator[_Cause]:
    if benefit.happening is Happening.EVENT:
        kind = pack.event_kinds[benefit.names[0]]
        for place, event in enumerate(facts.events):
            if event.kind == kind.id and event.on <= as_of:
                words = f"{event.on.isoformat()} {kind.label}"
                yield _Cause(event.on, event.kind, words, _seen(facts, event, benefit), place)
        return
    basis = "new" if benefit.happening is Happening.NEWLY_RECOGNISED else "re_review"
    kinds = pack.event_kinds  # an event that only another pack knows means nothing here
    arrivals = [
        event.on
        for event in facts.events
        if event.kind in kinds and kinds[event.kind].arrival and event.on <= as_of
    ]
    for place, title in enumerate(facts.recognitions or ()):
        if title.tier in benefit.names and title.basis == basis and title.recognised_on <= as_of:
            how = "新认定为" if basis == "new" else "复核通过，继续为"
            words = f"{title.recognised_on.isoformat()} {how}{pack.vocabulary.tiers[title.tier].label}"
            arrived = next((day for day in arrivals if day > title.recognised_on), None)
            yield _Cause(title.recognised_on, title.tier, words, _seen(facts, title, benefit), place, arrived)


def _seen(facts: Facts, cause: Event | Recognition, benefit: ResolvedBenefit) -> Mapping[str, Any]:
    """What the trigger's condition sees: the facts, the titles held on the day of the cause, the event's fields."""
    asked = () if benefit.condition is None else tiers_of(benefit.condition)
    if isinstance(cause, Event):
        return {**facts.on(cause.on, asked), **cause.values}
    return facts.on(cause.recognised_on, asked)


class _Judge:
    """Decides one benefit for one cause, first reason first: trigger, force, amount. Stacking comes after."""

    def __init__(
        self, pack: Pack, facts: Facts, benefit: ResolvedBenefit, as_of: dt.date, settings: Mapping[str, str]
    ) -> None:
        self._pack = pack
        self._area = facts.values.get("registered_area")
        self._benefit = benefit
        self._document = benefit.document
        self._moment = Moment(as_of, as_of.year - 1)
        self._settings = settings
        self._names = _event_names(pack, benefit)

    def not_triggered(self) -> Entitlement:
        names, tiers = self._benefit.names, self._pack.vocabulary.tiers
        if self._benefit.happening is Happening.EVENT:
            because = f"没有登记“{self._pack.event_kinds[names[0]].label}”事项"
        else:
            titles = "、".join(tiers[name].label for name in names)
            what = "新认定" if self._benefit.happening is Happening.NEWLY_RECOGNISED else "复核通过"
            because = f"没有{what}为{titles}的记录"
        return self._answer(EntitlementStatus.NOT_TRIGGERED, because)

    def decide(self, cause: _Cause) -> Entitlement:
        """The answer for ``cause`` before stacking."""
        elsewhere = self._elsewhere(cause)
        if elsewhere is not None:
            return elsewhere
        if cause.arrived is not None and self._benefit.happening is Happening.NEWLY_RECOGNISED:
            because = (
                f"{cause.words}，当时企业还没有迁入（{cause.arrived.isoformat()} 迁入），不属于本地新认定"
            )
            return self._answer(EntitlementStatus.NOT_TRIGGERED, because, cause)
        condition = self._benefit.condition
        if condition is not None:
            status = compile_condition(condition, self._moment)(cause.values)
            asked = describe_condition(condition, self._names)
            if status is Status.NOT_MET:
                return self._answer(
                    EntitlementStatus.NOT_TRIGGERED, f"{cause.words}，但不满足：{asked}", cause
                )
            if status is not Status.MET:
                because = f"{cause.words}；须先确认{self._missing(condition, cause) or asked}"
                return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause)
        return self._outside_of_force(cause) or self._amount(cause)

    def _missing(self, term: Term, cause: _Cause) -> str:
        return "、".join(self._names.key(key) for key in compile_missing(term, self._moment)(cause.values))

    def _elsewhere(self, cause: _Cause) -> Entitlement | None:
        """The answer for an enterprise that is not, or not surely, in the place whose money this is."""
        extent = area_extent(self._pack.document.jurisdiction)
        if self._area is None or extent is None:
            return None
        if self._area in extent.codes or self._area.startswith(extent.prefixes):
            return None
        place = load_places().path(self._area) or self._area
        if self._area in extent.broader:
            because = f"{cause.words}；登记地只填到{place}，须核实是否在{extent.name}"
            return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause)
        because = f"{cause.words}，但企业登记在{place}，不在{extent.name}"
        return self._answer(EntitlementStatus.NOT_TRIGGERED, because, cause)

    def _outside_of_force(self, cause: _Cause) -> Entitlement | None:
        if self._pack.force(cause.on, None, self._settings) is Force.IN_FORCE:
            return None
        since, until = self._pack.period(None, self._settings)
        span = (
            f"{since.isoformat()} 起施行"
            if until is None
            else f"施行期为 {since.isoformat()} 至 {until.isoformat()}"
        )
        because = f"{cause.words}，不在施行期内：{span}"
        cite = self._pack.document.in_force.cite
        return self._answer(EntitlementStatus.OUT_OF_FORCE, because, cause, extra=(cite,) if cite else ())

    def _amount(self, cause: _Cause) -> Entitlement:
        amount = self._benefit.amount
        if isinstance(amount, FixedAmount):
            return self._answer(EntitlementStatus.DUE, cause.words, cause, amount=amount.fen)
        if isinstance(amount, RateAmount):
            return self._rated(cause, amount)
        return self._decided(cause, amount)

    def _rated(self, cause: _Cause, amount: RateAmount) -> Entitlement:
        base = compile_scalar(amount.base, self._moment)(cause.values)
        if base is None:
            because = f"{cause.words}；缺{self._missing(amount.base, cause)}，不能计算金额"
            return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause)
        fen = times(amount.rate, base)
        percent = f"{float(amount.rate) * 100:g}%"
        because = f"{cause.words}；{show_value(base, MONEY)}的 {percent} 为 {show_value(fen, MONEY)}"
        if amount.cap is not None and fen > amount.cap:
            fen, because = amount.cap, f"{because}，最高 {show_value(amount.cap, MONEY)}"
        if amount.floor is not None and fen < amount.floor:
            fen, because = amount.floor, f"{because}，最低 {show_value(amount.floor, MONEY)}"
        if fen <= 0:
            return self._answer(EntitlementStatus.NOT_TRIGGERED, f"{because}，没有可兑付的金额", cause)
        return self._answer(EntitlementStatus.DUE, because, cause, amount=fen)

    def _decided(self, cause: _Cause, amount: DecidedAmount) -> Entitlement:
        limits = (amount.least, amount.most)
        span = f"{show_value(amount.least, MONEY)}至 {show_value(amount.most, MONEY)}"
        decided = compile_scalar(amount.decided, self._moment)(cause.values)
        if decided is None:
            because = f"{cause.words}；金额经评审在 {span} 之间确定"
            return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause, limits=limits)
        if not amount.least <= decided <= amount.most:
            because = f"{cause.words}；评审金额 {show_value(decided, MONEY)} 不在 {span} 之内，须复核"
            return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause, limits=limits)
        because = f"{cause.words}；评审确定 {show_value(decided, MONEY)}"
        return self._answer(EntitlementStatus.DUE, because, cause, amount=decided, limits=limits)

    def _answer(
        self,
        status: EntitlementStatus,
        because: str,
        cause: _Cause | None = None,
        *,
        amount: int | None = None,
        limits: tuple[int, int] | None = None,
        extra: tuple[str, ...] = (),
    ) -> Entitlement:
        return Entitlement(
            self._benefit,
            status,
            because,
            tuple(dict.fromkeys((self._document.cite, *extra))),
            amount,
            limits,
            None if cause is None else cause.on,
            None if cause is None else cause.what_for,
            0 if cause is None else cause.place,
        )


def _event_names(pack: Pack, benefit: ResolvedBenefit) -> Names:
    """The words in view of a benefit's rules: the event's fields stand before the indicators."""
    names = names_of(pack)
    if benefit.happening is not Happening.EVENT:
        return names
    return Names({**names.indicators, **pack.event_kinds[benefit.names[0]].fields}, names.tiers)
