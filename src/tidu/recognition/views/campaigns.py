"""Re-reviews: the list, opening one, its approval, and how its enterprises stand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.accounts.forms.dressing import posted
from tidu.core.calendar import current_calendar
from tidu.core.citations import clauses
from tidu.core.components import Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.documents.serving import serve_pdf
from tidu.core.gates import for_roles
from tidu.core.listing import listing
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import TERRITORIAL, Role
from tidu.core.workspace import Kpi
from tidu.policy.documents.route import re_review_route
from tidu.policy.errors import InputError
from tidu.recognition.actions.calls import mark_of
from tidu.recognition.actions.campaigns import (
    Selection,
    approve_campaign,
    discard_campaign,
    leave_out,
    open_campaign,
    return_campaign,
    send_campaign,
)
from tidu.recognition.calling.pages import log_of
from tidu.recognition.forms.life import CampaignForm
from tidu.recognition.life.pages import CAMPAIGN_PILLS, REVIEW_PILLS
from tidu.recognition.models import REFUSED, Application, Call, Campaign, Cancellation, Status
from tidu.recognition.process.handover import goes_on
from tidu.recognition.process.rules import pack_of, recognition_of, settings_of
from tidu.recognition.process.window import last_moment
from tidu.recognition.queries.campaigns import (
    applications_of,
    campaigns_for,
    cases_of,
    kept_from,
    titles_of,
)
from tidu.recognition.queries.title_rules import own_rules
from tidu.recognition.views.call_acts import at, later_end
from tidu.registry.models import Title

_PER_PAGE: Final = 50
_BEGUN: Final = (Call.State.PUBLISHED, Call.State.FINISHED)
_COLUMNS: Final = (
    Column("复核"),
    Column("范围"),
    Column("受理时间", sort="closes"),
    Column("企业", number=True),
    Column("已提交", number=True),
    Column("状态"),
)
_TITLE_COLUMNS: Final = (
    Column("企业"),
    Column("旗县区"),
    Column("有效期至"),
    Column("复核进展"),
    Column("后续"),
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One title of a re-review: its application and the case that followed, if any."""

    title: Title
    application: Application | None
    case: Cancellation | None
    pill: str
    word: str


def _seen(request: ActorRequest, pk: int) -> Call:
    return get_object_or_404(campaigns_for(request.actor), pk=pk)


@require_safe
@for_roles(*TERRITORIAL)
def campaigns(request: ActorRequest) -> HttpResponse:
    """The re-reviews of one's city."""
    rows = campaigns_for(request.actor).annotate(chosen=Count("campaign__titles", distinct=True))
    found = listing(request, rows, sorts={"closes": ("closes_at",)}, default="-closes")
    handed_in = Counter(
        Application.objects.visible_to(request.actor)
        .filter(call__in=[call.pk for call in found.page], submitted_at__isnull=False)
        .values_list("call_id", flat=True)
    )
    context = {
        "list": found,
        "columns": _COLUMNS,
        "rows": [(call, CAMPAIGN_PILLS[Call.State(call.state)], handed_in[call.pk]) for call in found.page],
        "opens": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (Crumb("称号", reverse("recognition:titles")), Crumb("复核")),
    }
    return render(request, "recognition/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def new(request: ActorRequest) -> HttpResponse:
    """Open a re-review."""
    today = timezone.localdate()
    rules = own_rules(request.actor.place, today)
    opens = current_calendar().next_working_day(today + dt.timedelta(days=1))
    form = CampaignForm(rules, posted(request), initial=CampaignForm.proposed(today, opens))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            call = open_campaign(
                actor=request.actor,
                tier=cleaned["tier"],
                selection=Selection(
                    Campaign.Way(cleaned["way"]),
                    cleaned["ends_from"] if cleaned["way"] == Campaign.Way.WINDOW else None,
                    cleaned["ends_until"] if cleaned["way"] == Campaign.Way.WINDOW else None,
                    cleaned["number"] or 0,
                ),
                opens_at=cleaned["opens_at"],
                closes_at=cleaned["closes_at"],
                title=cleaned["title"],
                contacts=cleaned["contacts"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "名单已生成。核对后送另一位经办人审签。")
            return redirect("recognition:campaign", pk=call.pk)
    context = {
        "form": form,
        "rules": [
            (
                rule,
                clauses(rule.pack, (rule.recognition.re_review.cite,)) if rule.recognition.re_review else (),
            )
            for rule in rules
        ],
        "crumbs": (
            Crumb("称号", reverse("recognition:titles")),
            Crumb("复核", reverse("recognition:campaigns")),
            Crumb("发起复核"),
        ),
    }
    return render(request, "recognition/campaign_new.html", context, status=http_status(form.errors))


@require_safe
@never_cache
@for_roles(*TERRITORIAL)
def campaign(request: ActorRequest, pk: int) -> HttpResponse:
    """One re-review: its list, its approval, how far each enterprise is."""
    call = _seen(request, pk)
    titles = titles_of(call.campaign)
    if request.actor.has(Role.DISTRICT_OFFICER):
        titles = [title for title in titles if title.enterprise.district_id == request.actor.place]
    applications = applications_of(call)
    cases = cases_of(list(applications.values()))
    kept = kept_from(request.actor, titles)
    rows = [
        Reviewed(title, None, None, "unknown", "您应当回避，由同事办理")
        if title.pk in kept
        else _row(call, title, applications.get(title.pk), cases)
        for title in titles
    ]
    officer = request.actor.has(Role.CITY_OFFICER)
    writer = call.written_by_id == request.actor.user_id
    draft = officer and call.state == Call.State.DRAFT
    try:
        recognition, pack = recognition_of(call), pack_of(call)
        review = recognition.re_review
        cites = () if review is None else clauses(pack, (review.cite,))
        route = re_review_route(recognition, settings_of(call))
        way = list(dict.fromkeys(stop.step.label for stop in route.stops))
    except InputError:
        review, cites, way = None, (), []
    context = {
        "call": call,
        "campaign": call.campaign,
        "pill": CAMPAIGN_PILLS[Call.State(call.state)],
        "columns": _TITLE_COLUMNS,
        "page": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "kpis": _figures([row for row in rows if row.title.pk not in kept]) if call.state in _BEGUN else (),
        "review": review,
        "clauses": cites,
        "way": way,
        "log": log_of(call),
        "may_extend": officer and call.state == Call.State.PUBLISHED and timezone.now() < last_moment(call),
        "may_send": draft and goes_on(request.actor, call.written_by_id, call.organisation_id),
        "may_take_back": officer and writer and call.state == Call.State.APPROVAL,
        "may_approve": officer and not writer and call.state == Call.State.APPROVAL,
        "own_draft": writer and call.state == Call.State.APPROVAL,
        "officer": officer,
        "crumbs": (
            Crumb("称号", reverse("recognition:titles")),
            Crumb("复核", reverse("recognition:campaigns")),
            Crumb(call.title),
        ),
    }
    return render(request, "recognition/campaign.html", context)


@require_POST
@for_roles(Role.CITY_OFFICER)
def send(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a draft before a second officer."""
    call = _seen(request, pk)
    try:
        send_campaign(actor=request.actor, call=call)
        messages.success(request, "已送审签。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("recognition:campaign", pk=call.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def approve(request: ActorRequest, pk: int) -> HttpResponse:
    """Publish it."""
    call = _seen(request, pk)
    asked = Confirmation(
        title=f"审签发布{quoted(call.title)}",
        verb="审签发布",
        back=_page(call),
        consequences=(
            f"向 {call.campaign.titles.count()} 家企业发出复核通知和待办。",
            "编发文号；名单不能再改，受理时间只能延长。",
            "按期参加复核的，复核期间称号继续有效。",
        ),
        serious=False,
        crumbs=_crumbs(call, "审签发布"),
        seen=(mark_of(call), sorted(call.campaign.titles.values_list("pk", flat=True)))
        if call.state == Call.State.APPROVAL
        else None,
    )
    return asked.then(
        request,
        lambda: approve_campaign(actor=request.actor, call=call),
        "已发布，正在通知名单上的企业。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
@at(Call.State.PUBLISHED, find=_seen)
def extend(request: ActorRequest, call: Call) -> HttpResponse:
    """Let a re-review close later, as any call."""
    return later_end(request, call, _crumbs(call, "延长受理"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def give_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Return it to its writer, or take it back as its writer."""
    call = _seen(request, pk)
    own = call.written_by_id == request.actor.user_id
    asked = Confirmation(
        title=f"{'收回' if own else '退回'}{quoted(call.title)}",
        verb="收回修改" if own else "退回拟稿人",
        back=_page(call),
        reason="" if own else "理由",
        serious=False,
        crumbs=_crumbs(call, "退回"),
    )
    return asked.then(
        request,
        lambda: return_campaign(actor=request.actor, call=call, reason=asked.given),
        "已退回拟稿。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    call = _seen(request, pk)
    asked = Confirmation(
        title=f"删除草稿{quoted(call.title)}",
        verb="删除草稿",
        back=_page(call),
        consequences=("名单和抽取结果一并删除，操作记录保留。",),
        crumbs=_crumbs(call, "删除草稿"),
    )
    answer = asked.then(request, lambda: discard_campaign(actor=request.actor, call=call), "草稿已删除。")
    return redirect("recognition:campaigns") if answer.status_code == HTTPStatus.FOUND else answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def leave(request: ActorRequest, pk: int, title: int) -> HttpResponse:
    """Take one enterprise off the list of a draft."""
    call = _seen(request, pk)
    row = get_object_or_404(call.campaign.titles.select_related("enterprise"), pk=title)
    asked = Confirmation(
        title=f"不列入{row.enterprise.name}",
        verb="移出名单",
        back=_page(call),
        reason="理由",
        serious=False,
        crumbs=_crumbs(call, "移出名单"),
    )
    return asked.then(
        request,
        lambda: leave_out(actor=request.actor, call=call, title_id=row.pk, reason=asked.given),
        f"{row.enterprise.name}已移出名单。",
    )


@require_safe
@for_roles(*TERRITORIAL)
def document(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The notice of the re-review."""
    call = _seen(request, pk)
    if call.document is None:
        raise Http404
    return serve_pdf(request, call.document)


def _row(
    call: Call, title: Title, application: Application | None, cases: dict[int, Cancellation]
) -> Reviewed:
    if application is None:
        if call.state != Call.State.PUBLISHED:
            return Reviewed(title, None, None, "unknown", "未开始")
        return Reviewed(title, None, None, "run", "正在通知")
    status = Status(application.status)
    word = (
        "待企业提交"
        if status == Status.DRAFT
        else "复核通过"
        if status == Status.RECOGNISED
        else status.label
    )
    if status == Status.DRAFT and title.enterprise.organisation_id is None:
        word = "待企业提交（企业没有开通账户，请线下通知）"
    return Reviewed(title, application, cases.get(application.pk), REVIEW_PILLS.get(status, "run"), word)


def _figures(rows: list[Reviewed]) -> tuple[Kpi, ...]:
    counts = Counter(row.application.status if row.application else "" for row in rows)
    waiting = counts[Status.DRAFT] + counts[""]
    passed = counts[Status.RECOGNISED]
    failed = sum(counts[status] for status in (*REFUSED, Status.LAPSED))
    running = len(rows) - waiting - passed - failed - counts[Status.WITHDRAWN]
    return (
        Kpi("待企业提交", str(waiting), "家", kind="warn" if waiting else ""),
        Kpi("审核和研究中", str(running), "家"),
        Kpi("复核通过", str(passed), "家"),
        Kpi("不合格或没有参加", str(failed), "家", kind="bad" if failed else ""),
    )


def _page(call: Call) -> str:
    return reverse("recognition:campaign", args=[call.pk])


def _crumbs(call: Call, what: str) -> tuple[Crumb, ...]:
    return (Crumb("复核", reverse("recognition:campaigns")), Crumb(call.title, _page(call)), Crumb(what))
