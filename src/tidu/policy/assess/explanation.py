"""One criterion for one enterprise, explained: status, the values it rests on, limit, margin and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from tidu.policy import status as kleene
from tidu.policy.assess.scoring import Score, compile_points
from tidu.policy.dates import years_before
from tidu.policy.documents.criteria import Criterion, PointsTable
from tidu.policy.language import terms
from tidu.policy.language.compile import Moment, comparison_bound, compile_condition, compile_scalar
from tidu.policy.language.missing import compile_missing
from tidu.policy.status import Status

Values = Mapping[str, Any]
MET, NOT_MET, UNKNOWN = Status.MET, Status.NOT_MET, Status.UNKNOWN
_NOTHING: Final[tuple[Any, ...]] = ()


class CriterionResult(NamedTuple):
    """The outcome of one criterion.

    ``keys`` and ``values`` run in parallel: flat names read and what was found (``None``: nothing). Where the
    criterion is one comparison, ``measured`` is its left side, ``limit`` its right side and ``margin`` the
    surplus (negative: the shortfall) in the engine's unit (fen, persons, 0.1, days); for a points table they
    are least total, minimum and their difference. ``missing`` names the inputs that keep the criterion
    unknown.
    """

    criterion: Criterion
    status: Status
    keys: tuple[str, ...]
    values: tuple[Any, ...]
    measured: Any = None
    limit: Any = None
    margin: Any = None
    missing: tuple[str, ...] = _NOTHING
    branches: tuple[CriterionResult, ...] = _NOTHING
    score: Score | None = None

    @property
    def id(self) -> str:
        """The criterion's id."""
        return self.criterion.id


Explainer = Callable[[Values], CriterionResult]


def explain_criterion(criterion: Criterion, moment: Moment) -> Explainer:
    """A closure that evaluates and explains ``criterion``."""
    if criterion.points is not None:
        return _points(criterion, criterion.points, moment)
    if criterion.branches or criterion.condition is None:
        return _branches(criterion, moment)
    condition = criterion.condition
    match condition:
        case terms.Compare() as compare:
            return _comparison(criterion, compare, moment)
        case terms.Elapsed() as elapsed:
            return _elapsed(criterion, elapsed, moment)
        case terms.Truth(input=item):
            return _single(criterion, condition, item, moment, limit=True)
        case terms.Not(part=terms.Truth(input=item)):
            return _single(criterion, condition, item, moment, limit=False)
        case terms.Member(input=item):
            return _single(criterion, condition, item, moment, limit=None)
        case _:
            return _general(criterion, condition, moment)


def keys_of(criterion: Criterion, base_year: int) -> tuple[str, ...]:
    """The flat names that a criterion reads, titles included."""
    inputs = [item.key(base_year) for item in criterion.inputs]
    return tuple(dict.fromkeys([*inputs, *(f"holds_{tier}" for tier in criterion.titles)]))


def _comparison(criterion: Criterion, term: terms.Compare, moment: Moment) -> Explainer:
    if isinstance(term.left, terms.Input) and isinstance(term.right, terms.Constant):
        return _limit(criterion, term, term.left.key(moment.base_year), term.right.value)
    keys = keys_of(criterion, moment.base_year)
    left, right = compile_scalar(term.left, moment), compile_scalar(term.right, moment)
    missing = compile_missing(term, moment)
    holds = comparison_bound(term.comparator, term.tolerance)
    downwards = term.comparator in {"<=", "<"}

    def explain(values: Values) -> CriterionResult:
        found = tuple([values.get(key) for key in keys])
        measured, limit = left(values), right(values)
        if measured is None or limit is None:
            return CriterionResult(criterion, UNKNOWN, keys, found, measured, limit, None, missing(values))
        margin = limit - measured if downwards else measured - limit
        decided = MET if holds(measured, limit) else NOT_MET
        return CriterionResult(criterion, decided, keys, found, measured, limit, margin)

    return explain


def _limit(criterion: Criterion, term: terms.Compare, key: str, limit: Any) -> Explainer:
    """The common case of a comparison: one input against a fixed limit."""
    keys = (key,)
    holds = comparison_bound(term.comparator, term.tolerance)
    downwards = term.comparator in {"<=", "<"}

    def explain(values: Values) -> CriterionResult:
        measured = values.get(key)
        if measured is None:
            return CriterionResult(criterion, UNKNOWN, keys, (None,), None, limit, None, keys)
        margin = limit - measured if downwards else measured - limit
        decided = MET if holds(measured, limit) else NOT_MET
        return CriterionResult(criterion, decided, keys, (measured,), measured, limit, margin)

    return explain


def _elapsed(criterion: Criterion, term: terms.Elapsed, moment: Moment) -> Explainer:
    key = term.since.key(moment.base_year)
    keys, cutoff = (key,), years_before(moment.as_of, term.years)
    decide = compile_condition(term, moment)

    def explain(values: Values) -> CriterionResult:
        since = values.get(key)
        if since is None:
            return CriterionResult(criterion, UNKNOWN, keys, (None,), None, cutoff, None, keys)
        margin = (since - cutoff).days if term.negated else (cutoff - since).days
        return CriterionResult(criterion, decide(values), keys, (since,), since, cutoff, margin)

    return explain


def _single(
    criterion: Criterion, condition: terms.Condition, item: terms.Input, moment: Moment, *, limit: bool | None
) -> Explainer:
    key = item.key(moment.base_year)
    keys = (key,)
    decide = compile_condition(condition, moment)

    def explain(values: Values) -> CriterionResult:
        value = values.get(key)
        decided = decide(values)
        missing = keys if decided is UNKNOWN else _NOTHING
        return CriterionResult(criterion, decided, keys, (value,), value, limit, None, missing)

    return explain


def _general(criterion: Criterion, condition: terms.Condition, moment: Moment) -> Explainer:
    keys = keys_of(criterion, moment.base_year)
    decide, missing = compile_condition(condition, moment), compile_missing(condition, moment)

    def explain(values: Values) -> CriterionResult:
        found = tuple([values.get(key) for key in keys])
        decided = decide(values)
        absent = missing(values) if decided is UNKNOWN else _NOTHING
        return CriterionResult(criterion, decided, keys, found, None, None, None, absent)

    return explain


def _points(criterion: Criterion, table: PointsTable, moment: Moment) -> Explainer:
    keys = keys_of(criterion, moment.base_year)
    score_of = compile_points(table, moment)
    missing = _missing_of_items(table, moment)

    def explain(values: Values) -> CriterionResult:
        found = tuple([values.get(key) for key in keys])
        score = score_of(values)
        absent = missing(score, values) if score.status is UNKNOWN else _NOTHING
        least = score.range.least
        margin = least - score.minimum
        return CriterionResult(
            criterion, score.status, keys, found, least, score.minimum, margin, absent, _NOTHING, score
        )

    return explain


def _missing_of_items(table: PointsTable, moment: Moment) -> Callable[[Score, Values], tuple[str, ...]]:
    """What the open items of a scored table still miss."""
    by_item = {
        item.id: compile_missing(
            terms.AnyOf(tuple(band.condition for band in item.bands if band.condition is not None))
            if item.scalar is None
            else item.scalar,
            moment,
        )
        for group in table.groups
        for item in group.items
    }

    def missing(score: Score, values: Values) -> tuple[str, ...]:
        open_items = [item.id for group in score.groups for item in group.items if item.openness is UNKNOWN]
        return tuple(dict.fromkeys(key for name in open_items for key in by_item[name](values)))

    return missing


def _branches(criterion: Criterion, moment: Moment) -> Explainer:
    keys = keys_of(criterion, moment.base_year)
    explainers = [explain_criterion(branch, moment) for branch in criterion.branches]
    wanted = criterion.wanted

    def explain(values: Values) -> CriterionResult:
        found = tuple([values.get(key) for key in keys])
        branches = tuple([explainer(values) for explainer in explainers])
        decided = kleene.at_least(wanted, [branch.status for branch in branches])
        missing = _NOTHING
        if decided is UNKNOWN:
            missing = tuple(dict.fromkeys(key for branch in branches for key in branch.missing))
        return CriterionResult(criterion, decided, keys, found, None, None, None, missing, branches)

    return explain
