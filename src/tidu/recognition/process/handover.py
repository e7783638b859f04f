"""What becomes of somebody's draft when they leave: a colleague of the same bureau goes on with it, on the record."""

from __future__ import annotations

from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.roles import Role
from tidu.recognition.models import Call, Proposal


def goes_on(actor: Actor, writer_id: int, organisation_id: int) -> bool:
    """Whether the draft is the actor's: its writer, or after that one has left whoever works in the bureau."""
    if writer_id == actor.user_id:
        return True
    return actor.organisation_id == organisation_id and not (
        Membership.objects.filter(
            user_id=writer_id,
            user__is_active=True,
            organisation_id=organisation_id,
            role=Role.CITY_OFFICER,
            ended_at__isnull=True,
        ).exists()
    )


def take_over_call(actor: Actor, held: Call) -> bool:
    """Make the actor the writer of a draft where it is theirs to go on with; whether it is. Part of what they do."""
    if not goes_on(actor, held.written_by_id, held.organisation_id):
        return False
    if held.written_by_id != actor.user_id:
        former, held.written_by_id = str(held.written_by), actor.user_number
        held.save(update_fields=["written_by"])
        record(
            actor=actor, action="recognition.call.taken_over", subject=held, before=former, after=actor.name
        )
    return True


def take_over_proposal(actor: Actor, held: Proposal) -> bool:
    """The same of a proposal for the meeting."""
    if not goes_on(actor, held.proposed_by_id, held.call.organisation_id):
        return False
    if held.proposed_by_id != actor.user_id:
        former, held.proposed_by_id = held.proposed_by.name, actor.user_number
        held.save(update_fields=["proposed_by"])
        record(
            actor=actor,
            action="recognition.proposal.taken_over",
            subject=held,
            before=former,
            after=actor.name,
        )
    return True
