"""What a request carries beyond Django's: who acts, from which address, and the numbers in what was sent."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from tidu.core.actor import Actor

#: No key of a database has more digits; a longer number could not even be asked for.
_DIGITS_OF_A_KEY: Final = 18
#: A visitor who is not signed in. Sees what is public and nothing else.
ANYBODY: Final = Actor(user_id=0, name="访客")


class ActorRequest(HttpRequest):
    """A request after ``ChosenIdentity``. Views that need a signed-in person take this one."""

    actor: Actor


def whole_number(text: str, *, digits: int = _DIGITS_OF_A_KEY) -> int | None:
    """The number that an address or a form carries; ``None`` for anything but one to ``digits`` digits."""
    return int(text) if text.isdecimal() and len(text) <= digits else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """The keys among what the boxes of a list sent; anything else is passed over."""
    return [number for text in texts if (number := whole_number(text)) is not None]


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
