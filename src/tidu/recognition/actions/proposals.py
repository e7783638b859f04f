"""The list that goes to the meeting: made by one officer, decided by the meeting, confirmed by a second officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.drafting import issue_document, keep_draft, void_document
from tidu.core.files.kinds import FileKind
from tidu.core.files.receiving import Received, keep_file
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.recognition.decision_papers import material_of, material_title
from tidu.recognition.models import Application, Call, Level, Proposal, ProposalItem, Status
from tidu.recognition.models.applications import ApplicationQuerySet
from tidu.recognition.process.handover import take_over_proposal
from tidu.recognition.process.holding import check_person_for_all
from tidu.recognition.queries.conditions import citable_of
from tidu.recognition.queries.proposals import OPEN, arrived_since, waiting_for_decision
from tidu.recognition.queries.suggestions import suggestions_for

MINUTES_FILES: Final = (FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.DOCX)
LONGEST_REASON, LONGEST_NUMBER = 500, 80
LONGEST_REMARK: Final = 300
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """What the list says of one application: selected or not, its place in the order, why not and by which clause."""

    selected: bool
    rank: int
    reason: str = ""
    cite: str = ""


@transaction.atomic
def open_proposal(*, actor: Actor, call: Call) -> Proposal:
    """Begin a list with every application that waits for the decision. One that is open already is given back.

    What the file says against a case is proposed as its reason, with the clause; the rest is proposed as selected.
    """
    held = locked_call(actor, call)
    if held.state != Call.State.PUBLISHED:
        raise Refused(f"这次{held.noun}{held.get_state_display()}，不能拟定方案。")
    found = held.proposals.filter(state__in=OPEN).first()
    if found is not None:
        _refuse_kept_away(actor, found)
        return found
    waiting = _to_list(waiting_for_decision(held))
    if not waiting:
        raise Refused(f"没有等待研究决定的{held.noun}。区县推荐、专家评审完成后，会到这一环节。")
    check_person_for_all(actor=actor, applications=waiting, level=Level.CITY)
    proposal = Proposal.objects.create(call=held, proposed_by_id=actor.user_number)
    _add(proposal, waiting)
    _draft_material(actor, proposal)
    _record(actor, proposal, "opened", {"applications": len(waiting)})
    return proposal


@transaction.atomic
def add_arrived(*, actor: Actor, proposal: Proposal) -> int:
    """Take in what has come to the decision since the list was begun. Returns how many there were."""
    held = _own_draft(actor, proposal)
    fresh = _to_list(arrived_since(held))
    if fresh:
        check_person_for_all(actor=actor, applications=fresh, level=Level.CITY)
        _add(held, fresh)
        _draft_material(actor, held)
        _record(actor, held, "saved", {"added": len(fresh)})
    return len(fresh)


def _to_list(rows: ApplicationQuerySet) -> list[Application]:
    return list(rows.select_related("enterprise", "district").order_by("pk"))


def _add(proposal: Proposal, applications: Sequence[Application]) -> None:
    suggested = suggestions_for(proposal.call, applications)
    last = max(proposal.items.values_list("rank", flat=True), default=0)
    order = sorted(applications, key=lambda item: (not suggested[item.pk].selected, item.number or ""))
    ProposalItem.objects.bulk_create(
        ProposalItem(
            proposal=proposal,
            application=item,
            selected=suggested[item.pk].selected,
            rank=place,
            reason=suggested[item.pk].reason[:LONGEST_REASON],
            cite=suggested[item.pk].cite,
        )
        for place, item in enumerate(order, last + 1)
    )


@transaction.atomic
def save_choices(*, actor: Actor, proposal: Proposal, choices: Mapping[int, Choice]) -> int:
    """Change the list, by the numbers of its applications. Returns how many rows changed.

    Whoever is not selected gets a reason and the clause of a condition or step; nothing is saved where one lacks it.
    """
    held = _own_draft(actor, proposal)
    citable = {condition.cite for condition in citable_of(held.call)}
    changed = []
    for item in held.items.select_for_update().select_related("application__enterprise").order_by("pk"):
        choice = choices.get(item.application_id)
        if choice is None:
            continue
        name, pk = item.application.enterprise.name, item.application_id
        reason, cite = ("", "") if choice.selected else (choice.reason.strip(), choice.cite.strip())
        if not choice.selected and not reason:
            raise Refused(f"“{name}”不列入名单，请写明理由。企业会读到。", field=f"reason-{pk}")
        if len(reason) > LONGEST_REASON:
            raise Refused(
                f"“{name}”的理由请控制在 {LONGEST_REASON} 个字以内，现在有 {len(reason)} 个字。",
                field=f"reason-{pk}",
            )
        if not choice.selected and not (cite and (cite == item.cite or cite in citable)):
            raise Refused(f"“{name}”不列入名单，请选择所依据的条款。", field=f"cite-{pk}")
        if not 1 <= choice.rank <= 32_000:  # noqa: PLR2004 - what the column holds
            raise Refused(f"“{name}”的次序请填 1 到 32000 的数。", field=f"rank-{pk}")
        values = (choice.selected, choice.rank, reason, cite)
        if values != (item.selected, item.rank, item.reason, item.cite):
            item.selected, item.rank, item.reason, item.cite = values
            changed.append(item)
    if changed:
        ProposalItem.objects.bulk_update(changed, ("selected", "rank", "reason", "cite"))
        _draft_material(actor, held)
        _record(actor, held, "saved", {"changed": len(changed)})
    return len(changed)


@transaction.atomic
def issue_material(*, actor: Actor, proposal: Proposal) -> OfficialDocument:
    """Freeze the material as it goes to the meeting. The list can still follow what the meeting decides."""
    held = _own_draft(actor, proposal)
    if held.material is not None and held.material.state == OfficialDocument.State.ISSUED:
        return held.material
    document = issue_document(actor=actor, document=_draft_material(actor, held))
    _record(actor, held, "material_issued", {"document": document.pk})
    return document


def _draft_material(actor: Actor, held: Proposal) -> OfficialDocument:
    """The material as the list is now; what was frozen for the meeting stays."""
    if held.material is None or held.material.state == OfficialDocument.State.DRAFT:
        held.material = keep_draft(
            actor=actor,
            document=held.material,
            kind="meeting_material",
            title=material_title(held.call),
            words=material_of(held),
        )
        held.save(update_fields=("material",))
    return held.material


@transaction.atomic
def propose(
    *,
    actor: Actor,
    proposal: Proposal,
    meeting_no: str,
    meeting_on: dt.date | None,
    minutes: Received | None,
    over_quota: str = "",
) -> Proposal:
    """Enter what the meeting decided and hand the list to a colleague to confirm.

    ``minutes`` come from :func:`tidu.core.files.receiving.receive_file`; they may be left out where they are there from
    an earlier attempt. More than the quota needs ``over_quota``, a reason.
    """
    held = _own_draft(actor, proposal)
    meeting_no, over_quota = meeting_no.strip(), over_quota.strip()
    if not meeting_no or len(meeting_no) > LONGEST_NUMBER:
        raise Refused(f"请填写会议编号，{LONGEST_NUMBER} 个字以内，例如 2026年第12次。", field="meeting_no")
    if meeting_on is None:
        raise Refused("请填写会议日期，写法如 2026-11-20。", field="meeting_on")
    if meeting_on > timezone.localdate():
        raise Refused("会议日期晚于今天，请核对。会议开过以后再提交。", field="meeting_on")
    if minutes is None and held.minutes_id is None:
        raise Refused("请上传会议纪要。", field="minutes")
    items = list(held.items.select_related("application__enterprise").order_by("application_id"))
    if not items:
        raise Refused("方案里没有企业。")
    refuse_stale(items)
    check_person_for_all(actor=actor, applications=[item.application for item in items], level=Level.CITY)
    selected = sum(item.selected for item in items)
    if held.call.quota is not None and selected > held.call.quota:
        if not over_quota:
            raise Refused(
                f"拟认定 {selected} 家，超过通知公布的名额 {held.call.quota} 家。请减少，或写明超出的理由。",
                field="over_quota",
            )
        if len(over_quota) > LONGEST_REMARK:
            raise Refused(f"理由请控制在 {LONGEST_REMARK} 个字以内。", field="over_quota")
        held.over_quota = over_quota
    else:
        held.over_quota = ""
    if held.material is None or held.material.state != OfficialDocument.State.ISSUED:
        raise Refused("会议材料还没有定稿。请先定稿，材料与会议决定一并留存。")
    if minutes is not None:
        held.minutes = keep_file(actor=actor, received=minutes)
    held.meeting_no, held.meeting_on = meeting_no, meeting_on
    held.state, held.proposed_at, held.returned_reason = Proposal.State.PROPOSED, timezone.now(), ""
    held.save()
    notify(
        actor=actor,
        organisation=held.call.organisation,
        role=Role.CITY_OFFICER,
        topic="认定方案",
        title=f"认定方案请确认：{held.call}"[:200],
        url=reverse("recognition:proposal", args=[held.pk]),
    )
    _record(
        actor, held, "proposed", {"meeting": meeting_no, "selected": selected, "applications": len(items)}
    )
    return held


@transaction.atomic
def return_proposal(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """Send a list back to its proposer."""
    held = locked_proposal(actor, proposal)
    if held.state == Proposal.State.DRAFT and held.returned_reason == reason.strip():
        return held
    _check_state(held, Proposal.State.PROPOSED, "退回")
    reason = stated(reason, "退回的理由", most=LONGEST_REMARK)
    held.state, held.returned_reason = Proposal.State.DRAFT, reason
    held.save(update_fields=("state", "returned_reason"))
    notify(
        actor=actor,
        users=[held.proposed_by],
        topic="认定方案",
        title=f"认定方案被退回：{held.call}"[:200],
        body=held.returned_reason,
        url=reverse("recognition:proposal", args=[held.pk]),
    )
    _record(actor, held, "returned", {"reason": held.returned_reason})
    return held


@transaction.atomic
def clear_stale(*, actor: Actor, proposal: Proposal) -> int:
    """Drop from the list what was withdrawn or lapsed since. Returns how many there were."""
    held = locked_proposal(actor, proposal)
    if held.state not in OPEN:
        raise Refused(f"方案{held.get_state_display()}，名单不能再改。")
    gone = held.items.exclude(application__status=Status.DECISION)
    numbers = list(gone.values_list("application_id", flat=True))
    if numbers:
        gone.delete()
        _draft_material(actor, held)
        record(
            actor=actor,
            action="recognition.proposal.cleared",
            subject=held,
            before=numbers,
            detail={"applications": len(numbers)},
        )
    return len(numbers)


@transaction.atomic
def drop_proposal(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """Give a list up; its applications wait for another one."""
    held = locked_proposal(actor, proposal)
    if held.state == Proposal.State.DROPPED:
        return held
    if held.state not in OPEN:
        raise Refused(f"方案{held.get_state_display()}，不能作废。")
    reason = stated(reason, "作废的理由", most=LONGEST_REMARK)
    held.state, held.returned_reason = Proposal.State.DROPPED, reason
    held.save(update_fields=("state", "returned_reason"))
    if held.material is not None:
        void_document(actor=actor, document=held.material, reason=held.returned_reason)
    _record(actor, held, "dropped", {"reason": held.returned_reason})
    return held


def refuse_stale(items: Sequence[ProposalItem]) -> None:
    """Point out what is no longer at the decision: it is dropped from the list before that is confirmed."""
    gone = [item for item in items if item.application.status != Status.DECISION]
    if gone:
        names = "、".join(
            f"{item.application.enterprise.name}（{item.application.get_status_display()}）"
            for item in gone[:_SHOWN]
        )
        more = f"等 {len(gone)} 件" if len(gone) > _SHOWN else ""
        raise Refused(f"名单里有企业已不在研究环节：{names}{more}。请先移出名单。", field="stale")


def locked_proposal(actor: Actor, proposal: Proposal) -> Proposal:
    """The list, locked, for an officer of its bureau."""
    held = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("call__organisation", "material", "proposed_by")
        .filter(pk=proposal.pk, call__in=Call.objects.visible_to(actor))
        .first()
    )
    if held is None or not actor.has(Role.CITY_OFFICER):
        raise Refused("找不到这个方案，或者它不在您的办理范围内。")
    _refuse_kept_away(actor, held)
    return held


def _refuse_kept_away(actor: Actor, held: Proposal) -> None:
    """A list is decided whole, so nobody touches one that names an enterprise which they have to avoid."""
    if not Proposal.objects.visible_to(actor).filter(pk=held.pk).exists():
        raise Refused("名单里有您应当回避的企业。请转给同事。")


def _own_draft(actor: Actor, proposal: Proposal) -> Proposal:
    held = locked_proposal(actor, proposal)
    _check_state(held, Proposal.State.DRAFT, "修改")
    if not take_over_proposal(actor, held):
        raise Refused(f"这个方案由{held.proposed_by.name}拟定，由本人修改。您可以在提交后确认或退回。")
    return held


def _check_state(held: Proposal, wanted: Proposal.State, verb: str) -> None:
    if held.state != wanted:
        raise Refused(f"方案现在是“{held.get_state_display()}”，不能{verb}。请刷新页面。")


def locked_call(actor: Actor, call: Call) -> Call:
    """The call, locked, for an officer of its bureau."""
    held = (
        Call.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .visible_to(actor)
        .filter(pk=call.pk)
        .first()
    )
    if held is None or not actor.has(Role.CITY_OFFICER):
        raise Refused("找不到这份通知，或者它不在您的办理范围内。")
    return held


def _record(actor: Actor, held: Proposal, what: str, detail: dict[str, Any]) -> None:
    record(actor=actor, action=f"recognition.proposal.{what}", subject=held, detail=detail)
