"""What the home page of an enterprise says of its applications: the next step of each, and calls it may answer."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.figures import short_day
from tidu.core.moments import end
from tidu.desk.figures import NextStep
from tidu.recognition.models import FINAL, GIVEN_UP, Application, Call, Inquiry, Status
from tidu.recognition.process.window import last_moment
from tidu.recognition.queries.admission import applicant_of, why_not
from tidu.recognition.queries.applications import applications_of, calls_for, enterprise_of

_MOST = 4


def application_steps(actor: Actor) -> list[NextStep]:
    """The next step of each running application, then the calls that the enterprise has not answered."""
    enterprise = enterprise_of(actor)
    if enterprise is None:
        return []
    rows = list(applications_of(actor).exclude(status__in=FINAL)[:_MOST])
    asked = set(
        Inquiry.objects.filter(application__in=rows, answered_at__isnull=True).values_list(
            "application_id", flat=True
        )
    )
    steps = [_step(application, asked=application.pk in asked) for application in rows]
    answered = set(
        Application.objects.filter(enterprise=enterprise)
        .exclude(status__in=GIVEN_UP)
        .values_list("call_id", flat=True)
    )
    applicant = applicant_of(enterprise)
    unanswered = [call for call in calls_for(applicant)[:_MOST] if call.pk not in answered]
    return [*steps, *(_offer(call) for call in unanswered if not why_not(applicant, call))]


def _step(application: Application, *, asked: bool) -> NextStep:
    call, today = application.call, timezone.localdate()
    form = reverse("recognition:application", args=[application.pk])
    progress = reverse("recognition:progress", args=[application.pk])
    if application.status == Status.DRAFT:
        note = f"{call.title}　{end(last_moment(call))} 截止"
        return NextStep(f"填好并提交{call.called}", form, "接着填报", note, "edit", order=4)
    if application.status == Status.RETURNED:
        limit = application.correction
        note = "" if limit is None else f"{short_day(limit.due_on, today)} 前再次提交"
        return NextStep(f"补正{call.called}", form, "去补正", note, "alert-circle", order=1)
    if asked:
        title = f"答复审核人的问题：{call.called}"
        return NextStep(title, progress, "去答复", "审核时钟已停", "message-question", order=2)
    note = f"受理号 {application.number}，{application.get_status_display()}"
    return NextStep(f"{call.called}进度", progress, "查看进度", note, "route", order=60)


def _offer(call: Call) -> NextStep:
    note = f"{call.title}　{end(call.closes_at)} 截止"
    url = reverse("recognition:applications")
    return NextStep(f"可以参加{call.called}", url, f"查看并{call.noun}", note, "speakerphone", order=8)
