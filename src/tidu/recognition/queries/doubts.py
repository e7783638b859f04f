"""What the system itself finds odd about a case: near names, shared papers, sources that differ, incidents.

These are pointers for whoever reviews. None of them decides anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.workspace import Conflict as ConflictRow
from tidu.policy.dates import years_before
from tidu.policy.documents.route import span_of
from tidu.recognition.models import Application
from tidu.recognition.process.rules import recognition_of
from tidu.recognition.queries.submissions import SubmittedContent
from tidu.registry.fact_words import fact_label, fact_words
from tidu.registry.models import (
    ConfirmationItem,
    ConfirmationList,
    DuplicateProposal,
    Enterprise,
    Evidence,
    Incident,
    Source,
)
from tidu.registry.queries.facts import conflicts_of

_MOST = 10


@dataclass(frozen=True, slots=True)
class NearName:
    """Another enterprise whose name is nearly the same."""

    enterprise: Enterprise
    score: int
    verdict: str


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """A paper of the submission that another enterprise has handed in too."""

    name: str
    enterprise: Enterprise


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a department has answered of a basic condition."""

    label: str
    answer: str
    department: str
    document_no: str
    on: dt.date | None
    note: str


@dataclass(frozen=True, slots=True)
class SourceConflict:
    """A value about which sources disagree."""

    title: str
    rows: tuple[ConflictRow, ...]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Everything that the system points out about one case. ``since`` begins the term in which incidents count."""

    names: tuple[NearName, ...]
    papers: tuple[SharedPaper, ...]
    others: tuple[Application, ...]
    conflicts: tuple[SourceConflict, ...]
    confirmed: tuple[Confirmed, ...]
    incidents: tuple[Incident, ...]
    since: dt.date

    @property
    def number(self) -> int:
        """How many there are; answers of departments are no doubts."""
        return (
            len(self.names) + len(self.papers) + len(self.others) + len(self.conflicts) + len(self.incidents)
        )


def doubts_of(actor: Actor, application: Application, content: SubmittedContent) -> Doubts:
    """What is odd about a case, as far as the actor may see the other side of it. A constant number of queries."""
    enterprise = application.enterprise
    since = _term_before(application)
    return Doubts(
        tuple(_near_names(actor, enterprise)),
        tuple(_shared_papers(actor, enterprise, content)),
        tuple(_other_applications(actor, application)),
        tuple(_conflicts(enterprise)),
        tuple(_confirmed(enterprise)),
        tuple(
            Incident.objects.filter(
                enterprise=enterprise, removed_at__isnull=True, happened_on__gte=since
            ).order_by("-happened_on", "-id")[:_MOST]
        ),
        since,
    )


def _term_before(application: Application) -> dt.date:
    """The first day of as long a time as the title is valid for, before the application was handed in."""
    handed_in = timezone.localdate(application.submitted_at or timezone.now())
    span = span_of(recognition_of(application.call).valid)
    years = span.number if span.unit == "year" else 1
    return years_before(handed_in, years)


def _near_names(actor: Actor, enterprise: Enterprise) -> list[NearName]:
    pairs = (
        DuplicateProposal.objects.visible_to(actor)
        .filter(Q(first=enterprise) | Q(second=enterprise))
        .exclude(verdict=DuplicateProposal.Verdict.DIFFERENT)
        .select_related("first", "second")[:_MOST]
    )
    return [
        NearName(
            pair.second if pair.first_id == enterprise.pk else pair.first,
            pair.score,
            pair.get_verdict_display(),
        )
        for pair in pairs
    ]


def _shared_papers(actor: Actor, enterprise: Enterprise, content: SubmittedContent) -> list[SharedPaper]:
    prints = {item.sha256: item.name for item in content.evidence if item.sha256}
    if not prints:
        return []
    others = (
        Evidence.objects.visible_to(actor)
        .filter(file__sha256__in=prints)
        .exclude(enterprise=enterprise)
        .select_related("enterprise", "file")[:_MOST]
    )
    return [SharedPaper(prints[item.file.sha256], item.enterprise) for item in others]


def _other_applications(actor: Actor, application: Application) -> list[Application]:
    """Those of the same enterprise, and in the same call those of enterprises of the same core name."""
    enterprise = application.enterprise
    kin = Q(enterprise=enterprise)
    if enterprise.core_name:
        kin |= Q(call=application.call_id, enterprise__core_name=enterprise.core_name)
    return list(
        Application.objects.visible_to(actor)
        .filter(kin)
        .exclude(pk=application.pk)
        .select_related("call", "enterprise")[:_MOST]
    )


def _conflicts(enterprise: Enterprise) -> list[SourceConflict]:
    return [
        SourceConflict(
            fact_label(conflict.indicator, conflict.year),
            tuple(
                ConflictRow(
                    Source(fact.source).key,
                    Source(fact.source).label,
                    fact_words(fact),
                    fact.stated_on or timezone.localdate(fact.recorded_at),
                    fact.basis,
                    chosen=fact is conflict.chosen,
                )
                for fact in conflict.facts
            ),
        )
        for conflict in conflicts_of(enterprise)[:_MOST]
    ]


def _confirmed(enterprise: Enterprise) -> list[Confirmed]:
    state = ConfirmationList.State
    items = (
        ConfirmationItem.objects.filter(
            enterprise=enterprise, batch__state__in=(state.ANSWERED, state.CLOSED)
        )
        .exclude(stated="")
        .select_related("batch__department")
        .order_by("-batch__answered_at", "indicator")[:_MOST]
    )
    return [
        Confirmed(
            fact_label(item.indicator, item.batch.year),
            "是" if item.stated == "yes" else "否",
            item.batch.department.name,
            item.batch.document_no,
            item.batch.answered_on,
            item.note,
        )
        for item in items
    ]
