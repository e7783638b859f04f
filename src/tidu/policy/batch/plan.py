"""The criteria of one tier as a chain of columns: statuses, margins, and which inputs keep a row unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from tidu.policy.batch.expressions import DTYPES, Translator
from tidu.policy.batch.logic import Verdict
from tidu.policy.batch.points import PointsColumns, points_columns
from tidu.policy.batch.sizes import begins_with
from tidu.policy.batch.steps import Cell, Expression, Steps
from tidu.policy.documents.criteria import Criterion, Group, TierCriteria
from tidu.policy.language import terms
from tidu.policy.language.compile import Moment
from tidu.policy.quantities import EXACT, NUMERIC
from tidu.policy.vocabulary.size import size_rows


@dataclass(frozen=True, slots=True)
class CriterionColumns:
    """One criterion: its verdict, and its margin where it is a single comparison or a points table."""

    criterion: Criterion
    verdict: Verdict
    margin: Cell | None


class Waiting(NamedTuple):
    """A column that is true where the criterion (or branch) at a place waits for an input."""

    criterion: int
    branch: int | None
    key: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is computed of a table for one tier.

    ``schema`` are the flat names that rules read, with their Ibis types; ``missing`` maps those that can be
    missing to a column that is true where the input keeps some criterion unknown, never NULL. ``waiting`` says the same
    for every criterion and branch by itself.
    """

    tier: TierCriteria
    moment: Moment
    schema: dict[str, str]
    steps: Steps
    verdict: Verdict
    criteria: tuple[CriterionColumns, ...]
    missing: dict[str, Cell]
    waiting: tuple[Waiting, ...]
    translator: Translator


def schema_of(tier: TierCriteria, base_year: int) -> dict[str, str]:
    """The flat names that the rules of ``tier`` read, with their Ibis types, in the order of the document."""
    schema = {item.key(base_year): dtype_of(item) for item in tier.inputs}
    return schema | {f"holds_{title}": "boolean" for title in tier.titles}


def dtype_of(item: terms.Input) -> str:
    """The Ibis type of an input's column."""
    return DTYPES[item.type.kind]


def make_plan(tier: TierCriteria, moment: Moment) -> Plan:
    """Translate all criteria of a tier."""
    schema = schema_of(tier, moment.base_year)
    steps = Steps(schema)
    translator = Translator(steps, moment)
    builder = _Builder(translator)
    criteria = tuple(builder.of_tier(place, criterion) for place, criterion in enumerate(tier.criteria))
    by_id = {columns.criterion.id: columns.verdict for columns in criteria}
    verdict = _group(translator, tier.root, by_id)
    missing = {key: builder.missing[key] for key in schema if key in builder.missing}
    joined = {key: translator.any_true(cells) for key, cells in missing.items()}
    waiting = tuple(
        Waiting(criterion, branch, key, translator.any_true(cells))
        for (criterion, branch, key), cells in builder.waiting.items()
    )
    return Plan(tier, moment, schema, steps, verdict, criteria, joined, waiting, translator)


def _group(translator: Translator, group: Group, by_id: dict[str, Verdict]) -> Verdict:
    parts = [
        _group(translator, part, by_id) if isinstance(part, Group) else by_id[part.id] for part in group.parts
    ]
    return translator.combine(group.wanted, parts)


class _Builder:
    """Translates criteria and notes which inputs each keeps waiting for."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._steps = translator.steps
        self.missing: dict[str, list[Cell]] = {}
        self.waiting: dict[tuple[int, int | None, str], list[Cell]] = {}
        self._owner: tuple[int, int | None] = (0, None)

    def of_tier(self, place: int, criterion: Criterion) -> CriterionColumns:
        """The columns of the criterion at ``place`` of its tier."""
        self._owner = (place, None)
        return self.criterion(criterion)

    def criterion(self, criterion: Criterion, gate: Cell | None = None) -> CriterionColumns:
        """The columns of ``criterion``. Inside another one it misses inputs only within ``gate``."""
        if criterion.points is not None:
            columns = points_columns(self._translator, criterion.points)
            inner = self._within(gate, columns.verdict)
            if inner is not None:
                self._points(columns, inner)
            return CriterionColumns(criterion, columns.verdict, columns.margin)
        verdict = self._verdict(criterion)
        inner = self._within(gate, verdict)
        if inner is not None:
            owner = self._owner
            for place, branch in enumerate(criterion.branches):
                if gate is None:
                    self._owner = (owner[0], place)
                self.criterion(branch, inner)
            self._owner = owner
            if criterion.condition is not None:
                self._condition(criterion.condition, inner)
        return CriterionColumns(criterion, verdict, self._translator.scalars.margin(criterion.condition))

    def _verdict(self, criterion: Criterion) -> Verdict:
        if criterion.points is not None:
            return points_columns(self._translator, criterion.points).verdict
        if criterion.condition is not None:
            return self._translator.condition(criterion.condition)
        parts = [self._verdict(branch) for branch in criterion.branches]
        return self._translator.combine(criterion.wanted, parts)

    def _within(self, gate: Cell | None, verdict: Verdict) -> Cell | None:
        """Where ``verdict`` is unknown inside ``gate``; ``None`` if nowhere."""
        unknown = self._translator.unknown(verdict)
        if unknown is None or gate is None or gate == unknown:
            return unknown
        return self._translator.all_true([gate, unknown])

    def _points(self, columns: PointsColumns, gate: Cell) -> None:
        for item in columns.items:
            inner = self._within(gate, item.opened)
            if inner is None:
                continue
            if item.item.scalar is not None:
                self._leaf(item.item.scalar, inner)
            for band, verdict in zip(item.item.bands, item.verdicts, strict=False):
                band_gate = self._within(inner, verdict)
                if band.condition is not None and band_gate is not None:
                    self._condition(band.condition, band_gate)

    def _condition(self, term: terms.Condition, gate: Cell) -> None:
        match term:
            case terms.All(parts=parts) | terms.AnyOf(parts=parts) | terms.AtLeast(parts=parts):
                for part in parts:
                    inner = self._within(gate, self._translator.condition(part))
                    if inner is not None:
                        self._condition(part, inner)
            case terms.Not(part=part):
                self._condition(part, gate)
            case terms.Holds(tiers=tiers):
                for tier in tiers:
                    self._note_absent(f"holds_{tier}", gate)
            case terms.SizeMember():
                self._size(term, gate)
            case _:
                self._leaf(term, gate)

    def _size(self, term: terms.SizeMember, gate: Cell) -> None:
        """The industry where no row of the standard is found for it, else the measures of its row that are absent."""
        base_year = self._translator.moment.base_year
        code, *measures = [item.key(base_year) for item in term.inputs]
        cell = self._steps.column(code)
        rows = size_rows()
        listed = tuple(prefix for row in rows for prefix in row.prefixes)
        self._note(code, gate, self._translator.inverse(begins_with(self._translator, cell, listed)))
        for item, key in zip(term.inputs[1:], measures, strict=True):
            counting = [row for row in rows if any(limit.measure == item.id for limit in row.limits)]
            used = begins_with(
                self._translator, cell, tuple(prefix for row in counting for prefix in row.prefixes)
            )
            absent = self._translator.is_null(self._steps.column(key))
            self._note(key, gate, self._translator.all_true([used, absent]))

    def _leaf(self, term: terms.Term, gate: Cell) -> None:
        """Absent inputs; without any, figures that are not positive; without those, all inputs of the term."""
        inputs = [item for item in terms.inputs_of(term) if not item.judged]
        base_year = self._translator.moment.base_year
        keys = list(dict.fromkeys(item.key(base_year) for item in inputs))
        if len(keys) == 1:
            self._waits(keys[0], gate)
            return
        if _misses_only_absent(term):
            for key in keys:
                self._note_absent(key, gate)
            return
        numeric = {item.key(base_year) for item in inputs if item.type.kind in NUMERIC}
        cells = [self._steps.column(key) for key in keys]
        for position, key in enumerate(keys):
            cell = self._steps.compute(
                ("waits for", position, tuple(key in numeric for key in keys)),
                lambda inside, *columns, position=position: _waits_for(
                    inside, columns, position, [name in numeric for name in keys]
                ),
                gate,
                *cells,
            )
            self._waits(key, cell)

    def _note_absent(self, key: str, gate: Cell) -> None:
        self._note(key, gate, self._translator.is_null(self._steps.column(key)))

    def _note(self, key: str, gate: Cell, reason: Cell) -> None:
        self._waits(key, self._translator.all_true([gate, reason]))

    def _waits(self, key: str, where: Cell) -> None:
        self.missing.setdefault(key, []).append(where)
        self.waiting.setdefault((*self._owner, key), []).append(where)


def _waits_for(
    inside: Expression, columns: Iterable[Expression], position: int, numeric: list[bool]
) -> Expression:
    found = list(columns)
    absent = [column.isnull() for column in found]
    none_absent = ~reduce(or_, absent)
    idle = [column <= 0 if is_number else None for column, is_number in zip(found, numeric, strict=True)]
    shown = [column.fill_null(False) for column in idle if column is not None]
    if not shown:
        return inside & (absent[position] | none_absent)
    own = idle[position]
    blamed = ~reduce(or_, shown) if own is None else own.fill_null(False) | ~reduce(or_, shown)
    return inside & (absent[position] | (none_absent & blamed))


def _misses_only_absent(term: terms.Term) -> bool:
    """Whether a term without absent inputs always has a value: no quotient, no growth, no sum that could overflow."""
    return all(
        not isinstance(part, terms.Growth)
        and not (
            isinstance(part, terms.Arithmetic)
            and (part.operator in {"*", "/"} or part.type.kind not in EXACT)
        )
        for part in terms.walk(term)
    )
