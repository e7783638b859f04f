"""Products, intellectual property, certificates and platforms: listed by the enterprise itself or an officer.

They are lists, not facts: counting them is offered beside the stated count (:mod:`tidu.registry.queries.counted`) and
never written over it, since a rule asks for those "related to the leading product", which only a person can tell.
"""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.models import Certificate, IntellectualProperty, Platform, Product

Particular = Product | IntellectualProperty | Certificate | Platform
P = TypeVar("P", Product, IntellectualProperty, Certificate, Platform)


def add_particular(*, actor: Actor, particular: P) -> P:
    """Save a new row, made but not yet saved by the caller. Raises :class:`Refused` for one that cannot be."""
    with transaction.atomic():
        lock_enterprises([particular.enterprise_id])
        try:
            particular.full_clean()
        except ValidationError as error:
            raise Refused("；".join(error.messages)) from None
        particular.save(force_insert=True)
        record(
            actor=actor,
            action="registry.particular.added",
            subject=particular,
            enterprise_id=particular.enterprise_id,
            detail={"kind": str(particular._meta.verbose_name)},
        )
    return particular


def end_particular(*, actor: Actor, particular: Particular) -> None:
    """Take a row off the list; it stays for the record. Idempotent."""
    with transaction.atomic():
        lock_enterprises([particular.enterprise_id])
        held = type(particular)._default_manager.select_for_update().get(pk=particular.pk)
        if held.ended_at is not None:
            return
        held.ended_at = timezone.now()
        held.save(update_fields=("ended_at",))
        record(
            actor=actor,
            action="registry.particular.ended",
            subject=held,
            enterprise_id=held.enterprise_id,
            detail={"kind": str(held._meta.verbose_name)},
        )
