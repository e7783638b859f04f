"""Scalar terms as columns: the arithmetic of :mod:`tidu.policy.language.compile`, safe on every engine.

A missing value is NULL. The traps of the engines are avoided in the expression itself: nothing is divided by zero, no
integer overflows, no infinity or NaN comes into being, no date is computed by the engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add, mul, or_, sub
from typing import Any, Final

from tidu.policy.batch.steps import Cell, Expression, Steps
from tidu.policy.dates import years_before
from tidu.policy.language import terms
from tidu.policy.language.compile import LARGEST_RESULT, Moment, compile_scalar
from tidu.policy.quantities import EXACT, LARGEST_INTEGER, LARGEST_REAL, Kind

#: A result estimated above this is not computed: the estimate is rounded, a 64-bit integer ends at 9.2e18.
_SAFE_ESTIMATE: Final = 8e18

Binary = Callable[[Any, Any], Expression]


@dataclass(frozen=True, slots=True)
class Operand:
    """A scalar: a column, or a constant where ``cell`` is ``None``.

    ``whole`` ones are integers no greater than ``bound`` in magnitude.
    """

    cell: Cell | None
    constant: Any = None
    whole: bool = False
    bound: float = 0.0

    @property
    def missing(self) -> bool:
        """Whether it is missing for every row."""
        return self.cell is None and self.constant is None


_MISSING: Final = Operand(None)


class Scalars:
    """Adds the columns of scalar terms to a chain, for one as-of day and base year."""

    def __init__(self, steps: Steps, moment: Moment) -> None:
        self.steps = steps
        self.moment = moment

    def input(self, item: terms.Input) -> Cell:
        """The column of an input."""
        return self.steps.column(item.key(self.moment.base_year))

    def scalar(self, term: terms.Scalar) -> Operand:
        """The column or constant of a value."""
        if isinstance(term, terms.Constant) or not terms.inputs_of(term):
            value = compile_scalar(term, self.moment)({})
            whole = isinstance(value, int)
            return Operand(None, value, whole, abs(value) if whole else 0.0)
        match term:
            case terms.Input(type=kind):
                whole = kind.kind in EXACT
                return Operand(self.input(term), None, whole, LARGEST_INTEGER if whole else 0.0)
            case terms.Arithmetic():
                return self._arithmetic(term)
            case terms.Extreme():
                return self._extreme(term)
            case terms.Growth():
                return Operand(self._growth(term))

    def apply(self, key: object, formula: Binary, left: Operand, right: Operand) -> Cell:
        """``formula(left, right)``; a constant is handed over as a Python value, so that Python folds it."""
        match left.cell, right.cell:
            case Cell() as first, Cell() as second:
                return self.steps.compute(key, formula, first, second)
            case Cell() as first, None:
                fixed = right.constant
                return self.steps.compute((key, "right", fixed), lambda value: formula(value, fixed), first)
            case None, Cell() as second:
                fixed = left.constant
                return self.steps.compute((key, "left", fixed), lambda value: formula(fixed, value), second)
        msg = "terms without inputs are folded before"
        raise ValueError(msg)

    def real(self, operand: Operand) -> Operand:
        """As floating point."""
        if not operand.whole:
            return operand
        if operand.cell is None:
            return Operand(None, float(operand.constant))
        return Operand(self.steps.compute("real", lambda value: value.cast("float64"), operand.cell))

    # ---- arithmetic

    def _arithmetic(self, term: terms.Arithmetic) -> Operand:
        left, right = self.scalar(term.left), self.scalar(term.right)
        if left.missing or right.missing:
            return _MISSING
        if term.operator == "/":
            return self._quotient(self.real(left), self.real(right))
        largest = LARGEST_RESULT if term.type.kind in EXACT else LARGEST_REAL
        apply = {"+": add, "-": sub, "*": mul}[term.operator]
        if not (left.whole and right.whole):
            left, right = self.real(left), self.real(right)
            return Operand(self._within(self.apply(term.operator, apply, left, right), largest))
        bound = left.bound * right.bound if term.operator == "*" else left.bound + right.bound
        if bound > _SAFE_ESTIMATE:
            left, right = self._small_enough(term.operator, apply, left, right)
        cell = self.apply(term.operator, apply, left, right)
        return Operand(
            cell if bound <= largest else self._within(cell, largest), None, True, min(bound, largest)
        )

    def _quotient(self, left: Operand, right: Operand) -> Operand:
        if right.cell is None and right.constant == 0:
            return _MISSING
        return Operand(self._within(self.apply("/", _quotient, left, right), LARGEST_REAL))

    def _small_enough(
        self, operator: str, apply: Binary, left: Operand, right: Operand
    ) -> tuple[Operand, Operand]:
        """The operands, one of them NULL where the result would not fit 64 bits, by an estimate in floating point."""
        import ibis

        estimate = self.apply(operator, apply, self.real(left), self.real(right))

        def kept(value: Expression, guess: Expression) -> Expression:
            return ibis.ifelse(guess.between(-_SAFE_ESTIMATE, _SAFE_ESTIMATE), value, ibis.null("int64"))

        if left.cell is not None:
            cell = self.steps.compute("kept", kept, left.cell, estimate)
            return Operand(cell, whole=True, bound=left.bound), right
        if right.cell is not None:
            cell = self.steps.compute("kept", kept, right.cell, estimate)
            return left, Operand(cell, whole=True, bound=right.bound)
        return left, right

    def _within(self, cell: Cell, largest: float) -> Cell:
        """The column, NULL where it is beyond ``largest``, infinite or NaN."""
        import ibis

        def bounded(value: Expression) -> Expression:
            return ibis.ifelse(value.between(-largest, largest), value, ibis.null(value.type()))

        return self.steps.compute(("within", largest), bounded, cell)

    def _extreme(self, term: terms.Extreme) -> Operand:
        """Missing as soon as one part is: the engines' own least and greatest pass over NULLs."""
        import ibis

        parts = [self.scalar(part) for part in term.parts]
        if any(part.missing for part in parts):
            return _MISSING
        whole = all(part.whole for part in parts)
        if not whole:
            parts = [self.real(part) for part in parts]
        choose = ibis.least if term.which == "min" else ibis.greatest
        cells = [part.cell for part in parts if part.cell is not None]
        constants = tuple(part.constant for part in parts if part.cell is None)

        def decide(*columns: Expression) -> Expression:
            absent = reduce(or_, [column.isnull() for column in columns])
            fixed = [ibis.literal(value, columns[0].type()) for value in constants]
            return ibis.ifelse(absent, ibis.null(columns[0].type()), choose(*columns, *fixed))

        bound = max(part.bound for part in parts)
        return Operand(self.steps.compute((term.which, constants), decide, *cells), None, whole, bound)

    def _growth(self, term: terms.Growth) -> Cell:
        real = [self.real(self.scalar(item)).cell for item in term.inputs]
        figures = [cell for cell in real if cell is not None]
        years = len(figures) - 1
        if term.method == "mean":
            bases = [self.steps.compute("positive", _positive, figure) for figure in figures[:-1]]
            mean = self.steps.compute("mean growth", _mean_of_rates, *bases, *figures[1:])
            return self._within(mean, LARGEST_REAL)
        first = self.steps.compute("positive", _positive, figures[0])
        last = self.steps.compute("not negative", _not_negative, figures[-1])
        compound = self.steps.compute(
            ("compound growth", years), lambda base, now: _root(now / base, years) - 1.0, first, last
        )
        return self._within(compound, LARGEST_REAL)

    # ---- margins

    def margin(self, condition: terms.Condition | None) -> Cell | None:
        """The surplus over the limit (negative: the shortfall) of a single comparison, in the unit of the edge.

        Money in 元, dates in days; ``None`` for anything but a comparison with a column in it.
        """
        match condition:
            case terms.Elapsed(since=since, years=years, negated=negated):
                day = Operand(self.input(since))
                cutoff = Operand(None, years_before(self.moment.as_of, years))
                measured, limit = (day, cutoff) if negated else (cutoff, day)
                return self._difference(measured, limit, Kind.DATE)
            case terms.Compare(left=left, right=right, comparator=comparator):
                measured, limit = self.scalar(left), self.scalar(right)
                if (measured.cell is None and limit.cell is None) or measured.missing or limit.missing:
                    return None
                if comparator in {"<=", "<"}:
                    measured, limit = limit, measured
                return self._difference(measured, limit, left.type.kind)
            case _:
                return None

    def _difference(self, measured: Operand, limit: Operand, kind: Kind) -> Cell:
        if kind is Kind.DATE:
            return self.apply("days between", _days, measured, limit)
        if kind is Kind.MONEY:
            return self.apply(
                "yuan over", lambda value, bound: (value - bound).cast("float64") / 100.0, measured, limit
            )
        if not (measured.whole and limit.whole):
            measured, limit = self.real(measured), self.real(limit)
        return self.apply("over", sub, measured, limit)


def _days(day: Any, since: Any) -> Expression:
    """Days from ``since`` to ``day``, either of which may be a constant."""
    import ibis

    later, earlier = (
        ibis.literal(side, "date") if isinstance(side, dt.date) else side for side in (day, since)
    )
    return later.delta(earlier, unit="day")


def _quotient(left: Any, right: Any) -> Expression:
    return left / (right.nullif(0.0) if not isinstance(right, float) else right)


def _positive(value: Expression) -> Expression:
    import ibis

    return ibis.ifelse(value > 0.0, value, ibis.null("float64"))


def _not_negative(value: Expression) -> Expression:
    import ibis

    return ibis.ifelse(value >= 0.0, value, ibis.null("float64"))


def _mean_of_rates(*columns: Expression) -> Expression:
    """From the positive bases and the figures that follow them, oldest first."""
    years = len(columns) // 2
    rates = [now / base - 1.0 for base, now in zip(columns[:years], columns[years:], strict=True)]
    return reduce(add, rates) / float(years)


def _root(ratio: Expression, degree: int) -> Expression:
    if degree == 1:
        return ratio
    return ratio.sqrt() if degree == 2 else ratio ** (1.0 / degree)  # noqa: PLR2004 - a square root
