"""Panels before the city's officers: how far the files are, and the opinions once they are in."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from tidu.core.audit.recording import record
from tidu.core.calendar import current_calendar, due
from tidu.core.components import Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.listing import listing
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import CITY_WIDE, Role
from tidu.core.workspace import Kpi
from tidu.recognition.actions.panels import (
    conclude_panel,
    draw_missing,
    name_chair,
    replace_expert,
)
from tidu.recognition.models import Application, Assignment, Call, Panel, Stage, Status
from tidu.recognition.process.rules import limit_of, pack_of
from tidu.recognition.queries.avoidance import avoided_in, avoided_of
from tidu.recognition.queries.experts import FIELDS
from tidu.recognition.queries.opinions import GONE, opinion_of, opinions_of
from tidu.recognition.queries.panels import (
    all_of,
    applications_of,
    excluded_of,
    files_of,
    is_reproducible,
    names_in,
    waiting_for_experts,
)
from tidu.recognition.queries.sheets import sheet_of
from tidu.recognition.sheet_page import compared
from tidu.recognition.sheet_papers import summary_pdf
from tidu.recognition.views.assignments import PILLS, step_clauses

_WITH_EXPERTS: Final = (Stage.EXPERTS, Stage.DECISION, Stage.NOTICE, Stage.RECOGNITION)
_FILE_COLUMNS: Final = (
    Column("企业"),
    Column("受理地"),
    Column("专家"),
    Column("已交", number=True),
    Column("意见"),
)


def crumbs(call: Call, *more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of a call's panels."""
    return (
        Crumb("工作台", reverse("desk:home")),
        Crumb(call.batch_name, reverse("recognition:call", args=[call.pk])),
        Crumb("专家评审", reverse("recognition:panels", args=[call.pk]) if more else ""),
        *more,
    )


def seen_call(request: ActorRequest, pk: int) -> Call:
    """A call that the officer or auditor may see, or 404."""
    rows = Call.objects.visible_to(request.actor).select_related("place", "organisation")
    return get_object_or_404(rows, pk=pk)


def seen_panel(request: ActorRequest, pk: int) -> Panel:
    """A panel that the officer or auditor may see, or 404."""
    rows = Panel.objects.visible_to(request.actor).select_related(
        "call__organisation", "call__place", "deadline", "chair__user", "made_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@never_cache
@for_roles(*CITY_WIDE)
def panels(request: ActorRequest, pk: int) -> HttpResponse:
    """The panels of a call, and how many files wait for one."""
    call = seen_call(request, pk)
    seen = Assignment.objects.visible_to(request.actor)
    rows = list(
        call.panels.select_related("deadline").prefetch_related(Prefetch("assignments", queryset=seen))
    )
    files = {panel.pk: {item.application_id for item in panel.assignments.all()} for panel in rows}
    opinions = opinions_of({file for found in files.values() for file in found})
    calendar = current_calendar()
    context = {
        "call": call,
        "waiting": waiting_for_experts(request.actor, call).count(),
        "avoided": avoided_of(request.actor, call=call, stage__in=_WITH_EXPERTS),
        "rows": [
            (
                panel,
                len(files[panel.pk]),
                sum(opinions[file].complete for file in files[panel.pk]),
                len({item.expert_id for item in panel.assignments.all() if item.state not in GONE}),
                due(panel.deadline, calendar) if panel.deadline is not None else None,
            )
            for panel in rows
        ],
        "columns": (
            Column("专家组"),
            Column("评审件", number=True),
            Column("意见交齐", number=True),
            Column("专家", number=True),
            Column("截止"),
            Column("状态"),
        ),
        "clauses": step_clauses(call),
        "draws": request.actor.has(Role.CITY_OFFICER),
        "crumbs": crumbs(call),
    }
    return render(request, "recognition/panels.html", context)


@require_safe
@never_cache
@for_roles(*CITY_WIDE)
def panel(request: ActorRequest, pk: int) -> HttpResponse:
    """How far the files of a panel are; what their experts say once all of a file are in."""
    found = seen_panel(request, pk)
    seen = applications_of(request.actor, found)
    avoided = avoided_in(request.actor, all_of(found))
    shown = listing(request, seen, sorts={"number": ("pk",)}, default="number", per_page=30)
    files = files_of(found, [item.pk for item in shown.page])
    everything = Assignment.objects.visible_to(request.actor).filter(panel=found).exclude(state__in=GONE)
    waiting = [item for item in seen if item.status == Status.EXPERTS]
    opinions = opinions_of([item.pk for item in waiting])
    ready = sum(item.complete for item in opinions.values())
    officer = request.actor.has(Role.CITY_OFFICER) and found.state == Panel.State.OPEN
    names = names_in(found)
    handed = everything.filter(state=Assignment.State.SUBMITTED).count()
    held, missing = everything.count(), sum(max(found.each - item.wanted, 0) for item in opinions.values())
    if found.state == Panel.State.CLOSED:
        heading = f"{found.name}已办结"
    elif held > handed:
        heading = f"{found.name}还差 {held - handed + missing} 份意见"
    else:
        heading = f"{found.name}的意见已交齐" + (f"，还缺 {missing} 名专家" if missing else "")
    context = {
        "panel": found,
        "heading": heading,
        "call": found.call,
        "list": shown,
        "columns": _FILE_COLUMNS,
        "rows": [(item, excluded_of(found, item.application.pk, names)) for item in files],
        "pills": PILLS,
        "ready": ready,
        "missing": missing,
        "flagged": sum(item.flagged for item in opinions.values()),
        "avoided": avoided,
        "kpis": (
            Kpi("评审件", str(shown.total), "件"),
            Kpi(
                "已交意见",
                f"{handed}／{held}",
                "份",
            ),
            Kpi("意见交齐、可以办结", str(ready), "件"),
        ),
        "chairs": sorted(
            {
                item.expert_id: item.expert
                for item in everything.filter(conflict="").select_related("expert__user")
            }.values(),
            key=lambda item: item.pk,
        ),
        "due": due(found.deadline, current_calendar()) if found.deadline is not None else None,
        "limit": limit_of(found.call, "experts"),
        "step_clauses": step_clauses(found.call),
        "fields": "、".join(FIELDS[name] for name in found.drawing.get("fields", ()) if name in FIELDS),
        "pool": len(found.drawing.get("pool", ())),
        "replacements": len(found.drawing.get("replacements", ())),
        "reproducible": is_reproducible(found),
        "officer": officer,
        "crumbs": crumbs(found.call, Crumb(found.name)),
    }
    return render(request, "recognition/panel.html", context)


@require_POST
@for_roles(Role.CITY_OFFICER)
def chair(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Name the chair."""
    found = seen_panel(request, pk)
    wanted = request.POST.get("chair", "")
    among = Assignment.objects.visible_to(request.actor).filter(panel=found)
    among = among.select_related("expert__user").order_by("pk")
    expert = next((item.expert for item in among if str(item.expert_id) == wanted), None)
    if expert is None:
        messages.error(request, "请选择组长。")
        return redirect("recognition:panel", pk=pk)
    try:
        name_chair(actor=request.actor, panel=found, expert=expert)
        messages.success(request, f"组长：{expert.user}。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("recognition:panel", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def fill(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Draw again for files that have too few experts."""
    found = seen_panel(request, pk)
    asked = Confirmation(
        title=f"{found.name}补抽专家",
        verb="补抽专家",
        back=reverse("recognition:panel", args=[pk]),
        consequences=(
            "按原来的种子和规则，为专家不足的评审件补抽。",
            "先在原候选专家中抽，没有合适的，再从全市专家中抽。",
        ),
        serious=False,
        crumbs=crumbs(found.call, Crumb(found.name, reverse("recognition:panel", args=[pk])), Crumb("补抽")),
    )
    return asked.then(
        request, lambda: draw_missing(actor=request.actor, panel=found), "已补抽，专家已收到通知。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def replace(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Take a file from an expert who does not come to it."""
    rows = Assignment.objects.visible_to(request.actor).select_related("panel__call", "expert__user")
    assignment = get_object_or_404(rows, pk=pk)
    back = reverse("recognition:panel", args=[assignment.panel_id])
    limit = limit_of(assignment.panel.call, "experts")
    asked = Confirmation(
        title=f"更换{assignment.label}的专家 {assignment.expert.user}",
        verb="更换专家",
        back=back,
        text=f"本环节的规定：{limit['late']}",
        consequences=(
            "这位专家不再看得到这件评审，已填的内容留存备查，不计入结果。",
            "按同一规则补抽一名专家，抽取过程记入抽取记录。",
        ),
        reason="更换的理由",
        crumbs=crumbs(assignment.panel.call, Crumb(assignment.panel.name, back), Crumb("更换专家")),
    )
    return asked.then(
        request,
        lambda: replace_expert(actor=request.actor, assignment=assignment, reason=asked.given),
        "已更换。新抽取的专家和原专家都列在评审件里。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def close(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Move on the files whose opinions are all in."""
    found = seen_panel(request, pk)
    seen = applications_of(request.actor, found).filter(status=Status.EXPERTS)
    waiting = list(seen.values_list("pk", flat=True))
    avoided = avoided_in(request.actor, all_of(found).filter(status=Status.EXPERTS))
    opinions = opinions_of(waiting)
    ready = [item for item in opinions.values() if item.complete]
    short = sum(bool(item.missing) for item in ready)
    flagged = sum(bool(item.flagged) for item in ready)
    asked = Confirmation(
        title=f"办结{found.name}的评审",
        verb=f"办结 {len(ready)} 件",
        back=reverse("recognition:panel", args=[pk]),
        consequences=(
            f"意见交齐的 {len(ready)} 件转入研究决定，企业收到通知，但看不到专家和各人的意见。",
            *(
                (f"还有 {len(waiting) - len(ready)} 件没有交齐，留在本组。",)
                if len(waiting) > len(ready)
                else ()
            ),
            *((f"其中 {short} 件的意见少于规定的 {found.each} 份，须写明理由。",) if short else ()),
            *((f"其中 {flagged} 件有专家交意见后被查出应当回避，没有更换的须写明理由。",) if flagged else ()),
            *((f"另有 {avoided.number} 件您应当回避，由同事办结。",) if avoided.number else ()),
        ),
        reason="按现有意见办结的理由" if short or flagged else "",
        required=bool(short or flagged),
        serious=False,
        crumbs=crumbs(found.call, Crumb(found.name, reverse("recognition:panel", args=[pk])), Crumb("办结")),
    )
    return asked.then(
        request,
        lambda: conclude_panel(actor=request.actor, panel=found, reason=asked.given),
        "已办结，意见交齐的已转入研究决定。",
    )


@require_safe
@never_cache
@for_roles(*CITY_WIDE)
def opinions(request: ActorRequest, pk: int) -> HttpResponse:
    """What the experts say of one application: nothing before all are in."""
    rows = Application.objects.visible_to(request.actor).select_related(
        "call__organisation", "call__place", "enterprise", "district"
    )
    application = get_object_or_404(rows, pk=pk)
    call = application.call
    opinion = opinion_of(application)
    sheets = list(
        Assignment.objects.filter(application=application)
        .exclude(state__in=GONE)
        .select_related("expert__user", "expert__organisation", "panel")
        .order_by("pk")
    )
    of = sheets[0].panel if sheets else None
    context = {
        "application": application,
        "opinion": opinion,
        "sheets": sheets,
        "pills": PILLS,
        "names": [str(item.expert.user) for item in sheets],
        "rows": compared(sheet_of(call), pack_of(call), sheets, opinion) if opinion.complete else [],
        "panel": of,
        "crumbs": crumbs(
            call,
            *((Crumb(of.name, reverse("recognition:panel", args=[of.pk])),) if of is not None else ()),
            Crumb(application.enterprise.name),
        ),
    }
    return render(request, "recognition/opinions.html", context)


@require_GET
@never_cache
@for_roles(*CITY_WIDE)
def summary(request: ActorRequest, pk: int) -> HttpResponse:
    """The panel's summary as a PDF, on the record."""
    found = seen_panel(request, pk)
    seen = applications_of(request.actor, found).order_by("pk")
    files = files_of(found, seen.values_list("pk", flat=True))
    avoided = avoided_in(request.actor, all_of(found))
    pdf = summary_pdf(found, files, avoided.words)
    with transaction.atomic():
        record(
            actor=request.actor,
            action="recognition.panel.summarised",
            subject=found,
            detail={"files": len(files), "avoided": avoided.number},
        )
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"评审意见汇总 {found.call.batch_name}{found.name}.pdf"
    )
    return response
