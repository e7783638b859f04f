"""What leaves the desk as a file is on the record."""

from __future__ import annotations

from django.db import transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record


@transaction.atomic
def note_export(*, actor: Actor, label: str, number: int) -> None:
    """Record that the actor takes ``number`` tasks along as a file."""
    record(actor=actor, action="core.export.made", subject_label=f"事项·{label}", detail={"rows": number})
