"""Refused requests go on record: who asked for a page that is not theirs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditResult

_REFUSALS: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
_QUIET_SECONDS: Final = 60


class RecordRefusals:
    """Records 403 and 404 answers of private pages to people who have signed in.

    The record names the view and the numbers in its path, never the query or what was typed. Once a minute for a person
    and a view: somebody who tries a thousand numbers leaves a trail and does not bury the record under it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then record where the answer was a refusal."""
        response = self.get_response(request)
        if response.status_code in _REFUSALS:
            _record(request, response.status_code)
        return response


def _record(request: HttpRequest, status: int) -> None:
    match = request.resolver_match
    actor: Actor | None = getattr(request, "actor", None)
    if match is None or actor is None or not actor.user_id:
        return
    if not getattr(match.func, "login_required", True):
        return  # what is public has no door
    view = match.view_name or str(match.route)
    if not cache.add(f"refused:{actor.user_id}:{view}", 1, _QUIET_SECONDS):
        return
    record(
        actor=actor,
        action="core.access.refused",
        subject_label=view,
        result=AuditResult.REFUSED,
        detail={
            "method": request.method,
            "status": status,
            "route": f"/{match.route}",
            "numbers": {
                name: str(value) for name, value in match.kwargs.items() if isinstance(value, int | uuid.UUID)
            },
        },
    )
