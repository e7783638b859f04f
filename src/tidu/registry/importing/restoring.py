"""Putting the registry back as it was before an import: undone by a person, stopped, or interrupted half-way.

What somebody else has stated since stays. An enterprise that only this import knew of loses its places and is
withdrawn, so that nobody sees it; its history stays, and a later import brings it back.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.registry.actions.columns import refresh_columns
from tidu.registry.actions.fact_endings import undo_batch
from tidu.registry.actions.standing import kept_from_entries
from tidu.registry.importing.surveying import Steps
from tidu.registry.models import Claim, Enterprise, EnterpriseStatus, Evidence, Fact, Import, Incident, Title

#: Enterprises that are put back in one transaction.
PART: Final = 500


def restore(batch: Import, actor: Actor, steps: Steps) -> int:
    """Undo everything that an import has written, in parts; say how many facts ended. Does nothing the second time."""
    ended = 0
    total = Fact.objects.filter(batch=batch, ended_at__isnull=True).count()
    while part := undo_batch(actor=actor, batch=batch, most=PART):
        ended += part
        steps.progress(ended, total, "还原")
    _restore_records(batch)
    while withdraw_orphans(batch):
        pass
    return ended


def _restore_records(batch: Import) -> None:
    """Titles and incidents of the import go, those that they had replaced come back.

    What has come into the hands of a procedure since stays as it leaves it.
    """
    stamp = batch.summary.get("stamp")
    for model in (Title, Incident):
        records = model.objects.filter(batch=batch, removed_at__isnull=True)
        with transaction.atomic():
            if model is Title:
                records = records.exclude(pk__in=kept_from_entries(records.values_list("pk", flat=True)))
            enterprises = set(records.values_list("enterprise_id", flat=True))
            records.update(removed_at=timezone.now())
            if stamp:
                aside = dt.datetime.fromisoformat(stamp)
                model.objects.filter(enterprise_id__in=_some(enterprises), removed_at=aside).update(
                    removed_at=None
                )
            if model is Title and enterprises:
                refresh_columns(enterprises)


def _some(keys: set[int]) -> list[int]:
    return sorted(keys)


def withdraw_orphans(batch: Import) -> int:
    """Withdraw some enterprises that this import brought and of which nothing else is known; say how many."""

    def other(model: type[Fact | Title | Incident | Claim | Evidence], **live: object) -> Exists:
        rows = model.objects.filter(enterprise_id=OuterRef("pk"), **live)
        return Exists(rows)

    with transaction.atomic():
        orphans = list(
            Enterprise.objects.select_for_update(of=("self",))
            .filter(
                ~other(Fact, ended_at__isnull=True),
                ~other(Title, removed_at__isnull=True),
                ~other(Incident, removed_at__isnull=True),
                ~other(Claim),
                ~other(Evidence),
                batch=batch,
                organisation__isnull=True,
            )
            .exclude(status=EnterpriseStatus.WITHDRAWN)
            .values_list("pk", flat=True)[:PART]
        )
        return Enterprise.objects.filter(pk__in=orphans).update(
            status=EnterpriseStatus.WITHDRAWN, city=None, district=None, operating_place=None
        )
