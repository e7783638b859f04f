"""The filters that a person keeps, for the organisation for which they act now."""

from __future__ import annotations

from django.db.models import QuerySet

from tidu.core.actor import Actor
from tidu.registry.models import SavedFilter


def own_filters(actor: Actor) -> QuerySet[SavedFilter]:
    """The actor's own, by name."""
    return SavedFilter.objects.filter(user_id=actor.user_id or 0, organisation_id=actor.organisation_id or 0)
