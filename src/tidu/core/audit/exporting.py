"""The record as a file that proves itself: one event a line, and beside it a manifest.

The manifest is not signed. Every line carries the hash of the line before it, so a changed, missing or added line shows
by itself. Against somebody who makes the whole file anew only a hash that is kept elsewhere helps: that of the last
event, which ``tidu audit verify`` prints and which later exports must contain. A keyed digest (HMAC) would prove
nothing to an outsider, who has no key, and could be made by everybody who has one.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db.models import Max, Min
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.chain import FIRST, canonical
from tidu.core.audit.checking import FORMAT, manifest_of
from tidu.core.audit.reading import events_between
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditEvent, AuditHead

_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file must be: its events, the hashes at both ends, its size and SM3, and the end of the whole record."""

    format: str
    exported_at: str
    first: int
    last: int
    count: int
    previous: str
    last_hash: str
    bytes: int
    sm3: str
    head_number: int
    head_hash: str


def export_record(
    *,
    actor: Actor,
    file: Path,
    since: dt.date | None = None,
    until: dt.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Manifest:
    """Write the events of the days from ``since`` to ``until`` to ``file``, and the manifest beside it.

    Both appear whole or not at all. The export itself is recorded.
    """
    first, last = _range(since, until)
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("wb") as handle:
            manifest = _write(handle, first, last, progress)
        beside = manifest_of(file)
        beside.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    record(
        actor=actor,
        action="core.audit.exported",
        detail={"first": manifest.first, "last": manifest.last, "count": manifest.count, "sm3": manifest.sm3},
    )
    return manifest


def _range(since: dt.date | None, until: dt.date | None) -> tuple[int, int]:
    """Numbers of the first and the last event of these days; all between them belong, whatever a clock said."""
    rows = AuditEvent.objects.all()
    if since is not None:
        rows = rows.filter(at__gte=_midnight(since))
    if until is not None:
        rows = rows.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    found = rows.aggregate(first=Min("number"), last=Max("number"))
    return (found["first"], found["last"]) if found["first"] is not None else (1, 0)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _write(handle: BinaryIO, first: int, last: int, progress: Callable[[int, int], None] | None) -> Manifest:
    total, size, count = Hash(SM3()), 0, 0
    newest: dict[str, Any] | None = None
    previous = FIRST
    for event in events_between(first, last):
        if newest is None:
            previous = event["previous"]
        line = line_of(event)
        handle.write(line)
        total.update(line)
        size, count, newest = size + len(line), count + 1, event
        if progress is not None and count % _EVERY == 0:
            progress(count, last - first + 1)
    head = AuditHead.objects.first() or AuditHead()
    return Manifest(
        format=FORMAT,
        exported_at=timezone.now().isoformat(timespec="seconds"),
        first=first,
        last=last,
        count=count,
        previous=previous,
        last_hash=newest["hash"] if newest else FIRST,
        bytes=size,
        sm3=total.finalize().hex(),
        head_number=head.number,
        head_hash=head.hash,
    )


def line_of(event: dict[str, Any]) -> bytes:
    """An event as a line: its canonical form, with its hash as the last member."""
    return canonical(event)[:-1] + f',"hash":{json.dumps(event["hash"])}}}\n'.encode()
