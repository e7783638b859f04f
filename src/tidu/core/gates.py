"""Which roles a view is for. To everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponseBase

from tidu.core.requests import ActorRequest
from tidu.core.roles import Role

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponseBase]


def for_roles(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Admit these roles alone; others get 404, so that nobody learns what exists. Scoping is still the query's work."""
    admitted = frozenset(roles)

    def gate(view: View[P]) -> View[P]:
        @wraps(view)
        def gated(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.actor.role not in admitted:
                raise Http404
            return view(request, *args, **kwargs)

        gated.roles = admitted  # type: ignore[attr-defined] # the access test reads what a view declares
        return gated

    return gate
