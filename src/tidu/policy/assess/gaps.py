"""What would have to change: for every criterion that is not met or not known, the ways to meet it, cheapest first.

How hard a change is comes from the vocabulary (:class:`~tidu.policy.vocabulary.indicators.Effort`): supplying
a paper comes before obtaining a certificate, that before growing a figure, that before waiting. No number of
days is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.scoring import ItemScore
from tidu.policy.assess.wording import (
    Names,
    describe,
    describe_bound,
    describe_condition,
    show_margin,
    show_value,
)
from tidu.policy.documents.criteria import Criterion, PointsItem, PointsTable
from tidu.policy.language import terms
from tidu.policy.language.compile import Moment, compile_condition, compile_scalar
from tidu.policy.language.missing import compile_missing
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Effort, Indicator

Values = Mapping[str, Any]
UNKNOWN, NOT_MET, MET = Status.UNKNOWN, Status.NOT_MET, Status.MET
OPEN = frozenset({NOT_MET, UNKNOWN})


class Change(NamedTuple):
    """One thing to do: the flat names it touches, how hard it is, and what it rests on.

    ``rests_on`` is the condition to be met, the item of a points table to be improved, or ``None`` where
    values are to be supplied; ``found`` holds what there is now. ``text`` words it when it is asked for.
    """

    keys: tuple[str, ...]
    effort: Effort
    rests_on: terms.Condition | PointsItem | None
    found: Any
    label: str | None
    names: Names
    base_year: int

    @property
    def text(self) -> str:
        """The change in one Chinese sentence."""
        if self.rests_on is None:
            return self._supply()
        if isinstance(self.rests_on, PointsItem):
            return self._earn(self.rests_on)
        return self._meet(self.rests_on)

    def _supply(self) -> str:
        said = "、".join(self.names.key(key) for key in self.keys)
        if self.found is None:
            return f"补充{said}"
        return f"核对{said}：现为 {self.names.value(self.keys[0], self.found)}，不能据此计算"

    def _earn(self, item: PointsItem) -> str:
        room = f"现得 {self.found:g} 分，满分 {item.maximum:g} 分"
        if self.effort is Effort.PAPER and self.keys:
            said = "、".join(self.names.key(key) for key in self.keys)
            return f"{item.label}：补充{said}（{room}）"
        return f"{item.label}：提高得分（{room}）"

    def _meet(self, term: terms.Condition) -> str:
        if isinstance(term, terms.Compare):
            what = self.label or describe(term.left, self.names, self.base_year)
            now, limit = self.found
            kind = term.left.type
            bound = describe_bound(term, self.names, self.base_year)
            gap = show_margin(abs(limit - now), kind).lstrip("＋")
            return f"{what}现为 {show_value(now, kind)}，要求 {bound}，相差 {gap}"
        if isinstance(term, terms.Elapsed):
            return f"{describe_condition(term, self.names, self.base_year)}（时间未到）"
        if isinstance(term, terms.Holds):
            return f"先取得{'或'.join(self.names.tiers.get(tier, tier) for tier in term.tiers)}称号"
        return f"须满足：{describe_condition(term, self.names, self.base_year)}"


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
        return max([change.effort.rank for change in self.changes]), len(self.changes)


class Gap(NamedTuple):
    """An open criterion and the ways to close it, cheapest first."""

    criterion: Criterion
    status: Status
    ways: tuple[Way, ...]


Ways = tuple[Way, ...]
WaysOfResult = Callable[[CriterionResult, Values], Ways]
WaysOfTerm = Callable[[Values], Ways]


class GapFinder:
    """Finds the gaps of one tier at one moment; everything that does not depend on the enterprise is made once."""

    def __init__(self, criteria: Iterable[Criterion], moment: Moment, names: Names) -> None:
        self._moment = moment
        self._names = names
        self._ways = {item.id: self._of_criterion(item) for item in criteria}

    def find(self, results: Iterable[CriterionResult], values: Values) -> tuple[Gap, ...]:
        """The gaps of all open criteria, those with the cheapest way first."""
        gaps = [
            Gap(result.criterion, result.status, ways)
            for result in results
            if result.status in OPEN and (ways := self._ways[result.id](result, values))
        ]
        return tuple(sorted(gaps, key=lambda gap: gap.ways[0].cost))

    def _of_criterion(self, criterion: Criterion) -> WaysOfResult:
        if criterion.points is not None:
            return self._of_points(criterion.points)
        if criterion.condition is not None:
            ways_of_term = self._of_term(criterion.condition, criterion.label)
            return lambda _result, values: ways_of_term(values)
        inner = [self._of_criterion(branch) for branch in criterion.branches]

        def ways(result: CriterionResult, values: Values) -> Ways:
            wanted = criterion.wanted - sum(branch.status is MET for branch in result.branches)
            found = [
                way._replace(via=way.via or branch.criterion.label)
                for branch, ways_of_branch in zip(result.branches, inner, strict=True)
                if branch.status in OPEN
                for way in ways_of_branch(branch, values)[:1]
            ]
            return _choose(found, wanted)

        return ways

    # ---- conditions

    def _of_term(self, term: terms.Condition, label: str | None = None) -> WaysOfTerm:
        decide = compile_condition(term, self._moment)
        ways = self._of_open_term(term, label, decide)
        return lambda values: ways(values) if decide(values) in OPEN else ()

    def _of_open_term(
        self, term: terms.Condition, label: str | None, decide: Callable[[Values], Status]
    ) -> WaysOfTerm:
        match term:
            case terms.All(parts=parts):
                inner = [self._of_term(part) for part in parts]
                return lambda values: _together([ways[0] for read in inner if (ways := read(values))])
            case terms.AnyOf(parts=parts):
                inner = [self._of_term(part) for part in parts]
                return lambda values: _choose([way for read in inner for way in read(values)], 1)
            case terms.AtLeast(wanted=wanted, parts=parts):
                inner = [self._of_term(part) for part in parts]
                deciders = [compile_condition(part, self._moment) for part in parts]
                return lambda values: _choose(
                    [ways[0] for read in inner if (ways := read(values))],
                    wanted - sum(decide_part(values) is MET for decide_part in deciders),
                )
        supply, meet = self._supply(term), self._meet(term, label)
        return lambda values: supply(values) if decide(values) is UNKNOWN else meet(values)

    def _supply(self, term: terms.Condition) -> WaysOfTerm:
        missing = compile_missing(term, self._moment)
        names, base_year = self._names, self._moment.base_year

        def ways(values: Values) -> Ways:
            changes = [
                Change((key,), Effort.PAPER, None, values.get(key), None, names, base_year)
                for key in missing(values)
            ]
            return (Way(tuple(changes)),) if changes else ()

        return ways

    def _meet(self, term: terms.Condition, label: str | None) -> WaysOfTerm:
        inputs = terms.inputs_of(term)
        keys = tuple(item.key(self._moment.base_year) for item in inputs)
        effort = self._hardest(inputs, Effort.OBTAIN)
        names, base_year = self._names, self._moment.base_year
        if isinstance(term, terms.Compare):
            left, right = compile_scalar(term.left, self._moment), compile_scalar(term.right, self._moment)
            return lambda values: (
                Way((Change(keys, effort, term, (left(values), right(values)), label, names, base_year),)),
            )
        if isinstance(term, terms.Elapsed):
            effort = Effort.WAIT
        if isinstance(term, terms.Holds):
            keys, effort = tuple(f"holds_{tier}" for tier in term.tiers), Effort.BUILD
        fixed = (Way((Change(keys, effort, term, None, label, names, base_year),)),)
        return lambda _values: fixed

    def _hardest(self, inputs: Iterable[terms.Input], otherwise: Effort) -> Effort:
        """The hardest effort that the vocabulary declares for any of ``inputs``."""
        described = (self._names.indicators.get(item.id) for item in inputs)
        efforts = [item.effort for item in described if isinstance(item, Indicator)]
        return max(efforts, key=lambda effort: effort.rank, default=otherwise)

    # ---- points

    def _of_points(self, table: PointsTable) -> WaysOfResult:
        """Each item that can still earn points is a way of its own: partial, ordered by effort and then by gain."""
        improve = {item.id: self._improve(item) for group in table.groups for item in group.items}

        def ways(result: CriterionResult, values: Values) -> Ways:
            found = []
            for group in () if result.score is None else result.score.groups:
                for item in group.items:
                    gain = item.maximum - item.range.least
                    if gain > 0:
                        change = improve[item.id](item, values)
                        found.append((change.effort.rank, -gain, Way((change,), group.label)))
            return tuple(way for *_, way in sorted(found, key=lambda entry: entry[:2]))

        return ways

    def _improve(self, item: PointsItem) -> Callable[[ItemScore, Values], Change]:
        rules = [term for term in [*(band.condition for band in item.bands), item.scalar] if term is not None]
        inputs = tuple(dict.fromkeys(found for term in rules for found in terms.inputs_of(term)))
        keys = tuple(found.key(self._moment.base_year) for found in inputs)
        effort = self._hardest(inputs, Effort.BUILD)
        names, base_year = self._names, self._moment.base_year

        def change(score: ItemScore, values: Values) -> Change:
            least = score.range.least
            if score.openness is UNKNOWN:
                absent = tuple(key for key in keys if values.get(key) is None)
                return Change(absent, Effort.PAPER, item, least, None, names, base_year)
            return Change(keys, effort, item, least, None, names, base_year)

        return change


def _together(ways: list[Way]) -> Ways:
    return (Way(tuple(chain.from_iterable(way.changes for way in ways))),) if ways else ()


def _choose(ways: list[Way], wanted: int) -> Ways:
    """Alternatives, cheapest first; where several are needed at once, the cheapest so many as one way."""
    ordered = sorted(ways, key=lambda way: way.cost)
    return tuple(ordered) if wanted <= 1 else _together(ordered[:wanted])
