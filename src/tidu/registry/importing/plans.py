"""What is known of an enterprise, and what writing a row of a table would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tidu.registry.importing.checking import CheckedRow
from tidu.registry.importing.remarks import Remark


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class RowPlan:
    """What writing a row would do.

    ``facts`` are the texts of new or changed facts; ``record`` the columns of a title or incident; ``replaces`` the
    record that it takes the place of. ``enterprise_id`` is ``None`` for an enterprise that is new.
    """

    row: CheckedRow
    outcome: Outcome
    enterprise_id: int | None = None
    facts: list[tuple[str, int, str]] = field(default_factory=list)
    record: dict[str, str] | None = None
    replaces: int | None = None
    changes: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise as the registry has it. ``place`` is its district's code, or its city's."""

    pk: int
    uscc: str
    name: str
    place: str
    status: str
    organisation_id: int | None
