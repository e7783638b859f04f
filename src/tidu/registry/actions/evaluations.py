"""Starting an evaluation of the registry, and what the background work does at its end."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.jobs import start
from tidu.core.models import Jurisdiction
from tidu.core.models.jobs import JobState
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR
from tidu.policy.documents.library import binds
from tidu.policy.documents.pack import Force, Pack
from tidu.registry.models import Evaluation

KIND = "registry.evaluation.run"


@transaction.atomic
def start_evaluation(
    *, actor: Actor, pack: Pack, tier: str, as_of: dt.date, base_year: int | None = None
) -> Evaluation:
    """Evaluate every enterprise of the actor's place against a tier of ``pack``, in the background.

    A second click finds the run that is under way. Raises :class:`Refused` for a pack that does not bind the place, a
    tier that it does not recognise, or a day that cannot be.
    """
    if not actor.has(Role.CITY_OFFICER, Role.DISTRICT_OFFICER) or not actor.place:
        raise Refused("您没有评估企业库的权限。")
    year = as_of.year - 1 if base_year is None else base_year
    _check(actor, pack, tier, as_of, year)
    # Locked, so that the second of two clicks waits for the first.
    Organisation.objects.select_for_update().get(pk=actor.organisation_number)
    under_way = Evaluation.objects.filter(
        organisation_id=actor.organisation_number,
        pack=pack.id,
        tier=tier,
        as_of=as_of,
        base_year=year,
        state=Evaluation.State.RUNNING,
        job__state__in=(JobState.QUEUED, JobState.RUNNING),
    ).first()
    if under_way is not None:
        return under_way
    run = Evaluation.objects.create(
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
        place=Jurisdiction.objects.get(pk=actor.place),
        pack=pack.id,
        tier=tier,
        pack_digest=pack.digest,
        pack_title=pack.document.title,
        as_of=as_of,
        base_year=year,
        in_force=pack.force(as_of, tier) is Force.IN_FORCE,
        criteria=[item.id for item in pack.criteria(tier).criteria],
    )
    title = f"{pack.document.short_title} · {pack.vocabulary.tiers[tier].short} · 评估日 {as_of.isoformat()}"
    run.job = start(actor=actor, kind=KIND, title=title, arguments={"run": run.pk})
    run.save(update_fields=["job"])
    record(
        actor=actor,
        action="registry.evaluation.started",
        subject=run,
        detail={
            "pack": pack.id,
            "digest": pack.digest[:16],
            "tier": tier,
            "as_of": as_of.isoformat(),
            "base_year": year,
        },
    )
    return run


@transaction.atomic
def finish_evaluation(*, actor: Actor, run: Evaluation) -> None:
    """Close a run whose results are stored."""
    run.state, run.finished_at = Evaluation.State.DONE, timezone.now()
    run.save(update_fields=["state", "finished_at", "counts", "enterprises", "pack_digest", "criteria"])
    record(
        actor=actor,
        action="registry.evaluation.finished",
        subject=run,
        detail={"enterprises": run.enterprises, "status": run.counts.get("status", {})},
    )


def _check(actor: Actor, pack: Pack, tier: str, as_of: dt.date, year: int) -> None:
    if not binds(pack.document.jurisdiction, actor.place):
        raise Refused("这份政策不适用于本地。", field="offer")
    if tier not in pack.tiers:
        raise Refused("这份政策不认定所选的称号。", field="offer")
    if not EARLIEST_YEAR <= as_of.year <= LATEST_YEAR:
        raise Refused(f"评估日应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 年之间。", field="as_of")
    if not EARLIEST_YEAR <= year <= as_of.year:
        raise Refused(
            f"基准年度应在 {EARLIEST_YEAR} 至 {as_of.year} 年之间，一般是评估日的上一年。", field="base_year"
        )
