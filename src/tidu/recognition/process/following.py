"""What follows from a move: tasks for whoever holds the case now, a message for the applicant."""

from __future__ import annotations

from typing import Final

from django.db.models import F
from django.urls import reverse

from tidu.core.actor import Actor
from tidu.core.models import Deadline
from tidu.core.moments import end
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, notify, open_task
from tidu.recognition.models import Application, Call, Level, Status
from tidu.recognition.process.bureaus import Holder, reviewer_of
from tidu.recognition.process.clocks import ANSWERED
from tidu.recognition.process.rules import route_of_call
from tidu.recognition.process.transitions import Transition

REVIEW: Final = "recognition.application.review"
CORRECT: Final = "recognition.application.correct"
ANSWER: Final = "recognition.application.answer"
TAKE_PART: Final = "recognition.re_review.take_part"
EXPERTS: Final = "recognition.call.experts"
DECIDE: Final = "recognition.call.decide"
PUBLISH: Final = "recognition.call.publish"
RECOGNISE: Final = "recognition.call.recognise"
#: What the city has to do for a call while applications wait at a status.
_OF_CALL: Final = {
    Status.EXPERTS: (EXPERTS, "组织专家评审"),
    Status.DECISION: (DECIDE, "研究拟认定名单"),
    Status.SELECTED: (PUBLISH, "公示拟认定名单"),
    Status.NOTICE: (RECOGNISE, "公示期满后认定"),
}


def holder_of(application: Application) -> Holder | None:
    """Who has to act on an application now; nobody where it has ended or the enterprise has no account."""
    status = Status(application.status)
    if status in {Status.DRAFT, Status.RETURNED}:
        own = application.enterprise.organisation
        return None if own is None else Holder(own, Role.ENTERPRISE_MANAGER)
    if status == Status.DISTRICT:
        return reviewer_of(application)
    if status in _OF_CALL:
        return Holder(application.call.organisation, Role.CITY_OFFICER)
    return None


def follow_tasks(actor: Actor, held: Application, transition: Transition, before: Status) -> None:
    """End the case's own tasks at the status that was left, open those of the one that was reached."""
    after = Status(held.status)
    label = f"{held.enterprise.name}　{held}"
    if transition.act == "ask":
        _for_applicant(actor, held, ANSWER, f"请答复审核人的问题：{held.call}", _answer_by(held))
    if transition.act in ANSWERED and not held.inquiries.filter(answered_at__isnull=True).exists():
        finish_task(actor=actor, kind=ANSWER, subject=held, outcome=transition.label)
    if after == before:
        return
    if before == Status.DRAFT and held.reviewed_title_id is not None:
        finish_task(actor=actor, kind=TAKE_PART, subject=held, outcome=transition.label)
    if before == Status.DISTRICT:
        finish_task(actor=actor, kind=REVIEW, subject=held, outcome=transition.label)
        finish_task(actor=actor, kind=ANSWER, subject=held, outcome=transition.label)
    if before == Status.RETURNED:
        finish_task(actor=actor, kind=CORRECT, subject=held, outcome=transition.label)
    if after == Status.DISTRICT:
        holder = reviewer_of(held)
        open_task(
            actor=actor,
            kind=REVIEW,
            title=f"审核{held.call.papers}：{held.enterprise.name}",
            url=reverse("recognition:review", args=[held.pk]),
            organisation=holder.organisation,
            role=holder.role,
            subject=held,
            subject_label=label,
            deadline=held.deadline,
            about=held.enterprise,
        )
    elif after == Status.RETURNED:
        _for_applicant(actor, held, CORRECT, f"请补正{held.call.papers}：{held.call}", held.correction)


def follow_call(actor: Actor, held: Application, before: Status) -> None:
    """Bring the city's tasks for the whole call in line with where its cases are now.

    Of two cases that move at one moment, neither sees the other's before it is committed. So this comes behind the
    record, whose chain lets one through at a time: the later one sees what the earlier one has done. No transaction
    touches these tasks before it holds the chain.
    """
    after = Status(held.status)
    for status in dict.fromkeys((before, after)):
        if before != after and status in _OF_CALL:
            _for_city(actor, held.call, status)


def tell_applicant(actor: Actor, held: Application, transition: Transition, reason: str) -> None:
    """A message to the applicant about what the authorities did."""
    own = held.enterprise.organisation
    if own is None or not transition.told or transition.level == Level.ENTERPRISE:
        return
    notify(
        actor=actor,
        topic=f"{held.call.noun}进展",
        title=f"{transition.told}：{held.call}"[:200],
        body=reason,
        url=reverse("recognition:progress", args=[held.pk]),
        organisation=own,
        role=Role.ENTERPRISE_MANAGER,
    )


def _answer_by(held: Application) -> Deadline | None:
    """The limit of the question that was asked first among those that are open."""
    first = (
        held.inquiries.filter(answered_at__isnull=True, deadline__isnull=False)
        .select_related("deadline")
        .order_by("id")
        .first()
    )
    return None if first is None else first.deadline


def _for_applicant(actor: Actor, held: Application, kind: str, title: str, deadline: Deadline | None) -> None:
    own = held.enterprise.organisation
    if own is None:
        return
    open_task(
        actor=actor,
        kind=kind,
        title=title,
        url=reverse("recognition:progress", args=[held.pk]),
        organisation=own,
        role=Role.ENTERPRISE_MANAGER,
        subject=held,
        subject_label=str(held),
        deadline=deadline,
    )


def _for_city(actor: Actor, call: Call, status: Status) -> None:
    """The city's one task for all applications of a call at a status, due with the first of them.

    It ends once none waits there any more.
    """
    kind, title = _OF_CALL[status]
    if status == Status.SELECTED and "notice" not in route_of_call(call).stages:
        kind, title = RECOGNISE, "认定拟认定名单"  # the way has no notice: what is selected is recognised
    waiting = Application.objects.filter(call=call, status=status)
    if not waiting.exists():
        finish_task(actor=actor, kind=kind, subject=call, outcome="已全部办理")
        return
    first = waiting.filter(deadline__closed_at__isnull=True).select_related("deadline")
    nearest = first.order_by(F("deadline__due_on").asc(nulls_last=True)).first()
    open_task(
        actor=actor,
        kind=kind,
        title=f"{title}：{call}",
        url=reverse("recognition:consolidated", args=[call.pk]),
        organisation=call.organisation,
        role=Role.CITY_OFFICER,
        subject=call,
        subject_label=_how_far(call, kind),
        deadline=None if nearest is None else nearest.deadline,
    )


def _how_far(call: Call, kind: str) -> str:
    """What the city's task is about: the batch, and until when its notice runs."""
    batch = call.batch_name or str(call)
    notice = (
        call.notices.filter(state="published").order_by("-ends_at").first() if kind == RECOGNISE else None
    )
    return batch if notice is None else f"{batch}　公示至 {end(notice.ends_at)}"
