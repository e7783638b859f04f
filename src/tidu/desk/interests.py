"""A message to whoever is to avoid an enterprise by what somebody else has entered, ended or kept."""

from __future__ import annotations

from django.urls import reverse

from tidu.accounts.models import Interest
from tidu.core.actor import Actor
from tidu.desk.actions import notify


def tell(*, actor: Actor, interest: Interest, **_: object) -> None:
    """Tell the person. Connected to ``interest_changed``; nobody is told of what they did themselves."""
    if interest.ended_at is not None:
        title = "安全管理员终止了您的一项回避"
    elif interest.kept_because:
        title = "安全管理员没有同意终止您的一项回避"
    else:
        title = "安全管理员为您登记了一项回避"
    notify(
        actor=actor,
        topic="回避申报",
        title=title,
        body="企业、情形和理由见“回避申报”。" + ("" if interest.ended_at else "所涉企业的事项不由您办理。"),
        url=reverse("accounts:interests"),
        users=[interest.person],
    )
