"""Benefits after resolving: what triggers them and how much they come to, in fen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, cast, get_args

from tidu.policy.documents.pack_document import Benefit, Decided, Rate
from tidu.policy.documents.recognition_document import Switched
from tidu.policy.documents.resolve import Resolver
from tidu.policy.language.parse import RuleSyntaxError, parse_trigger
from tidu.policy.language.scope import Scope, Symbol, did_you_mean
from tidu.policy.language.terms import Condition, Scalar
from tidu.policy.quantities import Kind, Type
from tidu.policy.vocabulary.validation import closest
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.policy.vocabulary.yaml_source import KeyPath


class Happening(StrEnum):
    """What a benefit is given for."""

    NEWLY_RECOGNISED = "newly_recognised"
    RE_REVIEWED = "re_reviewed"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class FixedAmount:
    """A sum in fen."""

    fen: int


@dataclass(frozen=True, slots=True)
class RateAmount:
    """``rate`` × ``base``, rounded down to the fen, then held between ``floor`` and ``cap`` (fen)."""

    rate: Decimal
    base: Scalar
    cap: int | None
    floor: int | None


@dataclass(frozen=True, slots=True)
class DecidedAmount:
    """A sum that a review decides between ``least`` and ``most`` (fen); ``decided`` reads the decision."""

    decided: Scalar
    least: int
    most: int


Rule = Literal["no_repeat", "take_highest", "difference", "full"]
Upgrade = Literal["full", "difference", "no_repeat"]


@dataclass(frozen=True, slots=True)
class ResolvedBenefit:
    """A benefit whose rules are checked. ``names`` are tiers, or the one kind of event."""

    document: Benefit
    happening: Happening
    names: tuple[str, ...]
    condition: Condition | None
    amount: FixedAmount | RateAmount | DecidedAmount
    rule: Rule
    upgrade: Upgrade


def resolve_benefit(
    benefit: Benefit, resolver: Resolver, vocabulary: Vocabulary, path: KeyPath
) -> ResolvedBenefit | None:
    """Check one benefit; problems are collected by ``resolver``."""
    before = len(resolver.problems)
    written = resolver.pick(benefit.trigger, (*path, "trigger"))
    if written is None:
        return None
    try:
        trigger = parse_trigger(written)
    except RuleSyntaxError as error:
        resolver.say(
            (*path, "trigger"), str(error), "写法如 newly_recognised(srdi) 或 event(patent_introduced)"
        )
        return None
    if trigger.happening not in set(Happening):
        near = closest(trigger.happening, [str(kind) for kind in Happening])
        resolver.say((*path, "trigger"), f"没有名为“{trigger.happening}”的触发情形", did_you_mean(near))
        return None
    happening = Happening(trigger.happening)
    scope = _scope(happening, trigger.names, resolver, vocabulary, path)
    if scope is None:
        return None
    outer, resolver.scope = resolver.scope, scope
    try:
        condition = None
        if trigger.condition is not None:
            condition = _condition(written, resolver, path)
        amount = _amount(benefit, resolver, path)
        stacking = _stacking(benefit, resolver, path)
    finally:
        resolver.scope = outer
    if len(resolver.problems) > before or amount is None or stacking is None:
        return None
    return ResolvedBenefit(benefit, happening, trigger.names, condition, amount, *stacking)


def _stacking(benefit: Benefit, resolver: Resolver, path: KeyPath) -> tuple[Rule, Upgrade] | None:
    """How earlier awards of the class bear on this benefit: for the same thing, and for another one."""
    if benefit.stacking is None:
        return "full", "full"
    rule = _one_of(benefit.stacking.rule, get_args(Rule), resolver, (*path, "stacking", "rule"))
    upgrade = _one_of(benefit.stacking.upgrade, get_args(Upgrade), resolver, (*path, "stacking", "upgrade"))
    return None if rule is None or upgrade is None else (cast("Rule", rule), cast("Upgrade", upgrade))


def _one_of(written: str | Switched, known: tuple[str, ...], resolver: Resolver, path: KeyPath) -> str | None:
    picked = resolver.pick(written, path)
    if picked is not None and picked not in known:
        resolver.say(path, f"“{picked}”不在可选的值之内：{'、'.join(known)}")
        return None
    return picked


def _condition(trigger: str, resolver: Resolver, path: KeyPath) -> Condition | None:
    return resolver.condition(trigger.split("where", 1)[1].strip(), (*path, "trigger"))


def _scope(
    happening: Happening, names: tuple[str, ...], resolver: Resolver, vocabulary: Vocabulary, path: KeyPath
) -> Scope | None:
    scope = resolver.scope
    if happening is not Happening.EVENT:
        for name in names:
            if name not in scope.tiers:
                near = closest(name, scope.tiers)
                resolver.say((*path, "trigger"), f"没有名为“{name}”的称号层级", did_you_mean(near))
                return None
        return scope
    kinds = {**vocabulary.events, **resolver.document.events}
    if len(names) != 1 or names[0] not in kinds:
        near = closest(names[0], kinds)
        resolver.say((*path, "trigger"), f"没有名为“{'、'.join(names)}”的事项", did_you_mean(near))
        return None
    fields = {key: Symbol(item.type, item.label) for key, item in kinds[names[0]].fields.items()}
    inputs = {**scope.inputs, **fields}
    return Scope(inputs, scope.parameters, scope.tiers, scope.area, scope.industry)


def _amount(
    benefit: Benefit, resolver: Resolver, path: KeyPath
) -> FixedAmount | RateAmount | DecidedAmount | None:
    where = (*path, "amount")
    written = benefit.amount
    if isinstance(written, Rate):
        rate = resolver.of_kind(written.rate, (Kind.RATIO,), (*where, "rate"))
        base = _money(written.of, resolver, (*where, "of"))
        cap = _fen(written.cap, resolver, (*where, "cap"))
        floor = _fen(written.floor, resolver, (*where, "floor"))
        if rate is None or base is None:
            return None
        return RateAmount(Decimal(str(rate.value)), base, cap, floor)
    if isinstance(written, Decided):
        decided = _money(written.decided, resolver, (*where, "decided"))
        least = _fen(written.since, resolver, (*where, "from"))
        most = _fen(written.to, resolver, (*where, "to"))
        if decided is None or least is None or most is None:
            return None
        if least > most:
            resolver.say(where, "下限高于上限", "对调 from 与 to")
            return None
        return DecidedAmount(decided, least, most)
    fen = _fen(written, resolver, where)
    return None if fen is None else FixedAmount(fen)


def _fen(value: str | int | None, resolver: Resolver, path: KeyPath) -> int | None:
    constant = resolver.of_kind(value, (Kind.MONEY,), path)
    if constant is None or not isinstance(constant.value, int):
        return None
    if constant.value <= 0:
        resolver.say(path, "金额须大于 0")
        return None
    return constant.value


def _money(text: str, resolver: Resolver, path: KeyPath) -> Scalar | None:
    scalar = resolver.scalar(text, path)
    if scalar is not None and scalar.type.kind is not Kind.MONEY:
        resolver.say(path, f"这里应为{Type(Kind.MONEY).label}，而“{text}”是{scalar.type.label}")
        return None
    return scalar


def times(rate: Decimal, fen: int) -> int:
    """``rate`` × ``fen`` rounded down to the fen: the payer never rounds up public money."""
    return int(rate * fen)
