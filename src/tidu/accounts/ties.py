"""Who keeps away from what (回避): nobody reads the case of an enterprise for which they work or worked."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from tidu.accounts.models import Membership
from tidu.core.actor import Actor


def tied(actor: Actor, organisation: str) -> Exists:
    """That the person works or worked, in any role, for the organisation at the end of a path from the row."""
    return Exists(
        Membership.objects.filter(user_id=actor.user_id or 0, organisation_id=OuterRef(organisation))
    )
