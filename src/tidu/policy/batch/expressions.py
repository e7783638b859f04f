"""Checked terms → columns: the same semantics as the closures of :mod:`tidu.policy.compile`, for whole tables.

A missing scalar is NULL, and so is a condition that is not decided. Where a condition may rest on a judgement, a second
column tells ``unknown`` from ``needs_review``. Known traps of the engines are avoided in the expression itself: nothing is
divided by zero, nothing overflows, no infinity or NaN comes into being, no date is computed by the engine.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, mul, or_, sub
from typing import Any, Final

from tidu.policy import terms
from tidu.policy.batch.steps import Cell, Expression, Steps
from tidu.policy.compile import LARGEST_RESULT, Moment, compile_condition, compile_scalar
from tidu.policy.dates import years_before
from tidu.policy.quantities import EXACT, LARGEST_INTEGER, LARGEST_REAL, Kind
from tidu.policy.size import SIZES, outside_prefixes, size_rows
from tidu.policy.status import Status

#: A product estimated above this is not computed: the estimate is rounded, a 64-bit integer ends at 9.2e18.
_SAFE_ESTIMATE: Final = 8e18
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition: ``value`` is true, false or NULL.

    Without ``review`` every NULL is ``unknown``. With it ``unknown`` is true where the status is unknown, and any other NULL
    needs review; ``None`` then means that it is never unknown.
    """

    value: Cell
    review: bool = False
    unknown: Cell | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """A scalar: a column or a constant (``cell`` ``None``). ``whole``: integers no greater than ``bound`` in magnitude."""

    cell: Cell | None
    constant: Any = None
    whole: bool = False
    bound: float = 0.0

    @property
    def missing(self) -> bool:
        """Whether it is missing for every row."""
        return self.cell is None and self.constant is None


class Translator:
    """Adds the columns of terms to a chain, for one as-of day and base year."""

    def __init__(self, steps: Steps, moment: Moment) -> None:
        self.steps = steps
        self.moment = moment

    # ---- logic, also used for points tables and groups

    def constant(self, value: bool | None) -> Cell:
        """A column that is the same everywhere."""
        import ibis

        return self.steps.compute(
            ("constant", value), lambda: ibis.null("boolean") if value is None else ibis.literal(value)
        )

    def unknown(self, verdict: Verdict) -> Cell | None:
        """Where the condition is unknown; ``None`` if nowhere."""
        return verdict.unknown if verdict.review else self.is_null(verdict.value)

    def is_null(self, cell: Cell) -> Cell:
        """Where a column is NULL."""
        return self.steps.compute("is null", lambda value: value.isnull(), cell)

    def inverse(self, cell: Cell) -> Cell:
        """The negation of a column."""
        return self.steps.compute("not", _inverse, cell)

    def any_true(self, cells: list[Cell]) -> Cell:
        """Disjunction of columns that are never NULL, or Kleene's where they are."""
        distinct = list(dict.fromkeys(cells))
        if len(distinct) == 1:
            return distinct[0]
        return self.steps.compute("or", lambda *values: reduce(or_, values), *distinct)

    def all_true(self, cells: list[Cell]) -> Cell:
        """Conjunction, as :meth:`any_true`."""
        distinct = list(dict.fromkeys(cells))
        if len(distinct) == 1:
            return distinct[0]
        return self.steps.compute("and", lambda *values: reduce(and_, values), *distinct)

    def combine(self, wanted: int, parts: list[Verdict]) -> Verdict:
        """At least ``wanted`` of the parts; all of them and any of them take the shorter form."""
        values = [part.value for part in parts]
        if wanted <= 0:
            return Verdict(self.constant(True))
        if wanted > len(parts):
            return Verdict(self.constant(False))
        if wanted == len(parts):
            value = self.all_true(values)
        elif wanted == 1:
            value = self.any_true(values)
        else:
            value = self._threshold(wanted, values)
        return self.opened(value, parts)

    def opened(self, value: Cell, parts: list[Verdict]) -> Verdict:
        """``value`` as a verdict: undecided is unknown as soon as one part is, and else for a person to judge."""
        if not any(part.review for part in parts):
            return Verdict(value)
        unknown = [cell for part in parts if (cell := self.unknown(part)) is not None]
        if not unknown:
            return Verdict(value, review=True)
        return Verdict(value, review=True, unknown=self.all_true([self.is_null(value), self.any_true(unknown)]))

    def _threshold(self, wanted: int, values: list[Cell]) -> Cell:
        import ibis

        def total(columns: tuple[Expression, ...], *, undecided: bool) -> Expression:
            return reduce(add, [column.fill_null(undecided).cast("int32") for column in columns])

        met = self.steps.compute("count met", lambda *columns: total(columns, undecided=False), *values)
        possible = self.steps.compute("count possible", lambda *columns: total(columns, undecided=True), *values)
        return self.steps.compute(
            ("threshold", wanted),
            lambda sure, open_: ibis.cases((sure >= wanted, True), (open_ < wanted, False), else_=None),
            met,
            possible,
        )

    # ---- conditions

    def condition(self, term: terms.Condition) -> Verdict:
        """The verdict columns of a condition."""
        if not terms.inputs_of(term) and not terms.tiers_of(term):
            return self._fixed(compile_condition(term, self.moment)({}))
        match term:
            case terms.Compare():
                return Verdict(self._compare(term))
            case terms.Elapsed(since=since, years=years, negated=negated):
                cutoff = years_before(self.moment.as_of, years)
                key = ("elapsed", cutoff, negated)
                test = (lambda day: day > cutoff) if negated else (lambda day: day <= cutoff)
                return Verdict(self.steps.compute(key, test, self.input(since)))
            case terms.Truth(input=item):
                return Verdict(self.input(item), review=item.judged)
            case terms.Member():
                return Verdict(self._member(term))
            case terms.SizeMember():
                return self._size(term)
            case terms.Holds(tiers=tiers):
                return self.combine(1, [Verdict(self.steps.column(f"holds_{tier}")) for tier in tiers])
            case terms.All(parts=parts):
                return self.combine(len(parts), [self.condition(part) for part in parts])
            case terms.AnyOf(parts=parts):
                return self.combine(1, [self.condition(part) for part in parts])
            case terms.AtLeast(wanted=wanted, parts=parts):
                return self.combine(wanted, [self.condition(part) for part in parts])
            case terms.Not(part=part):
                inner = self.condition(part)
                return Verdict(self.inverse(inner.value), inner.review, inner.unknown)
            case terms.Fixed(value=value):
                return Verdict(self.constant(value))

    def _fixed(self, status: Status) -> Verdict:
        value = {Status.MET: True, Status.NOT_MET: False}.get(status)
        return Verdict(self.constant(value), review=status is Status.NEEDS_REVIEW)

    def input(self, item: terms.Input) -> Cell:
        """The column of an input."""
        return self.steps.column(item.key(self.moment.base_year))

    def _member(self, term: terms.Member) -> Cell:
        options, prefixes, broader = term.options, term.prefixes, term.broader
        if ("" in prefixes and not broader) or not (options or prefixes):
            return self._same_where_known(self.input(term.input), value="" in prefixes)

        def test(text: Expression) -> Expression:
            import ibis

            found = [text.startswith(prefix) for prefix in prefixes]
            if options:
                found.append(text.isin(options))
            inside = reduce(or_, found)
            return ibis.ifelse(text.isin(broader), ibis.null("boolean"), inside) if broader else inside

        return self.steps.compute(("member", options, prefixes, broader), test, self.input(term.input))

    def _compare(self, term: terms.Compare) -> Cell:
        left, right, comparator = self.scalar(term.left), self.scalar(term.right), term.comparator
        if left.missing or right.missing:
            return self.constant(None)
        if left.cell is None:
            left, right, comparator = right, left, _MIRRORED[comparator]
        if term.tolerance or (left.whole != right.whole and right.cell is not None):
            left, right = self._real(left), self._real(right)
        elif left.whole and not right.whole:
            return self._compare_with_fraction(left, comparator, float(right.constant))
        return self._apply((comparator, term.tolerance), _test(comparator, term.tolerance), left, right)

    def _compare_with_fraction(self, left: Operand, comparator: str, limit: float) -> Cell:
        """Whole numbers against a constant that may have a fraction, exactly."""
        assert left.cell is not None
        if comparator in {"==", "!="} and not limit.is_integer():
            return self._same_where_known(left.cell, value=comparator == "!=")
        whole = math.ceil(limit) if comparator in {">=", "<"} else math.floor(limit)
        return self._apply((comparator, 0), _test(comparator, 0), left, Operand(None, whole, whole=True))

    def _same_where_known(self, cell: Cell, *, value: bool) -> Cell:
        """``value`` wherever the column is not NULL."""
        return self.steps.compute(
            ("same where known", value),
            lambda found: found.notnull().nullif(False) if value else found.isnull().nullif(True),
            cell,
        )

    def _size(self, term: terms.SizeMember) -> Verdict:
        """Runs of adjoining classes, each “at most this class, and not at most the one below it”.

        An industry outside the standard leaves the value NULL and is for a person to judge.
        """
        code = self.input(term.inputs[0])
        outside = outside_prefixes()
        is_outside = self.steps.compute(
            "outside the size standard",
            lambda text: reduce(or_, [text.startswith(prefix) for prefix in outside]).fill_null(False),
            code,
        )
        ranks = sorted(SIZES.index(size) for size in set(term.classes))  # type: ignore[arg-type]
        runs = [self._run(low, high, term, is_outside) for low, high in _runs(ranks)]
        value = self.any_true(runs) if runs else self._outside_or(False, is_outside)
        inside = self.inverse(is_outside)
        return Verdict(value, review=True, unknown=self.all_true([self.is_null(value), inside]))

    def _run(self, low: int, high: int, term: terms.SizeMember, is_outside: Cell) -> Cell:
        at_most = self._at_most(high, term, is_outside)
        if low == 0:
            return at_most
        below = self._at_most(low - 1, term, is_outside)
        above = self.inverse(below)
        return self.all_true([at_most, above])

    def _at_most(self, rank: int, term: terms.SizeMember, is_outside: Cell) -> Cell:
        """Whether the class is at most the one of ``rank``: one known measure below the next limit says so."""
        import ibis

        if rank == len(SIZES) - 1:
            return self._outside_or(True, is_outside)
        bound = ("small", "medium", "large")[rank]
        rows = size_rows()
        measures = [item.id for item in term.inputs[1:]]

        def decide(code: Expression, *figures: Expression) -> Expression:
            by_measure = dict(zip(measures, figures, strict=True))
            cases = []
            for row in rows:
                inside = reduce(or_, [code.startswith(prefix) for prefix in row.prefixes])
                below = reduce(or_, [by_measure[limit.measure] < getattr(limit, bound) for limit in row.limits])
                cases.append((inside, below))
            return ibis.cases(*cases, else_=ibis.null("boolean"))

        return self.steps.compute(("size at most", rank), decide, *(self.input(item) for item in term.inputs))

    def _outside_or(self, value: bool, is_outside: Cell) -> Cell:  # noqa: FBT001 - the value of a column
        import ibis

        return self.steps.compute(
            ("outside or", value), lambda cell: ibis.ifelse(cell, ibis.null("boolean"), value), is_outside
        )

    # ---- scalars

    def scalar(self, term: terms.Scalar) -> Operand:
        """The column or constant of a value."""
        if not terms.inputs_of(term):
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
            case terms.Constant(value=value):
                return Operand(None, value, isinstance(value, int))

    def _apply(self, key: Any, formula: Callable[[Any, Any], Expression], left: Operand, right: Operand) -> Cell:
        """``formula(left, right)``; a constant is handed over as a Python value, so that Python folds it."""
        if left.cell is not None and right.cell is not None:
            return self.steps.compute(key, formula, left.cell, right.cell)
        if left.cell is not None:
            fixed = right.constant
            return self.steps.compute((key, "right", fixed), lambda value: formula(value, fixed), left.cell)
        assert right.cell is not None
        fixed = left.constant
        return self.steps.compute((key, "left", fixed), lambda value: formula(fixed, value), right.cell)

    def _arithmetic(self, term: terms.Arithmetic) -> Operand:
        left, right = self.scalar(term.left), self.scalar(term.right)
        if left.missing or right.missing:
            return Operand(None)
        if term.operator == "/":
            left, right = self._real(left), self._real(right)
            return Operand(self._within(self._apply("/", _quotient, left, right), LARGEST_REAL))
        largest = LARGEST_RESULT if term.type.kind in EXACT else LARGEST_REAL
        apply = {"+": add, "-": sub, "*": mul}[term.operator]
        if not (left.whole and right.whole):
            left, right = self._real(left), self._real(right)
            return Operand(self._within(self._apply(term.operator, apply, left, right), largest))
        bound = left.bound * right.bound if term.operator == "*" else left.bound + right.bound
        if bound > _SAFE_ESTIMATE:
            left, right = self._small_enough(term.operator, apply, left, right)
        cell = self._apply(term.operator, apply, left, right)
        return Operand(cell if bound <= largest else self._within(cell, largest), None, True, min(bound, largest))

    def _small_enough(
        self, operator: str, apply: Callable[[Any, Any], Any], left: Operand, right: Operand
    ) -> tuple[Operand, Operand]:
        """The operands, one of them NULL where the result, estimated in floating point, does not fit 64 bits."""
        import ibis

        estimate = self._apply(operator, apply, self._real(left), self._real(right))

        def kept(value: Expression, guess: Expression) -> Expression:
            return ibis.ifelse(guess.between(-_SAFE_ESTIMATE, _SAFE_ESTIMATE), value, ibis.null("int64"))

        if left.cell is not None:
            return Operand(self.steps.compute("kept", kept, left.cell, estimate), None, True, left.bound), right
        assert right.cell is not None
        return left, Operand(self.steps.compute("kept", kept, right.cell, estimate), None, True, right.bound)

    def _within(self, cell: Cell, largest: float) -> Cell:
        """The column, NULL where it is beyond ``largest``, infinite or NaN."""
        import ibis

        def bounded(value: Expression) -> Expression:
            return ibis.ifelse(value.between(-largest, largest), value, ibis.null(value.type()))

        return self.steps.compute(("within", largest), bounded, cell)

    def _real(self, operand: Operand) -> Operand:
        """As floating point."""
        if not operand.whole:
            return operand
        if operand.cell is None:
            return Operand(None, float(operand.constant))
        return Operand(self.steps.compute("real", _real, operand.cell))

    def _extreme(self, term: terms.Extreme) -> Operand:
        import ibis

        parts = [self.scalar(part) for part in term.parts]
        if any(part.missing for part in parts):
            return Operand(None)
        whole = all(part.whole for part in parts)
        if not whole:
            parts = [self._real(part) for part in parts]
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
        cells = [self._real(self.scalar(item)).cell for item in term.inputs]
        figures = [cell for cell in cells if cell is not None]
        years = len(figures) - 1
        if term.method == "mean":
            bases = [self.steps.compute("positive", _positive, figure) for figure in figures[:-1]]

            def mean(*columns: Expression) -> Expression:
                before, later = columns[:years], columns[years:]
                return reduce(add, [now / base - 1.0 for base, now in zip(before, later, strict=True)]) / float(years)

            cell = self.steps.compute("mean growth", mean, *bases, *figures[1:])
        else:
            first = self.steps.compute("positive", _positive, figures[0])
            last = self.steps.compute("not negative", _not_negative, figures[-1])
            root: Callable[[Expression], Expression] = {
                1: lambda ratio: ratio,
                2: lambda ratio: ratio.sqrt(),
            }.get(years, lambda ratio: ratio ** (1.0 / years))
            cell = self.steps.compute(
                ("compound growth", years), lambda base, now: root(now / base) - 1.0, first, last
            )
        return cell if term.inputs[0].type.kind in EXACT else self._within(cell, LARGEST_REAL)

    # ---- margins

    def margin(self, condition: terms.Condition | None) -> Cell | None:
        """The surplus over the limit (negative: the shortfall) of a single comparison, in the unit of the edge.

        Money in 元, dates in days; ``None`` for anything but a comparison with a column in it.
        """
        match condition:
            case terms.Elapsed(since=since, years=years, negated=negated):
                cutoff = years_before(self.moment.as_of, years)
                day, limit = Operand(self.input(since)), Operand(None, cutoff)
                measured, bound = (day, limit) if negated else (limit, day)
                return self._difference(measured, bound, Kind.DATE)
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
            return self._apply("days between", _days, measured, limit)
        if kind is Kind.MONEY:
            return self._apply("yuan over", lambda value, bound: (value - bound).cast("float64") / 100.0, measured, limit)
        if not (measured.whole and limit.whole):
            measured, limit = self._real(measured), self._real(limit)
        return self._apply("over", sub, measured, limit)


def _inverse(value: Expression) -> Expression:
    return ~value


def _real(value: Expression) -> Expression:
    return value.cast("float64")


def _days(day: Any, since: Any) -> Expression:
    """Days from ``since`` to ``day``, either of which may be a constant."""
    import ibis

    later, earlier = (ibis.literal(side, "date") if isinstance(side, dt.date) else side for side in (day, since))
    return later.delta(earlier, unit="day")


def _quotient(left: Any, right: Any) -> Expression:
    return left / (right.nullif(0.0) if not isinstance(right, float) else right)


def _positive(value: Expression) -> Expression:
    import ibis

    return ibis.ifelse(value > 0.0, value, ibis.null("float64"))


def _not_negative(value: Expression) -> Expression:
    import ibis

    return ibis.ifelse(value >= 0.0, value, ibis.null("float64"))


def _test(comparator: str, tolerance: float) -> Callable[[Any, Any], Expression]:
    if not tolerance:
        tests: dict[str, Callable[[Any, Any], Expression]] = {
            ">=": lambda left, right: left >= right,
            "<=": lambda left, right: left <= right,
            ">": lambda left, right: left > right,
            "<": lambda left, right: left < right,
            "==": lambda left, right: left == right,
            "!=": lambda left, right: left != right,
        }
        return tests[comparator]
    tests = {
        ">=": lambda left, right: left >= right - tolerance,
        "<=": lambda left, right: left <= right + tolerance,
        ">": lambda left, right: left > right + tolerance,
        "<": lambda left, right: left < right - tolerance,
        "==": lambda left, right: (left - right).abs() <= tolerance,
        "!=": lambda left, right: (left - right).abs() > tolerance,
    }
    return tests[comparator]


def _runs(ranks: list[int]) -> list[tuple[int, int]]:
    """Adjoining ranks as (lowest, highest)."""
    runs: list[tuple[int, int]] = []
    for rank in ranks:
        if runs and runs[-1][1] == rank - 1:
            runs[-1] = (runs[-1][0], rank)
        else:
            runs.append((rank, rank))
    return runs
