"""Lists that leave the platform as files: one event, and which enterprises were in the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from tidu.core.actor import Actor
from tidu.core.audit.append_only import declare_append_only
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditEvent, ExportedBlock

declare_append_only(ExportedBlock._meta.db_table)


@transaction.atomic
def record_export(
    *,
    actor: Actor,
    enterprises: Iterable[int],
    subject: models.Model | None = None,
    subject_label: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Record that ``actor`` takes a list along in which these enterprises are; each reads so under 谁看过我的数据.

    As :func:`record`, whose last step this is. The numbers are read before the end of the chain is held.
    """
    numbers = sorted(set(enterprises))
    blocks = _blocks(numbers)
    event = record(
        actor=actor,
        action="core.export.made",
        subject=subject,
        subject_label=subject_label,
        after=numbers,
        detail=detail,
    )
    ExportedBlock.objects.bulk_create(
        ExportedBlock(block=block, event=event.number, members=members) for block, members in blocks.items()
    )
    return event


def exports_with(enterprise_id: int) -> models.QuerySet[ExportedBlock]:
    """The exports in which an enterprise was."""
    block, place = divmod(enterprise_id, ExportedBlock.SIZE)
    there = models.F("members").bitand(1 << place)
    return ExportedBlock.objects.filter(block=block).alias(there=there).filter(there__gt=0)


def _blocks(numbers: Iterable[int]) -> dict[int, int]:
    blocks: dict[int, int] = {}
    for number in numbers:
        block, place = divmod(number, ExportedBlock.SIZE)
        blocks[block] = blocks.get(block, 0) | 1 << place
    return blocks
