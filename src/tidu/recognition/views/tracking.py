"""Following an application: where it is, who holds it and until when, what was handed in, and answering questions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tidu.core.calendar import current_calendar, due
from tidu.core.components import Crumb
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import ENTERPRISE_ROLES, TERRITORIAL
from tidu.policy.errors import InputError
from tidu.recognition.actions.inquiries import LONGEST_ANSWER, answer_inquiry
from tidu.recognition.models import Status
from tidu.recognition.process.rules import pack_of
from tidu.recognition.progress_page import progress_of
from tidu.recognition.queries.applications import applications_of, own_application
from tidu.recognition.queries.differences import difference
from tidu.recognition.queries.submissions import read_submission
from tidu.recognition.submitted_page import submitted_parts
from tidu.recognition.views.applying import crumbs
from tidu.registry.views.own import OWNERS


@require_GET
@never_cache
@for_roles(*OWNERS)
def progress(request: ActorRequest, pk: int) -> HttpResponse:
    """The picture of the process with the current step, its holder and its limit, and what has happened."""
    application = own_application(request.actor, pk)
    shown = progress_of(application, request.actor)
    context = {
        "application": application,
        "progress": shown,
        "handed_in": application.submitted_at is not None,
        "draft": application.status == Status.DRAFT,
        "crumbs": crumbs(application, Crumb("办理进度"))
        if application.number is None
        else crumbs(application),
    }
    return render(request, "recognition/progress.html", context)


@require_GET
@never_cache
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def submission(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """What was handed in, as it was frozen; from the second time on with what it says otherwise."""
    application = get_object_or_404(applications_of(request.actor), pk=pk)
    found = list(application.submissions.filter(number__lte=number))
    if not found or found[-1].number != number:
        raise Http404("没有这次提交。")
    content = read_submission(found[-1])
    try:
        pack = pack_of(application.call)
    except InputError:
        pack = None
    earlier = found[-2] if len(found) > 1 else None
    context = {
        "application": application,
        "submission": found[-1],
        "content": content,
        "now": timezone.now(),
        "parts": submitted_parts(content, pack),
        "difference": None if earlier is None else difference(earlier, content),
        "numbers": list(application.submissions.values_list("number", flat=True)),
        "owner": request.actor.is_enterprise,
        "crumbs": crumbs(application, Crumb(f"第 {number} 次提交"))
        if request.actor.is_enterprise
        else (Crumb(application.number or ""), Crumb(f"第 {number} 次提交")),
    }
    return render(request, "recognition/submission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
def answer(request: ActorRequest, pk: int, inquiry: int) -> HttpResponseBase:
    """Answer a reviewer's question."""
    application = own_application(request.actor, pk)
    asked = get_object_or_404(application.inquiries.select_related("deadline", "application"), pk=inquiry)
    error = ""
    given = request.POST.get("answer", "")
    if request.method == "POST":
        try:
            answer_inquiry(actor=request.actor, inquiry=asked, answer=given)
        except Refused as refused:
            error = refused.message
        else:
            messages.success(request, "答复已送达审核人。")
            return redirect("recognition:progress", pk=pk)
    about = asked.criterion
    if about:
        last = application.submissions.order_by("-number").first()
        about = about if last is None else read_submission(last).label_of(about)
    context = {
        "application": application,
        "inquiry": asked,
        "about": about,
        "left": None if asked.deadline is None else due(asked.deadline, current_calendar()),
        "error": error,
        "given": given,
        "longest": LONGEST_ANSWER,
        "crumbs": crumbs(application, Crumb("答复询问")),
    }
    return render(request, "recognition/inquiry_answer.html", context, status=http_status(error))
