"""Questions to the applicant during the district's review: asked, answered, or closed when their limit is over.

While any question is open the reviewer's clock stands.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tidu.core.actor import SYSTEM, Actor
from tidu.core.calendar import close_deadline
from tidu.core.refusals import Refused
from tidu.recognition.actions.making_up import make_up
from tidu.recognition.models import Application, Inquiry, Status
from tidu.recognition.process.clocks import start_limit
from tidu.recognition.process.moving import take

LONGEST_ANSWER: Final = 2000
MOST_OPEN: Final = 10
#: Kept as the answer where none came, and where a correction took its place.
UNANSWERED: Final = "逾期未答复"
IN_CORRECTION: Final = "已退回补正，随补正一并说明"
_MOST: Final = 500  # cases at one tick; the next goes on
_TWO_CLICKS: Final = dt.timedelta(minutes=1)


@transaction.atomic
def ask_applicant(*, actor: Actor, application: Application, text: str, criterion: str = "") -> Inquiry:
    """Put a question to the applicant about one criterion or the whole. The same question twice is asked once.

    Raises :class:`Refused`.
    """
    case = take(actor=actor, application=application, act="ask", reason=text)
    held = case.application
    still_open = held.inquiries.filter(answered_at__isnull=True)
    again = still_open.filter(
        text=case.reason,
        criterion=criterion,
        asked_by_id=actor.user_number,
        asked_at__gt=timezone.now() - _TWO_CLICKS,
    ).first()
    if again is not None:
        return again
    if still_open.count() >= MOST_OPEN:
        raise Refused(f"已经有 {MOST_OPEN} 个问题等待答复，请等企业答复后再问，或退回补正。", field="reason")
    made = Inquiry.objects.create(
        application=held,
        criterion=criterion,
        text=case.reason,
        asked_by_id=actor.user_number,
        deadline=start_limit(held.call, "inquiry"),
    )
    case.move(detail={"inquiry": made.pk, "criterion": criterion})
    return made


@transaction.atomic
def answer_inquiry(*, actor: Actor, inquiry: Inquiry, answer: str) -> Inquiry:
    """Answer a question. With the last open one the reviewer's clock goes on. Raises :class:`Refused`."""
    answer = answer.strip()
    case = take(actor=actor, application=inquiry.application, act="answer", reason="")
    held = Inquiry.objects.select_for_update(of=("self",)).select_related("deadline").get(pk=inquiry.pk)
    if held.answered_at is not None:
        if held.answer == answer and held.answered_by_id == actor.user_id:
            return held
        raise Refused("这个问题已经答复过，或者已过答复期限。请刷新页面查看。")
    if not answer:
        raise Refused("请填写答复。", field="answer")
    if len(answer) > LONGEST_ANSWER:
        raise Refused(f"答复请控制在 {LONGEST_ANSWER} 个字以内，现在有 {len(answer)} 个字。", field="answer")
    _close(held, answer, actor)
    case.move(detail={"inquiry": held.pk})
    return held


@transaction.atomic
def close_unanswered(*, application: Application) -> int:
    """Close the questions of an application whose limit is over; the review goes on with what there is.

    Everything is looked at again under the lock. Returns how many were closed.
    """
    locked = Application.objects.select_for_update().filter(pk=application.pk).first()
    if locked is None or locked.status != Status.DISTRICT:
        return 0
    late = overdue_inquiries().filter(application=locked).select_related("deadline")
    closed = list(late.select_for_update(of=("self",)))
    for inquiry in closed:
        _close(inquiry, UNANSWERED, SYSTEM)
    if closed:
        take(actor=SYSTEM, application=locked, act="unanswered").move(
            detail={"inquiries": [inquiry.pk for inquiry in closed]}
        )
    return len(closed)


def overdue_inquiries() -> QuerySet[Inquiry]:
    """Open questions of cases under review whose limit is over."""
    return Inquiry.objects.filter(
        answered_at__isnull=True,
        application__status=Status.DISTRICT,
        deadline__due_on__lt=timezone.localdate(),
    )


def close_overdue_inquiries() -> int:
    """Close every question whose limit is over. Safe to run twice, or at once by two. Returns how many."""
    make_up()
    cases = Application.objects.filter(inquiries__in=overdue_inquiries()).distinct().order_by("pk")
    return sum(close_unanswered(application=case) for case in cases[:_MOST])


def close_for_correction(*, application: Application) -> None:
    """A return for correction takes the open questions up. Part of the action that returns."""
    for inquiry in application.inquiries.filter(answered_at__isnull=True).select_related("deadline"):
        _close(inquiry, IN_CORRECTION, SYSTEM)


def _close(inquiry: Inquiry, answer: str, actor: Actor) -> None:
    inquiry.answer, inquiry.answered_at = answer, timezone.now()
    inquiry.answered_by_id = actor.user_id
    inquiry.save(update_fields=["answer", "answered_at", "answered_by"])
    if inquiry.deadline is not None:
        close_deadline(deadline=inquiry.deadline)
