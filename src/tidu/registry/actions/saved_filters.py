"""Filters that a person keeps under a name of their own."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.registry.models import SavedFilter
from tidu.registry.queries.saved_filters import own_filters

MOST: Final = 20
LONGEST_QUERY: Final = 1000
LONGEST_NAME: Final = 40


def save_filter(*, actor: Actor, name: str, query: str) -> SavedFilter:
    """Keep ``query`` under ``name``; the same name again replaces it. Raises :class:`Refused`."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"请给这组筛选起个名字，最多 {LONGEST_NAME} 个字。", field="name")
    if len(query) > LONGEST_QUERY:
        raise Refused("筛选条件太长，存不下。请去掉几项再存。")
    with transaction.atomic():
        own = own_filters(actor).select_for_update()
        if len(own.exclude(name=name)) >= MOST:
            raise Refused(f"最多保存 {MOST} 组筛选，请先删去不用的。")
        kept, _created = SavedFilter.objects.update_or_create(
            user_id=actor.user_id or 0,
            organisation_id=actor.organisation_id or 0,
            name=name,
            defaults={"query": query},
        )
        record(actor=actor, action="registry.filter.saved", subject=kept)
    return kept


def remove_filter(*, actor: Actor, kept: SavedFilter) -> None:
    """Forget one. Idempotent."""
    with transaction.atomic():
        removed, _ = own_filters(actor).filter(pk=kept.pk).delete()
        if removed:
            record(actor=actor, action="registry.filter.removed", subject=kept)
