"""The lock after failed sign-ins, kept by axes for each login name."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tidu.core.requests import client_address


def unlock(username: str) -> int:
    """Forget the failures of a login name; gives how many records there were."""
    return int(reset(username=_folded(username)))


def locked_names(usernames: list[str]) -> set[str]:
    """Which of the login names are locked now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    failures: dict[str, int] = {}
    wanted = {_folded(name) for name in usernames}
    for name, count in AccessAttempt.objects.filter(username__in=wanted, attempt_time__gte=since).values_list(
        "username", "failures_since_start"
    ):
        failures[name] = failures.get(name, 0) + count
    return {name for name in usernames if failures.get(_folded(name), 0) >= settings.AXES_FAILURE_LIMIT}


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:  # noqa: ARG001 - axes' signature
    """The login name that an attempt counts for: ``Wang`` and ``wang`` are one person."""
    name = (credentials or {}).get("username")
    return _folded(name) if isinstance(name, str) else None


def _folded(name: str) -> str:
    """A name as it counts. By its capitals, as PostgreSQL compares: ``ſ`` and ``ı`` find ``s`` and ``i`` there."""
    return name.strip().upper().lower()


def address_of(request: HttpRequest) -> str:
    """The address that an attempt came from; a socket of this machine counts as the machine."""
    return client_address(request) or "127.0.0.1"
