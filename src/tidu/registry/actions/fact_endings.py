"""Facts that end without a successor: withdrawn by their source, or undone with the batch that brought them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.registry.actions.columns import refresh_columns
from tidu.registry.actions.facts import CHUNK, check_source, lock_enterprises
from tidu.registry.asked import FactKey
from tidu.registry.models import Enterprise, Fact, Import, Source
from tidu.registry.models.imports import ImportState


def withdraw_facts(
    *, actor: Actor, enterprise: Enterprise, keys: Collection[FactKey], source: Source, reason: str
) -> int:
    """End what ``source`` states under these (indicator, year), so that it is silent; say how many facts ended.

    What other sources state is chosen from then on.
    """
    check_source(actor, source)
    with transaction.atomic():
        lock_enterprises([enterprise.pk])
        standing = Fact.objects.filter(
            enterprise=enterprise,
            source=source,
            indicator__in={indicator for indicator, _year in keys},
            ended_at__isnull=True,
        )
        wanted = set(keys)
        ending = [fact for fact in standing if (fact.indicator, fact.year) in wanted]
        _end([fact.pk for fact in ending], timezone.now())
        choose_again([enterprise.pk])
        refresh_columns([enterprise.pk])
        if ending:
            record(
                actor=actor,
                action="registry.facts.withdrawn",
                subject=enterprise,
                enterprise_id=enterprise.pk,
                before={f"{fact.indicator}_{fact.year}": fact.value for fact in ending},
                detail={"source": source.label, "facts": len(ending), "reason": reason[:200]},
            )
    return len(ending)


def undo_batch(*, actor: Actor, batch: Import, most: int | None = None) -> int:
    """End what a batch stated and still stands, and let stand again what it had superseded; say how many facts ended.

    What somebody has stated since stays. Of what another batch stated that was itself undone meanwhile, nothing comes
    back. The caller has checked that the actor may undo this batch, and marks it undone; this is part of that action.
    With ``most``, so many enterprises are done: a large batch is undone by calling again until nothing ends.
    """
    ended = 0
    with transaction.atomic():
        enterprises = list(
            Fact.objects.filter(batch=batch, ended_at__isnull=True)
            .order_by("enterprise_id")
            .values_list("enterprise_id", flat=True)
            .distinct()[:most]
        )
        for start in range(0, len(enterprises), CHUNK):
            ended += _undo_in(batch, enterprises[start : start + CHUNK])
        if ended:
            record(
                actor=actor,
                action="registry.facts.undone",
                subject=batch,
                detail={"facts": ended, "enterprises": len(enterprises)},
            )
    return ended


def _undo_in(batch: Import, enterprises: Collection[int]) -> int:
    lock_enterprises(enterprises)
    standing = list(
        Fact.objects.filter(batch=batch, enterprise_id__in=enterprises, ended_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    _end(standing, timezone.now())
    for part in _parts(_predecessors(batch, standing)):
        Fact.objects.filter(pk__in=part).update(ended_at=None, superseded_by=None)
    choose_again(enterprises)
    refresh_columns(enterprises)
    return len(standing)


def _end(facts: Collection[int], now: dt.datetime) -> None:
    for part in _parts(facts):
        Fact.objects.filter(pk__in=part).update(ended_at=now, chosen=False)


def _predecessors(batch: Import, facts: Collection[int]) -> list[int]:
    """For each fact the one before it in its chain that neither this batch nor an undone one brought, if any."""
    found: list[int] = []
    pending = list(facts)
    while pending:
        before: list[int] = []
        for part in _parts(pending):
            rows = Fact.objects.filter(superseded_by_id__in=part).values_list(
                "pk", "batch_id", "batch__state"
            )
            for pk, batch_id, state in rows:
                (before if batch_id == batch.pk or state == ImportState.UNDONE else found).append(pk)
        pending = before
    return found


def _parts(keys: Iterable[int]) -> Iterable[list[int]]:
    listed = list(keys)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def choose_again(enterprises: Collection[int]) -> None:
    """Mark the highest standing source as chosen wherever none is, for enterprises that are locked."""
    best: dict[tuple[int, str, int], tuple[int, int]] = {}
    chosen: dict[tuple[int, str, int], int] = defaultdict(int)
    standing = Fact.objects.filter(enterprise_id__in=enterprises, ended_at__isnull=True)
    for pk, source, is_chosen, enterprise_id, indicator, year in standing.values_list(
        "pk", "source", "chosen", "enterprise_id", "indicator", "year"
    ):
        where = (enterprise_id, indicator, year)
        best[where] = max(best.get(where, (0, 0)), (source, pk))
        if is_chosen:
            chosen[where] = pk
    leaving = [pk for where, pk in chosen.items() if best[where][1] != pk]
    coming = [pk for where, (_source, pk) in best.items() if chosen.get(where) != pk]
    for part in _parts(leaving):
        Fact.objects.filter(pk__in=part).update(chosen=False)
    for part in _parts(coming):
        Fact.objects.filter(pk__in=part).update(chosen=True)
