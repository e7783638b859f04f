"""What follows when a declared interest changes: a task for whoever has to answer, a message to whom it is about."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from tidu.accounts.identities import Identity, actor_of
from tidu.accounts.models import Interest, Membership, Organisation
from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, notify, open_task
from tidu.desk.kinds import declare_kinds

END: Final = "desk.interest.end"
declare_kinds({END: "终止回避"})


def follow(*, actor: Actor, interest: Interest, **_: object) -> None:
    """Have it answered, or say what became of it. Connected to ``interest_changed``."""
    if interest.ended_at is not None:
        title, outcome = "安全管理员终止了您的一项回避", "已终止"
    elif interest.ending_asked_at is not None:
        _have_answered(actor, interest)
        return
    elif interest.kept_because:
        title, outcome = "安全管理员没有同意终止您的一项回避", "没有同意终止"
    else:
        title, outcome = "安全管理员为您登记了一项回避", ""
    finish_task(actor=actor, kind=END, subject=interest, outcome=outcome)
    notify(
        actor=actor,
        topic="回避申报",
        title=title,
        body="企业、情形和理由见“回避申报”。" + ("" if interest.ended_at else "所涉企业的事项不由您办理。"),
        url=reverse("accounts:interests"),
        users=[interest.person],
    )


def _have_answered(actor: Actor, interest: Interest) -> None:
    """Give it to the security administrators in whose charge the person is. Which enterprise it is, is not said."""
    organisation = _nearest(interest)
    if organisation is not None:
        open_task(
            actor=actor,
            kind=END,
            title=f"{interest.person}请求终止一项回避，请核对",
            url=f"{reverse('accounts:interests-register')}?state=asked",
            organisation=organisation,
            role=Role.SECURITY_ADMINISTRATOR,
            subject=interest,
            subject_label=f"{interest.person}的回避申报",
        )


def _nearest(interest: Interest) -> Organisation | None:
    """The organisation of the security administrators who see the interest; of the smallest place among several."""
    posts = (
        Membership.objects.active()
        .filter(role=Role.SECURITY_ADMINISTRATOR, user__is_active=True, organisation__is_active=True)
        .exclude(user=interest.person_id)
        .select_related("organisation__place", "user")
        .order_by("-organisation__place", "pk")
    )
    asked: set[int] = set()
    for post in posts:
        if post.organisation_id not in asked:
            asked.add(post.organisation_id)
            eyes = actor_of(post.user, Identity(post))
            if Interest.objects.visible_to(eyes).filter(pk=interest.pk).exists():
                return post.organisation
    return None
