"""Runs over the registry and their results, as the actor may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Substr

from tidu.core.actor import Actor
from tidu.policy.documents.library import Offer, load_library
from tidu.policy.documents.pack import Force
from tidu.registry.evaluating.running import LETTERS
from tidu.registry.models import Evaluation, EvaluationResult

Results = Any  # a queryset of results with annotations
#: Value of the filter ``document`` for enterprises that one document, whichever it is, would decide.
ANY_PAPER: Final = "any"
LETTER_OF_NAME: Final = {status.value: letter for status, letter in LETTERS.items()}


def offers_for(actor: Actor, on: dt.date) -> list[tuple[Offer, Force]]:
    """The tiers that packs offer to the actor's place: those in force first, each with its force on the day."""
    offers = load_library().offers(actor.place, on, in_force_only=False)
    known = [(offer, offer.pack.force(on, offer.tier)) for offer in offers]
    return sorted(known, key=lambda item: item[1] is not Force.IN_FORCE)


def runs_for(actor: Actor) -> Any:  # noqa: ANN401 - a queryset
    """The runs of the actor's organisation, the newest first."""
    return Evaluation.objects.visible_to(actor).select_related("place", "job", "user").defer("counts")


def earlier_runs(actor: Actor, run: Evaluation, most: int = 20) -> list[Evaluation]:
    """Runs of the same tier of the same pack that ``run`` can be compared with, the newest first."""
    same = Evaluation.objects.visible_to(actor).filter(
        pack=run.pack, tier=run.tier, place=run.place, state=Evaluation.State.DONE, pk__lt=run.pk
    )
    return list(same.defer("counts").order_by("-pk")[:most])


def results_of(actor: Actor, run: Evaluation) -> Results:
    """The results of a run whose enterprises the actor may see."""
    return EvaluationResult.objects.visible_to(actor).filter(run=run)


def narrowed(rows: Results, run: Evaluation, on: dict[str, Any]) -> Results:
    """``rows`` under the filters that are on."""
    if "status" in on:
        rows = rows.filter(status=on["status"])
    if "short" in on:
        rows = rows.filter(short=int(on["short"]))
    if "district" in on:
        rows = rows.filter(enterprise__district_id=on["district"])
    if "industry" in on:
        rows = rows.filter(enterprise__industry__startswith=on["industry"])
    if "document" in on:
        any_paper = on["document"] == ANY_PAPER
        rows = rows.exclude(document="") if any_paper else rows.filter(document=on["document"])
    if "criterion" in on and on["criterion"] in run.criteria:
        place = run.criteria.index(on["criterion"])
        letters = [LETTER_OF_NAME[on["as"]]] if on.get("as") else ["n", "u"]
        rows = rows.annotate(letter=Substr("statuses", place + 1, 1)).filter(letter__in=letters)
    if on.get("q"):
        rows = rows.filter(enterprise__in=_named(on["q"]))
    return rows


def _named(text: str) -> Any:  # noqa: ANN401 - a queryset for a condition
    from tidu.registry.models import Enterprise
    from tidu.registry.queries.enterprises import search_condition

    return Enterprise.objects.filter(search_condition(text)).values("pk")


def compared(actor: Actor, run: Evaluation, earlier: Evaluation) -> Results:
    """The results of ``run``, each with what the earlier run said (``None``: it did not see the enterprise)."""
    before = EvaluationResult.objects.filter(run=earlier, enterprise=OuterRef("enterprise"))
    return results_of(actor, run).annotate(
        before=Subquery(before.values("status")[:1]), statuses_before=Subquery(before.values("statuses")[:1])
    )


def changed(rows: Results) -> Results:
    """Of compared results, those whose verdict is another one than before, or that were not seen before."""
    return rows.filter(Q(before__isnull=True) | ~Q(before=F("status")))


def moves(rows: Results) -> dict[tuple[str | None, str], int]:
    """Of compared results, how many went from which verdict to which."""
    counted = rows.values_list("before", "status").annotate(number=Count("pk")).order_by()
    return {(before, status): number for before, status, number in counted}


def gone(actor: Actor, run: Evaluation, earlier: Evaluation) -> int:
    """How many enterprises the earlier run saw and this one does not."""
    now = EvaluationResult.objects.filter(run=run, enterprise=OuterRef("enterprise"))
    return int(
        results_of(actor, earlier).annotate(now=Subquery(now.values("pk")[:1])).filter(now=None).count()
    )


def turned(run: Evaluation, earlier: Evaluation, after: str, before: str) -> Sequence[tuple[str, str, str]]:
    """The criteria that stand otherwise than before: id, letter before (empty: not asked then), letter now."""
    then = dict(zip(earlier.criteria, before, strict=False))
    return [
        (criterion, then.get(criterion, ""), letter)
        for criterion, letter in zip(run.criteria, after, strict=False)
        if then.get(criterion, "") != letter
    ]
