"""Where in the record something stands, so that somebody without rights can write it down and ask for it later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models

from tidu.core.models.audit import AuditEvent, AuditResult


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """An event by its number and its hash, which tell nothing of what it says.

    ``verified_at`` is when the record was last walked over it and found whole; nothing where it has not been yet.
    """

    number: int
    hash: str
    at: dt.datetime
    verified_at: dt.datetime | None


def place_of(subject: models.Model, action: str) -> RecordPlace | None:
    """The first event of an action that was done to a subject. Two queries, by index."""
    events = AuditEvent.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), action=action
    )
    event = events.order_by("number").first()
    if event is None:
        return None
    walks = AuditEvent.objects.filter(
        action="core.audit.verified", result=AuditResult.DONE, number__gt=event.number
    )
    verified = walks.order_by("-number").values_list("at", flat=True).first()
    return RecordPlace(event.number, event.hash, event.at, verified)
