"""How often one address may do something: a count per address and window, in a table that all processes share.

What is stored is a keyed digest of the address and a number, for as long as the window lasts.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tidu.core.requests import client_address

_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/(s|min|h|day)")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3_600, "day": 86_400}
_SUBSCRIBER: Final = 64
"""Bits of an IPv6 address that one subscriber holds; the rest is theirs to vary."""


class Rate(NamedTuple):
    """``calls`` in ``seconds``."""

    calls: int
    seconds: int


@functools.lru_cache(maxsize=16)
def parse_rate(text: str, setting: str = "TIDU_API_RATE") -> Rate:
    """Read ``60/min``. Raises :class:`ImproperlyConfigured`, naming the setting."""
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise ImproperlyConfigured(f"{setting}“{text}”的写法不对，应写作 60/min；单位可用 s、min、h、day")
    return Rate(int(found[1]), _SECONDS[found[2]])


def caller(request: HttpRequest) -> str:
    """Whose calls are counted together: an IPv4 address, or the network of an IPv6 address."""
    address = client_address(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a socket of the machine itself has none
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(found), _SUBSCRIBER), strict=False))
    return str(found)


def wait_for(request: HttpRequest, what: str, rate: Rate) -> float | None:
    """Count this call of ``what``; the seconds to wait where the address has made all that it may in this window."""
    now = time.time()
    window = int(now // rate.seconds)
    who = salted_hmac("tidu.core.rates", caller(request), algorithm="sha256").hexdigest()
    key = f"{what}:{who}:{window}"
    counts = caches["rates"]
    with _alone(key):
        counted = counts.get(key, 0)
        if counted < rate.calls:
            counts.set(key, counted + 1, timeout=rate.seconds)
            return None
    return (window + 1) * rate.seconds - now


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """No other process reads or writes the count of ``key`` meanwhile.

    The cache is a table of the database. SQLite's transactions exclude each other by setting; PostgreSQL takes a lock.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield
