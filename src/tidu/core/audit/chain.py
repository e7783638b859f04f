"""The hash of an event: SM3 over every field in one canonical form, with the hash of the event before it.

An event is here a mapping of names to plain values, as the database or a line of an export gives it, so that somebody
without our database can follow the chain.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.hashes import SM3, Hash

FIRST: Final = "0" * 64


def sm3(content: bytes) -> str:
    """SM3 (GB/T 32905) in hexadecimal."""
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize().hex()


def canonical(event: Mapping[str, object]) -> bytes:
    """The event's fields but its hash, as JSON with sorted keys and times in UTC to the microsecond."""
    plain = {name: _plain(value) for name, value in event.items() if name != "hash"}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(event: Mapping[str, object]) -> str:
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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the chain: the first event concerned, a name for programs, and the sentence."""

    number: int
    code: str
    message: str


class Walk:
    """Follows a chain event by event and stops at the first that does not fit.

    ``number`` and ``hash`` are those of the last good event. ``hash`` is empty where the event before the first one is
    not known: the walk then begins in the middle and takes the first event's word for it.
    """

    def __init__(self, number: int, hash_: str) -> None:
        self.number = number
        self.hash = hash_

    def step(self, event: Mapping[str, object]) -> Fault | None:
        """Go on to ``event``; where it does not fit, say why and stay."""
        expected = self.number + 1
        if event["number"] != expected:
            return Fault(
                expected,
                "missing",
                f"第 {expected} 条操作记录缺失或被改了编号：第 {self.number} 条之后是第 {event['number']} 条。",
            )
        try:
            intact = hash_of(event) == event["hash"]
        except (ValueError, OverflowError):  # text or time that nothing of ours has written
            intact = False
        if not intact:
            return Fault(expected, "altered", f"第 {expected} 条操作记录被改动：内容与它自己的摘要不符。")
        if self.hash and event["previous"] != self.hash:
            return Fault(
                self.number,
                "replaced",
                f"第 {self.number} 条操作记录被整条替换：第 {expected} 条完好，而其中所记的前一条摘要与之不符。",
            )
        self.number, self.hash = expected, str(event["hash"])
        return None

    def follow(self, events: Iterator[Mapping[str, object]]) -> Fault | None:
        """Walk to the end of ``events`` or to the first fault."""
        return next((fault for event in events if (fault := self.step(event)) is not None), None)
