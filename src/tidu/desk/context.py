"""The frame of a signed-in page, as templates know it: ``shell``. Public pages keep their own header."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from tidu.accounts.identities import Identity
from tidu.accounts.middleware import IdentifiedRequest
from tidu.accounts.models import User
from tidu.accounts.session_clock import limits_of, seconds_left
from tidu.core.components import Choice
from tidu.core.display import COOKIE, Display
from tidu.core.navigation import navigation_for
from tidu.core.requests import ANYBODY
from tidu.core.roles import STAFF, TERRITORIAL
from tidu.core.shell import Shell
from tidu.desk.figures import brand_line_for

_MOST = 99


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell``, and the display modes of the account in place of those of the browser.

    Lazy: a fragment of a page, or an answer without a header, asks the database nothing.
    """
    if not _is_private(request):
        return {}
    frame = SimpleLazyObject(lambda: _frame(cast("IdentifiedRequest", request)))
    return {"shell": frame, "display": SimpleLazyObject(lambda: frame.display)}


def frame_of(request: HttpRequest) -> Shell | None:
    """The frame for pages that are made without context processors, such as error pages; None for a visitor."""
    actor = getattr(request, "actor", ANYBODY)
    return _frame(cast("IdentifiedRequest", request)) if actor.user_id else None


def _is_private(request: HttpRequest) -> bool:
    match = request.resolver_match
    actor = getattr(request, "actor", ANYBODY)
    return bool(actor.user_id) and match is not None and getattr(match.func, "login_required", True)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _frame(request: IdentifiedRequest) -> Shell:
    actor = request.actor
    chosen = next((item for item in request.identities if item.membership.pk == actor.membership_id), None)
    kept, unread = _kept(actor.user_id)
    enterprise = actor.is_enterprise
    left, extendable = seconds_left(request, limits_of(staff=actor.role in STAFF))
    return Shell(
        kind="staff" if actor.is_staff else "enterprise",
        title=actor.organisation if enterprise else settings.SITE["name"],
        line=brand_line_for(actor) if enterprise else actor.organisation,
        person=actor.name,
        key=str(actor.user_id),
        display=Display.read(kept) if kept else Display.read(request.COOKIES.get(COOKIE)),
        links=tuple(navigation_for(actor.role, request.path)),
        identities=tuple(Choice(item.key, item.label) for item in request.identities),
        identity="" if chosen is None else chosen.key,
        identity_label=_label(chosen, enterprise=enterprise),
        switch=_address("accounts:switch"),
        messages=_address("desk:notifications"),
        unread=f"{_MOST}+" if unread > _MOST else str(unread or ""),
        search=_address("registry:enterprises") if actor.role in TERRITORIAL else "",
        account=_address("accounts:account"),
        sign_out=_address("account_logout"),
        home=_address("desk:home"),
        expires_in=left,
        extend=_address("accounts:extend") if extendable else "",
    )


def _label(chosen: Identity | None, *, enterprise: bool) -> str:
    """What somebody with one identity reads; the name of the enterprise stands in the header already."""
    if chosen is None:
        return ""
    return chosen.membership.get_role_display() if enterprise and not chosen.delegation else chosen.label


def _kept(user_id: int | None) -> tuple[str, int]:
    """The display modes kept in the account (empty: never chosen) and how many messages are unread. One query."""
    unread = Count("notifications", filter=Q(notifications__read_at__isnull=True))
    found = (
        User.objects.filter(pk=user_id or 0)
        .annotate(unread=unread)
        .values_list("preference__display", "unread")
    )
    display, count = next(iter(found), ("", 0))
    return display or "", count
