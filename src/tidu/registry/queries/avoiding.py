"""Which enterprises an actor has to avoid (回避): they may read of them in the registry, and change nothing there."""

from __future__ import annotations

from tidu.accounts.models import Ground, Interest, Membership
from tidu.core.actor import Actor
from tidu.registry.models import Enterprise


def avoided_codes(actor: Actor) -> dict[str, str]:
    """The ground by USCC, also of enterprises that are not on the books yet. Two queries for any number."""
    if actor.user_id is None or actor.is_enterprise:
        return {}
    declared = Interest.objects.current().filter(person=actor.user_id).order_by("-pk")
    found = {code: Ground(ground).label for code, ground in declared.values_list("uscc", "ground")}
    posts = Membership.objects.filter(user=actor.user_id).values("organisation")
    worked = Enterprise.objects.filter(organisation__in=posts).values_list("uscc", flat=True)
    return found | dict.fromkeys(worked, Ground.WORK.label)


def avoided_numbers(actor: Actor) -> set[int]:
    """The numbers of those on the books."""
    codes = avoided_codes(actor)
    return set(Enterprise.objects.filter(uscc__in=codes).values_list("pk", flat=True)) if codes else set()
