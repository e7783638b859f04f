"""What the district reviews: the cases of its place by state, their criteria, and what is still to be said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.fields.json import KT
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.roles import TERRITORIAL, Role
from tidu.policy.documents.criteria import Criterion
from tidu.recognition.models import (
    FINAL,
    Application,
    Call,
    CriterionFinding,
    Status,
    Submission,
)
from tidu.recognition.models.applications import ApplicationQuerySet
from tidu.recognition.models.reviews import Finding
from tidu.recognition.process.bureaus import reviewer_of
from tidu.recognition.process.rules import pack_of, settings_of

#: What a tab of the worklist holds.
_OPEN_QUESTION: Final = Q(status=Status.DISTRICT, deadline__stopped_on__isnull=False)
TABS: Final[Mapping[str, tuple[str, Q]]] = {
    "todo": ("待审核", Q(status=Status.DISTRICT) & ~_OPEN_QUESTION),
    "waiting": ("等待企业", Q(status=Status.RETURNED) | _OPEN_QUESTION),
    "passed": (
        "已推荐",
        Q(status__in=(Status.EXPERTS, Status.DECISION, Status.SELECTED, Status.NOTICE)),
    ),
    "ended": ("已办结", Q(status__in=tuple(FINAL))),
    "all": ("全部", Q()),
}
#: Running clocks first, the nearest end on top; then those that stand; then cases that nobody holds.
BY_DEADLINE: Final[tuple[OrderBy, ...]] = (
    F("deadline__stopped_on").asc(nulls_first=True),
    F("deadline__due_on").asc(nulls_last=True),
)


def reviews_seen(actor: Actor) -> ApplicationQuerySet:
    """The cases that have been handed in, as far as the actor sees them."""
    seen = Application.objects.visible_to(actor)
    return seen if actor.role in TERRITORIAL else seen.none()


def with_their_words(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Everything that a row of the list says, in one query; ``submitted`` is the number of the last submission."""
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-number").values("number")[:1]
    return rows.select_related("call", "enterprise", "district", "deadline", "correction").annotate(
        submitted=Subquery(last)
    )


def on_tab(rows: ApplicationQuerySet, tab: str) -> ApplicationQuerySet:
    """The rows of a tab."""
    return rows.filter(TABS[tab][1])


def counts_by_tab(rows: ApplicationQuerySet) -> dict[str, int]:
    """How many rows each tab holds. One query."""
    kept = {name: Count("pk", filter=wanted) for name, (_, wanted) in TABS.items() if wanted}
    counted: dict[str, int] = rows.aggregate(**kept, all=Count("pk"))
    return counted


def filtered(rows: ApplicationQuerySet, on: Mapping[str, Any]) -> ApplicationQuerySet:
    """The rows that the chosen filters leave."""
    if call := on.get("call"):
        rows = rows.filter(call_id=int(call))
    if status := on.get("status"):
        rows = rows.filter(status=status)
    if text := on.get("q"):
        rows = rows.filter(
            Q(enterprise__name__icontains=text) | Q(number__iexact=text) | Q(enterprise__uscc__iexact=text)
        )
    if place := on.get("place"):
        rows = rows.filter(district_id=place)
    match on.get("only"):
        case "overdue":
            rows = rows.filter(overdue())
        case "changed":
            rows = rows.filter(status=Status.DISTRICT, submissions__number__gt=1).distinct()
    return rows


def overdue() -> Q:
    """Cases under review whose clock runs and whose last day is over."""
    return Q(
        status=Status.DISTRICT,
        deadline__stopped_on__isnull=True,
        deadline__closed_at__isnull=True,
        deadline__due_on__lt=timezone.localdate(),
    )


def machine_verdicts(applications: Collection[int]) -> dict[int, str]:
    """What the machine found of each case's last submission: the key of a status. One query."""
    last = Submission.objects.filter(application=OuterRef("application")).order_by("-number")
    rows = Submission.objects.filter(
        application__in=applications, number=Subquery(last.values("number")[:1])
    ).values_list("application_id", KT("content__verdict__status"))
    return {application: status or "" for application, status in rows}


def unsaid_counts(applications: Collection[Application]) -> dict[int, int]:
    """How many conditions of each case's last submission nobody has judged yet. One query."""
    last = Submission.objects.filter(application=OuterRef("application")).order_by("-number")
    said = dict(
        CriterionFinding.objects.filter(
            application__in=applications, submission__number=Subquery(last.values("number")[:1])
        )
        .values_list("application")
        .annotate(Count("pk"))
    )
    return {item.pk: len(criteria_of(item.call)) - said.get(item.pk, 0) for item in applications}


def last_submission(application: Application) -> Submission | None:
    """What was handed in last."""
    return application.submissions.order_by("-number").first()


def criteria_of(call: Call) -> tuple[Criterion, ...]:
    """The conditions of a call, in the order of the document, as its pack was frozen."""
    return pack_of(call).criteria(call.tier, settings_of(call)).criteria


def findings_of(submission: Submission) -> dict[str, CriterionFinding]:
    """What the district has said of each condition of a submission."""
    return {item.criterion: item for item in submission.findings.select_related("found_by")}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a review is: conditions without a finding, and those rejected, in the order of the document."""

    missing: tuple[Criterion, ...]
    rejected: tuple[tuple[Criterion, CriterionFinding], ...]
    doubted: tuple[tuple[Criterion, CriterionFinding], ...]
    total: int

    @property
    def said(self) -> int:
        """Conditions that have a finding."""
        return self.total - len(self.missing)

    @property
    def unexplained(self) -> tuple[Criterion, ...]:
        """Conditions that are rejected without a word why."""
        return tuple(criterion for criterion, found in self.rejected if not found.note)


def standing_of(criteria: Iterable[Criterion], findings: Mapping[str, CriterionFinding]) -> Standing:
    """How far the review is."""
    listed = tuple(criteria)
    said = [(criterion, findings[criterion.id]) for criterion in listed if criterion.id in findings]
    return Standing(
        tuple(criterion for criterion in listed if criterion.id not in findings),
        tuple(pair for pair in said if pair[1].finding == Finding.REJECTED),
        tuple(pair for pair in said if pair[1].finding == Finding.DOUBTED),
        len(listed),
    )


def reviews_it(actor: Actor, application: Application) -> bool:
    """Whether the review is the actor's: the bureau of the place, or the city's where that has none."""
    if not actor.has(Role.DISTRICT_OFFICER, Role.CITY_OFFICER):
        return False
    return reviewer_of(application).role == actor.role


def may_review(actor: Actor, application: Application) -> bool:
    """Whether the case is the actor's to review now."""
    return application.status == Status.DISTRICT and reviews_it(actor, application)
