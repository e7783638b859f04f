"""Documents that prove what an enterprise states: handed in, and taken back without being lost."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.files.receiving import Received, keep_file
from tidu.core.refusals import Refused
from tidu.policy.assess.facts import EARLIEST_YEAR
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.models import Enterprise, Evidence
from tidu.registry.vocabulary import vocabulary_in_view

MOST_A_KIND: Final = 60


def add_evidence(
    *, actor: Actor, enterprise: Enterprise, kind: str, year: int | None, note: str, received: Received
) -> Evidence:
    """Put a received file on the enterprise's list under its kind and year.

    The same file under the same kind and year is there once, however often it is sent. Raises :class:`Refused`.
    """
    described = vocabulary_in_view().evidence.get(kind)
    if described is None:
        raise Refused("请从列表里选择材料种类。", field="kind")
    if year is not None and not EARLIEST_YEAR <= year <= timezone.localdate().year:
        raise Refused("请从列表里选择所属年度。", field="year")
    with transaction.atomic():
        lock_enterprises([enterprise.pk])
        standing = Evidence.objects.filter(enterprise=enterprise, kind=kind, withdrawn_at__isnull=True)
        same = standing.filter(year=year, file__sha256=received.sha256).first()
        if same is not None:
            return same
        if standing.count() >= MOST_A_KIND:
            raise Refused(f"“{described.label}”已有 {MOST_A_KIND} 份，请先撤下不用的。", field="kind")
        stored = keep_file(actor=actor, received=received)
        evidence = Evidence.objects.create(
            enterprise=enterprise, kind=kind, year=year, note=note.strip()[:200], file=stored
        )
        record(
            actor=actor,
            action="registry.evidence.added",
            subject=evidence,
            enterprise_id=enterprise.pk,
            after={"sha256": stored.sha256},
            detail={"kind": described.label, "year": year, "size": stored.size, "scan": stored.scan},
        )
    return evidence


def withdraw_evidence(*, actor: Actor, evidence: Evidence) -> None:
    """Take a document off the list; it stays for the record. Idempotent."""
    with transaction.atomic():
        lock_enterprises([evidence.enterprise_id])
        held = Evidence.objects.select_for_update(of=("self",)).select_related("file").get(pk=evidence.pk)
        if held.withdrawn_at is not None:
            return
        held.withdrawn_at = timezone.now()
        held.save(update_fields=["withdrawn_at"])
        record(
            actor=actor,
            action="registry.evidence.withdrawn",
            subject=held,
            enterprise_id=held.enterprise_id,
            before={"sha256": held.file.sha256},
            detail={"kind": held.kind, "year": held.year},
        )
