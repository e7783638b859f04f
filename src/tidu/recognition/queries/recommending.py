"""What a district has recommended and what not, call by call, and the tables in which it reported so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.audit.chain import digest_of
from tidu.core.models import OfficialDocument
from tidu.recognition.models import Call, Recommendation, RecommendationTable
from tidu.recognition.queries.reviewing import reviews_seen


def tables_seen(actor: Actor) -> QuerySet[RecommendationTable]:
    """The tables of the actor's place; the city and auditors read those that were issued.

    Not those that list an enterprise which the actor has to avoid; a draft lists all that stands in no table yet.
    """
    cases = reviews_seen(actor).values("call", "district")
    rows = RecommendationTable.objects.select_related("call__organisation", "district", "document", "made_by")
    if actor.organisation_id is None:
        return rows.none()
    own = Q(document__organisation_id=actor.organisation_id)
    issued = Q(document__state=OfficialDocument.State.ISSUED, call__in=cases.values("call"))
    avoided = Recommendation.objects.filter(tied(actor, "application__enterprise__"))
    listed = avoided.filter(table=OuterRef("pk"))
    unlisted = avoided.filter(
        table__isnull=True, application__call=OuterRef("call"), application__district=OuterRef("district")
    )
    rows = rows.exclude(Exists(listed)).exclude(
        Exists(unlisted), document__state=OfficialDocument.State.DRAFT
    )
    return rows.filter(own | issued & Q(district__in=cases.values("district")))


def batches_of(actor: Actor) -> Any:  # noqa: ANN401 - a queryset of groups with counts
    """One row for each call and district with cases, the newest call first."""
    return (
        reviews_seen(actor)
        .order_by()
        .values("call", "call__batch_name", "call__title", "district", "district__name")
        .annotate(
            received=Count("pk"),
            positive=Count("pk", filter=Q(recommendation__positive=True)),
            negative=Count("pk", filter=Q(recommendation__positive=False)),
            unlisted=Count("pk", filter=Q(recommendation__isnull=False, recommendation__table__isnull=True)),
            waiting=Count("pk", filter=Q(status__in=("district", "returned"))),
        )
        .order_by("-call", "district")
    )


def recommended_in(call: Call, district: str) -> QuerySet[Recommendation]:
    """Everything that a district has said in a call, recommended ones first, in the order in which it was said."""
    return (
        Recommendation.objects.filter(application__call=call, application__district=district)
        .select_related("application__enterprise", "application__call", "table__document", "made_by")
        .order_by("-positive", "made_at", "pk")
    )


def recommended_seen(actor: Actor, call: Call, district: str) -> QuerySet[Recommendation]:
    """The same as far as the actor may read it."""
    return recommended_in(call, district).filter(application__in=reviews_seen(actor))


def unlisted_in(call: Call, district: str) -> QuerySet[Recommendation]:
    """What stands in no table yet."""
    return recommended_in(call, district).filter(table__isnull=True)


def print_of(rows: Sequence[Recommendation]) -> str:
    """A short digest of a list, to see whether it is still the one that somebody has looked at."""
    return digest_of([[item.pk, item.positive, item.opinion] for item in rows])[:16]
