"""Looking at personal data in full: never without a record of who, whose and why."""

from __future__ import annotations

from typing import Final

from django.db import models, transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.components import Choice
from tidu.core.personal.fields import PersonalField

PURPOSES: Final = (
    Choice("contact", "联系本人办理业务"),
    Choice("verify", "核实身份或材料"),
    Choice("payment", "拨付资金"),
    Choice("other", "其他"),
)


@transaction.atomic
def reveal(
    *, actor: Actor, field: PersonalField, row: models.Model, purpose: str = "", reason: str = ""
) -> str:
    """The value in full. It is given out only with the record of it: where that fails, nothing is shown."""
    value: str = getattr(row, field.name)
    record(
        actor=actor,
        action="core.personal.revealed",
        subject=row,
        subject_label=field.subject(row),
        enterprise_id=field.enterprise(row),
        detail={"field": field.name, "label": field.label, "purpose": purpose or "own", "reason": reason},
    )
    return value
