"""The hash of an event: SM3 over every field in one canonical form, with the hash of the event before it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Final

from cryptography.hazmat.primitives.hashes import SM3, Hash

from tidu.core.models.audit import AuditEvent

FIRST: Final = "0" * 64
_COVERED: Final = tuple(
    field.attname for field in AuditEvent._meta.concrete_fields if field.attname != "hash"
)


def sm3(content: bytes) -> str:
    """SM3 (GB/T 32905) in hexadecimal."""
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize().hex()


def canonical(event: AuditEvent) -> bytes:
    """The event's fields but its hash, as JSON with sorted keys and times in UTC to the microsecond."""
    return json.dumps(
        {name: _plain(getattr(event, name)) for name in _COVERED},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def hash_of(event: AuditEvent) -> str:
    """What the event's ``hash`` must be."""
    return sm3(canonical(event))


def digest_of(state: object) -> str:
    """The digest of a state before or after a change; of nothing it is empty."""
    if state is None:
        return ""
    return sm3(json.dumps(state, ensure_ascii=False, sort_keys=True, default=_plain).encode())


def _plain(value: object) -> int | str | None:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value if isinstance(value, (int, str, type(None))) else str(value)
