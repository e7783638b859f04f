"""Lists that leave the platform as files: one event, and which enterprises were in the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from django.db import models

from tidu.core.actor import Actor
from tidu.core.audit.append_only import declare_append_only
from tidu.core.audit.chain import digest_of
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditEvent, ExportedBlock

_ACTION: Final = "core.export.made"
_CHUNK: Final = 2_000
declare_append_only(ExportedBlock._meta.db_table)


def record_export(
    *,
    actor: Actor,
    enterprises: Iterable[int],
    subject: models.Model | None = None,
    subject_label: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Record that ``actor`` takes a list along in which these enterprises are; each reads so under 谁看过我的数据.

    Otherwise as :func:`record`.
    """
    numbers = sorted(set(enterprises))
    return record(
        actor=actor,
        action=_ACTION,
        subject=subject,
        subject_label=subject_label,
        after=numbers,
        detail=detail,
        exported=numbers,
    )


def exports_with(enterprise_id: int) -> models.QuerySet[ExportedBlock]:
    """The exports in which an enterprise was."""
    block, place = divmod(enterprise_id, ExportedBlock.SIZE)
    there = models.F("members").bitand(1 << place)
    return ExportedBlock.objects.filter(block=block).alias(there=there).filter(there__gt=0)


def altered_list(first: int, last: int) -> int | None:
    """The first of these events whose list of enterprises is not the one that it covers. Two queries, little memory."""
    events = (
        AuditEvent.objects.filter(action=_ACTION, number__gte=first, number__lte=last)
        .exclude(after_digest="")
        .order_by("number")
        .values_list("number", "after_digest")
        .iterator(chunk_size=_CHUNK)
    )
    kept = groupby(
        ExportedBlock.objects.filter(event__gte=first, event__lte=last)
        .order_by("event", "block")
        .values_list("event", "block", "members")
        .iterator(chunk_size=_CHUNK),
        lambda row: int(row[0]),
    )
    listed: int | None
    blocks: Iterable[tuple[int, int, int]]
    listed, blocks = next(kept, (None, ()))
    for number, digest in events:
        if listed is not None and listed < number:
            return listed  # of an event that exports nothing
        found: list[int] = []
        if listed == number:
            found = [one for _, block, members in blocks for one in _numbers(block, members)]
            listed, blocks = next(kept, (None, ()))
        if digest_of(found) != digest:
            return int(number)
    return listed


def _numbers(block: int, members: int) -> list[int]:
    size = ExportedBlock.SIZE
    return [block * size + place for place in range(size) if members >> place & 1]
