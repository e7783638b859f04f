"""Whether the worked examples of a pack reach both sides, and the exact limit, of every rule in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tidu.policy.assess.assessment import Assessment
from tidu.policy.assess.entitlements import Entitlement, EntitlementStatus
from tidu.policy.documents.criteria import Criterion, PointsItem
from tidu.policy.documents.pack import Pack
from tidu.policy.language import terms
from tidu.policy.quantities import TOLERANCE
from tidu.policy.status import Status

_ANSWERS = (EntitlementStatus.DUE, EntitlementStatus.NOT_TRIGGERED, EntitlementStatus.OUT_OF_FORCE)


class Coverage:
    """Collects what the examples reach, and names what none of them does."""

    def __init__(self) -> None:
        self._criteria: dict[tuple[str, str], set[Status]] = {}
        self._on_limit: set[tuple[str, str]] = set()
        self._points: dict[tuple[str, str], set[float]] = {}
        self._benefits: dict[str, set[EntitlementStatus]] = {}

    def note_assessment(self, found: Assessment) -> None:
        """Remember the outcomes of one assessment, branches and scored items included."""
        pending = list(found.criteria)
        while pending:
            result = pending.pop()
            key = (found.tier, result.id)
            self._criteria.setdefault(key, set()).add(result.status)
            if result.margin is not None and abs(result.margin) <= TOLERANCE:
                self._on_limit.add(key)
            for group in () if result.score is None else result.score.groups:
                for item in group.items:
                    if item.range.least == item.range.greatest:
                        self._points.setdefault((found.tier, item.id), set()).add(item.range.least)
            pending.extend(result.branches)

    def note_rewards(self, answers: Iterable[Entitlement]) -> None:
        """Remember the answers of one call."""
        for answer in answers:
            self._benefits.setdefault(answer.id, set()).add(answer.status)

    def gaps(self, pack: Pack) -> Iterator[str]:
        """One sentence for every rule of ``pack`` that lacks an example."""
        for tier in pack.tiers:
            pending = list(pack.criteria(tier).criteria)
            while pending:
                criterion = pending.pop(0)
                yield from self._criterion_gaps(tier, criterion)
                pending.extend(criterion.branches)
                for group in () if criterion.points is None else criterion.points.groups:
                    for item in group.items:
                        yield from self._item_gaps(tier, item)
        for benefit in pack.benefits():
            reached = self._benefits.get(benefit.document.id, set())
            wanted = _ANSWERS if benefit.rule == "full" else (*_ANSWERS, EntitlementStatus.BLOCKED)
            for answer in wanted:
                if answer not in reached:
                    yield f"奖励 {benefit.document.id} 没有结果为 {answer} 的例子"

    def _criterion_gaps(self, tier: str, criterion: Criterion) -> Iterator[str]:
        key = (tier, criterion.id)
        wanted = {Status.MET, Status.NOT_MET}
        if criterion.question is not None:
            wanted.add(Status.NEEDS_REVIEW)
        for status in sorted(wanted - self._criteria.get(key, set())):
            yield f"{tier}：条件 {criterion.id} 没有结果为 {status} 的例子"
        limited = isinstance(criterion.condition, terms.Compare | terms.Elapsed)
        if limited and key not in self._on_limit:
            yield f"{tier}：条件 {criterion.id} 没有恰好在限值上的例子"

    def _item_gaps(self, tier: str, item: PointsItem) -> Iterator[str]:
        reached = self._points.get((tier, item.id), set())
        if not item.bands and len(reached) == 1:
            yield f"{tier}：计分项 {item.id} 的例子只有一种得分"
        wanted = set() if item.additive else {band.points for band in item.bands}
        for points in sorted(wanted - reached):
            yield f"{tier}：计分项 {item.id} 没有得 {points:g} 分的例子"
