"""Periodic work about sign-ins."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import Exists, OuterRef

from tidu.core.ticks import tick


@tick("accounts.sessions", every=dt.timedelta(days=1))
def clear_sessions() -> str:
    """Remove sessions that are over, and what was known about where they came from."""
    call_command("clearsessions", verbosity=0)
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    gone, _ = UserSession.objects.filter(~Exists(live)).delete()
    return f"清除 {gone} 条过期登录" if gone else ""
