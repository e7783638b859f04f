"""Display modes of the account: the browser gets the same choice, so that public pages follow."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tidu.accounts.models import User
from tidu.core.display import COOKIE, COOKIE_AGE, Display
from tidu.desk.actions import keep_display
from tidu.desk.models import Preference


def with_display(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give this browser the modes that the account has, where they differ: the first page after signing in."""
    kept = Preference.objects.filter(pk=request.user.pk).values_list("display", flat=True).first()
    if kept and Display.read(kept) != Display.read(request.COOKIES.get(COOKIE)):
        response.set_cookie(
            COOKIE, str(Display.read(kept)), max_age=COOKIE_AGE, secure=settings.HTTPS, samesite="Lax"
        )
    return response


def remember(*, request: HttpRequest, display: Display, **_: object) -> None:
    """Keep what a signed-in person has chosen. Connected to ``display_chosen``; a visitor's session is not opened."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
        keep_display(user=request.user, display=display)
