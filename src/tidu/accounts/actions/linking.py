"""Tying a person to who they are at the city's single sign-on."""

from __future__ import annotations

from collections.abc import Callable

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused


@transaction.atomic
def link_account(*, actor_for: Callable[[User], Actor], claim: str, provider: str, uid: str) -> User:
    """The open account whose login name or employee number is ``claim``, tied to the provider's ``uid`` from now on.

    Raises :class:`Refused` where there is none, or where it is tied to somebody else: a name that the city gives to a
    new person must not open the account of the former one.
    """
    field = "employee_no" if settings.OIDC_FIELD == "employee_no" else "username__iexact"
    found = (
        User.objects.select_for_update().filter(is_active=True, demonstration=False, **{field: claim})
        if claim
        else []
    )
    person = next(iter(found), None)
    if person is None:
        raise Refused("单点登录成功，但本平台没有对应的账号，请联系本单位的系统管理员建立账号。")
    if SocialAccount.objects.filter(user=person, provider=provider).exclude(uid=uid).exists():
        raise Refused("这个账号已关联另一个单点登录身份，请联系系统管理员核实。")
    SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": person})
    record(actor=actor_for(person), action="accounts.identity.linked", subject=person)
    return person
