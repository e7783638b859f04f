"""The places to choose from, and the one that a visitor chose: in the address, or remembered in a cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tidu.core.chosen_place import COOKIE, COOKIE_AGE
from tidu.policy.documents.library import Library
from tidu.policy.vocabulary.places import NATION, Place, load_places


def place_name(code: str) -> str:
    """The name of a place, or its code where the tables do not have it."""
    found = load_places().get(code)
    return code if found is None else found.name


def offered(library: Library) -> tuple[Place, ...]:
    """The cities (and smaller places) that have a policy of their own, by code."""
    codes = {pack.document.jurisdiction for pack in library}
    found = (load_places().get(code) for code in sorted(codes))
    return tuple(place for place in found if place is not None and place.level not in {"nation", "province"})


def known(code: str) -> Place | None:
    """The place of a code typed or remembered by anyone; None for what is no code or no known place."""
    return load_places().get(code) if len(code) == len(NATION) and code.isdecimal() else None


def chosen(request: HttpRequest) -> Place | None:
    """The place in the address, else the one remembered. An empty ``place`` in the address means all places."""
    if "place" in request.GET:
        return known(request.GET["place"])
    return known(request.COOKIES.get(COOKIE, ""))


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what the address says for the next visit; without a choice in the address nothing changes."""
    if "place" not in request.GET:
        return
    found = known(request.GET["place"])
    if found is not None:
        response.set_cookie(
            COOKIE, found.code, max_age=COOKIE_AGE, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    elif COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE)
