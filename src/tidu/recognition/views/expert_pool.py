"""The city's experts as the officer keeps them, and what an expert declares; the chair's page of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tidu.accounts.models import Interest
from tidu.core.components import Choice, Column, Crumb
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.recognition.actions.assignments import chair_of, speak_for_panel
from tidu.recognition.actions.experts import Employer, declare_employer, keep_profile, shown_interests
from tidu.recognition.models import Assignment
from tidu.recognition.process.rules import pack_of
from tidu.recognition.queries.conflicts import declared_codes
from tidu.recognition.queries.experts import (
    FIELDS,
    described,
    experts_seen,
    fields_of,
    own_membership,
    profile_of,
    with_field,
)
from tidu.recognition.queries.opinions import GONE, opinion_of
from tidu.recognition.queries.sheets import is_open, sheet_of
from tidu.recognition.sheet_page import compared
from tidu.recognition.views.assignments import crumbs as expert_crumbs
from tidu.recognition.views.assignments import own_file, title_of

_COLUMNS: Final = (
    Column("专家"),
    Column("所在机构"),
    Column("专业领域"),
    Column("工作单位"),
    Column("利害关系", number=True),
    Column("在评", number=True),
    Column("已评", number=True),
)
_EMPLOYER: Final = ("employer", "employer_uscc", "group")


@require_safe
@never_cache
@for_roles(Role.CITY_OFFICER, Role.AUDITOR)
def experts(request: ActorRequest) -> HttpResponse:
    """The pool of the city."""
    choices = tuple(Choice(name, label) for name, label in FIELDS.items())
    filters = (Filter("field", "专业领域", choices=choices), Filter("q", "姓名", "text"))
    on = chosen(request.GET, filters)
    rows = experts_seen(request.actor)
    if "q" in on:
        rows = rows.filter(user__name__icontains=on["q"])
    found = with_field(rows, [on["field"]] if "field" in on else [])
    context = {
        "rows": described(found),
        "columns": _COLUMNS,
        "choices": choices,
        "on": on,
        "keeps": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("评审专家")),
    }
    return render(request, "recognition/experts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def expert(request: ActorRequest, pk: int) -> HttpResponseBase:
    """What the city knows of an expert."""
    membership = get_object_or_404(experts_seen(request.actor), pk=pk)
    profile = profile_of(membership)
    given: dict[str, Any] = {
        "employer": "" if profile is None else profile.employer,
        "employer_uscc": "" if profile is None else profile.employer_uscc,
        "group": "" if profile is None else profile.group,
        "interests": "" if profile is None else shown_interests(profile.conflicts),
        "fields": list(fields_of(membership)),
    }
    error = field = ""
    if request.method == "POST":
        given = {
            **_typed(request),
            "interests": request.POST.get("interests", ""),
            "fields": request.POST.getlist("fields"),
        }
        try:
            left = keep_profile(
                actor=request.actor,
                membership=membership,
                fields=given["fields"],
                employer=_employer(given),
                interests=given["interests"],
            )
        except Refused as refused:
            error, field = refused.message, refused.field
        else:
            more = f"新登记的关系使 {left} 件评审回避并补抽。" if left else ""
            messages.success(request, f"已保存{membership.user}的专家信息。{more}")
            return redirect("recognition:experts")
    context = {
        "membership": membership,
        "profile": profile,
        "declared": len(declared_codes([membership]).get(membership.user_id, ())),
        "given": given,
        "error": error,
        "error_field": field,
        "fields": tuple(FIELDS.items()),
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("评审专家", reverse("recognition:experts")),
            Crumb(str(membership.user)),
        ),
    }
    return render(request, "recognition/expert.html", context, status=http_status(error))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.EXPERT)
def own_interests(request: ActorRequest) -> HttpResponseBase:
    """Where an expert says they work, and the interests that they have declared, whatever the city knows."""
    membership = own_membership(request.actor)
    if membership is None:
        raise Http404("利害关系由本人申报。")
    profile = profile_of(membership)
    given = {
        "employer": "" if profile is None else profile.own_employer,
        "employer_uscc": "" if profile is None else profile.own_employer_uscc,
        "group": "" if profile is None else profile.own_group,
    }
    error = field = ""
    if request.method == "POST":
        given = _typed(request)
        try:
            left = declare_employer(actor=request.actor, employer=_employer(given))
        except Refused as refused:
            error, field = refused.message, refused.field
        else:
            more = f"有 {left} 件评审因此回避，已从您的任务里移除。" if left else ""
            messages.success(request, f"已保存您的工作单位。{more}")
            return redirect("recognition:own-interests")
    context = {
        "profile": profile,
        "interests": Interest.objects.current().filter(person=membership.user_id),
        "given": given,
        "error": error,
        "error_field": field,
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("利害关系申报")),
    }
    return render(request, "recognition/own_interests.html", context, status=http_status(error))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.EXPERT)
def panel_opinion(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The chair sees the spread once every sheet of the file is in, and speaks for the panel."""
    found = own_file(request, pk)
    if chair_of(found.panel, found.application_id) != found.pk or found.declared_at is None:
        raise Http404("这件评审的专家组意见由组长填写。")
    opinion = opinion_of(found.application)
    error = field = ""
    given = {
        "positive": {None: "", True: "yes", False: "no"}[opinion.panel_positive],
        "opinion": opinion.panel_opinion,
    }
    if request.method == "POST":
        given = {"positive": request.POST.get("positive", ""), "opinion": request.POST.get("opinion", "")}
        try:
            speak_for_panel(
                actor=request.actor,
                assignment=found,
                positive={"yes": True, "no": False}.get(given["positive"]),
                opinion=given["opinion"],
            )
        except Refused as refused:
            error, field = refused.message, refused.field
        else:
            messages.success(request, "已保存专家组意见。")
            return redirect("recognition:assignment-panel", pk=pk)
    call = found.panel.call
    sheets = list(
        Assignment.objects.filter(application=found.application_id).exclude(state__in=GONE).order_by("pk")
    )
    context = {
        "assignment": found,
        "title": title_of(found),
        "opinion": opinion,
        "sheets": sheets,
        "names": [
            f"专家 {number}{'（本人）' if item.pk == found.pk else ''}"
            for number, item in enumerate(sheets, 1)
        ],
        "rows": compared(sheet_of(call), pack_of(call), sheets, opinion) if opinion.complete else [],
        "writes": is_open(found) and opinion.complete,
        "given": given,
        "error": error,
        "error_field": field,
        "crumbs": expert_crumbs(
            Crumb(found.label, reverse("recognition:assignment", args=[pk])), Crumb("专家组意见")
        ),
    }
    return render(request, "recognition/assignment_panel.html", context, status=http_status(error))


def _typed(request: ActorRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in _EMPLOYER}


def _employer(given: Mapping[str, Any]) -> Employer:
    return Employer(*(given[name] for name in _EMPLOYER))
