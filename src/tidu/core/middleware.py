"""Rules that hold for every request and every answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers, patch_cache_control

from tidu.core.documents.making import DocumentAltered
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.files.request_size import most_bytes, visitor_rate
from tidu.core.rates import parse_rate, wait_for
from tidu.core.views.errors import not_made, too_large, too_often

_NUL = "\0"
_HIGHEST = 2**63 - 1
_POWERS = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


class ResponseHeaders:
    """Headers beyond those of Django: no device access, no embedding elsewhere, no copies of private pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _POWERS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        session = getattr(request, "session", None)
        if session is not None and session.accessed and not session.is_empty():
            # What a visitor has typed must not stay in the cache of a shared machine or of a proxy.
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response


class RequestSize:
    """Refuses a request before any of its body is read: of unknown length, too large for its view, or one too many.

    Most views take ``REQUEST_BYTES``, and ``VISITOR_BYTES`` of people who have not signed in. Those marked with
    ``receives_files`` take more. What visitors send counts by address. Stands before the check of forged requests,
    which reads forms; a view without that check reads for itself, and counts for itself where it must.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 411 to a body of unknown length; pass on the rest, whose view is not known yet."""
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return HttpResponse(
                "请求须注明长度（Content-Length）。", status=411, content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        view_kwargs: dict[str, Any],  # noqa: ARG002
    ) -> HttpResponseBase | None:
        """Answer 413 to what is too large for the view, 429 to an address that sends too often."""
        announced = (request.META.get("CONTENT_LENGTH") or "0")[:20]  # more digits are too large in any case
        size = int(announced) if announced.isdecimal() else sys.maxsize
        if not size:
            return None
        visitor = not request.user.is_authenticated
        most = most_bytes(view_func, visitor=visitor)
        if size > most:
            return too_large(request, most, visitor=visitor)
        if not visitor or getattr(view_func, "csrf_exempt", False):
            return None
        name = visitor_rate(view_func, size)
        wait = wait_for(request, f"body:{name}", parse_rate(getattr(settings, name), f"TIDU_{name}"))
        return None if wait is None else too_often(request, wait)


class WithoutNul:
    """Takes NUL out of cookies, queries and forms: nobody types it, and a query of PostgreSQL that holds it fails.

    A form is cleaned when it is read and no sooner, so that a refused request is not read for this. An address with a
    NUL in it is nobody's, nor is one with a number that no database can ask for. Stands before the session, whose key
    comes from a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request without NUL."""
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or _NUL in query:
            request.GET = _without_nul(request.GET)  # type: ignore[assignment] # as immutable as it was
        if any(_NUL in value for value in request.COOKIES.values()):
            request.COOKIES = {name: value.replace(_NUL, "") for name, value in request.COOKIES.items()}
        if request.method == "POST":
            _clean_when_read(request)
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],  # noqa: ARG002 - Django's signature
        view_args: tuple[Any, ...],  # noqa: ARG002
        view_kwargs: dict[str, Any],
    ) -> None:
        """Answer 404 to an address with a NUL in it. Here, where the page about it knows who asks."""
        if _NUL in request.path_info or any(
            isinstance(value, int) and value > _HIGHEST for value in view_kwargs.values()
        ):
            raise Http404


def _clean_when_read(request: Any) -> None:  # noqa: ANN401 - reaches behind Django's types
    """Every way to a form leads through one method of the request, which no public hook is behind."""
    read: Callable[[], None] = request._load_post_and_files  # noqa: SLF001

    def reading() -> None:
        read()
        request._post = _without_nul(request._post)  # noqa: SLF001 - what ``request.POST`` gives

    request._load_post_and_files = reading  # noqa: SLF001


def _without_nul(given: QueryDict) -> QueryDict:
    if not any(_NUL in text for name, values in given.lists() for text in (name, *values)):
        return given
    clean = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        clean.setlistdefault(name.replace(_NUL, ""), []).extend(value.replace(_NUL, "") for value in values)
    return QueryDict(clean.urlencode(), encoding=given.encoding)


class PapersNotMade:
    """Where a paper cannot be set, a page says why and what to do, whichever view was asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer 503 to a broken template, and to a document that is not what was issued."""
        if isinstance(exception, TemplateBroken | DocumentAltered):
            return not_made(request, exception.message)
        return None


class PrivateByDefault(LoginRequiredMiddleware):
    """Every view needs a signed-in user unless it is marked ``@login_not_required``; others go to the sign-in page."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Leave public views alone, before anybody looks into the session for their sake."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override] # a whole-page redirect that htmx follows is a plain answer
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """Send the browser to the sign-in page as a whole, also where htmx asked for a part of the page."""
        if request.method != "GET":  # nothing is posted again after sign-in
            answer = HttpResponseRedirect(resolve_url(self.get_login_url(view_func)))
        else:
            answer = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": answer.url})
        return answer
