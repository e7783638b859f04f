"""What a demonstration relaxes, and for whom: made-up people on the machine itself, and nobody else."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from tidu.accounts.models import User


def is_relaxed(request: HttpRequest, user: User) -> bool:
    """Whether the second factor and the age of the password are waived.

    Only for accounts that the demonstration made, while ``TIDU_DEMONSTRATION`` is set, and for a browser on this very
    machine with no proxy between.
    """
    if not (settings.DEMONSTRATION and user.demonstration) or settings.BEHIND_PROXY:
        return False
    if request.META.get("HTTP_X_FORWARDED_FOR"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def may_sign_in(user: User) -> bool:
    """Whether the account is open: not disabled, and a demonstration's only while the site is one."""
    return user.is_active and (settings.DEMONSTRATION or not user.demonstration)
