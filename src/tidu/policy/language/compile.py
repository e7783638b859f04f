"""Checked terms → closures over the flat values of one enterprise.

Dates and years are folded when a closure is made (:class:`Moment`), so that evaluating reads a dictionary and compares.
A scalar closure returns a number, a date or ``None`` (missing); a condition closure returns a status.
"""

from __future__ import annotations

import datetime as dt
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidu.policy import status
from tidu.policy.dates import years_before
from tidu.policy.language import terms
from tidu.policy.quantities import EXACT, LARGEST_REAL
from tidu.policy.status import Status
from tidu.policy.vocabulary.size import possible_sizes

#: Largest magnitude of a computed exact number. Beyond it a result is missing, on every engine alike.
LARGEST_RESULT: Final = 4 * 10**18

Values = Mapping[str, Any]
ScalarClosure = Callable[[Values], Any]
ConditionClosure = Callable[[Values], Status]

MET, NOT_MET, UNKNOWN, NEEDS_REVIEW = Status.MET, Status.NOT_MET, Status.UNKNOWN, Status.NEEDS_REVIEW


@dataclass(frozen=True, slots=True)
class Moment:
    """The day and the base year for which rules are asked."""

    as_of: dt.date
    base_year: int


def compile_scalar(term: terms.Scalar, moment: Moment) -> ScalarClosure:
    """A closure that yields the value of ``term``, or ``None`` where it is missing or not defined."""
    match term:
        case terms.Constant(value=value):
            return lambda _values: value
        case terms.Input():
            key = term.key(moment.base_year)
            return lambda values: values.get(key)
        case terms.Arithmetic():
            return _arithmetic(term, moment)
        case terms.Extreme(which=which, parts=parts):
            closures = [compile_scalar(part, moment) for part in parts]
            choose: Callable[[list[Any]], Any] = min if which == "min" else max
            return _extreme(choose, closures)
        case terms.Growth():
            return _growth(term, moment)


def _extreme(choose: Callable[[list[Any]], Any], closures: list[ScalarClosure]) -> ScalarClosure:
    def read(values: Values) -> Any:
        found = [part(values) for part in closures]
        return None if None in found else choose(found)

    return read


def _arithmetic(term: terms.Arithmetic, moment: Moment) -> ScalarClosure:
    left, right = compile_scalar(term.left, moment), compile_scalar(term.right, moment)
    if term.operator == "/":
        return _quotient(left, right)
    apply = {"+": operator.add, "-": operator.sub, "*": operator.mul}[term.operator]
    largest = LARGEST_RESULT if term.type.kind in EXACT else LARGEST_REAL

    def read(values: Values) -> Any:
        first, second = left(values), right(values)
        if first is None or second is None:
            return None
        result = apply(first, second)
        return result if -largest <= result <= largest else None

    return read


def _quotient(left: ScalarClosure, right: ScalarClosure) -> ScalarClosure:
    def read(values: Values) -> float | None:
        first, second = left(values), right(values)
        if first is None or not second:
            return None
        result = float(first) / float(second)
        return result if -LARGEST_REAL <= result <= LARGEST_REAL else None

    return read


def _growth(term: terms.Growth, moment: Moment) -> ScalarClosure:
    keys = [item.key(moment.base_year) for item in term.inputs]
    years = len(keys) - 1
    first_key, later_keys, last_key = keys[0], keys[1:], keys[-1]

    def mean(values: Values) -> float | None:
        earlier = values.get(first_key)
        total = 0.0
        for key in later_keys:
            later = values.get(key)
            if later is None or earlier is None or earlier <= 0:
                return None
            total += later / earlier - 1.0
            earlier = later
        return _bounded(total / years)

    def compound(values: Values) -> float | None:
        first, last = values.get(first_key), values.get(last_key)
        if first is None or last is None or first <= 0 or last < 0:
            return None
        return _bounded(math.pow(last / first, 1.0 / years) - 1.0)

    return mean if term.method == "mean" else compound


def _bounded(value: float) -> float | None:
    """A rate within the range of numbers; beyond it, or infinite, it is missing."""
    return value if -LARGEST_REAL <= value <= LARGEST_REAL else None


def compile_condition(term: terms.Condition, moment: Moment) -> ConditionClosure:
    """A closure that yields the status of ``term``."""
    match term:
        case terms.Compare():
            return _compare(term, moment)
        case terms.Elapsed(since=since, years=years, negated=negated):
            return _elapsed(since.key(moment.base_year), years_before(moment.as_of, years), negated=negated)
        case terms.Truth(input=item):
            return _truth(item.key(moment.base_year), NEEDS_REVIEW if item.judged else UNKNOWN)
        case terms.Fixed(value=value):
            fixed = MET if value else NOT_MET
            return lambda _values: fixed
        case terms.Member():
            return _member(term, moment)
        case terms.SizeMember():
            return _size(term, moment)
        case terms.Holds(tiers=tiers):
            return _combined(status.any_of, [_truth(f"holds_{tier}", UNKNOWN) for tier in tiers])
        case terms.All(parts=parts):
            return _combined(status.all_of, [compile_condition(part, moment) for part in parts])
        case terms.AnyOf(parts=parts):
            return _combined(status.any_of, [compile_condition(part, moment) for part in parts])
        case terms.AtLeast(wanted=wanted, parts=parts):
            closures = [compile_condition(part, moment) for part in parts]
            return lambda values: status.at_least(wanted, [decide(values) for decide in closures])
        case terms.Not(part=part):
            inner = compile_condition(part, moment)
            return lambda values: status.negate(inner(values))


def comparison_bound(comparator: str, tolerance: float) -> Callable[[Any, Any], bool]:
    """The test ``left comparator right`` with the tolerance on the generous side of an inclusive bound."""
    tests: dict[str, Callable[[Any, Any], bool]] = {
        ">=": lambda left, right: left >= right - tolerance,
        "<=": lambda left, right: left <= right + tolerance,
        ">": lambda left, right: left > right + tolerance,
        "<": lambda left, right: left < right - tolerance,
        "==": lambda left, right: abs(left - right) <= tolerance,
        "!=": lambda left, right: abs(left - right) > tolerance,
    }
    exact: dict[str, Callable[[Any, Any], bool]] = {
        ">=": operator.ge,
        "<=": operator.le,
        ">": operator.gt,
        "<": operator.lt,
        "==": operator.eq,
        "!=": operator.ne,
    }
    return tests[comparator] if tolerance else exact[comparator]


def _compare(term: terms.Compare, moment: Moment) -> ConditionClosure:
    left, right = compile_scalar(term.left, moment), compile_scalar(term.right, moment)
    holds = comparison_bound(term.comparator, term.tolerance)

    def decide(values: Values) -> Status:
        first, second = left(values), right(values)
        if first is None or second is None:
            return UNKNOWN
        return MET if holds(first, second) else NOT_MET

    return decide


def _elapsed(key: str, cutoff: dt.date, *, negated: bool) -> ConditionClosure:
    long_enough, too_short = (NOT_MET, MET) if negated else (MET, NOT_MET)

    def decide(values: Values) -> Status:
        since = values.get(key)
        if since is None:
            return UNKNOWN
        return long_enough if since <= cutoff else too_short

    return decide


def _truth(key: str, absent: Status) -> ConditionClosure:
    def decide(values: Values) -> Status:
        value = values.get(key)
        if value is None:
            return absent
        return MET if value else NOT_MET

    return decide


def _member(term: terms.Member, moment: Moment) -> ConditionClosure:
    key, options, prefixes = term.input.key(moment.base_year), frozenset(term.options), term.prefixes
    broader = frozenset(term.broader)

    def decide(values: Values) -> Status:
        value = values.get(key)
        if value is None or value in broader:
            return UNKNOWN
        return MET if value in options or value.startswith(prefixes) else NOT_MET

    return decide


def _size(term: terms.SizeMember, moment: Moment) -> ConditionClosure:
    keys, classes = [item.key(moment.base_year) for item in term.inputs], frozenset(term.classes)

    def decide(values: Values) -> Status:
        possible = possible_sizes(*[values.get(key) for key in keys])
        if possible is None:
            return NEEDS_REVIEW
        if possible <= classes:
            return MET
        return UNKNOWN if possible & classes else NOT_MET

    return decide


def _combined(
    combine: Callable[[list[Status]], Status], closures: list[ConditionClosure]
) -> ConditionClosure:
    if len(closures) == 1:
        return closures[0]
    return lambda values: combine([decide(values) for decide in closures])
