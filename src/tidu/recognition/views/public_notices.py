"""Public notices: the list of them, and one as it was published."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tidu.core.components import Crumb
from tidu.core.documents.serving import serve_pdf
from tidu.core.requests import ActorRequest
from tidu.core.workspace import Tab
from tidu.recognition.forms.objecting import ObjectionForm
from tidu.recognition.models import Notice
from tidu.recognition.public.notices import COLUMNS, PER_PAGE, listed, notice_page
from tidu.recognition.public.windows import window_of_notice
from tidu.recognition.queries.public_pages import public_notices
from tidu.recognition.views.objecting import form_context

LIST_PER_PAGE = 20
LONGEST_QUERY = 100


def announcement_tabs(current: str) -> tuple[Tab, ...]:
    """The two kinds of announcement."""
    return tuple(
        Tab(label, reverse(f"recognition:{name}"), current=name == current)
        for name, label in (("notices", "拟认定公示"), ("public-calls", "申报通知"))
    )


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All notices, the newest first."""
    page = Paginator(public_notices(), LIST_PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "tabs": announcement_tabs("notices"),
        "page": page,
        "rows": [(notice, window_of_notice(notice, now)) for notice in page],
    }
    return render(request, "recognition/public/notices.html", context)


@login_not_required
@never_cache  # the form of objections bears a mark by which its second click finds the receipt of the first
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice. ``q`` narrows the list; of one that was recalled only that is said."""
    notice = get_object_or_404(
        Notice.objects.select_related("call__organisation", "call__place", "document"), pk=pk
    )
    crumbs = (
        Crumb("首页", reverse("portal:home")),
        Crumb("公示公告", reverse("recognition:notices")),
        Crumb(notice.title),
    )
    if notice.state == Notice.State.RECALLED:
        return render(request, "recognition/public/notice_recalled.html", {"notice": notice, "steps": crumbs})
    typed = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    rows = Paginator(listed(notice, typed), PER_PAGE).get_page(request.GET.get("page"))
    shown = notice_page(notice)
    context: dict[str, Any] = {
        "steps": crumbs,
        "notice": notice,
        "shown": shown,
        "columns": COLUMNS,
        "rows": rows,
        "typed": typed,
        "total": notice.items.count() if typed else rows.paginator.count,
        "now": timezone.localtime(),
    }
    if shown.window.running:
        context |= form_context(notice, ObjectionForm(notice=notice))
    return render(request, "recognition/public/notice.html", context)


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The notice as an official document."""
    notice = get_object_or_404(Notice.objects.public().select_related("document"), pk=pk)
    return serve_pdf(request, notice.document)
