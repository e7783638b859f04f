"""Whom a claim gives work, and who is told of it. Parts of the actions on claims, inside their transactions."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, notify, open_task, withdraw_task
from tidu.registry.models import Claim, ClaimState
from tidu.registry.queries.claims import checking_body

TASK: Final = "registry.claim.check"
_TOPIC: Final = "企业认领"


def ask_to_check(actor: Actor, claim: Claim) -> None:
    """Give the claim to whoever checks it; nobody yet where neither district nor city has anybody."""
    body = checking_body(claim.enterprise)
    if body is None:
        return
    organisation, role = body
    open_task(
        actor=actor,
        kind=TASK,
        title=f"核实企业认领：{claim.stated_name}",
        url=reverse("registry:claim", args=[claim.pk]),
        organisation=organisation,
        role=role,
        subject=claim,
        about=claim.enterprise,
    )


def withdraw_request(actor: Actor, claim: Claim) -> None:
    """The claimant has withdrawn: nothing is left to check."""
    withdraw_task(actor=actor, kind=TASK, subject=claim, outcome="申请人已撤回")


def tell_claimant(actor: Actor, claim: Claim) -> None:
    """End the check, and tell the claimant how it ended."""
    accepted = claim.state == ClaimState.ACCEPTED
    finish_task(actor=actor, kind=TASK, subject=claim, outcome=claim.get_state_display())
    notify(
        actor=actor,
        topic=_TOPIC,
        title=f"企业认领{claim.get_state_display()}：{claim.stated_name}",
        body="重新登录后就可以填报企业数据。" if accepted else f"理由：{claim.reason}",
        url=reverse("registry:own" if accepted else "registry:my-claim"),
        users=[claim.user],
        key=f"claim-{claim.pk}-{claim.state}",
    )


def tell_colleagues(actor: Actor, claim: Claim) -> None:
    """Tell those who manage the enterprise already that somebody has joined them."""
    managers = User.objects.filter(
        memberships__organisation=claim.enterprise.organisation,
        memberships__role=Role.ENTERPRISE_MANAGER,
        memberships__ended_at__isnull=True,
    ).exclude(pk=claim.user_id)
    notify(
        actor=actor,
        topic=_TOPIC,
        title=f"有人经核实成为本企业的负责人：{claim.enterprise.name}",
        body="如有疑问，请联系所在地的工信部门。",
        users=managers.distinct(),
        key=f"claim-{claim.pk}-colleagues",
    )
