"""Four-valued logic over columns: Kleene's tables as engines have them, and what tells unknown from needs_review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_

from tidu.policy.batch.steps import Cell, Expression, Steps


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition: ``value`` is true, false or NULL.

    Without ``review`` every NULL is ``unknown``. With it ``unknown`` is true where the status is unknown, and
    any other NULL needs review; ``None`` then means that it is never unknown.
    """

    value: Cell
    review: bool = False
    unknown: Cell | None = None


class Logic:
    """Adds columns of truth values to a chain."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    def constant(self, value: bool | None) -> Cell:  # noqa: FBT001 - the value of a column
        """A column that is the same everywhere."""
        import ibis

        return self.steps.compute(
            ("constant", value), lambda: ibis.null("boolean") if value is None else ibis.literal(value)
        )

    def is_null(self, cell: Cell) -> Cell:
        """Where a column is NULL."""
        return self.steps.compute("is null", lambda value: value.isnull(), cell)

    def same_where_known(self, cell: Cell, *, value: bool) -> Cell:
        """``value`` wherever the column is not NULL."""
        return self.steps.compute(
            ("same where known", value),
            lambda found: found.notnull().nullif(False) if value else found.isnull().nullif(True),
            cell,
        )

    def inverse(self, cell: Cell) -> Cell:
        """The negation of a column."""
        return self.steps.compute("not", lambda value: ~value, cell)

    def any_true(self, cells: Sequence[Cell]) -> Cell:
        """Disjunction of at least one column."""
        distinct = list(dict.fromkeys(cells))
        if len(distinct) == 1:
            return distinct[0]
        return self.steps.compute("or", lambda *values: reduce(or_, values), *distinct)

    def all_true(self, cells: Sequence[Cell]) -> Cell:
        """Conjunction of at least one column."""
        distinct = list(dict.fromkeys(cells))
        if len(distinct) == 1:
            return distinct[0]
        return self.steps.compute("and", lambda *values: reduce(and_, values), *distinct)

    def unknown(self, verdict: Verdict) -> Cell | None:
        """Where the condition is unknown; ``None`` if nowhere."""
        return verdict.unknown if verdict.review else self.is_null(verdict.value)

    def negation(self, verdict: Verdict) -> Verdict:
        """Met and not met swapped."""
        return Verdict(self.inverse(verdict.value), verdict.review, verdict.unknown)

    def combine(self, wanted: int, parts: Sequence[Verdict]) -> Verdict:
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

    def opened(self, value: Cell, parts: Sequence[Verdict]) -> Verdict:
        """``value`` as a verdict: undecided is unknown as soon as one part is, and else for a person to judge."""
        if not any(part.review for part in parts):
            return Verdict(value)
        unknown = [cell for part in parts if (cell := self.unknown(part)) is not None]
        if not unknown:
            return Verdict(value, review=True)
        open_for_data = self.all_true([self.is_null(value), self.any_true(unknown)])
        return Verdict(value, review=True, unknown=open_for_data)

    def _threshold(self, wanted: int, values: Sequence[Cell]) -> Cell:
        import ibis

        def total(columns: Sequence[Expression], *, undecided: bool) -> Expression:
            return reduce(add, [column.fill_null(undecided).cast("int32") for column in columns])

        met = self.steps.compute("sure", lambda *columns: total(columns, undecided=False), *values)
        possible = self.steps.compute("possible", lambda *columns: total(columns, undecided=True), *values)
        return self.steps.compute(
            ("threshold", wanted),
            lambda sure, most: ibis.cases((sure >= wanted, True), (most < wanted, False), else_=None),
            met,
            possible,
        )
