"""Lists that leave the platform as files: one event, and which enterprises were in the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from tidu.core.actor import Actor
from tidu.core.audit.append_only import declare_append_only
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditEvent, ExportedBlock

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
        action="core.export.made",
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
