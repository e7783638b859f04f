"""Questions to departments, as each side may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.roles import OrganisationKind
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Indicator
from tidu.registry.models import ConfirmationItem, ConfirmationList
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view


def questions_for(department: Organisation) -> list[Indicator]:
    """The yes/no indicators that a department answers for, in the order of the vocabulary."""
    confirms = set(department.confirms)
    return [
        indicator
        for indicator in vocabulary_in_view().indicators.values()
        if indicator.kind is Kind.YES_NO
        and indicator.confirmed_by in confirms
        and not indicator.judged
        and is_recordable(indicator)
    ]


def departments_for(actor: Actor) -> list[Organisation]:
    """The departments of the actor's place that have something to confirm."""
    found = Organisation.objects.filter(
        kind=OrganisationKind.DEPARTMENT, place_id=actor.place or None, is_active=True
    ).order_by("name")
    return [department for department in found if questions_for(department)]


def lists_for(actor: Actor) -> Any:  # noqa: ANN401 - a queryset with counts
    """The lists that the actor may see, the newest first, with how much of each is answered."""
    rows = ConfirmationList.objects.visible_to(actor).select_related(
        "department", "asked_by_organisation", "deadline"
    )
    return rows.annotate(
        asked=Count("items"),
        enterprises=Count("items__enterprise", distinct=True),
        answered=Count("items", filter=~Q(items__stated="")),
    )


def answered_of(batch: ConfirmationList) -> list[tuple[str, int, int, int]]:
    """By question: how many are asked, how many of them are not written, and how many not submitted."""
    counted = batch.items.values_list("indicator").annotate(
        asked=Count("pk"),
        unwritten=Count("pk", filter=Q(answer="")),
        unstated=Count("pk", filter=Q(stated="")),
    )
    return list(counted.order_by("indicator"))


def items_of(batch: ConfirmationList, enterprises: Sequence[int] | None = None) -> list[ConfirmationItem]:
    """The items of a list with the name, code and place of their enterprise, and nothing else of it."""
    rows = batch.items.select_related("enterprise__district", "enterprise__city", "answered_by").only(
        "batch",
        "indicator",
        "answer",
        "stated",
        "note",
        "answered_at",
        "answered_by__name",
        "answered_by__username",
        "enterprise__name",
        "enterprise__uscc",
        "enterprise__organisation",
        "enterprise__district__name",
        "enterprise__city__name",
    )
    if enterprises is not None:
        rows = rows.filter(enterprise__in=enterprises)
    return list(rows.order_by("enterprise__name", "enterprise_id", "pk"))
