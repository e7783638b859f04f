"""Deciding a cancellation: proposed by one officer, confirmed by another, issued and carried out."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.calendar import close_deadline
from tidu.core.documents.drafting import issue_document, keep_draft
from tidu.core.refusals import Refused
from tidu.desk.actions import finish_task
from tidu.recognition.actions.cancellation_steps import (
    CONFIRM,
    NOTIFY,
    PROPOSE,
    REPLY,
    ask_city,
    ask_officers,
    check_heard,
    drop_proposal,
)
from tidu.recognition.life.letters import OF_RE_REVIEW, decision_of, decision_title
from tidu.recognition.models import Cancellation
from tidu.recognition.process.life_moving import take_life
from tidu.recognition.queries.title_rules import rule_of
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.actions.standing import end_of_review, end_title
from tidu.registry.models import Title
from tidu.registry.models.standing import TitleState

_State: Final = Cancellation.State


@transaction.atomic
def propose(*, actor: Actor, case: Cancellation, cancels: bool, opinion: str) -> Cancellation:
    """Propose to take the title away or to let it stand. Another officer confirms.

    Raises :class:`Refused` where it is to be taken away and the enterprise has neither replied nor had its time.
    """
    life = take_life(actor=actor, row=case, act="propose", reason=opinion, cite=case.cite)
    if life.repeated:
        return life.row
    row = life.row
    if cancels:
        check_heard(row)
    row.cancels, row.opinion, row.proposed_by_id = cancels, life.reason, actor.user_id
    _draft_decision(actor, row)
    for kind in (NOTIFY, PROPOSE):
        finish_task(actor=actor, kind=kind, subject=row, outcome="已提出处理意见")
    ask_officers(actor, row, CONFIRM, "确认处理意见")
    return life.move(detail={"cancels": cancels})


@transaction.atomic
def return_proposal(*, actor: Actor, case: Cancellation, reason: str) -> Cancellation:
    """Give a proposal back, with the reason; whoever made it may take it back as well."""
    life = take_life(actor=actor, row=case, act="return", reason=reason)
    if life.repeated:
        return life.row
    row = life.row
    drop_proposal(actor, row, "处理意见被退回")
    target = _State.OPENED
    if row.deadline is not None:
        target = _State.NOTIFIED if row.replied_at is None else _State.REPLIED
    ask_city(actor, row, target)
    return life.move(target=target)


@transaction.atomic
def confirm(*, actor: Actor, case: Cancellation) -> Cancellation:
    """Decide as another officer has proposed: the decision is issued and, where it says so, the title ends today.

    A second click changes nothing; of two officers at once one decides and the other is told that it is decided.
    """
    act = "drop" if case.cancels is False else "cancel"
    life = take_life(actor=actor, row=case, act=act)
    if life.repeated:
        return life.row
    row = life.row
    if row.cancels is not (act == "cancel"):
        raise Refused("处理意见刚才已经改过，请刷新页面看过再确认。")
    if row.proposed_by_id == actor.user_id:
        raise Refused("处理意见由您提出，应由另一位经办人确认。")
    if row.cancels:
        check_heard(row)
    lock_enterprises([row.enterprise_id])
    title = Title.objects.select_for_update().get(pk=row.title_id)
    if row.cancels and title.state != TitleState.HELD:
        raise Refused("这个称号已经不再持有，不需要取消。请退回处理意见，改为不予取消。")
    life.reason, life.cite = row.opinion, row.cite
    row.decided_by_id, row.decided_at = actor.user_id, timezone.now()
    if row.deadline is not None:
        close_deadline(deadline=row.deadline)
    for kind in (NOTIFY, REPLY, PROPOSE, CONFIRM):
        finish_task(actor=actor, kind=kind, subject=row, outcome=life.transition.label)
    today = timezone.localdate()
    rule = rule_of(row.title)
    if row.cancels and rule is not None:
        row.barred_until = rule.barred_until(row.ground, today)
    if row.decision is not None:
        row.decision = issue_document(actor=actor, document=row.decision)
    if row.cancels:
        end_title(
            actor=actor,
            title=title,
            state=TitleState.REVOKED,
            ended_on=max(today, title.recognised_on),
            reason=f"{row.ground_label}（{row.decision.number if row.decision else row.cite}）",
        )
    elif row.origin == Cancellation.Origin.RE_REVIEW:
        end_of_review(actor=actor, title=title, last_day=today)
    return life.move(detail={"decision": row.decision.number if row.decision else ""})


def _draft_decision(actor: Actor, row: Cancellation) -> None:
    row.decision = keep_draft(
        actor=actor,
        document=row.decision,
        kind="re_review" if row.ground in OF_RE_REVIEW else "revocation",
        title=decision_title(row),
        words=decision_of(row).as_words(),
    )
