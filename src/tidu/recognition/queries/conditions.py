"""The conditions of a call with their clauses: what a refusal rests on is chosen from these, never typed."""

from __future__ import annotations

from dataclasses import dataclass

from tidu.core.outline import label
from tidu.policy.official_text.clauses import citation_path
from tidu.recognition.models import Call
from tidu.recognition.process.rules import pack_of, route_of_call, settings_of


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the call: its words and its clause, as the document writes it."""

    id: str
    label: str
    cite: str

    @property
    def words(self) -> str:
        """Clause and condition in one line: 基本条件 3　上年度营业收入."""
        return f"{label(citation_path(self.cite))}　{self.label}"


def conditions_of(call: Call) -> tuple[Condition, ...]:
    """Every condition of the call that has a clause, in the order of the document."""
    criteria = pack_of(call).criteria(call.tier, settings_of(call)).criteria
    return tuple(Condition(item.id, item.label, item.cite) for item in criteria if item.cite)


def citable_of(call: Call) -> tuple[Condition, ...]:
    """What a refusal may rest on: a condition, or a step of the procedure, such as the experts' review."""
    steps = {
        stop.step.cite: Condition(stop.stage, stop.step.label, stop.step.cite)
        for stop in route_of_call(call).stops
    }
    return (*conditions_of(call), *steps.values())


def is_cited(call: Call, cite: str) -> bool:
    """Whether a clause is one of a condition of the call."""
    return any(item.cite == cite for item in conditions_of(call))
