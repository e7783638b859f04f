"""What the two small processes behind a title share: one row of their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tidu.core.roles import Role
from tidu.recognition.models import Level


@dataclass(frozen=True, slots=True)
class LifeTransition:
    """One act: from which states, by whom, and to which state (none: it stays where it is).

    ``level`` is the side that the person acts on. The system may do what says so with ``by_system``. ``told`` is what
    the enterprise reads; empty tells it nothing.
    """

    act: str
    label: str
    level: Level
    roles: frozenset[Role]
    sources: frozenset[str]
    target: str = ""
    needs_reason: bool = False
    told: str = ""
    by_system: bool = False


Table = Mapping[str, LifeTransition]


def table_of(transitions: Iterable[LifeTransition]) -> dict[str, LifeTransition]:
    """The table by name of act."""
    return {transition.act: transition for transition in transitions}
