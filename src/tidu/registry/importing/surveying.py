"""Going through a whole table once: every row planned, counted and handed on, in bounded memory."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tidu.policy.batch.maps import TableMap
from tidu.registry.importing.checking import RowChecker
from tidu.registry.importing.comparing import plans
from tidu.registry.importing.plans import Outcome, RowPlan
from tidu.registry.importing.reading import open_import
from tidu.registry.importing.scope import Scope
from tidu.registry.models.imports import ImportKind, ImportRow


class Steps(Protocol):
    """Who is told how far the work is, and may end it at a safe place."""

    def progress(self, done: int, total: int, step: str = "") -> None:
        """``done`` of ``total`` rows (0: not known)."""

    def stop_if_wanted(self) -> None:
        """Raise to end the work here."""


@dataclass(slots=True)
class Tally:
    """Counts of rows by what becomes of them; ``warned`` counts doubts; ``codes`` remarks by code.

    ``facts`` is how many facts writing would add, ``sheet`` the sheet that was read, ``unused`` its headings that
    nothing takes, ``titles`` all of its headings.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    warned: int = 0
    beside: int = 0
    facts: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    sheet: str = ""
    header_row: int = 1
    unused: list[str] = field(default_factory=list)

    def count(self, plan: RowPlan) -> None:
        """Add a row."""
        self.rows += 1
        match plan.outcome:
            case Outcome.CREATED:
                self.created += 1
            case Outcome.UPDATED:
                self.updated += 1
            case Outcome.UNCHANGED:
                self.unchanged += 1
            case Outcome.REJECTED:
                self.rejected += 1
        if plan.outcome is not Outcome.REJECTED:
            self.facts += len(plan.facts) + (plan.record is not None)
            self.beside += any(change.code.startswith("beside") for change in plan.changes)
        for remark in plan.row.remarks:
            self.codes[remark.code] += 1
            if remark.kind is ImportRow.Kind.WARNING and plan.outcome is not Outcome.REJECTED:
                self.warned += 1

    def as_summary(self) -> dict[str, Any]:
        """What the import keeps of it beside its columns."""
        return {
            "codes": dict(self.codes.most_common()),
            "facts": self.facts,
            "beside": self.beside,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "unused": self.unused[:50],
        }


def survey(
    *,
    path: Path,
    kind: ImportKind,
    table_map: TableMap | None,
    scope: Scope,
    today: dt.date,
    steps: Steps,
    keep: Callable[[list[RowPlan]], None],
) -> Tally:
    """Plan every row and give the plans to ``keep``, a batch at a time. Raises ``InputError`` for an unfit table."""
    steps.progress(0, 0, "打开表格")
    opened = open_import(path, kind, table_map)
    tally = Tally(sheet=opened.sheet, header_row=opened.header_row, unused=opened.unused)
    for batch in plans(RowChecker(opened, today=today), kind, scope):
        for plan in batch:
            tally.count(plan)
        keep(batch)
        steps.progress(tally.rows, max(opened.total or 0, tally.rows), "校验")
        steps.stop_if_wanted()
    return tally


class Spool:
    """Plans on disk between the survey and the writing: one line of JSON for a row that does something."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows = 0

    def keep(self, batch: list[RowPlan]) -> None:
        """Append what is to be written."""
        with self._path.open("a", encoding="utf-8") as sink:
            for plan in batch:
                if plan.outcome in {Outcome.REJECTED, Outcome.UNCHANGED}:
                    continue
                line = {
                    "row": plan.row.number,
                    "enterprise": plan.enterprise_id,
                    "uscc": plan.row.uscc,
                    "name": plan.row.name,
                    "new": plan.outcome is Outcome.CREATED and plan.record is None,
                    "facts": plan.facts,
                    "record": plan.record,
                    "replaces": plan.replaces,
                }
                sink.write(json.dumps(line, ensure_ascii=False) + "\n")
                self.rows += 1

    def chunks(self, size: int) -> Iterator[list[dict[str, Any]]]:
        """The lines again, ``size`` at a time."""
        if not self.rows:
            return
        with self._path.open(encoding="utf-8") as source:
            chunk: list[dict[str, Any]] = []
            for line in source:
                chunk.append(json.loads(line))
                if len(chunk) == size:
                    yield chunk
                    chunk = []
            if chunk:
                yield chunk
