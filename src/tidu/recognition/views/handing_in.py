"""The last steps of an application: looking at the whole, declaring that it is true, handing in, and the receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tidu.core.components import Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.files.serving import download
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import ENTERPRISE_ROLES, TERRITORIAL, Role
from tidu.recognition.actions.applying import withdraw_application
from tidu.recognition.actions.papers import paper_of
from tidu.recognition.actions.submitting import resubmit_application, submit_application
from tidu.recognition.applying.content import content_of
from tidu.recognition.applying.filled import Filled, filled
from tidu.recognition.applying.page import stops_of
from tidu.recognition.applying.readiness import OPEN, readiness_of
from tidu.recognition.models import Application, Call, Status, Submission
from tidu.recognition.queries.applications import applications_of, own_application, own_form
from tidu.recognition.queries.corrections import returned_for
from tidu.recognition.queries.differences import difference
from tidu.recognition.queries.submissions import SubmittedContent, read_submission
from tidu.recognition.submitted_page import submitted_parts
from tidu.recognition.views.applying import crumbs
from tidu.registry.views.own import OWNERS


@require_GET
@never_cache
@for_roles(*OWNERS)
def preview(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The whole application as it would be handed in now, to read and to print."""
    application = own_form(request.actor, pk)
    if application.status not in OPEN:
        return redirect("recognition:progress", pk=pk)
    now = filled(application)
    content = as_submission(now, request.actor.name)
    context = {
        "application": application,
        "content": content,
        "parts": submitted_parts(content, now.questions.pack),
        "readiness": readiness_of(now),
        "stops": stops_of(now),
        "now": timezone.now(),
        "may_submit": request.actor.has(Role.ENTERPRISE_MANAGER),
        "changes": _changes(now, content),
        "crumbs": crumbs(application, Crumb("预览")),
    }
    return render(request, "recognition/application_preview.html", context)


def as_submission(now: Filled, name: str) -> SubmittedContent:
    """What would be frozen at this moment."""
    moment = timezone.now()
    return read_submission(
        Submission(
            number=0,
            submitted_by_name=name,
            submitted_at=moment,
            content=content_of(now, declared_by=""),
            digest="",
        )
    )


def _changes(now: Filled, content: SubmittedContent) -> object:
    """What a correction says otherwise than what was handed in last."""
    if now.application.status != Status.RETURNED:
        return None
    return difference(now.application.submissions.latest("number"), content)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.ENTERPRISE_MANAGER)
def submit(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The declaration, what must be acknowledged, and the button that hands in."""
    application = own_form(request.actor, pk)
    if request.method != "POST":
        if application.status not in OPEN:
            return redirect("recognition:progress", pk=pk)
        return _submit_page(request, application)
    if request.POST.get("true") != "yes":
        return _after_refusal(request, application, Refused("请先勾选真实性声明。", field="true"))
    act = resubmit_application if application.status == Status.RETURNED else submit_application
    try:
        submission = act(
            actor=request.actor,
            application=application,
            declared_by=request.POST.get("declared_by", ""),
            accept_not_met=request.POST.get("accept_not_met") == "yes",
            accept_unknown=request.POST.get("accept_unknown") == "yes",
        )
    except Refused as refused:
        return _after_refusal(request, application, refused)
    messages.success(
        request, "补正已提交。" if submission.number > 1 else f"{application.call.papers}已提交。"
    )
    return redirect("recognition:receipt", pk=pk)


def _after_refusal(request: ActorRequest, application: Application, refused: Refused) -> HttpResponseBase:
    """The page again with the reason; where it was handed in meanwhile, the receipt."""
    fresh = own_form(request.actor, application.pk)
    if fresh.status not in OPEN:
        messages.error(request, refused.message)
        return redirect("recognition:progress", pk=fresh.pk)
    return _submit_page(request, fresh, refused)


def _submit_page(
    request: ActorRequest, application: Application, refused: Refused | None = None
) -> HttpResponse:
    now = filled(application)
    readiness = readiness_of(now)
    context = {
        "application": application,
        "assessment": now.assessment,
        "readiness": readiness,
        "not_met": [now.lives[result.id] for result in readiness.not_met],
        "unknown": [now.lives[result.id] for result in readiness.unknown],
        "returned": returned_for(application),
        "stops": stops_of(now),
        "refused": refused,
        "declared_by": request.POST.get("declared_by", request.actor.name),
        "posted": request.POST,
        "crumbs": crumbs(application, Crumb("提交")),
    }
    return render(request, "recognition/application_submit.html", context, status=http_status(refused))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.ENTERPRISE_MANAGER)
def withdraw(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Ask, and take the application back."""
    application = own_application(request.actor, pk)
    address = reverse("recognition:progress", args=[pk])
    handed_in, papers = application.status != Status.DRAFT, application.call.papers
    asked = Confirmation(
        title=f"撤回这件{papers}",
        verb=f"撤回{papers}",
        back=address,
        consequences=(
            "撤回后不再办理，已经提交的内容留存备查。"
            if handed_in
            else "填报到此结束，企业数据和材料仍然保留。",
            "受理截止前可以重新申报。"
            if application.call.kind == Call.Kind.FIRST
            else "受理截止前可以重新办理；到截止没有提交的，按没有参加复核办理：听取意见后可能取消称号。",
        ),
        reason="撤回的原因",
        hint="可以不填。",
        required=False,
        crumbs=crumbs(application, Crumb("撤回")),
    )
    return asked.then(
        request,
        lambda: withdraw_application(actor=request.actor, application=application, reason=asked.given),
        f"已撤回{papers}。",
    )


@require_GET
@never_cache
@for_roles(*OWNERS)
def receipt(request: ActorRequest, pk: int) -> HttpResponse:
    """What proves that the application was handed in: number, time, digest, code, and the file of the whole."""
    application = own_application(request.actor, pk)
    submission = application.submissions.order_by("-number").first()
    if submission is None:
        raise Http404("还没有提交。")
    context = {
        "application": application,
        "submission": submission,
        "content": read_submission(submission),
        "first": application.submissions.order_by("number").first(),
        "crumbs": crumbs(application, Crumb("回执")),
    }
    return render(request, "recognition/receipt.html", context)


@require_GET
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def paper(request: ActorRequest, pk: int, number: int) -> HttpResponseBase:
    """The PDF of a submission, made now where the job has not made it yet."""
    application = get_object_or_404(applications_of(request.actor), pk=pk)
    submission = get_object_or_404(application.submissions, number=number)
    stored = paper_of(actor=request.actor, submission=submission)
    return download(request, stored, enterprise_id=application.enterprise_id)
