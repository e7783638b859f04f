"""The record, and personal data that is shown in full on the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import (
    AUDIT_ADMINISTRATORS,
    AUDITORS,
    ENTERPRISE_A,
    ENTERPRISES_ALL,
    OFFICERS_OF_A,
    World,
)
from tidu.core.audit.recording import record
from tidu.registry.models import Contact


def _contact(world: World) -> Mapping[str, Any]:
    contact, _ = Contact.objects.get_or_create(
        enterprise=world.a, name="王一", defaults={"phone": "13800001234"}
    )
    return {"model": "registry.contact", "pk": contact.pk, "name": "phone"}


def _event(world: World) -> Mapping[str, Any]:
    """Something that an officer of Baotou did."""
    event = record(actor=world.actor("city_baotou"), action="core.setting.changed")
    return {"number": event.number}


_READERS = AUDITORS | AUDIT_ADMINISTRATORS
_READERS_OF_A = frozenset({"auditor_baotou", "audit_administrator"})

ROWS: list[Row | Elsewhere] = [
    Row("core:audit", _READERS),
    Row("core:audit-event", _READERS_OF_A, arguments=_event),
    Row("core:audit-export", _READERS, arguments=lambda _: {"kind": "csv"}),
    Row("core:audit-export", _READERS, arguments=lambda _: {"kind": "xlsx"}),
    Row("core:audit-verify", AUDIT_ADMINISTRATORS, method="POST"),
    Row("registry:looks", ENTERPRISES_ALL),
    Row("core:reveal", ENTERPRISE_A | OFFICERS_OF_A, arguments=_contact),
    Row(
        "core:reveal",
        ENTERPRISE_A | OFFICERS_OF_A,
        method="POST",
        arguments=_contact,
        fields=lambda _: {"picked_reason": "contact"},
    ),
]
