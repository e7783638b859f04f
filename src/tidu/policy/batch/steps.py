"""Columns computed from columns, arranged in steps so that each is computed once and after everything that it reads.

Rules share sub-expressions (one growth rate decides a criterion, its margin and what is missing). Written out
as one nested expression they would multiply; as steps of a chain of selections they do not, on any engine. A
formula is a function from Ibis values to an Ibis value and is only called when the chain is built.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

#: An Ibis table or value. Ibis ships no types.
Expression = Any
Formula = Callable[..., Expression]

#: The table that the first selection of a chain reads.
SOURCE: Final = "source"


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of the chain: its name, and the step after which it is there (0: in the source)."""

    name: str
    step: int


class Step(NamedTuple):
    """One selection of the chain: an Ibis expression over the unbound table ``reads``."""

    reads: str
    expression: Expression


class _Computed(NamedTuple):
    formula: Formula
    operands: tuple[Cell, ...]


class Steps:
    """A chain under construction. ``schema`` are the columns of the source with their Ibis types."""

    def __init__(self, schema: Mapping[str, str]) -> None:
        self._schema = dict(schema)
        self._computed: dict[str, _Computed] = {}
        self._steps: dict[str, int] = dict.fromkeys(schema, 0)
        self._known: dict[Hashable, Cell] = {}

    def column(self, name: str) -> Cell:
        """A column of the source. Raises :class:`KeyError`."""
        if name not in self._schema:
            raise KeyError(name)
        return Cell(name, 0)

    def compute(self, key: Hashable, formula: Formula, *operands: Cell) -> Cell:
        """The column ``formula(*operands)``. The same ``key`` and operands give the same column."""
        identity = (key, operands)
        found = self._known.get(identity)
        if found is None:
            name = f"c:{len(self._computed)}"
            step = 1 + max((operand.step for operand in operands), default=0)
            found = self._known[identity] = Cell(name, step)
            self._computed[name] = _Computed(formula, operands)
            self._steps[name] = step
        return found

    def chain(self, wanted: Mapping[str, Cell], carried: Mapping[str, Any]) -> list[Step]:
        """The selections that lead from the source to ``wanted`` (final name → column).

        ``carried`` are further columns of the source (name → Ibis type) that go through unchanged and come
        first. A step takes along only what later steps still read. The last step renames.
        """
        import ibis

        last = max((cell.step for cell in wanted.values()), default=0)
        needed = self._needed(wanted.values(), last)
        schema: Mapping[str, Any] = {**carried, **self._schema}
        steps: list[Step] = []
        for number in range(1, last + 2):
            reads = f"step_{number - 1}"
            table = ibis.table(schema, name=reads)
            columns = {name: table[name] for name in carried}
            if number <= last:
                columns |= {name: self._column(name, number, table) for name in needed[number]}
            else:
                columns |= {name: table[cell.name] for name, cell in wanted.items()}
            expression = table.select(**columns)
            steps.append(Step(reads, expression))
            schema = dict(expression.schema().items())
        return steps

    def _column(self, name: str, number: int, table: Expression) -> Expression:
        if self._steps[name] < number:
            return table[name]
        formula, operands = self._computed[name]
        return formula(*(table[operand.name] for operand in operands))

    def _needed(self, wanted: Iterable[Cell], last: int) -> dict[int, list[str]]:
        """For each step the columns that it must yield, in a stable order."""
        needed: dict[int, dict[str, None]] = {last: dict.fromkeys(cell.name for cell in wanted)}
        for number in range(last, 0, -1):
            before: dict[str, None] = {}
            for name in needed[number]:
                if self._steps[name] < number:
                    before[name] = None
                else:
                    before.update(dict.fromkeys(operand.name for operand in self._computed[name].operands))
            needed[number - 1] = before
        return {number: list(names) for number, names in needed.items()}
