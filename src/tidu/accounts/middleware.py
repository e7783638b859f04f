"""Who acts in a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from tidu.accounts.identities import Identity, actor_of, chosen_identity, identities_of
from tidu.accounts.models import User
from tidu.core.requests import ANYBODY, ActorRequest, client_address


class IdentifiedRequest(ActorRequest):
    """A request with every role that its person may choose."""

    identities: list[Identity]


class ChosenIdentity:
    """Sets ``request.actor`` and ``request.identities``, read anew for every request: a role that ends, ends at once.

    A visitor without a session costs no query and gets no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the actor, then answer."""
        identified = cast("IdentifiedRequest", request)
        identified.identities = []
        identified.actor = ANYBODY
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            user = request.user
            if isinstance(user, User):
                identified.identities = identities_of(user)
                chosen = chosen_identity(request, identified.identities)
                identified.actor = actor_of(user, chosen, address=client_address(request))
        return self.get_response(request)
