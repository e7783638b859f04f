"""Enrolling an authenticator application, and giving up the one that was lost."""

from __future__ import annotations

from django.db import transaction

from tidu.accounts import second_factor
from tidu.accounts.actions.roles import end_sessions_of
from tidu.accounts.models import Membership, User
from tidu.accounts.models.scoping import in_charge_of
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import Role


@transaction.atomic
def enrol(*, actor: Actor, person: User, secret: str, code: str) -> list[str]:
    """Keep the application whose ``code`` proves that it holds ``secret``, and give new recovery codes, shown once.

    An application from before stops working. Raises :class:`Refused` for a wrong code.
    """
    locked = User.objects.select_for_update().get(pk=person.pk)
    replaced = second_factor.is_enrolled(locked)
    period = second_factor.period_of(secret, code)
    if period is None:
        raise Refused("动态码不正确，请核对手机时间后填写最新的一个。", field="code")
    second_factor.set_application(locked, secret, period=period)
    codes = second_factor.set_recovery_codes(locked)
    action = "accounts.second_factor.replaced" if replaced else "accounts.second_factor.enrolled"
    record(actor=actor, action=action, subject=locked)
    return codes


@transaction.atomic
def renew_recovery_codes(*, actor: Actor, person: User) -> list[str]:
    """New recovery codes, shown once; the old ones stop working. Raises :class:`Refused` without an application."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    if not second_factor.is_enrolled(locked):
        raise Refused("请先启用动态码，再生成恢复码。")
    codes = second_factor.set_recovery_codes(locked)
    record(actor=actor, action="accounts.second_factor.recovery_codes", subject=locked)
    return codes


@transaction.atomic
def reset_second_factor(*, actor: Actor, person: User, reason: str) -> None:
    """Remove what a person can no longer show; they enrol anew at the next sign-in, and their sessions end.

    A security administrator does this, while the password is a system administrator's matter: neither can take over an
    account alone. Raises :class:`Refused`.
    """
    locked = User.objects.select_for_update().get(pk=person.pk)
    if not actor.is_system:
        if not actor.has(Role.SECURITY_ADMINISTRATOR):
            raise Refused("重置动态码由安全管理员办理。")
        if locked.pk == actor.user_id:
            raise Refused("不能重置自己的动态码，请由另一位安全管理员办理。")
        if not User.objects.visible_to(actor).filter(pk=locked.pk).exists():
            raise Refused("此人不在您的管理范围内。")
        outside = (
            Membership.objects.active().filter(user=locked).exclude(in_charge_of(actor, "organisation__"))
        )
        if outside.exists():
            raise Refused("此人在您管理范围以外的机构任职，请由上级安全管理员办理。")
    if not reason.strip():
        raise Refused("请写明重置的理由。", field="reason")
    second_factor.forget(locked)
    end_sessions_of(locked)
    record(actor=actor, action="accounts.second_factor.reset", subject=locked, detail={"reason": reason})
