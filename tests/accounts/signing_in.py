"""Signing in without the pages for it, as somebody who has shown password and second factor a moment ago."""

from __future__ import annotations

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from tidu.accounts.identities import SESSION_KEY
from tidu.accounts.models import Membership, User

_OWNER = "account_authentication_methods_user"


def sign_in(
    client: Client, user: User, *, membership: Membership | None = None, second_factor: bool = True
) -> None:
    """Sign ``user`` in, acting in ``membership`` where one is given. Nothing is written to the record."""
    client.force_login(
        User.objects.get(pk=user.pk)
    )  # as the database has it: a new role ends sessions from before
    now = int(time.time())
    session = client.session
    methods = [{"method": "password", "at": time.time()}]
    if second_factor:
        methods.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = methods
    session[_OWNER] = str(user.pk)
    session["clock"] = {"began": now, "seen": now}
    if membership is not None:
        session[SESSION_KEY] = str(membership.pk)
    session.save()
