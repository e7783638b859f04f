"""What is asked of a plan: one row of counts, or the statuses, margins and missing inputs of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Final

from tidu.policy.assess.wording import Names
from tidu.policy.batch.logic import Verdict
from tidu.policy.batch.plan import Plan
from tidu.policy.batch.source import Source
from tidu.policy.batch.steps import Cell, Expression, Step
from tidu.policy.status import Status

SEPARATOR: Final = "；"
#: Statuses as numbers of two bits.
CODES: Final = {Status.NOT_MET: 0, Status.MET: 1, Status.UNKNOWN: 2, Status.NEEDS_REVIEW: 3}
FLAGS_PER_INTEGER: Final = 62


def output_columns(plan: Plan) -> list[str]:
    """The names of the columns that evaluation adds, in their order."""
    names = ["status"]
    for columns in plan.criteria:
        names.append(f"status_{columns.criterion.id}")
        if columns.margin is not None:
            names.append(f"margin_{columns.criterion.id}")
    return [*names, "missing"]


@dataclass(frozen=True, slots=True)
class Rows:
    """The user's columns and, for every row, what :func:`output_columns` names; in the form that suits an engine.

    ``spelled`` yields everything in words and needs no more than a chain of selections. ``compact`` yields
    status codes (see :data:`CODES`) under the final names, and integers of 62 flags each (``missing:0`` …) for
    the inputs that are missing: for an engine that can spell a few different integers faster than ten million
    texts. ``inputs`` are the labels of the flags.
    """

    plan: Plan
    source: Source
    names: Names
    statuses: tuple[str, ...]
    inputs: tuple[str, ...]

    def spelled(self) -> list[Step]:
        """The chain in words."""
        cells = {name: _label(self.plan, verdict) for name, verdict in _named_verdicts(self.plan)}
        return self._chain(cells, {"missing": _missing_text(self.plan, self.inputs)})

    def compact(self) -> list[Step]:
        """The chain in codes."""
        cells = {name: status_code(self.plan, verdict) for name, verdict in _named_verdicts(self.plan)}
        flags = list(self.plan.missing.values())
        groups = [
            flags[start : start + FLAGS_PER_INTEGER] for start in range(0, len(flags), FLAGS_PER_INTEGER)
        ]
        packed = {f"missing:{index}": pack_cells(self.plan, group, 1) for index, group in enumerate(groups)}
        return self._chain(cells, packed)

    def _chain(self, statuses: Mapping[str, Cell], missing: Mapping[str, Cell]) -> list[Step]:
        margins = {f"margin_{c.criterion.id}": c.margin for c in self.plan.criteria if c.margin is not None}
        every = {**statuses, **margins}
        wanted = {name: every[name] for name in output_columns(self.plan) if name in every}
        wanted.update(missing)
        first = self.source.first_step(self.plan.schema, self.names)
        carried = {name: self.source.schema[column] for name, column in self.source.carried.items()}
        *steps, last = self.plan.steps.chain(wanted, carried)
        titles = {title: name for name, title in self.source.titles.items()}
        return [first, *steps, Step(last.reads, last.expression.rename(titles))]


def rows(plan: Plan, source: Source, names: Names) -> Rows:
    """What is asked of every row."""
    statuses = tuple(name for name, _ in _named_verdicts(plan))
    return Rows(plan, source, names, statuses, tuple(names.key(key) for key in plan.missing))


def missing_words(labels: Sequence[str]) -> str | None:
    """The text of the column ``missing``."""
    return SEPARATOR.join(labels) or None


def count_chain(plan: Plan, source: Source, names: Names) -> list[Step]:
    """The chain that yields one row of counts, to be read with :func:`read_counts`."""
    first = source.first_step(plan.schema, names)
    schema = first.expression.schema()
    refusals = {name: schema[name] for name in schema.names if name.startswith("x:")}
    wanted: dict[str, Cell] = {}
    for name, verdict in _verdicts(plan):
        wanted[f"v:{name}"] = verdict.value
        if verdict.unknown is not None:
            wanted[f"u:{name}"] = verdict.unknown
    wanted |= {f"m:{key}": cell for key, cell in plan.missing.items()}
    chain = plan.steps.chain(wanted, refusals)
    table = chain[-1].expression
    counts: dict[str, Expression] = {"rows": table.count()}
    for name in table.columns:
        counts[name] = table[name].sum()
        if name.startswith("v:"):
            counts[f"n:{name[2:]}"] = table[name].count()
    return [first, *chain[:-1], Step(chain[-1].reads, table.aggregate(**counts))]


def read_counts(
    plan: Plan, row: dict[str, Any]
) -> tuple[dict[str, dict[Status, int]], dict[str, int], dict[str, int]]:
    """From the row of counts: statuses by criterion (``""``: the verdict), missing inputs and refusals by flat name."""
    counts = {name: int(value or 0) for name, value in row.items()}
    statuses: dict[str, dict[Status, int]] = {}
    for name, verdict in _verdicts(plan):
        met, decided = counts[f"v:{name}"], counts[f"n:{name}"]
        undecided = counts["rows"] - decided
        unknown = undecided if not verdict.review else counts.get(f"u:{name}", 0)
        statuses[name] = {
            Status.MET: met,
            Status.NOT_MET: decided - met,
            Status.UNKNOWN: unknown,
            Status.NEEDS_REVIEW: undecided - unknown,
        }
    missing = {name[2:]: value for name, value in counts.items() if name.startswith("m:") and value}
    refused = {name[2:]: value for name, value in counts.items() if name.startswith("x:") and value}
    return statuses, missing, refused


def pack_cells(plan: Plan, cells: Sequence[Cell], bits: int) -> Cell:
    """Small numbers of ``bits`` bits each in one integer, the first lowest."""

    def pack(*values: Expression) -> Expression:
        shifted = [value.cast("int64") * 2 ** (bits * position) for position, value in enumerate(values)]
        return reduce(add, shifted)

    return plan.steps.compute(("packed", bits), pack, *cells)


def _named_verdicts(plan: Plan) -> list[tuple[str, Verdict]]:
    return [(f"status_{name}" if name else "status", verdict) for name, verdict in _verdicts(plan)]


def _verdicts(plan: Plan) -> Sequence[tuple[str, Verdict]]:
    return [("", plan.verdict), *((columns.criterion.id, columns.verdict) for columns in plan.criteria)]


def status_code(plan: Plan, verdict: Verdict) -> Cell:
    """The status of a verdict as its code."""
    undecided = CODES[Status.UNKNOWN if not verdict.review else Status.NEEDS_REVIEW]
    if verdict.unknown is None:
        return plan.steps.compute(
            ("code", undecided), lambda value: value.cast("int8").fill_null(undecided), verdict.value
        )
    return plan.steps.compute(
        "code",
        lambda value, unknown: value.cast("int8").fill_null(
            CODES[Status.NEEDS_REVIEW] - unknown.cast("int8").fill_null(0)
        ),
        verdict.value,
        verdict.unknown,
    )


def _label(plan: Plan, verdict: Verdict) -> Cell:
    import ibis

    met, not_met, unknown = str(Status.MET), str(Status.NOT_MET), str(Status.UNKNOWN)
    review = str(Status.NEEDS_REVIEW)
    if verdict.unknown is None:
        undecided = review if verdict.review else unknown
        return plan.steps.compute(
            ("label", undecided),
            lambda value: ibis.cases((value, met), (~value, not_met), else_=undecided),
            verdict.value,
        )
    return plan.steps.compute(
        "label",
        lambda value, open_: ibis.cases((value, met), (~value, not_met), (open_, unknown), else_=review),
        verdict.value,
        verdict.unknown,
    )


def _missing_text(plan: Plan, labels: Sequence[str]) -> Cell:
    """The labels of the inputs that keep a row unknown, or NULL."""
    import ibis

    if not plan.missing:
        return plan.steps.compute("nothing missing", lambda: ibis.null("string"))

    def text(*flags: Expression) -> Expression:
        pieces = [ibis.ifelse(flag, SEPARATOR + label, "") for flag, label in zip(flags, labels, strict=True)]
        return reduce(add, pieces).substr(len(SEPARATOR)).nullif("")

    return plan.steps.compute(("missing", tuple(labels)), text, *plan.missing.values())
