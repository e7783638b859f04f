"""Entitlements of one enterprise on a day: what is due under a pack, what blocks it, and the clause for each answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tidu.policy.assessment import names_of
from tidu.policy.benefits import DecidedAmount, FixedAmount, Happening, RateAmount, ResolvedBenefit, times
from tidu.policy.compile import Moment, compile_condition, compile_scalar
from tidu.policy.facts import Event, Facts, Payment, Recognition
from tidu.policy.missing import compile_missing
from tidu.policy.pack import Force, Pack
from tidu.policy.pack_document import Stacking
from tidu.policy.quantities import MONEY
from tidu.policy.status import Status
from tidu.policy.terms import tiers_of
from tidu.policy.wording import Names, describe_condition, show_value

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class EntitlementStatus(StrEnum):
    """The answer for one benefit."""

    DUE = "due"
    BLOCKED = "blocked"
    OUT_OF_FORCE = "out_of_force"
    NOT_TRIGGERED = "not_triggered"
    NEEDS_REVIEW = "needs_review"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return _LABELS[self]


_LABELS = {
    EntitlementStatus.DUE: "应兑付",
    EntitlementStatus.BLOCKED: "不可叠加",
    EntitlementStatus.OUT_OF_FORCE: "不在施行期内",
    EntitlementStatus.NOT_TRIGGERED: "未触发",
    EntitlementStatus.NEEDS_REVIEW: "待人工评判",
}


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One benefit for one cause (a title or an event), or the benefit alone where nothing triggers it.

    ``amount`` is fen when settled; ``range`` is (least, most) fen where a review decides; ``because`` says
    why in one or more sentences; ``cites`` are the clauses of the answer, the benefit's own first. ``cause``
    is the day of the cause.
    """

    benefit: ResolvedBenefit
    status: EntitlementStatus
    because: str
    cites: tuple[str, ...]
    amount: int | None = None
    range: tuple[int, int] | None = None
    cause: dt.date | None = None
    what_for: str | None = None

    @property
    def id(self) -> str:
        """The benefit's id."""
        return self.benefit.document.id


@dataclass(frozen=True, slots=True)
class _Cause:
    """What may trigger a benefit: the day, the thing it is for, words for it, and the values its rules see."""

    on: dt.date
    what_for: str
    words: str
    values: Mapping[str, Any]


def rewards(
    pack: Pack, facts: Facts, *, as_of: dt.date, settings: Mapping[str, str] = _NO_SETTINGS
) -> tuple[Entitlement, ...]:
    """The entitlements under ``pack`` as known on ``as_of``.

    A cause counts when it lies on a day the pack was in force (a closed interval), so what fell due inside
    the dates stays payable after them. Every benefit of the pack answers at least once. Raises
    :class:`InputError` for unknown settings.
    """
    complete = pack.settings(settings)
    found: list[Entitlement] = []
    for benefit in pack.benefits(complete):
        judge = _Judge(pack, facts, benefit, as_of, complete)
        answers = [judge.decide(cause) for cause in _causes(benefit, facts, as_of, pack)]
        found.extend(answers or [judge.not_triggered()])
    return tuple(_take_highest(_once(found)))


def _causes(benefit: ResolvedBenefit, facts: Facts, as_of: dt.date, pack: Pack) -> Iterator[_Cause]:
    tiers = pack.vocabulary.tiers
    if benefit.happening is Happening.EVENT:
        kind = pack.vocabulary.events.get(benefit.names[0]) or pack.document.events[benefit.names[0]]
        for event in facts.events:
            if event.kind == kind.id and event.on <= as_of:
                yield _Cause(
                    event.on, event.kind, f"{event.on.isoformat()} {kind.label}", _seen(facts, event, benefit)
                )
        return
    basis = "new" if benefit.happening is Happening.NEWLY_RECOGNISED else "re_review"
    for title in facts.recognitions or ():
        if title.tier in benefit.names and title.basis == basis and title.recognised_on <= as_of:
            how = "新认定为" if basis == "new" else "复核通过，继续为"
            words = f"{title.recognised_on.isoformat()} {how}{tiers[title.tier].label}"
            yield _Cause(title.recognised_on, title.tier, words, _seen(facts, title, benefit))


def _seen(facts: Facts, cause: Event | Recognition, benefit: ResolvedBenefit) -> Mapping[str, Any]:
    """What the trigger's condition sees: the facts, the titles held on the day of the cause, the event's fields."""
    asked = () if benefit.condition is None else tiers_of(benefit.condition)
    if isinstance(cause, Event):
        return {**facts.on(cause.on, asked), **cause.values}
    return facts.on(cause.recognised_on, asked)


class _Judge:
    """Decides one benefit for one cause, first reason first: trigger, force, earlier payments, amount."""

    def __init__(
        self, pack: Pack, facts: Facts, benefit: ResolvedBenefit, as_of: dt.date, settings: Mapping[str, str]
    ) -> None:
        self._pack = pack
        self._facts = facts
        self._benefit = benefit
        self._document = benefit.document
        self._as_of = as_of
        self._settings = settings
        self._names = _event_names(pack, benefit)

    def not_triggered(self) -> Entitlement:
        names, tiers = self._benefit.names, self._pack.vocabulary.tiers
        if self._benefit.happening is Happening.EVENT:
            kinds = self._pack.vocabulary.events | self._pack.document.events  # type: ignore[operator]
            because = f"没有登记“{kinds[names[0]].label}”事项"
        else:
            titles = "、".join(tiers[name].label for name in names)
            what = "新认定" if self._benefit.happening is Happening.NEWLY_RECOGNISED else "复核通过"
            because = f"没有{what}为{titles}的记录"
        return self._answer(EntitlementStatus.NOT_TRIGGERED, because)

    def decide(self, cause: _Cause) -> Entitlement:
        condition = self._benefit.condition
        moment = Moment(self._as_of, self._as_of.year - 1)
        if condition is not None:
            status = compile_condition(condition, moment)(cause.values)
            asked = describe_condition(condition, self._names)
            if status is Status.NOT_MET:
                return self._answer(
                    EntitlementStatus.NOT_TRIGGERED, f"{cause.words}，但不满足：{asked}", cause
                )
            if status is not Status.MET:
                absent = "、".join(
                    self._names.key(key) for key in compile_missing(condition, moment)(cause.values)
                )
                because = f"{cause.words}；须先确认{absent or asked}"
                return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause)
        outside = self._outside_of_force(cause)
        return outside or self._blocked(cause) or self._amount(cause, moment)

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

    def _blocked(self, cause: _Cause) -> Entitlement | None:
        stacking = self._document.stacking
        if stacking is None or stacking.rule == "full":
            return None
        for payment in self._facts.payments:
            if payment.cls != stacking.cls:
                continue
            same = payment.what_for == cause.what_for
            if (same and stacking.rule == "no_repeat") or (not same and self._benefit.upgrade == "no_repeat"):
                said = _payment_words(payment, self._pack)
                because = f"{cause.words}；{said}，同类奖励不重复"
                return self._answer(
                    EntitlementStatus.BLOCKED, because, cause, extra=(stacking.cite,) if stacking.cite else ()
                )
        return None

    def _amount(self, cause: _Cause, moment: Moment) -> Entitlement:
        amount = self._benefit.amount
        if isinstance(amount, FixedAmount):
            return self._due(cause, amount.fen, cause.words)
        if isinstance(amount, RateAmount):
            return self._rated(cause, amount, moment)
        return self._decided(cause, amount, moment)

    def _rated(self, cause: _Cause, amount: RateAmount, moment: Moment) -> Entitlement:
        base = compile_scalar(amount.base, moment)(cause.values)
        if base is None:
            absent = "、".join(
                self._names.key(key) for key in compile_missing(amount.base, moment)(cause.values)
            )
            return self._answer(
                EntitlementStatus.NEEDS_REVIEW, f"{cause.words}；缺{absent}，不能计算金额", cause
            )
        fen = times(amount.rate, base)
        percent = f"{float(amount.rate) * 100:g}%"
        because = f"{cause.words}；{show_value(base, MONEY)}的 {percent} 为 {show_value(fen, MONEY)}"
        if amount.cap is not None and fen > amount.cap:
            fen, because = amount.cap, f"{because}，最高 {show_value(amount.cap, MONEY)}"
        if amount.floor is not None and fen < amount.floor:
            fen, because = amount.floor, f"{because}，最低 {show_value(amount.floor, MONEY)}"
        return self._due(cause, fen, because)

    def _decided(self, cause: _Cause, amount: DecidedAmount, moment: Moment) -> Entitlement:
        limits = (amount.least, amount.most)
        span = f"{show_value(amount.least, MONEY)}至 {show_value(amount.most, MONEY)}"
        decided = compile_scalar(amount.decided, moment)(cause.values)
        if decided is None:
            because = f"{cause.words}；金额经评审在 {span} 之间确定"
            return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause, limits=limits)
        if not amount.least <= decided <= amount.most:
            because = f"{cause.words}；评审金额 {show_value(decided, MONEY)} 不在 {span} 之内，须复核"
            return self._answer(EntitlementStatus.NEEDS_REVIEW, because, cause, limits=limits)
        return self._due(cause, decided, f"{cause.words}；评审确定 {show_value(decided, MONEY)}", limits)

    def _due(
        self, cause: _Cause, fen: int, because: str, limits: tuple[int, int] | None = None
    ) -> Entitlement:
        stacking = self._document.stacking
        extra: tuple[str, ...] = ()
        if stacking is not None:
            deducted = self._deducted(cause, stacking)
            extra = (stacking.cite,) if deducted and stacking.cite else ()
            if deducted >= fen:
                because = f"{because}；同类奖励已收 {show_value(deducted, MONEY)}，没有差额"
                return self._answer(EntitlementStatus.BLOCKED, because, cause, extra=extra)
            if deducted:
                fen -= deducted
                because = (
                    f"{because}；扣除同类已收 {show_value(deducted, MONEY)}，补差 {show_value(fen, MONEY)}"
                )
        return self._answer(EntitlementStatus.DUE, because, cause, amount=fen, limits=limits, extra=extra)

    def _deducted(self, cause: _Cause, stacking: Stacking) -> int:
        """Fen of the same class already received that this reward has to be reduced by."""
        total = 0
        for payment in self._facts.payments:
            if payment.cls != stacking.cls or payment.amount is None:
                continue
            same = payment.what_for == cause.what_for
            if (same and stacking.rule == "difference") or (
                not same and self._benefit.upgrade == "difference"
            ):
                total += payment.amount
        return total

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
        )


def _payment_words(payment: Payment, pack: Pack) -> str:
    tier = pack.vocabulary.tiers.get(payment.what_for)
    what = tier.label if tier is not None else payment.what_for
    when = f"{payment.on.isoformat()} " if payment.on else ""
    amount = f" {show_value(payment.amount, MONEY)}" if payment.amount is not None else ""
    return f"{when}已由{payment.by or '其他部门'}就{what}发放{amount}"


def _event_names(pack: Pack, benefit: ResolvedBenefit) -> Names:
    """The words in view of a benefit's rules: the event's fields stand before the indicators."""
    names = names_of(pack)
    if benefit.happening is not Happening.EVENT:
        return names
    kind = pack.vocabulary.events.get(benefit.names[0]) or pack.document.events[benefit.names[0]]
    return Names({**names.indicators, **kind.fields}, names.tiers)


def _once(found: list[Entitlement]) -> list[Entitlement]:
    """Keep the first due answer per once-key; later ones are blocked by it."""
    seen: dict[tuple[object, ...], Entitlement] = {}
    kept = []
    for entitlement in found:
        if entitlement.status is not EntitlementStatus.DUE:
            kept.append(entitlement)
            continue
        key = _once_key(entitlement)
        first = seen.setdefault(key, entitlement)
        if first is not entitlement:
            because = f"{entitlement.because}；同一事项只奖励一次，已按 {first.cause} 的事项计算"
            kept.append(_blocked_by(entitlement, because))
        else:
            kept.append(entitlement)
    return kept


def _once_key(entitlement: Entitlement) -> tuple[object, ...]:
    parts: list[object] = [entitlement.id]
    for part in entitlement.benefit.document.once_per:
        if part == "tier":
            parts.append(entitlement.what_for)
        elif part == "event":
            parts.append((entitlement.what_for, entitlement.cause, entitlement.because))
        elif part == "year":
            parts.append(entitlement.cause.year if entitlement.cause else None)
    return tuple(parts)


def _take_highest(found: list[Entitlement]) -> Iterator[Entitlement]:
    """Within a class whose rule is to take the highest, all but the highest due amount are blocked."""
    best: dict[str, Entitlement] = {}
    for entitlement in found:
        stacking = entitlement.benefit.document.stacking
        if stacking and stacking.rule == "take_highest" and entitlement.status is EntitlementStatus.DUE:
            former = best.get(stacking.cls)
            if former is None or (entitlement.amount or 0) > (former.amount or 0):
                best[stacking.cls] = entitlement
    for entitlement in found:
        stacking = entitlement.benefit.document.stacking
        winner = best.get(stacking.cls) if stacking and stacking.rule == "take_highest" else None
        if winner is not None and winner is not entitlement and entitlement.status is EntitlementStatus.DUE:
            because = f"{entitlement.because}；同类从高，已按“{winner.benefit.document.label}”计算"
            cite = stacking.cite if stacking else None
            yield _blocked_by(entitlement, because, cite)
        else:
            yield entitlement


def _blocked_by(entitlement: Entitlement, because: str, cite: str | None = None) -> Entitlement:
    cites = (*entitlement.cites, cite) if cite and cite not in entitlement.cites else entitlement.cites
    return Entitlement(
        entitlement.benefit,
        EntitlementStatus.BLOCKED,
        because,
        cites,
        None,
        None,
        entitlement.cause,
        entitlement.what_for,
    )
