"""Periodic work of what is kept for a while: sessions, and entries of the caches."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tidu.core.ticks import tick


@tick("core.sessions.expired", every=dt.timedelta(hours=1))
def expired_sessions() -> str:
    """Delete sessions whose term is over: answers of the self-check leave with them."""
    call_command("clearsessions", verbosity=0)
    return ""


@tick("core.caches.expired", every=dt.timedelta(hours=1))
def expired_entries() -> str:
    """Delete what no cache gives any more. Django itself does so only where one is full.

    Counts of rates tell, to whoever has the secret key as well, which addresses have called: no longer than needed.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        for cache in settings.CACHES.values():
            table = connection.ops.quote_name(cache["LOCATION"])
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 - a name of our settings
    return ""
