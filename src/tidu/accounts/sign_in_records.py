"""Failed sign-ins and locks go into the record. Sign-ins that succeed are recorded by the adapter, which makes them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authentication_failed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditResult
from tidu.core.requests import client_address


def as_themselves(user: User | None, request: HttpRequest | None) -> Actor:
    """Who signs in, or tries to: the person without any role. A name that nobody has may be a password: not kept."""
    address = client_address(request) if request is not None else ""
    if user is None:
        return Actor(user_id=0, name="未知登录名", address=address)
    place = user.organisation.place_id if user.organisation is not None else ""
    return Actor(user_id=user.pk, name=str(user), place=place or "", address=address)


@receiver(user_login_failed)
def record_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: object) -> None:
    """A wrong password, an unknown name, or an attempt while the name is locked."""
    user = _user(credentials.get("username"))
    record(
        actor=as_themselves(user, request),
        action="accounts.sign_in.failed",
        subject=user,
        result=AuditResult.REFUSED,
        detail={"step": "password"},
    )


@receiver(user_locked_out)
def record_lock(request: HttpRequest, username: str | None, **_: object) -> None:
    """The name is locked from now on."""
    user = _user(username)
    record(
        actor=as_themselves(user, request),
        action="accounts.sign_in.locked",
        subject=user,
        result=AuditResult.REFUSED,
    )


@receiver(authentication_failed)
def record_wrong_code(request: HttpRequest, user: User, *, reauthentication: bool, **_: object) -> None:
    """A code that is wrong or was used before."""
    record(
        actor=as_themselves(user, request),
        action="accounts.confirmation.failed" if reauthentication else "accounts.sign_in.failed",
        subject=user,
        result=AuditResult.REFUSED,
        detail={"step": "second_factor"},
    )


def _user(username: object) -> User | None:
    if not isinstance(username, str):
        return None
    return User.objects.select_related("organisation").filter(username__iexact=username).first()
