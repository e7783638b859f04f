"""Parts of pages that htmx fetches by themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def asks_for(request: HttpRequest, target: str) -> bool:
    """Whether htmx wants only the part of the page called ``target``; going back in history wants the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]  # set by django_htmx
    return bool(htmx) and not htmx.history_restore_request and htmx.target == target


def varies(response: HttpResponse) -> HttpResponse:
    """Tell caches that one address has two answers: a page, and a part of it."""
    patch_vary_headers(response, ["HX-Request", "HX-Target", "HX-History-Restore-Request"])
    return response
