"""Checked conditions → columns: what the closures of :mod:`tidu.policy.language.compile` mean, for whole tables.

A condition that is not decided is NULL. Where it may rest on a judgement, a second column tells ``unknown`` from
``needs_review``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, Final

from tidu.policy.batch.logic import Logic, Verdict
from tidu.policy.batch.scalars import Operand, Scalars
from tidu.policy.batch.sizes import size_columns
from tidu.policy.batch.steps import Cell, Expression, Steps
from tidu.policy.dates import years_before
from tidu.policy.language import terms
from tidu.policy.language.compile import Moment, compile_condition
from tidu.policy.quantities import Kind
from tidu.policy.status import Status

_MIRRORED: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "==", "!=": "!="}

DTYPES: Final = {
    Kind.MONEY: "int64",
    Kind.COUNT: "int64",
    Kind.NUMBER: "float64",
    Kind.RATIO: "float64",
    Kind.YEARS: "float64",
    Kind.SCORE: "float64",
    Kind.DATE: "date",
    Kind.TEXT: "string",
    Kind.YES_NO: "boolean",
    Kind.CHOICE: "string",
    Kind.AREA: "string",
    Kind.INDUSTRY: "string",
}


class Translator(Logic):
    """Adds the columns of conditions to a chain, for one as-of day and base year."""

    def __init__(self, steps: Steps, moment: Moment) -> None:
        super().__init__(steps)
        self.moment = moment
        self.scalars = Scalars(steps, moment)

    def condition(self, term: terms.Condition) -> Verdict:
        """The columns of a condition."""
        if not terms.inputs_of(term) and not terms.tiers_of(term):
            return self._fixed(compile_condition(term, self.moment)({}))
        match term:
            case terms.All(parts=parts):
                return self.combine(len(parts), [self.condition(part) for part in parts])
            case terms.AnyOf(parts=parts):
                return self.combine(1, [self.condition(part) for part in parts])
            case terms.AtLeast(wanted=wanted, parts=parts):
                return self.combine(wanted, [self.condition(part) for part in parts])
            case terms.Not(part=part):
                return self.negation(self.condition(part))
            case terms.Holds(tiers=tiers):
                return self.combine(1, [Verdict(self.steps.column(f"holds_{tier}")) for tier in tiers])
            case terms.SizeMember(inputs=inputs):
                return size_columns(self, term, [self.scalars.input(item) for item in inputs])
            case terms.Truth(input=item):
                return Verdict(self.scalars.input(item), review=item.judged)
            case terms.Compare():
                return Verdict(self._compare(term))
            case terms.Elapsed():
                return Verdict(self._elapsed(term))
            case terms.Member():
                return Verdict(self._member(term))
            case terms.Fixed(value=value):
                return Verdict(self.constant(value))

    def _fixed(self, status: Status) -> Verdict:
        value = {Status.MET: True, Status.NOT_MET: False}.get(status)
        return Verdict(self.constant(value), review=status is Status.NEEDS_REVIEW)

    def _elapsed(self, term: terms.Elapsed) -> Cell:
        cutoff = years_before(self.moment.as_of, term.years)
        test = (lambda day: day > cutoff) if term.negated else (lambda day: day <= cutoff)
        return self.steps.compute(("elapsed", cutoff, term.negated), test, self.scalars.input(term.since))

    def _member(self, term: terms.Member) -> Cell:
        options, prefixes, broader = term.options, term.prefixes, term.broader
        cell = self.scalars.input(term.input)
        if ("" in prefixes and not broader) or not (options or prefixes or broader):
            return self.same_where_known(cell, value="" in prefixes)

        def test(text: Expression) -> Expression:
            import ibis

            found = [text.startswith(prefix) for prefix in prefixes]
            if options or not prefixes:
                found.append(text.isin(options))
            inside = reduce(or_, found)
            return ibis.ifelse(text.isin(broader), ibis.null("boolean"), inside) if broader else inside

        return self.steps.compute(("member", options, prefixes, broader), test, cell)

    def _compare(self, term: terms.Compare) -> Cell:
        left, right = self.scalars.scalar(term.left), self.scalars.scalar(term.right)
        comparator: str = term.comparator
        if left.missing or right.missing:
            return self.constant(None)
        if left.cell is None:
            left, right, comparator = right, left, _MIRRORED[comparator]
        if term.tolerance or (left.whole != right.whole and right.cell is not None):
            left, right = self.scalars.real(left), self.scalars.real(right)
        elif left.cell is not None and left.whole and not right.whole:
            return self._compare_with_fraction(left.cell, comparator, right.constant)
        test = _test(comparator, term.tolerance)
        return self.scalars.apply((comparator, term.tolerance), test, left, right)

    def _compare_with_fraction(self, cell: Cell, comparator: str, limit: Any) -> Cell:
        """Whole numbers or dates against a constant; a fraction is rounded to the whole number that says the same."""
        if isinstance(limit, float):
            if comparator in {"==", "!="} and not limit.is_integer():
                return self.same_where_known(cell, value=comparator == "!=")
            limit = math.ceil(limit) if comparator in {">=", "<"} else math.floor(limit)
        test = _test(comparator, 0)
        return self.scalars.apply((comparator, 0), test, Operand(cell), Operand(None, limit))


def _test(comparator: str, tolerance: float) -> Callable[[Any, Any], Expression]:
    """The test as :func:`tidu.policy.language.compile.comparison_bound` has it, for columns."""
    exact: dict[str, Callable[[Any, Any], Expression]] = {
        ">=": lambda left, right: left >= right,
        "<=": lambda left, right: left <= right,
        ">": lambda left, right: left > right,
        "<": lambda left, right: left < right,
        "==": lambda left, right: left == right,
        "!=": lambda left, right: left != right,
    }
    near: dict[str, Callable[[Any, Any], Expression]] = {
        ">=": lambda left, right: left >= right - tolerance,
        "<=": lambda left, right: left <= right + tolerance,
        ">": lambda left, right: left > right + tolerance,
        "<": lambda left, right: left < right - tolerance,
        "==": lambda left, right: (left - right).abs() <= tolerance,
        "!=": lambda left, right: (left - right).abs() > tolerance,
    }
    return near[comparator] if tolerance else exact[comparator]
