"""Claiming an enterprise: stated by a person, proved by a letter, accepted or refused by the district."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from tidu.accounts.actions.organisations import create_organisation
from tidu.accounts.actions.people import create_person
from tidu.accounts.actions.roles import admit_to_enterprise
from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.ties import refuse_tied
from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.files.receiving import Received, keep_file
from tidu.core.refusals import Refused, stated
from tidu.core.roles import OrganisationKind
from tidu.core.uscc import check_uscc
from tidu.registry.actions.claim_messages import (
    ask_to_check,
    tell_claimant,
    tell_colleagues,
    withdraw_request,
)
from tidu.registry.actions.enterprises import change_status, register_enterprise
from tidu.registry.actions.facts import NewFact, lock_enterprises, record_facts
from tidu.registry.models import Claim, ClaimState, Enterprise, EnterpriseStatus, Source
from tidu.registry.naming import tidied
from tidu.registry.queries.claims import may_check

_BASIS: Final = "企业注册账号时填写"
_LONGEST_REASON: Final = 300


@transaction.atomic
def sign_up(
    *,
    actor: Actor,
    username: str,
    name: str,
    phone: str,
    email: str,
    password: str,
    uscc: str,
    enterprise_name: str,
    place: str,
) -> tuple[User, Claim]:
    """Make an account and the claim that it was made for; both or neither. ``actor`` is the visitor.

    Raises :class:`Refused` with the ``field`` that is at fault.
    """
    person = create_person(
        actor=actor, username=username, name=name, password=password, phone=phone, email=email
    )
    claimant = Actor(user_id=person.pk, name=person.name, address=actor.address)
    return person, open_claim(actor=claimant, uscc=uscc, stated_name=enterprise_name, place=place)


@transaction.atomic
def open_claim(*, actor: Actor, uscc: str, stated_name: str, place: str) -> Claim:
    """Claim the enterprise of a credit code; one that nobody knows is put on the books as pending.

    Nothing that is known of the enterprise comes back. The same claim a second time is the same claim. Raises
    :class:`Refused`.
    """
    checked = check_uscc(uscc)
    if not checked.valid:
        raise Refused(checked.errors[0], field="uscc")
    if not tidied(stated_name):
        raise Refused("请填写与营业执照一致的企业全称。", field="enterprise_name")
    enterprise, _ = register_enterprise(
        actor=SYSTEM,
        uscc=checked.code,
        name=stated_name,
        place=place,
        source=Source.DECLARED,
        status=EnterpriseStatus.PENDING,
        basis=_BASIS,
    )
    lock_enterprises([enterprise.pk])
    _give_a_place(enterprise, stated_name, place)
    person = User.objects.select_for_update().get(pk=actor.user_id or 0)
    if enterprise.organisation_id and _acts_for(person, enterprise.organisation_id):
        raise Refused("您已经是这家企业的负责人或经办人，不用再次认领。", field="uscc")
    open_now = Claim.objects.filter(user=person, state=ClaimState.OPEN).first()
    if open_now is not None:
        if open_now.enterprise_id == enterprise.pk:
            return open_now
        raise Refused("您还有一个认领没有办结。请等待核实，或者先撤回。", field="uscc")
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                user=person,
                enterprise=enterprise,
                stated_name=tidied(stated_name)[:120],
                stated_place_id=place,
            )
    except IntegrityError as error:
        raise Refused("请从列表里选择注册地。", field="place") from error
    record(
        actor=actor,
        action="registry.claim.opened",
        subject=claim,
        enterprise_id=enterprise.pk,
        place=enterprise.district_id or enterprise.city_id or "",
        after={"stated_name": claim.stated_name, "stated_place": place},
    )
    return claim


@transaction.atomic
def add_letter(*, actor: Actor, claim: Claim, received: Received) -> None:
    """Put the letter of authority to one's own open claim; a later one takes the place of the earlier.

    From then on the claim waits for the district. Raises :class:`Refused`.
    """
    held = _held(claim)
    if held.user_id != actor.user_id:
        raise Refused("只能为自己的认领上传授权书。")
    if held.state != ClaimState.OPEN:
        raise Refused(f"这个认领{held.get_state_display()}，不能再上传授权书。")
    before = held.letter
    held.letter = keep_file(actor=actor, received=received)
    held.save(update_fields=["letter"])
    ask_to_check(actor, held)
    record(
        actor=actor,
        action="registry.claim.letter_added",
        subject=held,
        enterprise_id=held.enterprise_id,
        place=held.enterprise.district_id or held.enterprise.city_id or "",
        before=None if before is None else before.sha256,
        after=received.sha256,
        detail={"scan": received.scan},
    )


@transaction.atomic
def withdraw_claim(*, actor: Actor, claim: Claim) -> None:
    """Take one's own open claim back. A second time does nothing. Raises :class:`Refused`."""
    held = _held(claim)
    if held.user_id != actor.user_id:
        raise Refused("只能撤回自己的认领。")
    if held.state == ClaimState.WITHDRAWN:
        return
    if held.state != ClaimState.OPEN:
        raise Refused("这个认领已经办结，不能撤回。")
    held.state = ClaimState.WITHDRAWN
    held.save(update_fields=["state"])
    withdraw_request(actor, held)
    record(
        actor=actor,
        action="registry.claim.withdrawn",
        subject=held,
        enterprise_id=held.enterprise_id,
        place=held.enterprise.district_id or held.enterprise.city_id or "",
    )


@transaction.atomic
def accept_claim(*, actor: Actor, claim: Claim, letter: str | None = None) -> None:
    """Let the claimant act for the enterprise, as its manager; a pending enterprise becomes active.

    ``letter`` is the SHA-256 of the letter that was looked at: another may have taken its place since. A second click
    does nothing. Raises :class:`Refused`.
    """
    held = _checked(actor, claim)
    if held.state == ClaimState.ACCEPTED:
        return
    _still_open(held)
    if held.letter_id is None:
        raise Refused("还没有上传授权书，不能通过。")
    if letter is not None and (held.letter is None or held.letter.sha256 != letter):
        raise Refused("申请人刚才换了授权书，请看过现在的授权书再办理。")
    enterprise = held.enterprise
    organisation = _organisation_of(enterprise)
    reason = f"认领核实通过（编号 {held.pk}）"
    admit_to_enterprise(
        actor=actor, person=held.user, organisation=organisation, reason=reason, enterprise_id=enterprise.pk
    )
    User.objects.filter(pk=held.user_id, organisation=None).update(organisation=organisation)
    if enterprise.status == EnterpriseStatus.PENDING:
        change_status(actor=actor, enterprise=enterprise, status=EnterpriseStatus.ACTIVE, reason=reason)
    _decide(actor, held, ClaimState.ACCEPTED, "")
    tell_colleagues(actor, held)


@transaction.atomic
def refuse_claim(*, actor: Actor, claim: Claim, reason: str) -> None:
    """Turn the claim down for a reason that the claimant reads. Idempotent. Raises :class:`Refused`."""
    held = _checked(actor, claim)
    if held.state == ClaimState.REFUSED:
        return
    _still_open(held)
    reason = stated(reason, "不通过的理由", readers="申请人看得到")
    _decide(actor, held, ClaimState.REFUSED, reason[:_LONGEST_REASON])


def _give_a_place(enterprise: Enterprise, stated_name: str, place: str) -> None:
    """Let what the claimant says stand where the books say nothing, so that somebody is there to check the claim.

    An enterprise whose import was undone comes back as one that nobody has checked.
    """
    withdrawn = enterprise.status == EnterpriseStatus.WITHDRAWN
    if enterprise.city_id and not withdrawn:
        return
    facts = [NewFact("registered_area", place, basis=_BASIS)]
    if withdrawn:
        facts.append(NewFact("name", tidied(stated_name), basis=_BASIS))
        Enterprise.objects.filter(pk=enterprise.pk).update(status=EnterpriseStatus.PENDING)
    record_facts(actor=SYSTEM, enterprise=enterprise, facts=facts, source=Source.DECLARED)
    enterprise.refresh_from_db()


def _held(claim: Claim) -> Claim:
    """The claim, locked after its enterprise: whoever takes both takes them in this order."""
    lock_enterprises([claim.enterprise_id])
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("enterprise", "user", "letter")
        .get(pk=claim.pk)
    )


def _checked(actor: Actor, claim: Claim) -> Claim:
    """The claim, locked with its person, whose decision is the actor's."""
    held = _held(claim)
    User.objects.select_for_update().get(pk=held.user_id)
    if held.user_id == actor.user_id:
        raise Refused("不能核实自己提出的认领，请由同事办理。")
    if not may_check(actor, held.enterprise):
        raise Refused("这个认领由企业所在旗县区核实。")
    refuse_tied(actor, held.enterprise)
    return held


def _still_open(claim: Claim) -> None:
    if claim.state != ClaimState.OPEN:
        raise Refused(f"这个认领{claim.get_state_display()}，不用再办理。")


def _decide(actor: Actor, claim: Claim, state: ClaimState, reason: str) -> None:
    claim.state, claim.reason = state, reason
    claim.decided_by_id, claim.decided_at = actor.user_id, timezone.now()
    claim.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    tell_claimant(actor, claim)
    record(
        actor=actor,
        action=f"registry.claim.{state}",
        subject=claim,
        enterprise_id=claim.enterprise_id,
        before=ClaimState.OPEN,
        after=state,
        detail={"claimant": claim.user_id} | ({"reason": reason} if reason else {}),
    )


def _organisation_of(enterprise: Enterprise) -> Organisation:
    if enterprise.organisation is not None:
        return enterprise.organisation
    organisation = create_organisation(actor=SYSTEM, kind=OrganisationKind.ENTERPRISE, name=enterprise.name)
    enterprise.organisation = organisation
    enterprise.save(update_fields=["organisation", "changed_at"])
    return organisation


def _acts_for(person: User, organisation_id: int) -> bool:
    return Membership.objects.filter(
        user=person, organisation_id=organisation_id, ended_at__isnull=True
    ).exists()
