"""Who acts in a request, and what they have to do before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from tidu.accounts.demonstration import is_relaxed
from tidu.accounts.identities import Identity, actor_of, chosen_identity, identities_of
from tidu.accounts.models import User
from tidu.accounts.password_rules import must_change
from tidu.accounts.second_factor import has_passed, is_enrolled
from tidu.accounts.session_clock import has_run_out, limits_of
from tidu.accounts.sign_in_records import as_themselves
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.requests import ANYBODY, ActorRequest, client_address
from tidu.core.roles import ROLE_RULES, STAFF

#: Pages that a person reaches before the password is changed and the second factor is shown.
_ALWAYS: Final = frozenset({"account_logout", "accounts:switch", "accounts:extend"})
_BEFORE: Final = {
    "account_change_password": frozenset({"account_change_password"}),
    "accounts:enrol": frozenset({"accounts:enrol", "accounts:recovery-codes", "account_reauthenticate"}),
    "mfa_reauthenticate": frozenset({"mfa_reauthenticate"}),
}


class IdentifiedRequest(ActorRequest):
    """A request with every role that its person may choose, and the page that stands between them and their work."""

    identities: list[Identity]
    pending: str


class ChosenIdentity:
    """Sets ``request.actor``, ``request.identities`` and ``request.pending``, read anew for every request.

    A role that ends, ends at once. A session ends when its clock has run out. Until the password is changed and the
    second factor shown, the actor has no role, so that no page can show or do anything for it. A visitor without a
    session costs no query and gets no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the actor, then answer."""
        identified = cast("IdentifiedRequest", request)
        identified.identities = []
        identified.actor = ANYBODY
        identified.pending = ""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            user = request.user
            identities = identities_of(user)
            chosen = chosen_identity(request, identities)
            role = None if chosen is None else chosen.role
            if has_run_out(request, limits_of(staff=role in STAFF)):
                return _expired(request, user)
            identified.identities = identities
            identified.pending = _pending(request, user, chosen)
            actor = actor_of(user, chosen, address=client_address(request))
            identified.actor = (
                Actor(user_id=actor.user_id, name=actor.name, address=actor.address)
                if identified.pending
                else actor
            )
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002 - as above
    ) -> HttpResponseBase | None:
        """Send whoever has something to do first to the page for it; public pages stay open."""
        pending = cast("IdentifiedRequest", request).pending
        if not pending or not getattr(view_func, "login_required", True):
            return None
        match = request.resolver_match
        name = "" if match is None else match.view_name
        if name in _ALWAYS or name in _BEFORE[pending]:
            return None
        url = reverse(pending)
        if pending == "mfa_reauthenticate" and request.method == "GET":
            url = f"{url}?{urlencode({'next': request.get_full_path()})}"
        return go_to(request, url)


def go_to(request: HttpRequest, url: str) -> HttpResponseBase:
    """Send the browser elsewhere as a whole, also where htmx asked for a part of the page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _pending(request: HttpRequest, user: User, chosen: Identity | None) -> str:
    if is_relaxed(request, user):
        return ""
    if must_change(user):
        return "account_change_password"
    if chosen is None or not ROLE_RULES[chosen.role].second_factor or has_passed(request, user):
        return ""
    return "mfa_reauthenticate" if is_enrolled(user) else "accounts:enrol"


def _expired(request: HttpRequest, user: User) -> HttpResponseBase:
    record(actor=as_themselves(user, request), action="accounts.session.expired", subject=user)
    logout(request)
    messages.info(request, "登录已超时，请重新登录。填写中的内容在最近一次保存时已经存下。")
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return go_to(request, f"{reverse('account_login')}{'?' if query else ''}{query}")
