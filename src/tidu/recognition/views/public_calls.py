"""Published calls: the list of them, and one with its window, materials, limits and changes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.core.components import Column, Crumb
from tidu.core.documents.serving import serve_pdf
from tidu.core.models import OfficialDocument
from tidu.core.requests import ANYBODY, ActorRequest
from tidu.recognition.public.calls import call_page
from tidu.recognition.public.windows import window_of_call
from tidu.recognition.queries.public_pages import by_standing, public_calls
from tidu.recognition.views.public_notices import LIST_PER_PAGE, announcement_tabs

_LIMITS = (Column("环节"), Column("由谁办理"), Column("时限"), Column("逾期怎么办"), Column("依据"))


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All calls: those that take applications first."""
    page = Paginator(by_standing(public_calls()), LIST_PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "tabs": announcement_tabs("public-calls"),
        "page": page,
        "rows": [(call, window_of_call(call, now)) for call in page],
    }
    return render(request, "recognition/public/calls.html", context)


@login_not_required
@require_safe
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """One call."""
    call = get_object_or_404(public_calls(), pk=pk)
    page = call_page(call)
    context = {
        "steps": (
            Crumb("首页", reverse("portal:home")),
            Crumb("公示公告", reverse("recognition:notices")),
            Crumb("申报通知", reverse("recognition:public-calls")),
            Crumb(call.batch_name),
        ),
        "call": call,
        "page": page,
        "limit_columns": _LIMITS,
        "apply": _apply_url(request, call.pk) if page.window.running else "",
        "signed_in": request.actor != ANYBODY,
    }
    return render(request, "recognition/public/call.html", context)


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The call as an official document."""
    call = get_object_or_404(public_calls(), pk=pk)
    if call.document is None or call.document.state != OfficialDocument.State.ISSUED:
        raise Http404("这份通知没有公文。")  # whoever is signed in, here they are the public
    return serve_pdf(request, call.document)


def _apply_url(request: ActorRequest, pk: int) -> str:
    """Where an enterprise begins; a visitor signs in on the way there, an officer has nothing to begin."""
    if request.actor != ANYBODY and not request.actor.is_enterprise:
        return ""
    try:
        return reverse("recognition:application-start", args=[pk])
    except NoReverseMatch:
        return ""
