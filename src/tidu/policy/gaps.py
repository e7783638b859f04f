"""What would have to change: for every criterion that is not met or not known, the ways to meet it, cheapest first.

How hard a change is comes from the vocabulary (:class:`~tidu.policy.indicators.Effort`): supplying a paper comes before
obtaining a certificate, that before growing a figure, that before waiting. No number of days is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from tidu.policy import terms
from tidu.policy.compile import Moment, compile_condition, compile_scalar
from tidu.policy.criteria import Criterion, PointsItem, PointsTable
from tidu.policy.explanation import CriterionResult, missing_in
from tidu.policy.indicators import Effort, Indicator
from tidu.policy.scoring import compile_points
from tidu.policy.status import Status
from tidu.policy.wording import Names, describe, describe_bound, describe_condition, show_margin, show_value

Values = Mapping[str, Any]
OPEN = frozenset({Status.NOT_MET, Status.UNKNOWN})


class Change(NamedTuple):
    """One thing to do: in words, the flat names it touches, and how hard it is."""

    text: str
    keys: tuple[str, ...]
    effort: Effort


class Way(NamedTuple):
    """Changes that together meet a criterion. ``via`` is the branch they belong to, if there are branches."""

    changes: tuple[Change, ...]
    via: str | None = None

    @property
    def effort(self) -> Effort:
        """The hardest of its changes."""
        return max((change.effort for change in self.changes), key=lambda effort: effort.rank)

    @property
    def cost(self) -> tuple[int, int]:
        """Order of cheapness: the hardest change first, then how many there are."""
        return self.effort.rank, len(self.changes)


class Gap(NamedTuple):
    """An open criterion and the ways to close it, cheapest first."""

    criterion: Criterion
    status: Status
    ways: tuple[Way, ...]


def find_gaps(
    results: Iterable[CriterionResult], values: Values, moment: Moment, names: Names
) -> tuple[Gap, ...]:
    """The gaps of all open criteria, those with the cheapest way first."""
    finder = _Finder(values, moment, names)
    gaps = [
        Gap(result.criterion, result.status, ways)
        for result in results
        if result.status in OPEN and (ways := finder.criterion(result))
    ]
    return tuple(sorted(gaps, key=lambda gap: gap.ways[0].cost))


class _Finder:
    def __init__(self, values: Values, moment: Moment, names: Names) -> None:
        self._values = values
        self._moment = moment
        self._names = names

    def criterion(self, result: CriterionResult) -> tuple[Way, ...]:
        criterion = result.criterion
        if result.branches:
            wanted = criterion.wanted - sum(branch.status is Status.MET for branch in result.branches)
            per_branch = [
                way._replace(via=way.via or branch.criterion.label)
                for branch in result.branches
                if branch.status in OPEN
                for way in self.criterion(branch)[:1]
            ]
            return _choose(per_branch, wanted)
        if criterion.points is not None:
            return self._points(criterion.points)
        return () if criterion.condition is None else self._condition(criterion.condition, criterion.label)

    def _condition(self, term: terms.Condition, label: str | None = None) -> tuple[Way, ...]:
        status = compile_condition(term, self._moment)(self._values)
        if status not in OPEN:
            return ()
        match term:
            case terms.All(parts=parts):
                inner = [ways[0] for part in parts if (ways := self._condition(part))]
                return (Way(tuple(chain.from_iterable(way.changes for way in inner))),) if inner else ()
            case terms.AnyOf(parts=parts):
                return _choose([way for part in parts for way in self._condition(part)], 1)
            case terms.AtLeast(wanted=wanted, parts=parts):
                met = sum(compile_condition(part, self._moment)(self._values) is Status.MET for part in parts)
                return _choose([ways[0] for part in parts if (ways := self._condition(part))], wanted - met)
        if status is Status.UNKNOWN:
            return (Way(tuple(self._supply(key) for key in missing_in(term, self._values, self._moment))),)
        return (Way((self._raise(term, label),)),)

    def _supply(self, key: str) -> Change:
        if self._values.get(key) is None:
            return Change(f"补充{self._names.key(key)}", (key,), Effort.PAPER)
        shown = self._names.value(key, self._values[key])
        return Change(f"核对{self._names.key(key)}：现为 {shown}，不能据此计算", (key,), Effort.PAPER)

    def _raise(self, term: terms.Condition, label: str | None) -> Change:
        inputs = terms.inputs_of(term)
        keys = tuple(item.key(self._moment.base_year) for item in inputs)
        effort = self._hardest(inputs, Effort.OBTAIN)
        base_year = self._moment.base_year
        if isinstance(term, terms.Compare):
            now = compile_scalar(term.left, self._moment)(self._values)
            limit = compile_scalar(term.right, self._moment)(self._values)
            kind = term.left.type
            what = label or describe(term.left, self._names, base_year)
            gap = show_margin(abs(limit - now), kind).lstrip("＋")
            wanted = describe_bound(term, self._names, base_year)
            return Change(f"{what}现为 {show_value(now, kind)}，要求 {wanted}，相差 {gap}", keys, effort)
        if isinstance(term, terms.Elapsed):
            return Change(
                f"{describe_condition(term, self._names, base_year)}（时间未到）", keys, Effort.WAIT
            )
        if isinstance(term, terms.Holds):
            return Change(
                f"先取得{describe_condition(term, self._names)[2:]}",
                (f"holds_{term.tiers[0]}",),
                Effort.BUILD,
            )
        return Change(f"须满足：{describe_condition(term, self._names, base_year)}", keys, effort)

    def _hardest(self, inputs: Iterable[terms.Input], otherwise: Effort) -> Effort:
        """The hardest effort that the vocabulary declares for any of ``inputs``."""
        described = (self._names.indicators.get(item.id) for item in inputs)
        efforts = [item.effort for item in described if isinstance(item, Indicator)]
        return max(efforts, key=lambda effort: effort.rank, default=otherwise)

    # ---- points

    def _points(self, table: PointsTable) -> tuple[Way, ...]:
        """Each item that can still earn points is a way of its own: partial, ordered by effort and then by gain."""
        score = compile_points(table, self._moment)(self._values)
        by_id = {item.id: item for group in table.groups for item in group.items}
        found = []
        for group in score.groups:
            for scored in group.items:
                gain = scored.maximum - scored.range.least
                if gain > 0:
                    change = self._earn(by_id[scored.id], scored.range.least, scored.openness)
                    found.append((change.effort.rank, -gain, Way((change,), group.label)))
        return tuple(way for *_, way in sorted(found, key=lambda entry: entry[:2]))

    def _earn(self, item: PointsItem, points: float, openness: Status) -> Change:
        inputs = dict.fromkeys(
            found
            for term in [*(band.condition for band in item.bands), item.scalar]
            if term is not None
            for found in terms.inputs_of(term)
        )
        keys = tuple(found.key(self._moment.base_year) for found in inputs)
        absent = tuple(key for key in keys if self._values.get(key) is None)
        room = f"现得 {points:g} 分，满分 {item.maximum:g} 分"
        if openness is Status.UNKNOWN and absent:
            said = "、".join(self._names.key(key) for key in absent)
            return Change(f"{item.label}：补充{said}（{room}）", absent, Effort.PAPER)
        effort = self._hardest(inputs, Effort.BUILD)
        return Change(f"{item.label}：提高得分（{room}）", keys, effort)


def _choose(ways: list[Way], wanted: int) -> tuple[Way, ...]:
    """Alternatives, cheapest first; where several are needed at once, the cheapest so many as one way."""
    ordered = sorted(ways, key=lambda way: way.cost)
    if wanted <= 1 or not ordered:
        return tuple(ordered)
    return (Way(tuple(chain.from_iterable(way.changes for way in ordered[:wanted]))),)
