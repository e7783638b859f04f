"""Points tables as columns: the least and the greatest number of points that the facts still allow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add, and_, or_

from tidu.policy.batch.expressions import Translator
from tidu.policy.batch.logic import Verdict
from tidu.policy.batch.scalars import Operand
from tidu.policy.batch.steps import Cell, Expression
from tidu.policy.documents.criteria import PointsItem, PointsTable
from tidu.policy.language import terms
from tidu.policy.quantities import TOLERANCE

#: A quotient is cut here before it is rounded down; no cap is anywhere near.
_MOST_STEPS = 1e15


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """One item: its range, where it is open for lack of data, and the verdicts of its bands."""

    item: PointsItem
    least: Cell
    greatest: Cell
    verdicts: tuple[Verdict, ...]
    opened: Verdict


@dataclass(frozen=True, slots=True)
class PointsColumns:
    """A points table: its verdict, what the least total is above the minimum, and its items."""

    verdict: Verdict
    margin: Cell
    items: tuple[ItemColumns, ...]


def points_columns(translator: Translator, table: PointsTable) -> PointsColumns:
    """Add the columns of ``table`` to the translator's chain."""
    steps = translator.steps
    items: list[ItemColumns] = []
    limits: list[tuple[Cell, Cell, float]] = []
    group_least, group_greatest = [], []
    for group in table.groups:
        columns = [_item(translator, item) for item in group.items]
        items.extend(columns)
        least = steps.compute("sum", _sum, *[column.least for column in columns])
        greatest = steps.compute("sum", _sum, *[column.greatest for column in columns])
        group_least.append(least)
        group_greatest.append(greatest)
        if group.minimum is not None:
            limits.append((least, greatest, group.minimum))
    total = steps.compute("sum", _sum, *group_least)
    limits.insert(0, (total, steps.compute("sum", _sum, *group_greatest), table.minimum))
    verdict = translator.opened(_decided(translator, limits), [item.opened for item in items])
    margin = steps.compute(("above", table.minimum), lambda value: value - table.minimum, total)
    return PointsColumns(verdict, margin, tuple(items))


def _sum(*values: Expression) -> Expression:
    return reduce(add, values)


def _decided(translator: Translator, limits: list[tuple[Cell, Cell, float]]) -> Cell:
    import ibis

    minimums = tuple(minimum for _, _, minimum in limits)

    def decide(*columns: Expression) -> Expression:
        least, greatest = columns[: len(minimums)], columns[len(minimums) :]
        short = reduce(
            or_, [value < bound - TOLERANCE for value, bound in zip(greatest, minimums, strict=True)]
        )
        enough = reduce(
            and_, [value >= bound - TOLERANCE for value, bound in zip(least, minimums, strict=True)]
        )
        return ibis.cases((short, False), (enough, True), else_=ibis.null("boolean"))

    operands = [least for least, _, _ in limits] + [greatest for _, greatest, _ in limits]
    return translator.steps.compute(("reaches", minimums), decide, *operands)


def _item(translator: Translator, item: PointsItem) -> ItemColumns:
    if item.scalar is not None:
        return _scaled(translator, item, translator.scalars.scalar(item.scalar))
    verdicts = [translator.condition(band.condition or terms.Fixed(True)) for band in item.bands]
    return _added(translator, item, verdicts) if item.additive else _first_fitting(translator, item, verdicts)


def _first_fitting(translator: Translator, item: PointsItem, verdicts: list[Verdict]) -> ItemColumns:
    """The first band that holds counts. Bands that run from high to low need no look at the later ones."""
    cap = float("inf") if item.cap is None else item.cap
    points = [min(band.points, cap) for band in item.bands]
    closed = bool(item.bands) and item.bands[-1].condition is None
    otherwise = points.pop() if closed else min(0.0, cap)
    open_verdicts = verdicts[: len(points)]
    values = [verdict.value for verdict in open_verdicts]
    steps, key = translator.steps, (tuple(points), otherwise)
    falling = all(higher >= lower for higher, lower in pairwise([*points, otherwise]))
    if not values:
        least = greatest = steps.compute(("points", otherwise), lambda: _points(otherwise))
    elif falling:
        least = steps.compute(
            ("least falling", key), lambda *bands: _chain(bands, points, otherwise), *values
        )
        greatest = steps.compute(
            ("greatest falling", key),
            lambda *bands: _chain([band.fill_null(True) for band in bands], points, otherwise),
            *values,
        )
    else:
        least = steps.compute(
            ("least", key), lambda *bands: _reachable(bands, points, otherwise, greatest=False), *values
        )
        greatest = steps.compute(
            ("greatest", key), lambda *bands: _reachable(bands, points, otherwise, greatest=True), *values
        )
    reached = [_reached(translator, open_verdicts, index) for index in range(len(open_verdicts))]
    opened = _opened(translator, item, reached, values)
    return ItemColumns(item, least, greatest, tuple(open_verdicts), opened)


def _reached(translator: Translator, verdicts: list[Verdict], index: int) -> Verdict:
    """The verdict of one band, open only where no earlier band holds."""
    own, earlier = verdicts[index], verdicts[:index]
    if not earlier:
        return own
    held = translator.steps.compute(
        "some held",
        lambda *bands: reduce(or_, [band.fill_null(False) for band in bands]),
        *[v.value for v in earlier],
    )
    value = translator.any_true([held, own.value])
    unknown = translator.unknown(own)
    if not own.review:
        return Verdict(value)
    missed = translator.inverse(held)
    return Verdict(
        value, review=True, unknown=None if unknown is None else translator.all_true([unknown, missed])
    )


def _opened(translator: Translator, item: PointsItem, parts: list[Verdict], values: list[Cell]) -> Verdict:
    """Whether the item is still open: NULL where any part is."""
    if not parts:
        return Verdict(translator.constant(True))
    compared = {
        band.condition.left if isinstance(band.condition, terms.Compare) else None
        for band in item.bands[: len(parts)]
    }
    if (
        len(compared) == 1
        and None not in compared
        and all(
            isinstance(band.condition, terms.Compare) and isinstance(band.condition.right, terms.Constant)
            for band in item.bands[: len(parts)]
        )
    ):
        # All bands measure the same figure: they are open together.
        return Verdict(values[0])
    value = translator.steps.compute(
        "all known",
        lambda *cells: ~reduce(or_, [cell.isnull() for cell in cells]).nullif(True),
        *[part.value for part in parts],
    )
    return translator.opened(value, parts)


def _added(translator: Translator, item: PointsItem, verdicts: list[Verdict]) -> ItemColumns:
    values = [verdict.value for verdict in verdicts]
    points = [band.points for band in item.bands]
    cap, steps = item.cap, translator.steps

    def total(bands: tuple[Expression, ...], *, undecided: bool) -> Expression:
        import ibis

        found = reduce(
            add,
            [
                ibis.ifelse(band.fill_null(undecided), worth, 0.0)
                for band, worth in zip(bands, points, strict=True)
            ],
        )
        return found if cap is None else ibis.least(found, cap)

    key = (tuple(points), cap)
    least = steps.compute(("least added", key), lambda *bands: total(bands, undecided=False), *values)
    greatest = steps.compute(("greatest added", key), lambda *bands: total(bands, undecided=True), *values)
    return ItemColumns(item, least, greatest, tuple(verdicts), _opened(translator, item, verdicts, values))


def _scaled(translator: Translator, item: PointsItem, scalar: Operand) -> ItemColumns:
    import ibis

    cap = float("inf") if item.cap is None else item.cap
    each, points_each, steps = item.each, item.points_each, translator.steps
    cell = scalar.cell
    if cell is None:
        value = scalar.constant
        cell = steps.compute(
            ("figure", value),
            lambda: ibis.null("float64") if value is None else ibis.literal(float(value), "float64"),
        )

    def worth(figure: Expression) -> Expression:
        figure = figure.cast("float64")
        if each is not None:
            ratio = figure / each + TOLERANCE
            figure = ratio.clip(-_MOST_STEPS, _MOST_STEPS).floor().cast("float64") * points_each
        figure = ibis.ifelse(figure < 0.0, 0.0, figure)
        return figure if item.cap is None else ibis.ifelse(figure > cap, cap, figure)

    key = (each, points_each, item.cap)
    points = steps.compute(("worth", key), worth, cell)
    least = steps.compute("or nothing", lambda value: value.fill_null(0.0), points)
    greatest = steps.compute(("or the cap", cap), lambda value: value.fill_null(cap), points)
    known = steps.compute("known", lambda value: value.notnull().nullif(False), cell)
    return ItemColumns(item, least, greatest, (), Verdict(known))


def _points(value: float) -> Expression:
    import ibis

    return ibis.literal(value, "float64")


def _chain(
    bands: tuple[Expression, ...] | list[Expression], points: list[float], otherwise: float
) -> Expression:
    import ibis

    return ibis.cases(
        *[(band, _points(worth)) for band, worth in zip(bands, points, strict=True)], else_=_points(otherwise)
    )


def _reachable(
    bands: tuple[Expression, ...], points: list[float], otherwise: float, *, greatest: bool
) -> Expression:
    """The extreme of the bands that may still be the first to hold; least and greatest pass over NULLs."""
    import ibis

    none_before: Expression = None
    candidates = []
    for band, worth in zip(bands, points, strict=True):
        possible = band.fill_null(True)
        reached = possible if none_before is None else possible & none_before
        candidates.append(ibis.ifelse(reached, _points(worth), ibis.null("float64")))
        missed = ~band.fill_null(False)
        none_before = missed if none_before is None else none_before & missed
    candidates.append(ibis.ifelse(none_before, _points(otherwise), ibis.null("float64")))
    return ibis.greatest(*candidates) if greatest else ibis.least(*candidates)
