"""Who has looked at an enterprise: one line in the record for a person, an enterprise and an hour."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.registry.models import Enterprise

_ONCE_IN: Final = 60 * 60


def note_view(*, actor: Actor, enterprise: Enterprise) -> None:
    """Record that ``actor`` reads what is known of ``enterprise``; its people see it under 谁看过我的数据."""
    if cache.add(f"viewed:{actor.user_id}:{actor.organisation_id}:{enterprise.pk}", True, _ONCE_IN):
        record(
            actor=actor,
            action="registry.enterprise.viewed",
            subject=enterprise,
            enterprise_id=enterprise.pk,
        )
