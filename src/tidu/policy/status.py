"""The four statuses of a criterion and the strong Kleene tables over them.

``unknown`` (an input is missing) and ``needs_review`` (a person must judge) both stand between true and false.
Where they meet, ``unknown`` prevails: a person can only be asked once the inputs are complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """The outcome of a rule for one enterprise."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NEEDS_REVIEW = "needs_review"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return _LABELS[self]

    @property
    def meaning(self) -> str:
        """One sentence that says what the status means to an applicant."""
        return _MEANINGS[self]


_LABELS = {
    Status.MET: "符合",
    Status.NOT_MET: "不符合",
    Status.UNKNOWN: "待补充",
    Status.NEEDS_REVIEW: "待人工评判",
}
_MEANINGS = {
    Status.MET: "按所填事实，条件已经满足。",
    Status.NOT_MET: "按所填事实，条件没有满足。",
    Status.UNKNOWN: "缺少事实，暂不能判断；不计为不符合。",
    Status.NEEDS_REVIEW: "须由审核人员或专家评判，系统不代为判断。",
}


def all_of(statuses: Iterable[Status]) -> Status:
    """Conjunction: one ``not_met`` decides; nothing at all is ``met``."""
    found = set(statuses)
    for decisive in (Status.NOT_MET, Status.UNKNOWN, Status.NEEDS_REVIEW):
        if decisive in found:
            return decisive
    return Status.MET


def any_of(statuses: Iterable[Status]) -> Status:
    """Disjunction: one ``met`` decides; nothing at all is ``not_met``."""
    found = set(statuses)
    for decisive in (Status.MET, Status.UNKNOWN, Status.NEEDS_REVIEW):
        if decisive in found:
            return decisive
    return Status.NOT_MET


def negate(status: Status) -> Status:
    """Negation: swaps ``met`` and ``not_met``, leaves the two undecided statuses as they are."""
    if status is Status.MET:
        return Status.NOT_MET
    if status is Status.NOT_MET:
        return Status.MET
    return status


def at_least(wanted: int, statuses: Iterable[Status]) -> Status:
    """Threshold: ``met`` once ``wanted`` of the statuses are met, ``not_met`` once that is out of reach.

    Undecided otherwise: ``unknown`` while any input is missing, ``needs_review`` when only judgements are left.
    ``at_least(1, …)`` equals :func:`any_of` and ``at_least(len, …)`` equals :func:`all_of`.
    """
    found = list(statuses)
    met = found.count(Status.MET)
    review = found.count(Status.NEEDS_REVIEW)
    unknown = found.count(Status.UNKNOWN)
    if met >= wanted:
        return Status.MET
    if met + review + unknown < wanted:
        return Status.NOT_MET
    return Status.UNKNOWN if unknown else Status.NEEDS_REVIEW
