"""A message to whoever is to avoid an enterprise by what somebody else has entered, or no longer has to."""

from __future__ import annotations

from django.urls import reverse

from tidu.accounts.models import Interest
from tidu.core.actor import Actor
from tidu.desk.actions import notify


def tell(*, actor: Actor, interest: Interest, **_: object) -> None:
    """Tell the person. Connected to ``interest_changed``; nobody is told of what they did themselves."""
    ended = interest.ended_at is not None
    notify(
        actor=actor,
        topic="回避申报",
        title="安全管理员终止了为您登记的一项回避" if ended else "安全管理员为您登记了一项回避",
        body="企业、情形和依据见“回避申报”。" + ("" if ended else "所涉企业的事项不再由您办理。"),
        url=reverse("accounts:interests"),
        users=[interest.person],
        key=f"interest-{interest.pk}-{'ended' if ended else 'declared'}",
    )
