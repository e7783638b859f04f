"""Notices on the officers' side: looked at before they are published, and recalled with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.core.calendar import current_calendar
from tidu.core.citations import clauses
from tidu.core.components import Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.moments import end
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import CITY_WIDE, Role
from tidu.recognition.actions.notices import publish_notice, recall_notice
from tidu.recognition.decision_papers import notice_title, title_of
from tidu.recognition.models import Notice, Proposal, Status
from tidu.recognition.process.notice_period import period_in_words, period_of
from tidu.recognition.process.rules import pack_of, route_of_call
from tidu.recognition.views.proposals import FORMS

_COLUMNS = (Column("序号", number=True), Column("企业名称"), Column("统一社会信用代码"), Column("所在旗县区"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def publish(request: ActorRequest, pk: int) -> HttpResponse:
    """Look at the notice as it will stand, with its period, and publish it."""
    rows = Proposal.objects.visible_to(request.actor)
    found = get_object_or_404(
        rows.select_related("call__organisation"), pk=pk, state=Proposal.State.CONFIRMED
    )
    refused = None
    if request.method == "POST":
        try:
            notice = publish_notice(actor=request.actor, proposal=found, title=request.POST.get("title", ""))
        except Refused as error:
            refused = error
        else:
            messages.success(request, f"公示已发布，至 {end(notice.ends_at)}。公示期内不能认定。")
            return redirect("recognition:consolidated", pk=found.call_id)
    return _publish_page(request, found, refused)


def _publish_page(request: ActorRequest, found: Proposal, refused: Refused | None) -> HttpResponse:
    call = found.call
    rule = route_of_call(call).notice
    if rule is None:
        raise Http404
    period = period_of(rule, timezone.now(), current_calendar())
    items = (
        found.items.filter(selected=True, application__status=Status.SELECTED)
        .select_related("application__enterprise", "application__district")
        .order_by("rank", "pk")
    )
    context = {
        "proposal": found,
        "call": call,
        "items": items,
        "columns": _COLUMNS,
        "period": period,
        "words": period_in_words(period),
        "place": rule.place,
        "cited": clauses(pack_of(call), (rule.cite,)),
        "title": request.POST.get("title", "") or notice_title(call),
        "title_name": title_of(call),
        "standing": found.notices.exclude(state=Notice.State.RECALLED).first(),
        "recalled": found.notices.filter(state=Notice.State.RECALLED).first(),
        "refused": refused,
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb(f"{call.called}总表", reverse("recognition:consolidated", args=[call.pk])),
            Crumb("发布公示"),
        ),
    }
    return render(request, "recognition/notice_publish.html", context, status=http_status(refused))


def _seen(request: ActorRequest, pk: int) -> Notice:
    rows = Notice.objects.visible_to(request.actor).select_related("call", "document")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def recall(request: ActorRequest, pk: int) -> HttpResponse:
    """Take the notice back."""
    found = _seen(request, pk)
    home = reverse("recognition:consolidated", args=[found.call_id])
    asked = Confirmation(
        title=f"撤回公示：{found.title}",
        verb="撤回公示",
        back=home,
        text="撤回后，公示页面不再显示名单，名单里的企业等待重新公示，公示期重新计算。",
        consequences=("名单里的企业会收到撤回的消息和理由。", "已收到的异议保留，仍要办结。"),
        reason="理由",
        crumbs=(Crumb(f"{found.call.called}总表", home), Crumb("撤回公示")),
    )
    return asked.then(
        request,
        lambda: recall_notice(actor=request.actor, notice=found, reason=asked.given),
        "公示已撤回，可以重新公示。",
    )


@require_safe
@for_roles(*CITY_WIDE)
def document(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The notice as an official document; that of a recalled one with a watermark."""
    if form not in FORMS:
        raise Http404
    return FORMS[form](request, _seen(request, pk).document)
