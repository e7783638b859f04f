"""What titles and events bring under the packs of a place, in words: amount, answer, reason, clauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.core.figures import round_money
from tidu.policy.assess.entitlements import Entitlement, EntitlementStatus
from tidu.policy.assess.facts import Facts
from tidu.policy.assess.rewards import rewards
from tidu.policy.documents.pack import Pack

_NO_SETTINGS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({})
_STATES: Final = {
    EntitlementStatus.DUE: "met",
    EntitlementStatus.BLOCKED: "not_met",
    EntitlementStatus.OUT_OF_FORCE: "expired",
    EntitlementStatus.NEEDS_REVIEW: "needs_review",
}


@dataclass(frozen=True, slots=True)
class Reward:
    """One benefit that a stated title or event bears on. ``state`` is a key of ``components.STATES``."""

    label: str
    policy: str
    state: str
    word: str
    amount: str
    because: str
    clauses: tuple[Clause, ...]


def shown_rewards(
    packs: Iterable[Pack],
    facts: Facts,
    *,
    as_of: dt.date,
    settings: Mapping[str, Mapping[str, str]] = _NO_SETTINGS,
) -> tuple[tuple[Reward, ...], int]:
    """The benefits that something stated bears on, and how many nothing triggers. ``settings`` are by pack."""
    found: list[Reward] = []
    untriggered = 0
    for pack in packs:
        for item in rewards(pack, facts, as_of=as_of, settings=settings.get(pack.id, {})):
            if item.status is EntitlementStatus.NOT_TRIGGERED:
                untriggered += 1
                continue
            found.append(
                Reward(
                    item.benefit.document.label,
                    pack.document.short_title,
                    _STATES[item.status],
                    item.status.label,
                    _amount(item),
                    item.because,
                    clauses(pack, item.cites),
                )
            )
    return tuple(found), untriggered


def _amount(item: Entitlement) -> str:
    if item.amount is not None:
        return round_money(item.amount)
    if item.range is None:
        return "—"
    least, most = item.range
    return f"{round_money(least)} 至 {round_money(most)}"
