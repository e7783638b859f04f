"""Lists that leave the platform as files: one event, and a row for each enterprise that is in the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import models, transaction

from tidu.core.actor import Actor
from tidu.core.audit.append_only import declare_append_only
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditEvent, ExportedEnterprise

_BATCH: Final = 5_000
declare_append_only(ExportedEnterprise._meta.db_table)


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
    event = record(
        actor=actor,
        action="core.export.made",
        subject=subject,
        subject_label=subject_label,
        after=numbers,
        detail=detail,
    )
    ExportedEnterprise.objects.bulk_create(
        [ExportedEnterprise(enterprise_id=number, event=event.number) for number in numbers],
        batch_size=_BATCH,
    )
    return event


def exports_with(enterprise_id: int) -> models.QuerySet[ExportedEnterprise]:
    """The exports in which an enterprise was."""
    return ExportedEnterprise.objects.filter(enterprise_id=enterprise_id)
