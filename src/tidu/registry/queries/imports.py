"""What pages of imports show."""

from __future__ import annotations

from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tidu.accounts.models import Membership
from tidu.accounts.ties import ties, ties_of
from tidu.core.actor import Actor
from tidu.registry.models import DuplicateProposal, Enterprise, Fact, Import, ImportRow, Incident, Title
from tidu.registry.models.imports import DuplicateQuerySet, ImportQuerySet

#: What an import writes about enterprises that were there before.
_WRITTEN: Final = (Fact, Title, Incident)


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


def why_not_undo(actor: Actor, batch: Import) -> str:
    """That an import touched an enterprise which the actor has to avoid, and who can undo it instead; else nothing.

    An import is undone whole or not at all: half of it would be neither done nor undone. Five queries at most.
    """
    own = ties_of(actor)
    if not (own.accounts or own.codes):
        return ""
    peers = (
        Membership.objects.active()
        .filter(organisation_id=actor.organisation_id or 0, role=actor.role, user__is_active=True)
        .exclude(user_id__in=actor.people)
    )
    names = {post.user_id: str(post.user) for post in peers.select_related("user").order_by("user__name")}
    avoided = ties({*names, *actor.people})
    rows = Enterprise.objects.filter(
        Q(organisation_id__in={number for found in avoided.values() for number in found.accounts})
        | Q(uscc__in={code for found in avoided.values() for code in found.codes}),
        Q(batch=batch)
        | Q(
            *(Exists(model.objects.filter(batch=batch, enterprise=OuterRef("pk"))) for model in _WRITTEN),
            _connector=Q.OR,
        ),
    ).order_by("pk")
    touched = list(rows)
    first = next((item for item in touched if own.ground(item)), None)
    if first is None:
        return ""
    free = [name for person, name in names.items() if not avoided[person].ground(*touched)]
    whom = (
        f"请由同事{'、'.join(free)}撤销" if free else "同岗位的人都应当回避，请由安全管理员授权另一位同事撤销"
    )
    return f"这次导入写入了您应当回避的企业：{first.name}（{own.ground(first)}），不能由您撤销。{whom}。"


def duplicates_for(actor: Actor) -> DuplicateQuerySet:
    """Pairs of near names of which the actor sees both."""
    return DuplicateProposal.objects.visible_to(actor).select_related(
        "first__city", "first__district", "second__city", "second__district", "decided_by"
    )
