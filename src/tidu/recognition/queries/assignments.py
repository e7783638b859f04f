"""The expert's own files, and how many of them want something."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.recognition.models import Assignment, Panel, Status
from tidu.recognition.models.reviews import AssignmentQuerySet


@dataclass(frozen=True, slots=True)
class Counted:
    """How many files wait for the declaration, how many for the opinion, how many are done, and the next last day."""

    undeclared: int
    open: int
    submitted: int
    due_on: dt.date | None


def own_assignments(actor: Actor) -> AssignmentQuerySet:
    """The expert's own files with what their list shows; nothing of those avoided, replaced or in conflict."""
    if not actor.has(Role.EXPERT):
        return Assignment.objects.none()
    return Assignment.objects.visible_to(actor).select_related(
        "panel__call__version", "panel__deadline", "application__enterprise"
    )


def counted(actor: Actor) -> Counted:
    """The expert's files in figures. One query."""
    waiting = Q(application__status=Status.EXPERTS, panel__state=Panel.State.OPEN)
    undeclared = waiting & Q(state=Assignment.State.ASSIGNED)
    opened = waiting & Q(state=Assignment.State.OPEN)
    row = Assignment.objects.visible_to(actor).aggregate(
        undeclared=Count("pk", filter=undeclared),
        open=Count("pk", filter=opened),
        submitted=Count("pk", filter=Q(state=Assignment.State.SUBMITTED)),
        due_on=Min("panel__deadline__due_on", filter=undeclared | opened),
    )
    return Counted(row["undeclared"], row["open"], row["submitted"], row["due_on"])
