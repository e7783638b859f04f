"""Pages where a person must have shown who they are a short while ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from tidu.accounts.demonstration import is_relaxed
from tidu.accounts.models import User
from tidu.core.requests import ActorRequest

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponseBase]


def has_confirmed(request: HttpRequest, user: User) -> bool:
    """Whether a password or a code was given within the last minutes, be it at sign-in or since."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return is_relaxed(request, user) or any(
        item["at"] > since for item in get_authentication_records(request, user)
    )


def confirmed(view: View[P]) -> View[P]:
    """Ask for password or code first where the last time is too long ago; what was posted then goes on."""

    @wraps(view)
    def asking(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not (isinstance(request.user, User) and has_confirmed(request, request.user)):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asking
