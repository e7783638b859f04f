"""The SME size standard as columns: decided from as little as suffices, outside the standard for a person to judge."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final

from tidu.policy.batch.logic import Logic, Verdict
from tidu.policy.batch.steps import Cell, Expression
from tidu.policy.language.terms import SizeMember
from tidu.policy.vocabulary.size import SIZES, outside_prefixes, size_rows

_NEXT_LIMIT: Final = ("small", "medium", "large")


def size_columns(logic: Logic, term: SizeMember, inputs: Sequence[Cell]) -> Verdict:
    """Whether the size is one of the classes. ``inputs`` are the columns of industry, staff, revenue and assets.

    The classes are taken as runs of adjoining ones, each “at most this class, and not at most the one below
    it”: where the row of the standard and one measure say so much, nothing else is needed.
    """
    outside = begins_with(logic, inputs[0], outside_prefixes())
    ranks = sorted(rank for rank, size in enumerate(SIZES) if size in term.classes)
    runs = [_run(logic, run, term, inputs, outside) for run in _runs(ranks)]
    value = logic.any_true(runs) if runs else _unless(logic, outside, value=False)
    unknown = logic.all_true([logic.is_null(value), logic.inverse(outside)])
    return Verdict(value, review=True, unknown=unknown)


def begins_with(logic: Logic, code: Cell, prefixes: tuple[str, ...]) -> Cell:
    """Where a code is there and begins with one of ``prefixes``; never NULL."""
    return logic.steps.compute(
        ("begins", prefixes),
        lambda text: reduce(or_, [text.startswith(prefix) for prefix in prefixes]).fill_null(False),
        code,
    )


def _run(logic: Logic, run: tuple[int, int], term: SizeMember, inputs: Sequence[Cell], outside: Cell) -> Cell:
    lowest, highest = run
    at_most = _at_most(logic, highest, term, inputs, outside)
    if lowest == 0:
        return at_most
    below = _at_most(logic, lowest - 1, term, inputs, outside)
    return logic.all_true([at_most, logic.inverse(below)])


def _at_most(logic: Logic, rank: int, term: SizeMember, inputs: Sequence[Cell], outside: Cell) -> Cell:
    """Whether the class is at most the one of ``rank``: one known measure below the next limit says so."""
    import ibis

    if rank == len(SIZES) - 1:
        return _unless(logic, outside, value=True)
    limit_name = _NEXT_LIMIT[rank]
    measures = [item.id for item in term.inputs[1:]]
    rows = size_rows()

    def decide(code: Expression, *figures: Expression) -> Expression:
        by_measure = dict(zip(measures, figures, strict=True))
        cases = []
        for row in rows:
            inside = reduce(or_, [code.startswith(prefix) for prefix in row.prefixes])
            below = [by_measure[limit.measure] < getattr(limit, limit_name) for limit in row.limits]
            cases.append((inside, reduce(or_, below)))
        return ibis.cases(*cases, else_=ibis.null("boolean"))

    return logic.steps.compute(("size at most", rank), decide, *inputs)


def _unless(logic: Logic, outside: Cell, *, value: bool) -> Cell:
    """``value``, NULL for an industry outside the standard."""
    import ibis

    return logic.steps.compute(
        ("unless", value), lambda cell: ibis.ifelse(cell, ibis.null("boolean"), value), outside
    )


def _runs(ranks: Sequence[int]) -> list[tuple[int, int]]:
    """Adjoining ranks as (lowest, highest)."""
    runs: list[tuple[int, int]] = []
    for rank in ranks:
        if runs and runs[-1][1] == rank - 1:
            runs[-1] = (runs[-1][0], rank)
        else:
            runs.append((rank, rank))
    return runs
