"""Indicators against tiers: what each rung asks of each figure, what the enterprise has, and how that stands.

A row is one figure or question, whatever the documents call it: two standards that look at the same inputs in the same
measure share a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tidu.core import criterion_words
from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.core.criterion_words import NOTHING
from tidu.policy.assess.assessment import Assessment, names_of
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.scoring import ItemScore
from tidu.policy.assess.wording import (
    MISSING,
    Names,
    describe,
    show_margin,
    show_value,
)
from tidu.policy.documents.criteria import Criterion, PointsItem
from tidu.policy.language import terms
from tidu.policy.quantities import Kind
from tidu.policy.status import Status

TITLES, SIZE = "titles", "size"
BY_CLAUSE: Final = "按条款"
LONGEST: Final = 24  # characters that a cell holds
_SHORT_BY: Final = "，差 "
_OPEN: Final = {Status.NOT_MET, Status.UNKNOWN}


class Key(NamedTuple):
    """What a row is about: the inputs looked at and the kind of the measure."""

    inputs: frozenset[str]
    measure: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement of one tier. Without a status it is not decided here: scored, or met by another branch.

    What takes too many words for a cell is left to its clause.
    """

    text: str
    status: Status | None
    clauses: tuple[Clause, ...] = ()


@dataclass(slots=True)
class Row:
    """One line of the table. ``cells`` holds the requirements of each column, in the order of the columns."""

    label: str
    cells: tuple[list[Cell], ...]
    values: dict[str, None] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether some tier finds it wanting or not yet told."""
        return any(cell.status in _OPEN for cells in self.cells for cell in cells)

    @property
    def value(self) -> str:
        """What the enterprise has."""
        return "；".join(self.values) or NOTHING


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong together."""

    label: str
    rows: tuple[Row, ...]


class Line(NamedTuple):
    """One requirement of a criterion, or of a branch or points item inside it."""

    key: Key
    label: str
    value: str
    cell: Cell


def matrix(assessments: Sequence[Assessment]) -> tuple[Part, ...]:
    """The table of ``assessments``, one column each, in the sections of the vocabulary."""
    found: dict[Key, Row] = {}
    for place, assessment in enumerate(assessments):
        for line in _Lines(assessment).all():
            row = found.get(line.key)
            if row is None:
                row = found[line.key] = Row(line.label, tuple([] for _ in assessments))
            if line.value != NOTHING:
                row.values.setdefault(line.value)
            if line.cell not in row.cells[place]:
                row.cells[place].append(line.cell)
    return tuple(_parts(found, assessments))


def only_open(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The rows that still ask for something."""
    kept = (Part(part.label, tuple(row for row in part.rows if row.open)) for part in parts)
    return tuple(part for part in kept if part.rows)


def _parts(found: dict[Key, Row], assessments: Sequence[Assessment]) -> Iterator[Part]:
    titles = tuple(row for key, row in found.items() if key.measure == TITLES)
    if titles:
        yield Part("称号", titles)
    if not assessments:
        return
    vocabulary = assessments[0].pack.vocabulary
    order = list(vocabulary.indicators)
    by_section: dict[str, list[tuple[int, Row]]] = {}
    for key, row in found.items():
        if key.measure == TITLES:
            continue
        known = sorted(order.index(name) for name in key.inputs if name in vocabulary.indicators)
        section = vocabulary.indicators[order[known[0]]].section if known else ""
        by_section.setdefault(section, []).append((known[0] if known else len(order), row))
    for section in (*vocabulary.sections, ""):
        if section in by_section:
            label = vocabulary.sections[section].label if section else "其他"
            rows = sorted(by_section[section], key=lambda item: item[0])
            yield Part(label, tuple(row for _, row in rows))


class _Lines:
    """The lines of one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self._assessment = assessment
        self._names: Names = names_of(assessment.pack)
        self._year = assessment.base_year

    def all(self) -> Iterator[Line]:
        for result in self._assessment.criteria:
            yield from self._of(result, None)

    def _of(self, result: CriterionResult, parent: CriterionResult | None) -> Iterator[Line]:
        if result.score is not None and result.criterion.points is not None:
            items = {item.id: item for group in result.criterion.points.groups for item in group.items}
            for group in result.score.groups:
                for score in group.items:
                    yield self._scored(items[score.id], score)
        elif result.branches:
            for branch in result.branches:
                yield from self._of(branch, result)
        else:
            yield self._plain(result, parent)

    def _plain(self, result: CriterionResult, parent: CriterionResult | None) -> Line:
        criterion = result.criterion
        asked = self._asked(result)
        cited = clauses(self._assessment.pack, [criterion.cite]) if asked == BY_CLAUSE else ()
        cell = Cell(asked, result.status, cited)
        if parent is not None and parent.criterion.wanted < len(parent.branches):
            cell = self._alternative(cell, result, parent)
        key = self._key(criterion)
        return Line(key, self._label(criterion, key), self._value(result), cell)

    def _alternative(self, cell: Cell, result: CriterionResult, parent: CriterionResult) -> Cell:
        """A branch that is not needed any more, because others suffice, is no failure."""
        choice = f"{len(parent.branches)} 选 {parent.criterion.wanted}"
        if parent.status is Status.MET and result.status is not Status.MET:
            text = cell.text.partition(_SHORT_BY)[0]
            return Cell(f"{text}（{choice}，已由其他项满足）", None, cell.clauses)
        return Cell(f"{cell.text}（{choice}）", result.status, cell.clauses)

    def _scored(self, item: PointsItem, score: ItemScore) -> Line:
        points = (
            f"{score.range.least:g}"
            if score.range.least == score.range.greatest
            else f"{score.range.least:g}—{score.range.greatest:g}"
        )
        status = None if score.openness is Status.MET else score.openness
        inputs = {
            found.id for band in item.bands if band.condition for found in terms.inputs_of(band.condition)
        }
        if item.scalar is not None:
            inputs |= {found.id for found in terms.inputs_of(item.scalar)}
        cell = Cell(f"计 {points}／{item.maximum:g} 分", status)
        return Line(Key(frozenset(inputs), f"points:{item.label}"), item.label, NOTHING, cell)

    # ---- words

    def _key(self, criterion: Criterion) -> Key:
        condition = criterion.condition
        ids = frozenset(item.id for item in criterion.inputs)
        if isinstance(condition, terms.SizeMember):
            return Key(ids, SIZE)
        if criterion.titles:
            return Key(frozenset(), TITLES)
        first = None if condition is None else _first_compare(condition)
        measure = "" if first is None else first.left.type.kind.value
        return Key(ids, measure)

    def _label(self, criterion: Criterion, key: Key) -> str:
        if key.measure == TITLES:
            return "前置称号"
        if key.measure == SIZE:
            return "企业规模"
        condition = criterion.condition
        if isinstance(condition, terms.Compare) and isinstance(condition.left, terms.Growth):
            return describe(condition.left, self._names)
        if len(key.inputs) == 1:
            return self._names.indicators[next(iter(key.inputs))].label
        return criterion.label

    def _value(self, result: CriterionResult) -> str:
        if result.criterion.titles:
            return self._titles()
        text = criterion_words.found(result, self._assessment, self._names)
        if text == NOTHING or not result.keys:
            return NOTHING
        if all(value is None for value in result.values):
            return MISSING
        several = len({item.id for item in result.criterion.inputs}) > 1
        sized = isinstance(result.criterion.condition, terms.SizeMember)
        return NOTHING if result.measured is None and several and not sized else text

    def _titles(self) -> str:
        facts = self._assessment.facts
        if facts.recognitions is None:
            return MISSING
        tiers = self._assessment.pack.vocabulary.tiers
        return "、".join(dict.fromkeys(tiers[title.tier].short for title in facts.recognitions)) or "无"

    def _asked(self, result: CriterionResult) -> str:
        criterion = result.criterion
        text = criterion_words.asked(criterion, self._names, self._year)
        if criterion.titles:
            short = self._assessment.pack.vocabulary.tiers
            text = "或".join(short[tier].short for tier in criterion.titles)
        return f"{text}{self._shortfall(result)}" if len(text) <= LONGEST else BY_CLAUSE

    def _shortfall(self, result: CriterionResult) -> str:
        condition: Any = result.criterion.condition
        if result.status is not Status.NOT_MET or not isinstance(condition, terms.Compare):
            return ""
        kind = condition.left.type
        if kind.kind is Kind.DATE or not isinstance(result.margin, (int, float)):
            return ""
        if kind.kind is Kind.RATIO:
            return f"{_SHORT_BY}{show_margin(abs(result.margin), kind).lstrip('＋')}"
        return f"{_SHORT_BY}{show_value(abs(result.margin), kind)}"


def _first_compare(condition: terms.Condition) -> terms.Compare | None:
    return next((part for part in terms.walk(condition) if isinstance(part, terms.Compare)), None)
