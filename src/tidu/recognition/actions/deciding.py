"""Confirming a list: every selected application moves on, every other one ends with its reason and its letter."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.recognition.actions.proposals import locked_proposal, refuse_stale
from tidu.recognition.actions.result_letters import send_result
from tidu.recognition.decision_papers import meeting_in_words
from tidu.recognition.models import Proposal
from tidu.recognition.process.holding import hold_shared
from tidu.recognition.process.moving import take


@transaction.atomic
def confirm_proposal(*, actor: Actor, proposal: Proposal) -> Proposal:
    """Confirm what the meeting decided. By another officer than the proposer; all of the list or nothing.

    Raises :class:`Refused`, naming them, where applications of the list were withdrawn meanwhile.
    """
    held = locked_proposal(actor, proposal)
    if held.state == Proposal.State.CONFIRMED and held.confirmed_by_id == actor.user_id:
        return held  # the second of two clicks
    if held.state != Proposal.State.PROPOSED:
        raise Refused(f"方案现在是“{held.get_state_display()}”，不能确认。请刷新页面。")
    if held.proposed_by_id == actor.user_id:
        raise Refused("方案由您提交，请由另一位同事确认。")
    items = list(held.items.select_related("application__enterprise").order_by("application_id"))
    if not items:
        raise Refused("方案里没有企业，不能确认。请退回或作废。")
    refuse_stale(items)
    cases = [
        take(
            actor=actor,
            application=item.application,
            act="select" if item.selected else "reject",
            reason=item.reason,
            cite=item.cite,
        )
        for item in items
    ]
    hold_shared(held.call)
    for item, case in zip(items, cases, strict=True):
        item.proposal = held
        if not item.selected:
            send_result(
                actor=actor,
                application=case.application,
                reason=item.reason,
                cite=item.cite,
                after=meeting_in_words(item),
            )
        case.move(detail={"proposal": held.pk})
    held.state, held.confirmed_by_id, held.confirmed_at = (
        Proposal.State.CONFIRMED,
        actor.user_number,
        timezone.now(),
    )
    held.save(update_fields=("state", "confirmed_by", "confirmed_at"))
    record(
        actor=actor,
        action="recognition.proposal.confirmed",
        subject=held,
        detail={
            "meeting": held.meeting_no,
            "selected": sum(item.selected for item in items),
            "of": len(items),
        },
    )
    return held
