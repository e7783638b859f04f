"""Nothing is paid twice: once-keys, rewards of one class, upgrades, and taking the highest.

Answers are settled in the order in which their causes happened, against what was already paid and what fell due before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tidu.policy.assess.entitlements import Entitlement, EntitlementStatus
from tidu.policy.assess.facts import Payment
from tidu.policy.assess.wording import show_value
from tidu.policy.quantities import MONEY
from tidu.policy.vocabulary.indicators import Tier

DUE, BLOCKED, NEEDS_REVIEW = EntitlementStatus.DUE, EntitlementStatus.BLOCKED, EntitlementStatus.NEEDS_REVIEW


@dataclass(frozen=True, slots=True)
class _Award:
    """Money of a class for a thing (fen, ``None`` when nobody says how much), and words for it."""

    cls: str
    what_for: str | None
    amount: int | None
    words: str


@dataclass(slots=True)
class _Ledger:
    awards: list[_Award]
    keys: dict[tuple[object, ...], Entitlement] = field(default_factory=dict)


def settle(
    answers: Sequence[Entitlement], payments: Iterable[Payment], tiers: dict[str, Tier]
) -> list[Entitlement]:
    """Every answer after stacking, in the order given.

    A due answer may become blocked, reduced, or ``needs_review`` when an earlier payment counts against it
    but its amount is not known. Property: the sum of due amounts under one once-key never exceeds the first
    of them.
    """
    ledger = _Ledger([_paid(payment, tiers) for payment in payments])
    settled = list(answers)
    order = sorted(
        (index for index, answer in enumerate(answers) if answer.status is DUE),
        key=lambda index: (answers[index].cause is not None, answers[index].cause, index),
    )
    for index in order:
        settled[index] = _settle_one(answers[index], ledger)
    return _take_highest(settled)


def _paid(payment: Payment, tiers: dict[str, Tier]) -> _Award:
    what = tiers[payment.what_for].label if payment.what_for in tiers else payment.what_for
    when = f"{payment.on.isoformat()} " if payment.on else ""
    amount = f" {show_value(payment.amount, MONEY)}" if payment.amount is not None else ""
    words = f"{when}已由{payment.by or '其他部门'}就{what}发放{amount}"
    return _Award(payment.cls, payment.what_for, payment.amount, words)


def _settle_one(answer: Entitlement, ledger: _Ledger) -> Entitlement:
    key = _once_key(answer)
    first = ledger.keys.get(key)
    if first is not None:
        return answer.answered(
            BLOCKED, f"同一事项只奖励一次，已按 {first.cause} 的事项计算", answer.benefit.document.cite
        )
    answer = _within_class(answer, ledger)
    if answer.status is DUE:
        ledger.keys[key] = answer
        stacking = answer.benefit.document.stacking
        if stacking is not None and answer.benefit.rule != "take_highest":
            words = f"{answer.cause} 已计“{answer.benefit.document.label}” {show_value(answer.amount, MONEY)}"
            ledger.awards.append(_Award(stacking.cls, answer.what_for, answer.amount, words))
    return answer


def _within_class(answer: Entitlement, ledger: _Ledger) -> Entitlement:
    """Block or reduce a due answer by earlier awards of its class."""
    stacking = answer.benefit.document.stacking
    if stacking is None or answer.amount is None:
        return answer
    deducted = 0
    for award in ledger.awards:
        if award.cls != stacking.cls:
            continue
        bearing = answer.benefit.rule if award.what_for == answer.what_for else answer.benefit.upgrade
        if bearing == "no_repeat":
            return answer.answered(BLOCKED, f"{award.words}，同类奖励不重复", stacking.cite)
        if bearing in {"difference", "take_highest"}:
            if award.amount is None:
                return answer.answered(NEEDS_REVIEW, f"{award.words}，金额未填，须核实后补差", stacking.cite)
            deducted += award.amount
    if not deducted:
        return answer
    received = show_value(deducted, MONEY)
    if deducted >= answer.amount:
        return answer.answered(BLOCKED, f"同类奖励已有 {received}，没有差额", stacking.cite)
    rest = answer.amount - deducted
    return answer.reduced(rest, f"扣除同类已有 {received}，补差 {show_value(rest, MONEY)}", stacking.cite)


def _once_key(answer: Entitlement) -> tuple[object, ...]:
    """What may be rewarded only once. Two events are two things even when every word of them agrees."""
    parts: list[object] = [answer.id]
    for part in answer.benefit.document.once_per:
        if part == "tier":
            parts.append(answer.what_for)
        elif part == "event":
            parts.append((answer.what_for, answer.place))
        elif part == "year":
            parts.append(answer.cause.year if answer.cause else None)
    return tuple(parts)


def _take_highest(answers: list[Entitlement]) -> list[Entitlement]:
    """Within a class whose rule is to take the highest, all but the highest due amount are blocked."""
    best: dict[str, Entitlement] = {}
    for answer in answers:
        if _takes_highest(answer):
            cls = answer.benefit.document.stacking.cls if answer.benefit.document.stacking else ""
            former = best.get(cls)
            if former is None or (answer.amount or 0) > (former.amount or 0):
                best[cls] = answer
    settled = []
    for answer in answers:
        stacking = answer.benefit.document.stacking
        winner = best.get(stacking.cls) if stacking is not None else None
        if _takes_highest(answer) and stacking is not None and winner is not None and winner is not answer:
            because = f"同类从高，已按“{winner.benefit.document.label}”计算"
            settled.append(answer.answered(BLOCKED, because, stacking.cite))
        else:
            settled.append(answer)
    return settled


def _takes_highest(answer: Entitlement) -> bool:
    return answer.status is DUE and answer.benefit.rule == "take_highest"
