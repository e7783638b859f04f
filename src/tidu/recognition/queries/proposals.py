"""What a list for the meeting holds, who has left the stage since it was made, and who has come to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tidu.recognition.models import Application, Call, Proposal, Status
from tidu.recognition.models.applications import ApplicationQuerySet

#: States in which a list can still be changed, confirmed or given up.
OPEN: Final = frozenset({Proposal.State.DRAFT, Proposal.State.PROPOSED})


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in figures. ``stale`` names what no longer waits for the decision, each with its status."""

    total: int
    selected: int
    stale: tuple[str, ...]


def listed_in(proposal: Proposal) -> Listed:
    """What a list holds; nothing of one that is confirmed or given up is stale. Two queries, one of them for names."""
    rows = list(proposal.items.values_list("pk", "selected", "application__status"))
    gone = [pk for pk, _, status in rows if status != Status.DECISION] if proposal.state in OPEN else []
    items = proposal.items.filter(pk__in=gone).select_related("application__enterprise")
    return Listed(
        len(rows),
        sum(selected for _, selected, _ in rows),
        tuple(
            f"{item.application.enterprise.name}（{item.application.get_status_display()}）" for item in items
        ),
    )


def waiting_for_decision(call: Call) -> ApplicationQuerySet:
    """The applications of a call that have come to the decision. Lists are whole, so nobody's own scope narrows it."""
    return Application.objects.filter(call=call, status=Status.DECISION)


def arrived_since(proposal: Proposal) -> ApplicationQuerySet:
    """Those of its call that have come to the decision and are not in the list yet."""
    return waiting_for_decision(proposal.call).exclude(pk__in=proposal.items.values("application"))
