"""Points tables over partly known facts: the least and the greatest score that the facts still allow."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tidu.policy.documents.criteria import PointsItem, PointsTable
from tidu.policy.language.compile import ConditionClosure, Moment, compile_condition, compile_scalar
from tidu.policy.language.terms import Scalar
from tidu.policy.quantities import TOLERANCE
from tidu.policy.status import Status

Values = Mapping[str, Any]


class Range(NamedTuple):
    """The least and the greatest number of points still possible; equal once everything is known."""

    least: float
    greatest: float


class ItemScore(NamedTuple):
    """One item: its range, and what still keeps it open (``met`` when nothing does)."""

    id: str
    label: str
    range: Range
    maximum: float
    openness: Status


class GroupScore(NamedTuple):
    """One group: its range, its own minimum if any, and its items."""

    id: str
    label: str
    range: Range
    minimum: float | None
    maximum: float
    items: tuple[ItemScore, ...]


class Score(NamedTuple):
    """A scored table: status, total, the least total wanted, and the groups."""

    status: Status
    range: Range
    minimum: float
    maximum: float
    groups: tuple[GroupScore, ...]


def compile_points(table: PointsTable, moment: Moment) -> Callable[[Values], Score]:
    """A closure that scores the table.

    Met when the least total and every group's least reach their minimums; not met when a greatest cannot;
    otherwise open: ``unknown`` while an input is missing, ``needs_review`` when only judgements are.
    """
    scorers = [(group, [_item(item, moment) for item in group.items]) for group in table.groups]

    def score(values: Values) -> Score:
        groups = []
        for group, items in scorers:
            scores = tuple(item(values) for item in items)
            groups.append(
                GroupScore(group.id, group.label, _sum(scores), group.minimum, group.maximum, scores)
            )
        total = Range(
            sum(group.range.least for group in groups), sum(group.range.greatest for group in groups)
        )
        limits = [
            (total, table.minimum),
            *((group.range, group.minimum) for group in groups if group.minimum is not None),
        ]
        return Score(_decide(limits, groups), total, table.minimum, table.maximum, tuple(groups))

    return score


def _sum(items: tuple[ItemScore, ...]) -> Range:
    return Range(sum(item.range.least for item in items), sum(item.range.greatest for item in items))


def _decide(limits: list[tuple[Range, float]], groups: list[GroupScore]) -> Status:
    if any(found.greatest < minimum - TOLERANCE for found, minimum in limits):
        return Status.NOT_MET
    if all(found.least >= minimum - TOLERANCE for found, minimum in limits):
        return Status.MET
    open_items = {item.openness for group in groups for item in group.items}
    return Status.UNKNOWN if Status.UNKNOWN in open_items else Status.NEEDS_REVIEW


def _item(item: PointsItem, moment: Moment) -> Callable[[Values], ItemScore]:
    if item.scalar is not None:
        return _scaled(item, item.scalar, moment)
    bands = [
        (None if band.condition is None else compile_condition(band.condition, moment), band.points)
        for band in item.bands
    ]
    return _added(item, bands) if item.additive else _first_fitting(item, bands)


def _first_fitting(
    item: PointsItem, bands: list[tuple[ConditionClosure | None, float]]
) -> Callable[[Values], ItemScore]:
    def score(values: Values) -> ItemScore:
        reachable, openness = [], Status.MET
        for condition, points in bands:
            outcome = Status.MET if condition is None else condition(values)
            if outcome is Status.NOT_MET:
                continue
            reachable.append(points)
            if outcome is Status.MET:
                break
            openness = _more_open(openness, outcome)
        else:
            reachable.append(0.0)
        return ItemScore(
            item.id, item.label, _capped(min(reachable), max(reachable), item.cap), item.maximum, openness
        )

    return score


def _added(
    item: PointsItem, bands: list[tuple[ConditionClosure | None, float]]
) -> Callable[[Values], ItemScore]:
    def score(values: Values) -> ItemScore:
        least = greatest = 0.0
        openness = Status.MET
        for condition, points in bands:
            outcome = Status.MET if condition is None else condition(values)
            if outcome is Status.MET:
                least += points
            if outcome is not Status.NOT_MET:
                greatest += points
            openness = _more_open(openness, outcome)
        return ItemScore(item.id, item.label, _capped(least, greatest, item.cap), item.maximum, openness)

    return score


def _scaled(item: PointsItem, scalar: Scalar, moment: Moment) -> Callable[[Values], ItemScore]:
    read, each, points_each = compile_scalar(scalar, moment), item.each, item.points_each
    cap = math.inf if item.cap is None else item.cap

    def score(values: Values) -> ItemScore:
        value = read(values)
        if value is None:
            return ItemScore(item.id, item.label, Range(0.0, cap), item.maximum, Status.UNKNOWN)
        steps = value if each is None else math.floor(value / each + TOLERANCE) * points_each
        points = min(max(float(steps), 0.0), cap)
        return ItemScore(item.id, item.label, Range(points, points), item.maximum, Status.MET)

    return score


def _capped(least: float, greatest: float, cap: float | None) -> Range:
    return Range(least, greatest) if cap is None else Range(min(least, cap), min(greatest, cap))


def _more_open(openness: Status, outcome: Status) -> Status:
    if Status.UNKNOWN in {openness, outcome}:
        return Status.UNKNOWN
    return outcome if outcome is Status.NEEDS_REVIEW else openness
