"""What a call's officers have to do next, read from where its applications, lists and notices stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from tidu.core.actor import Actor
from tidu.policy.documents.route import Route
from tidu.recognition.models import (
    Call,
    Notice,
    Objection,
    Proposal,
    RecognitionDocument,
    Status,
)
from tidu.recognition.process.rules import route_of_call
from tidu.recognition.queries.consolidated import counts_of
from tidu.recognition.queries.panels import waiting_for_experts
from tidu.recognition.queries.recognising import drafts_of, recognisable_number


@dataclass(frozen=True, slots=True)
class CallWork:
    """One call as its officers need it: where its applications stand, and the papers that are under way.

    ``undrawn`` are the applications that wait for experts to be drawn; ``kept_away`` are the numbers of proposals that
    name an enterprise which the reader has to avoid.
    """

    call: Call
    route: Route
    counts: Counter[Status]
    undrawn: int
    proposals: tuple[Proposal, ...]
    notices: tuple[Notice, ...]
    recognitions: tuple[RecognitionDocument, ...]
    open_objections: int
    recognisable: int
    kept_away: frozenset[int]

    @property
    def open_proposal(self) -> Proposal | None:
        """The list that is being made or waits to be confirmed."""
        waiting = (Proposal.State.DRAFT, Proposal.State.PROPOSED)
        return next((item for item in self.proposals if item.state in waiting), None)

    @property
    def unpublished(self) -> Proposal | None:
        """A confirmed list without a notice that stands, where the way has a notice."""
        if "notice" not in self.route.stages or not self.counts[Status.SELECTED]:
            return None
        standing = {item.proposal_id for item in self.notices if item.state != Notice.State.RECALLED}
        return next(
            (
                item
                for item in self.proposals
                if item.state == Proposal.State.CONFIRMED and item.pk not in standing
            ),
            None,
        )

    @property
    def running(self) -> Notice | None:
        """The notice whose period runs now."""
        now = timezone.now()
        return next(
            (item for item in self.notices if item.state == Notice.State.PUBLISHED and now < item.ends_at),
            None,
        )

    @property
    def draft(self) -> RecognitionDocument | None:
        """The recognition document that waits to be issued."""
        return next((item for item in self.recognitions if item.issued_at is None), None)


def work_of(actor: Actor, call: Call) -> CallWork:
    """The work of a call. Eight queries, however many applications there are."""
    route = route_of_call(call)
    proposals = tuple(call.proposals.select_related("proposed_by", "confirmed_by").order_by("-id"))
    seen = set(Proposal.objects.visible_to(actor).filter(call=call).values_list("pk", flat=True))
    return CallWork(
        call=call,
        route=route,
        counts=counts_of(actor, call),
        undrawn=waiting_for_experts(actor, call).count(),
        proposals=proposals,
        notices=tuple(call.notices.select_related("document").order_by("-published_at")),
        recognitions=tuple(drafts_of(call)),
        open_objections=Objection.objects.visible_to(actor).open().filter(item__notice__call=call).count(),
        recognisable=recognisable_number(call, route),
        kept_away=frozenset(item.pk for item in proposals if item.pk not in seen),
    )
