"""The record, and personal data that is shown in full on the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import ENTERPRISE_A, OFFICERS_OF_A, World
from tidu.registry.models import Contact


def _contact(world: World) -> Mapping[str, Any]:
    contact, _ = Contact.objects.get_or_create(
        enterprise=world.a, name="王一", defaults={"phone": "13800001234"}
    )
    return {"model": "registry.contact", "pk": contact.pk, "name": "phone"}


ROWS: list[Row | Elsewhere] = [
    Row("core:reveal", ENTERPRISE_A | OFFICERS_OF_A, arguments=_contact),
    Row(
        "core:reveal",
        ENTERPRISE_A | OFFICERS_OF_A,
        method="POST",
        arguments=_contact,
        fields=lambda _: {"picked_reason": "contact"},
    ),
]
