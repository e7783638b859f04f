"""What came of a batch: enterprises by status and by criterion, what is missing most, which cells were refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidu.policy.batch.cells import Refused
from tidu.policy.status import Status

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class CriterionSummary:
    """One criterion and how many rows came out with each status."""

    id: str
    label: str
    cite: str | None
    counts: Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class MissingSummary:
    """One input (flat name and label) and in how many rows it keeps some criterion unknown.

    ``absent``: the table has no column for it at all.
    """

    key: str
    label: str
    rows: int
    absent: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of one batch.

    ``refused`` lists the first cells that could not be taken, ``refused_by_column`` counts all. ``missing``
    runs from the most to the least frequent. ``seconds`` is the time from opening the table to closing the
    result.
    """

    pack: str
    title: str
    tier: str
    as_of: dt.date
    base_year: int
    settings: Mapping[str, str]
    in_force: bool
    engine: str
    rows: int
    counts: Mapping[Status, int]
    criteria: tuple[CriterionSummary, ...]
    missing: tuple[MissingSummary, ...]
    refused: tuple[Refused, ...]
    refused_by_column: Mapping[str, int]
    output: Path | None
    seconds: float

    @property
    def refused_total(self) -> int:
        """How many cells could not be taken."""
        return sum(self.refused_by_column.values())

    def as_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        return {
            "pack": self.pack,
            "title": self.title,
            "tier": self.tier,
            "as_of": self.as_of.isoformat(),
            "base_year": self.base_year,
            "settings": dict(self.settings),
            "in_force": self.in_force,
            "engine": self.engine,
            "rows": self.rows,
            "status": _counts(self.counts),
            "criteria": [
                {"id": item.id, "label": item.label, "cite": item.cite, "status": _counts(item.counts)}
                for item in self.criteria
            ],
            "missing": [
                {"id": item.key, "label": item.label, "rows": item.rows, "absent": item.absent}
                for item in self.missing
            ],
            "refused": {
                "total": self.refused_total,
                "by_column": dict(self.refused_by_column),
                "cells": [
                    {
                        "sheet": cell.sheet,
                        "row": cell.row,
                        "column": cell.column,
                        "value": cell.value,
                        "message": cell.message,
                    }
                    for cell in self.refused[:MOST_SHOWN]
                ],
            },
            "output": None if self.output is None else str(self.output),
            "seconds": round(self.seconds, 3),
        }


def _counts(counts: Mapping[Status, int]) -> dict[str, int]:
    return {status.value: counts.get(status, 0) for status in Status}
