"""The answer for one benefit: due or not, how much, why, and by which clause."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from tidu.policy.documents.benefits import ResolvedBenefit


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
    place: int = 0

    @property
    def id(self) -> str:
        """The benefit's id."""
        return self.benefit.document.id

    def answered(self, status: EntitlementStatus, because: str, *cites: str | None) -> Entitlement:
        """The same cause with another answer: a further reason is appended, further clauses are cited, no amount."""
        more = tuple(cite for cite in cites if cite and cite not in self.cites)
        return replace(
            self, status=status, because=f"{self.because}；{because}", cites=(*self.cites, *more), amount=None
        )

    def reduced(self, amount: int, because: str, cite: str | None) -> Entitlement:
        """The same answer with a smaller amount (fen) and the reason for it."""
        more = (cite,) if cite and cite not in self.cites else ()
        return replace(self, amount=amount, because=f"{self.because}；{because}", cites=(*self.cites, *more))
