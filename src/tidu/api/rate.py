"""How often one address may call."""

from __future__ import annotations

import threading

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from tidu.core.rates import parse_rate, wait_for


class PerAddress(BaseThrottle):
    """Allows :setting:`API_RATE` calls per address in each window, counted exactly over all processes."""

    def __init__(self) -> None:
        self._refused = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this call, or refuse it."""
        wait = wait_for(request, "api", parse_rate(settings.API_RATE))
        if wait is None:
            return True
        self._refused.wait = wait
        return False

    def wait(self) -> float | None:
        """Seconds until the next window, for the call that this thread has just refused."""
        wait: float | None = getattr(self._refused, "wait", None)
        return wait
