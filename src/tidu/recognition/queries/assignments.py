"""The expert's own files, and how many of them want something."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Min, Q
from django.http import Http404

from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.recognition.models import Assignment, Panel, Status
from tidu.recognition.models.reviews import AssignmentQuerySet
from tidu.recognition.queries.conflicts import conflicts_in
from tidu.recognition.queries.experts import HELD

#: Files that an expert has in hand, or handed in and not yet decided by the panel: while one is, a conflict counts.
UNDER_WAY: Final = Q(
    state__in=HELD, application__status=Status.EXPERTS, panel__state=Panel.State.OPEN, conflict=""
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many files wait for the declaration, how many for the opinion, how many are done, and the next last day."""

    undeclared: int
    open: int
    submitted: int
    due_on: dt.date | None


def own_assignments(actor: Actor) -> AssignmentQuerySet:
    """The expert's own files with what their list shows; nothing of those avoided, replaced or in conflict now."""
    return _free_of_conflict(actor).select_related(
        "panel__call", "panel__deadline", "application__enterprise"
    )


def own_assignment(actor: Actor, pk: int) -> Assignment:
    """An expert's own file in whatever state, or 404: avoided, replaced and conflicting ones do not exist for them."""
    found = (
        _free_of_conflict(actor, pk=pk)
        .select_related(
            "panel__deadline",
            "panel__call__organisation",
            "application__enterprise",
            "expert__user",
            "expert__organisation",
        )
        .first()
    )
    if found is None:
        raise Http404("没有这件评审。")
    return found


def _free_of_conflict(actor: Actor, **narrowed: object) -> AssignmentQuerySet:
    """The expert's own files without those that are in conflict by what is on record at this moment."""
    if not actor.has(Role.EXPERT):
        return Assignment.objects.none()
    rows = Assignment.objects.visible_to(actor).filter(**narrowed)
    return rows.exclude(pk__in=conflicts_in(with_both_sides(rows.filter(UNDER_WAY))))


def with_both_sides(rows: AssignmentQuerySet) -> list[Assignment]:
    """The files with all that a conflict is told by."""
    return list(rows.select_related("application__enterprise", "expert__user", "expert__organisation"))


def counted(actor: Actor) -> Counted:
    """The expert's files in figures. The same number of queries for any number of files."""
    waiting = Q(application__status=Status.EXPERTS, panel__state=Panel.State.OPEN)
    undeclared = waiting & Q(state=Assignment.State.ASSIGNED)
    opened = waiting & Q(state=Assignment.State.OPEN)
    row = _free_of_conflict(actor).aggregate(
        undeclared=Count("pk", filter=undeclared),
        open=Count("pk", filter=opened),
        submitted=Count("pk", filter=Q(state=Assignment.State.SUBMITTED)),
        due_on=Min("panel__deadline__due_on", filter=undeclared | opened),
    )
    return Counted(row["undeclared"], row["open"], row["submitted"], row["due_on"])
