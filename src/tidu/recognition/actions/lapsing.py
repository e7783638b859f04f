"""What nobody handed in: drafts when the window is over, corrections when their limit is.

The state is looked at again under the lock, so that it may be done twice, or at once by two.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import SYSTEM
from tidu.core.figures import day
from tidu.core.moments import end
from tidu.core.refusals import Refused
from tidu.recognition.actions.making_up import make_up
from tidu.recognition.models import Application, Call, Status
from tidu.recognition.process.moving import take
from tidu.recognition.process.reopening import may_be_reopened
from tidu.recognition.process.rules import limit_of
from tidu.recognition.process.window import is_open, last_moment


def lapse_drafts(call: Call) -> int:
    """End the drafts of a call that takes no more applications. Returns how many; none while its window is open."""
    rows = Application.objects.filter(call=call, status=Status.DRAFT).order_by("pk")
    return sum(_lapse_draft(application) for application in rows)


def _lapse_draft(application: Application) -> int:
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=application.call_id)
        if timezone.now() < call.opens_at or is_open(call) or may_be_reopened(call):
            return 0
        if call.state == Call.State.WITHDRAWN:
            reason = "通知已经撤销，没有提交的随之结束。"
        else:
            reason = f"受理已于 {end(last_moment(call))} 截止，没有提交。"
        return _lapse(application, Status.DRAFT, reason)


def lapse_corrections() -> int:
    """End the applications whose correction was not handed in within its limit. Returns how many."""
    make_up()
    today = timezone.localdate()
    rows = Application.objects.filter(
        status=Status.RETURNED, correction__due_on__lt=today, correction__closed_at__isnull=True
    )
    return sum(_lapse_correction(application) for application in rows.order_by("pk").select_related("call"))


def _lapse_correction(application: Application) -> int:
    with transaction.atomic():
        held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        limit = held.correction
        if held.status != Status.RETURNED or limit is None or timezone.localdate() <= limit.due_on:
            return 0
        declared = limit_of(application.call, "correction")
        reason = f"补正期限 {day(limit.due_on)} 已过，没有提交补正。{declared['late']}"
        return _lapse(application, Status.RETURNED, reason, cite=declared["cite"])


def _lapse(application: Application, status: Status, reason: str, cite: str = "") -> int:
    try:
        case = take(actor=SYSTEM, application=application, act="lapse", reason=reason, cite=cite)
    except Refused:  # somebody has handed it in, or taken it back, in between
        return 0
    if case.repeated or case.application.status != status:
        return 0
    case.move()
    return 1
