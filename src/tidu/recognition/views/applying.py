"""The enterprise's applications: the list with the calls it may answer, starting one, and the form."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tidu.core.calendar import current_calendar, due
from tidu.core.citations import clauses
from tidu.core.components import Column, Crumb
from tidu.core.gates import for_roles
from tidu.core.listing import listing
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.recognition.actions.applying import start_application
from tidu.recognition.actions.filling import be_present, save_part, why_closed
from tidu.recognition.applying.filled import filled
from tidu.recognition.applying.page import ShownPart, beside, conclusions, part_of, stops_of
from tidu.recognition.applying.questions import Part, questions_of
from tidu.recognition.applying.readiness import readiness_of
from tidu.recognition.models import FINAL, GIVEN_UP, Application, Call, Status
from tidu.recognition.process.rules import route_of_call
from tidu.recognition.queries.admission import applicant_of, why_not
from tidu.recognition.queries.applications import (
    OpenCall,
    applications_of,
    calls_for,
    enterprise_of,
    others_here,
    own_form,
)
from tidu.recognition.queries.corrections import returned_for
from tidu.registry.own.saving import Saved, Typed
from tidu.registry.views.own import OWNERS

_PER_PAGE = 20
_MOST_CALLS = 20
_COLUMNS = (Column("申报"), Column("受理号"), Column("首次提交"), Column("状态"), Column("期限"))


def crumbs(application: Application, *more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of one application."""
    home = reverse("recognition:applications")
    here = reverse("recognition:application", args=[application.pk]) if more else ""
    return (Crumb("申报", home), Crumb(application.number or application.call.title, here), *more)


@require_GET
@never_cache
@for_roles(*OWNERS)
def index(request: ActorRequest) -> HttpResponse:
    """What the enterprise has applied for, and what it may apply for now."""
    enterprise = enterprise_of(request.actor)
    rows = applications_of(request.actor)
    shown = listing(request, rows, sorts={"started": ("-pk",)}, default="started", per_page=_PER_PAGE)
    calls: list[OpenCall] = []
    if enterprise is not None:
        applicant = applicant_of(enterprise)
        found = list(calls_for(applicant)[:_MOST_CALLS])
        mine = {
            application.call_id: application
            for application in rows.filter(call__in=found).exclude(status__in=GIVEN_UP)
        }
        calls = [OpenCall(call, why_not(applicant, call), mine.get(call.pk)) for call in found]
    calendar = current_calendar()
    context = {
        "enterprise": enterprise,
        "calls": calls,
        "list": shown,
        "columns": _COLUMNS,
        "rows": [
            (application, _left(application, calendar), Status(application.status) in FINAL)
            for application in shown.page
        ],
    }
    return render(request, "recognition/applications.html", context)


def _left(application: Application, calendar: Any) -> Any:  # noqa: ANN401 - a Due or nothing
    deadline = application.correction or application.deadline
    return None if deadline is None or application.status in FINAL else due(deadline, calendar)


@require_POST
@for_roles(*OWNERS)
def start(request: ActorRequest, pk: int) -> HttpResponse:
    """Start an application to a call, or go on with the one that stands."""
    call = get_object_or_404(Call.objects.visible_to(request.actor), pk=pk)
    try:
        application = start_application(actor=request.actor, call=call)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("recognition:applications")
    if application.status in {Status.DRAFT, Status.RETURNED}:
        return redirect("recognition:application", pk=application.pk)
    return redirect("recognition:progress", pk=application.pk)


@require_GET
@never_cache
@for_roles(*OWNERS)
def overview(request: ActorRequest, pk: int) -> HttpResponseBase:
    """How far an application has come and what it lacks. One that was handed in is shown by its progress."""
    application = own_form(request.actor, pk)
    if application.status not in {Status.DRAFT, Status.RETURNED}:
        return redirect("recognition:progress", pk=pk)
    now = filled(application)
    done, total = now.done
    stops = stops_of(now)
    context = {
        "application": application,
        "filled": now,
        "assessment": now.assessment,
        "stops": stops,
        "next": next((stop for stop in stops if stop.done < stop.total or stop.faults), None),
        "done": done,
        "total": total,
        "readiness": readiness_of(now),
        "closed": why_closed(application),
        "returned": returned_for(application),
        "changes": list(application.call.changes.filter(made_at__gte=application.started_at)),
        "others": others_here(application, request.actor),
        "left": _left(application, current_calendar()),
        "clauses": clauses(now.questions.pack, [route_of_call(application.call).stop("apply").step.cite]),
        "crumbs": crumbs(application),
    }
    return render(request, "recognition/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
def section(request: ActorRequest, pk: int, part: str) -> HttpResponseBase:
    """One part of the form. A post saves what was changed; scripts get JSON, everybody else the page again."""
    application = own_form(request.actor, pk)
    described = _part(application, part)
    if request.method == "POST":
        return _save(request, application, described)
    now = filled(application)
    shown = part_of(now, described)
    stops = stops_of(now)
    position = next(number for number, stop in enumerate(stops) if stop.id == part)
    closed = why_closed(application)
    context = {
        "application": application,
        "form": shown,
        "filled": now,
        "assessment": now.assessment,
        "stops": stops,
        "following": stops[position + 1] if position + 1 < len(stops) else None,
        "shown": json.dumps(shown.shown(), ensure_ascii=False),
        "faults": shown.faults(),
        "rows": conclusions(now, described),
        "closed": closed,
        "returned": returned_for(application),
        "others": others_here(application, request.actor),
        "crumbs": crumbs(application, Crumb(described.label)),
    }
    return render(request, "recognition/application_section.html", context)


def _part(application: Application, name: str) -> Part:
    found = questions_of(application.call).part(name)
    if found is None:
        raise Http404("没有这一节。")
    return found


def _save(request: ActorRequest, application: Application, part: Part) -> HttpResponseBase:
    scripted = request.headers.get("X-Requested-With") == "autosave"
    typed = Typed.of({name: str(text) for name, text in request.POST.items()})
    try:
        saved = save_part(actor=request.actor, application=application, part=part, typed=typed)
    except Refused as refused:
        if scripted:
            return JsonResponse({"message": refused.message}, status=HTTPStatus.CONFLICT)
        messages.error(request, refused.message)
        return redirect("recognition:application-section", pk=application.pk, part=part.id)
    if scripted:
        return _answer(request, application, part, saved)
    at = f"{saved.at:%H:%M:%S}"
    if saved.held_back:
        messages.warning(request, f"{at} 已保存，另有 {len(saved.held_back)} 处需要改，见下。")
    else:
        messages.success(request, f"已保存 {at}")
    return redirect("recognition:application-section", pk=application.pk, part=part.id)


def _answer(request: ActorRequest, application: Application, part: Part, saved: Saved) -> JsonResponse:
    """What the page has to show now: time, progress, what stands in the controls, and words below the fields."""
    after = part_of(filled(application), part)
    return JsonResponse(
        {
            "saved_at": f"{saved.at:%H:%M:%S}",
            "done": after.done,
            "total": after.total,
            "errors": after.errors(),
            "shown": after.shown(),
            "said": _said(request, after),
        }
    )


def _said(request: ActorRequest, after: ShownPart) -> dict[str, str]:
    """The words below every control, also where there are none now: another page may still show some."""
    words: dict[str, str] = {}
    for item in after.fields:
        question = item.field.question
        words[item.name] = (
            render_to_string("registry/_own_said.html", {"question": question}, request)
            if question.says
            else ""
        )
    for statement in after.statements:
        words[statement.control] = render_to_string(
            "recognition/_application_statement_said.html", {"item": statement}, request
        )
    return words


@require_GET
@never_cache
@for_roles(*OWNERS)
def live(request: ActorRequest, pk: int, part: str) -> HttpResponse:
    """The conclusions as the figures stand now, beside each field of a part: asked for after each save."""
    application = own_form(request.actor, pk)
    described = _part(application, part)
    now = filled(application)
    context = {
        "beside": beside(now, described).items(),
        "rows": conclusions(now, described),
        "assessment": now.assessment,
        "stops": stops_of(now),
        "part": part,
    }
    return render(request, "recognition/_application_live_all.html", context)


@require_POST
@never_cache
@for_roles(*OWNERS)
def presence(request: ActorRequest, pk: int) -> HttpResponse:
    """Who else has the application open; the asking says that one is here oneself."""
    application = get_object_or_404(Application.objects.visible_to(request.actor), pk=pk)
    part = request.POST.get("part", "")[:64]
    be_present(actor=request.actor, application=application, part=part)
    others = others_here(application, request.actor)
    return render(request, "recognition/_application_others.html", {"others": others, "part": part})
