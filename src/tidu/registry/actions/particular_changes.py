"""Changing a row of a list: the old one ends and stays for the record, a new one takes its place."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.actions.particulars import P


def replace_particular(*, actor: Actor, old: P, new: P) -> P:
    """Put ``new``, made but not saved, in the place of ``old``.

    Raises :class:`Refused` where ``old`` has been changed or ended meanwhile, and for a row that cannot be.
    """
    with transaction.atomic():
        lock_enterprises([old.enterprise_id])
        ended = (
            type(old)
            .objects.filter(pk=old.pk, enterprise_id=old.enterprise_id, ended_at__isnull=True)
            .update(ended_at=timezone.now())
        )
        if not ended:
            raise Refused("这一条刚才已被改动或停用。请看过现在的内容再改。")
        new.enterprise_id = old.enterprise_id
        try:
            new.full_clean()
        except ValidationError as error:
            raise Refused("；".join(error.messages)) from None
        new.save(force_insert=True)
        record(
            actor=actor,
            action="registry.particular.changed",
            subject=new,
            enterprise_id=new.enterprise_id,
            before=old.pk,
            after=new.pk,
            detail={"kind": str(new._meta.verbose_name)},
        )
    return new
