"""What pages of imports show."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from tidu.core.actor import Actor
from tidu.registry.models import DuplicateProposal, Import, ImportRow
from tidu.registry.models.imports import DuplicateQuerySet, ImportQuerySet


def imports_of(actor: Actor) -> ImportQuerySet:
    """The imports of the actor's organisation, newest first, with what a list shows of each."""
    return Import.objects.visible_to(actor).select_related("file", "user", "job")


def remarks_of(batch: Import, kind: str) -> QuerySet[ImportRow]:
    """What is said of a table, of one kind, in the order of its rows."""
    return ImportRow.objects.filter(batch=batch, kind=kind)


def remark_counts(batch: Import) -> dict[str, int]:
    """How many remarks of each kind are kept."""
    rows = (
        ImportRow.objects.filter(batch=batch).values_list("kind").annotate(kept=Count("pk")).order_by("kind")
    )
    return dict(rows)


def duplicates_for(actor: Actor) -> DuplicateQuerySet:
    """Pairs of near names of which the actor sees both."""
    return DuplicateProposal.objects.visible_to(actor).select_related(
        "first__city", "first__district", "second__city", "second__district", "decided_by"
    )
