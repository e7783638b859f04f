"""Periodic work of sessions."""

from __future__ import annotations

import datetime as dt

from django.core.management import call_command

from tidu.core.ticks import tick


@tick("core.sessions.expired", every=dt.timedelta(hours=1))
def expired_sessions() -> str:
    """Delete sessions whose term is over: answers of the self-check leave with them."""
    call_command("clearsessions", verbosity=0)
    return ""
