"""Rules that hold for every request and every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers, patch_cache_control

from tidu.core.files.request_size import most_bytes, takes_of_visitors
from tidu.core.views.errors import too_large

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
    """Refuses a request whose announced body is larger than its view takes, before any of it is read.

    Most views take ``REQUEST_BYTES``. Those marked with ``receives_files`` take more, but only of people who have
    signed in, or where the view is there for strangers. Stands before the check of forged requests, which reads forms.
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
        """Answer 413 to what is too large for the view."""
        announced = (request.META.get("CONTENT_LENGTH") or "0")[:20]  # more digits are too large in any case
        size = int(announced) if announced.isdecimal() else None
        if size is not None and size <= settings.REQUEST_BYTES:
            return None
        most = most_bytes(view_func)
        if size is None or size > most:
            return too_large(request, most)
        if takes_of_visitors(view_func) or request.user.is_authenticated:
            return None
        return too_large(request, settings.REQUEST_BYTES)


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
