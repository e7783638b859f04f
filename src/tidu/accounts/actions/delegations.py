"""Standing in for an absent colleague: in one role, for some days, on the record."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.accounts.actions.roles import end_sessions_of
from tidu.accounts.granting import DELEGABLE
from tidu.accounts.models import Delegation, Membership, User
from tidu.accounts.queries import possible_delegates
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import Role

LONGEST: Final = 90  # days; whoever is away longer hands the role over instead


@transaction.atomic
def delegate_role(
    *,
    actor: Actor,
    membership: Membership,
    delegate: User,
    first_day: dt.date,
    last_day: dt.date,
    reason: str,
) -> Delegation:
    """Let a colleague of the same organisation act in the actor's own role from the first to the last day.

    It is the role that the actor acts in. A role that is held on loan cannot be lent on, an administrator's cannot be
    lent at all, and nobody who administers may borrow one. Saying the same again returns what stands. Raises
    :class:`Refused`.
    """
    held = Membership.objects.select_for_update().select_related("organisation", "user").get(pk=membership.pk)
    if held.user_id != actor.user_id or held.ended_at is not None:
        raise Refused("只能把自己现任的角色交给同事代理。")
    if held.pk != actor.membership_id:
        # Whoever acts for an enterprise has shown no second factor, and must not lend a role that asks for one.
        raise Refused("请先切换到要交出的角色，再设立代理。")
    if Role(held.role) not in DELEGABLE:
        raise Refused("管理员的角色不能代理，请由另一位管理员办理，或者由安全管理员另行授权。")
    User.objects.select_for_update().get(pk=delegate.pk)
    if not possible_delegates(held).filter(pk=delegate.pk).exists():
        raise Refused("代理人须是本机构的在任同事，并且不是管理员。", field="delegate")
    if last_day < first_day:
        raise Refused("结束日不能早于开始日。", field="last_day")
    if last_day < timezone.localdate():
        raise Refused("结束日已经过去，请填写今天或以后的日期。", field="last_day")
    if (last_day - first_day).days >= LONGEST:
        raise Refused(f"一次最多代理 {LONGEST} 天；更长的请由安全管理员另行授权。", field="last_day")
    if not reason.strip():
        raise Refused("请写明代理的事由，例如出差、休假。", field="reason")
    open_ones = Delegation.objects.filter(membership=held, ended_at__isnull=True)
    overlapping = open_ones.filter(first_day__lte=last_day, last_day__gte=first_day).first()
    if overlapping is not None:
        same = (overlapping.delegate_id, overlapping.first_day, overlapping.last_day)
        if same == (delegate.pk, first_day, last_day):
            return overlapping
        raise Refused("这段时间已经安排了代理，请先终止原来的代理。", field="first_day")
    delegation = Delegation.objects.create(
        membership=held,
        delegate=delegate,
        first_day=first_day,
        last_day=last_day,
        reason=reason.strip()[:200],
    )
    record(
        actor=actor,
        action="accounts.delegation.begun",
        subject=delegation,
        detail={
            "membership": held.pk,
            "delegate": delegate.pk,
            "from": first_day.isoformat(),
            "to": last_day.isoformat(),
            "reason": delegation.reason,
        },
    )
    return delegation


@transaction.atomic
def end_delegation(*, actor: Actor, delegation: Delegation) -> None:
    """End it before its last day; either side may. The delegate's sessions end. Raises :class:`Refused`."""
    current = (
        Delegation.objects.select_for_update().select_related("membership", "delegate").get(pk=delegation.pk)
    )
    if actor.user_id not in {current.membership.user_id, current.delegate_id}:
        raise Refused("只有委托人和代理人可以终止代理。")
    if current.ended_at is not None:
        return
    current.ended_at = timezone.now()
    current.save(update_fields=["ended_at"])
    if current.delegate_id != actor.user_id:
        end_sessions_of(current.delegate)
    record(actor=actor, action="accounts.delegation.ended", subject=current)
