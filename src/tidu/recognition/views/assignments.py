"""The expert's files: the list, the declaration before a file opens, stepping back."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tidu.core.actor import SYSTEM
from tidu.core.calendar import current_calendar, due
from tidu.core.citations import clauses
from tidu.core.components import Choice, Clause, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.recognition.actions.assignments import answered, avoid, declare_no_conflict
from tidu.recognition.actions.conflicts import end_conflicts
from tidu.recognition.models import Assignment, Call, Status
from tidu.recognition.process.rules import pack_of, route_of_call
from tidu.recognition.queries.assignments import own_assignment, own_assignments
from tidu.recognition.queries.experts import own_membership, profile_of
from tidu.recognition.queries.sheets import sheet_of

CRUMB: Final = "评审任务"
PILLS: Final = {
    Assignment.State.ASSIGNED: "needs_review",
    Assignment.State.OPEN: "run",
    Assignment.State.SUBMITTED: "met",
    Assignment.State.AVOIDED: "expired",
    Assignment.State.REPLACED: "expired",
}
_COLUMNS: Final = (
    Column("评审件", sort="number"),
    Column("通知"),
    Column("已填", number=True),
    Column("截止", sort="due"),
    Column("状态"),
)
_STATES: Final = (Assignment.State.ASSIGNED, Assignment.State.OPEN, Assignment.State.SUBMITTED)


def crumbs(*more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of the expert's desk."""
    return (
        Crumb("工作台", reverse("desk:home")),
        Crumb(CRUMB, reverse("recognition:assignments") if more else ""),
        *more,
    )


def title_of(assignment: Assignment) -> str:
    """What a file is called before its expert: by name once they have declared, in a blind panel never."""
    if assignment.declared_at is None or assignment.panel.blind:
        return assignment.label
    return assignment.application.enterprise.name


def own_file(request: ActorRequest, pk: int) -> Assignment:
    """The expert's own file, or 404. What is found in conflict at its door is taken out of their hands at once."""
    try:
        return own_assignment(request.actor, pk)
    except Http404:
        mine = Assignment.objects.filter(pk=pk, expert__user=request.actor.user_number)
        end_conflicts(actor=SYSTEM, rows=mine)
        raise


def step_clauses(call: Call) -> tuple[Clause, ...]:
    """The clause that the experts' review rests on."""
    route = route_of_call(call)
    cited = [route.stop("experts").step.cite] if "experts" in route.stages else []
    return clauses(pack_of(call), cited)


@require_safe
@never_cache
@for_roles(Role.EXPERT)
def assignments(request: ActorRequest) -> HttpResponse:
    """The expert's own files."""
    filters = (
        Filter("state", "状态", choices=tuple(Choice(item.value, str(item.label)) for item in _STATES)),
    )
    on = chosen(request.GET, filters)
    rows = own_assignments(request.actor).filter(
        Q(application__status=Status.EXPERTS) | Q(state=Assignment.State.SUBMITTED)
    )
    if "state" in on:
        rows = rows.filter(state=on["state"])
    found = listing(
        request,
        rows,
        filters=filters,
        sorts={"number": ("pk",), "due": ("panel__deadline__due_on",)},
        default="due",
    )
    calendar = current_calendar()
    sheets = {item.panel.call_id: sheet_of(item.panel.call) for item in found.page}
    membership = own_membership(request.actor)
    profile = None if membership is None else profile_of(membership)
    context = {
        "list": found,
        "columns": _COLUMNS,
        "rows": [
            (
                item,
                title_of(item),
                PILLS[Assignment.State(item.state)],
                answered(item, sheets[item.panel.call_id]),
                sheets[item.panel.call_id].total,
                due(item.panel.deadline, calendar)
                if item.panel.deadline is not None and item.state != Assignment.State.SUBMITTED
                else None,
            )
            for item in found.page
        ],
        "declared": profile is not None and profile.own_declared_at is not None,
        "crumbs": crumbs(),
    }
    return render(request, "recognition/assignments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.EXPERT)
def declare(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Before the file opens: no conflict, or step back. A post declares that there is none."""
    assignment = own_file(request, pk)
    error = ""
    if request.method == "POST":
        try:
            declare_no_conflict(actor=request.actor, assignment=assignment)
        except Refused as refused:
            error = refused.message
        else:
            return redirect("recognition:assignment", pk=pk)
    elif assignment.declared_at is not None or assignment.application.status != Status.EXPERTS:
        return redirect("recognition:assignment", pk=pk)
    deadline = assignment.panel.deadline
    context = {
        "assignment": assignment,
        "named": not assignment.panel.blind,
        "due": None if deadline is None else due(deadline, current_calendar()),
        "error": error,
        "step_clauses": step_clauses(assignment.panel.call),
        "crumbs": crumbs(Crumb(assignment.label)),
    }
    return render(request, "recognition/assignment_declare.html", context, status=409 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.EXPERT)
def step_back(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Avoid a file, with the reason."""
    assignment = own_file(request, pk)
    if assignment.state == Assignment.State.SUBMITTED or assignment.application.status != Status.EXPERTS:
        messages.info(request, "这件评审已经提交或办结，不能再回避。需要更正的，请联系组织单位。")
        return redirect("recognition:assignment", pk=pk)
    asked = Confirmation(
        title=f"回避{title_of(assignment)}",
        verb="确认回避",
        back=reverse("recognition:assignments"),
        consequences=(
            "这件评审从您的任务里移除，已填的内容不计入结果，您不能再打开它。",
            "系统按同一规则补抽其他专家。",
            "您的理由只有组织单位和审计人员看得到，企业看不到。",
        ),
        reason="回避的理由",
        hint="例如任职、持股、亲属、师生、合作或者竞争关系。",
        crumbs=crumbs(Crumb(assignment.label), Crumb("回避")),
    )
    return asked.then(
        request,
        lambda: avoid(actor=request.actor, assignment=assignment, reason=asked.given),
        f"已回避{assignment.label}。",
    )
