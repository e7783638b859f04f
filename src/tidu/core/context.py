"""What every page knows: the visitor's display modes and what the site says about itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tidu.core.display import COOKIE, Display


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``display``, ``site``, ``demonstration`` and ``entrance``, where signing in leads to."""
    return {
        "display": Display.read(request.COOKIES.get(COOKIE)),
        "site": settings.SITE,
        "demonstration": settings.DEMONSTRATION,
        "entrance": settings.LOGIN_REDIRECT_URL,
    }
