"""What a request carries beyond Django's: who acts."""

from __future__ import annotations

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from tidu.core.actor import Actor

#: A visitor who is not signed in. Sees what is public and nothing else.
ANYBODY: Final = Actor(user_id=0, name="访客")


class ActorRequest(HttpRequest):
    """A request after ``ChosenIdentity``. Views that need a signed-in person take this one."""

    actor: Actor


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks, or an empty text for a socket of the machine itself.

    ``X-Forwarded-For`` counts only where the site stands behind a proxy of its own, and then only its last entry, which
    that proxy has written: everything before it is the caller's own word.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        address = forwarded.rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""
