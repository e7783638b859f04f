"""Small pages that belong to the site as a whole and to no one application."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tidu.core.display import COOKIE, COOKIE_AGE, Display, display_chosen


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Whether this process can serve: 200 with a working database, 503 without."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "error", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """What search engines may read: everything public but the answers of visitors and working tools."""
    lines = [
        "User-agent: *",
        "Disallow: /self-check/",
        "Disallow: /api/",
        "Disallow: /styleguide/",
        "Disallow: /display/",
        "Disallow: /search/",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The address that browsers try by themselves."""
    return redirect(static("core/favicon.svg"))


@login_not_required
@csrf_exempt  # a matter of taste and no secret; without a token the public pages need no cookie at all
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Switch one display mode over and go back: the way of the three buttons where scripts do not run.

    ``toggle`` names the mode; the page to return to comes from the Referer and must be of this site. A script, which
    has switched already, sends all modes that are on as ``modes`` instead, for the account to keep.
    """
    if "modes" in request.POST:
        chosen = Display.read(request.POST["modes"])
        display_chosen.send(sender=Display, request=request, display=chosen)
        return HttpResponse(status=204)
    chosen = Display.read(request.COOKIES.get(COOKIE)).toggled(request.POST.get("toggle", ""))
    display_chosen.send(sender=Display, request=request, display=chosen)
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse(settings.SITE["home"])
    response = redirect(back)
    # Not HttpOnly: app.js writes the same cookie.
    response.set_cookie(COOKIE, str(chosen), max_age=COOKIE_AGE, secure=settings.HTTPS, samesite="Lax")
    return response
