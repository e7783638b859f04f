"""What holds for every answer below ``/api/``, also for those that are given before a view is reached."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from tidu.api.json_reading import MAX_BYTES, too_large
from tidu.api.refusals import CONTENT_TYPE, refusal, refusal_by_status

_KEPT: Final = ("Allow", "Retry-After")


class JsonErrors:
    """Errors below ``/api/`` are JSON of one shape, whoever raised them; the page about the API stays a page.

    Stands outside :class:`tidu.core.middleware.RequestSize`, so that its refusals are JSON here too. Answers to calls
    with facts, and refusals, are never kept by a cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, in JSON where it is an error."""
        page = reverse("api:docs")
        root = page.removesuffix("docs/")
        if not request.path.startswith(root) or request.path == page:
            return self.get_response(request)
        response = _too_large(request) or self.get_response(request)
        failed = response.status_code >= HTTPStatus.BAD_REQUEST
        if failed and response.headers.get("Content-Type") != CONTENT_TYPE:
            response = _as_json(response, request)
        if failed or request.method not in {"GET", "HEAD"}:
            response.headers["Cache-Control"] = "no-store"
        return response


def _too_large(request: HttpRequest) -> HttpResponseBase | None:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdecimal() and int(announced[:20]) > MAX_BYTES:
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [too_large()])
    return None


def _as_json(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """The same refusal in the API's shape."""
    if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        answer = refusal(response.status_code, [too_large()])
    else:
        answer = refusal_by_status(response.status_code)
    for name in _KEPT:
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    if request.method == "HEAD":
        answer.content = b""
    return answer
