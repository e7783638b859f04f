"""How long a session lasts: so long without use, and so long at most, shorter for staff than for enterprises."""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from tidu.accounts.session_limits import Limits

_KEY: Final = "clock"
_GRAIN: Final = 60  # seconds: a session is written once a minute at most
WARNING: Final = 5 * 60


def limits_of(*, staff: bool) -> Limits:
    """The limits that the settings give to staff, or to enterprises."""
    limits: Limits = settings.STAFF_SESSION if staff else settings.ENTERPRISE_SESSION
    return limits


def start_clock(request: HttpRequest) -> None:
    """Begin to count: called at sign-in, under the new session id."""
    now = int(time.time())
    request.session[_KEY] = {"began": now, "seen": now}


def has_run_out(request: HttpRequest, limits: Limits) -> bool:
    """Whether the session is over; where it is not, it counts as used now.

    What a page asks by itself, and says so with ``X-Idle``, is no use: nobody need be sitting there.
    """
    clock = request.session.get(_KEY)
    if clock is None:
        start_clock(request)
        return False
    now = int(time.time())
    if now - clock["seen"] > limits.idle or now - clock["began"] > limits.whole:
        return True
    if now - clock["seen"] >= _GRAIN and "X-Idle" not in request.headers:
        request.session[_KEY] = {"began": clock["began"], "seen": now}
    return False


def seconds_left(request: HttpRequest, limits: Limits) -> tuple[int, bool]:
    """Seconds to the end if nothing more is done, and whether using the session would put that off."""
    clock = request.session.get(_KEY)
    if clock is None:
        return limits.idle, True
    now = int(time.time())
    whole = clock["began"] + limits.whole - now
    idle = limits.idle  # the request that asks is a use of the session
    return min(idle, whole), whole > idle
