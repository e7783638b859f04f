"""Objections on the officers' side: the list with its deadlines, one objection, and what is done about it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.accounts.models import Membership
from tidu.core.calendar import current_calendar, due
from tidu.core.citations import clauses
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.personal.fields import masked
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import CITY_WIDE, Role
from tidu.recognition.actions.objections import (
    assign_objection,
    decide_objection,
    propose_finding,
    return_finding,
)
from tidu.recognition.models import Objection
from tidu.recognition.process.rules import limit_of, pack_of
from tidu.recognition.queries.conditions import conditions_of
from tidu.recognition.queries.objections import investigators, objections_of

_OPEN: Final = "open"
_STATES: Final = (
    Choice(_OPEN, "未办结"),
    *(Choice(state.value, state.label) for state in Objection.State),
)
_COLUMNS: Final = (
    Column("企业"),
    Column("公示"),
    Column("反映方式"),
    Column("收到时间", sort="received"),
    Column("承办人"),
    Column("期限", sort="due"),
    Column("状态"),
)
PILLS: Final = {
    Objection.State.RECEIVED: "soon",
    Objection.State.ASSIGNED: "run",
    Objection.State.PROPOSED: "needs_review",
    Objection.State.UPHELD: "not_met",
    Objection.State.DISMISSED: "met",
}
_OPEN_STATES: Final = (Objection.State.RECEIVED, Objection.State.ASSIGNED, Objection.State.PROPOSED)


@require_safe
@for_roles(*CITY_WIDE)
def objections(request: ActorRequest) -> HttpResponse:
    """The objections to the bureau's notices, those that are due first."""
    filters = (Filter("state", "状态", choices=_STATES), Filter("q", "企业名称", "text"))
    on = chosen(request.GET, filters)
    rows = objections_of(request.actor)
    if on.get("state") == _OPEN:
        rows = rows.filter(state__in=_OPEN_STATES)
    elif on.get("state"):
        rows = rows.filter(state=on["state"])
    if on.get("q"):
        rows = rows.filter(item__name__icontains=on["q"])
    shown = listing(
        request,
        rows,
        filters=filters,
        sorts={
            "received": ("received_at",),
            "due": (F("deadline__closed_at").asc(nulls_first=True), F("deadline__due_on").asc()),
        },
        default="due",
    )
    calendar = current_calendar()
    context = {
        "list": shown,
        "columns": _COLUMNS,
        "rows": [
            (
                found,
                PILLS[Objection.State(found.state)],
                due(found.deadline, calendar) if found.deadline and found.state in _OPEN_STATES else None,
            )
            for found in shown.page
        ],
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("公示异议")),
    }
    return render(request, "recognition/objections.html", context)


@require_safe
@for_roles(*CITY_WIDE)
def objection(request: ActorRequest, pk: int) -> HttpResponse:
    """One objection: what is said, who looks into it, what was found."""
    return _page(request, objection_seen(request, pk))


def objection_seen(request: ActorRequest, pk: int) -> Objection:
    """The objection, where the actor may see it. Raises Http404."""
    return get_object_or_404(
        objections_of(request.actor).select_related("item__application__enterprise", "item__notice__call"),
        pk=pk,
    )


def _page(request: ActorRequest, found: Objection, refused: Refused | None = None) -> HttpResponse:
    call, officer = found.item.notice.call, request.actor.has(Role.CITY_OFFICER)
    state = Objection.State(found.state)
    mine = found.assigned_to is not None and found.assigned_to.user_id == request.actor.user_id
    pack = pack_of(call)
    posted = request.POST if refused else {}
    context = {
        "objection": found,
        "call": call,
        "pill": PILLS[state],
        "due": due(found.deadline, current_calendar()) if found.deadline else None,
        "name": masked(request, found, "sender_name"),
        "phone": masked(request, found, "sender_phone"),
        "files": found.files.select_related("file"),
        "may_assign": officer and state in {Objection.State.RECEIVED, Objection.State.ASSIGNED},
        "colleagues": investigators(request.actor) if officer else (),
        "may_propose": officer and state == Objection.State.ASSIGNED and mine,
        "may_decide": officer
        and state == Objection.State.PROPOSED
        and found.proposed_by_id != request.actor.user_id,
        "own_finding": officer
        and state == Objection.State.PROPOSED
        and found.proposed_by_id == request.actor.user_id,
        "conditions": conditions_of(call),
        "cited": clauses(pack, (found.cite,)),
        "notice_cited": clauses(pack, (found.item.notice.cite,)),
        "limit": limit_of(call, "objection"),
        "limit_cited": clauses(pack, (limit_of(call, "objection")["cite"],)),
        "refused": refused,
        "given": {
            "upholds": posted.get(
                "upholds", "" if found.upholds is None else "yes" if found.upholds else "no"
            ),
            "finding": posted.get("finding", found.finding),
            "reply": posted.get("reply", found.reply),
            "cite": posted.get("cite", found.cite),
            "colleague": posted.get("colleague", str(found.assigned_to_id or "")),
        },
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("公示异议", reverse("recognition:objections")),
            Crumb(found.item.name),
        ),
    }
    return render(request, "recognition/objection.html", context, status=http_status(refused))


@require_POST
@for_roles(Role.CITY_OFFICER)
def assign(request: ActorRequest, pk: int) -> HttpResponse:
    """Give it to a colleague, or take it oneself."""
    found = objection_seen(request, pk)
    try:
        colleague = _chosen(request)
        assign_objection(actor=request.actor, objection=found, colleague=colleague)
    except Refused as refused:
        return _page(request, objection_seen(request, pk), refused)
    messages.success(request, f"已分派给{colleague.user.name}核查。")
    return redirect("recognition:objection", pk=pk)


def _chosen(request: ActorRequest) -> Membership:
    wanted = request.POST.get("colleague", "")
    found = next((item for item in investigators(request.actor) if str(item.pk) == wanted), None)
    if found is None:
        raise Refused("请选择承办人。", field="colleague")
    return found


@require_POST
@for_roles(Role.CITY_OFFICER)
def propose(request: ActorRequest, pk: int) -> HttpResponse:
    """Enter what was found out and propose a decision."""
    found, posted = objection_seen(request, pk), request.POST
    upholds = {"yes": True, "no": False}.get(posted.get("upholds", ""))
    try:
        propose_finding(
            actor=request.actor,
            objection=found,
            upholds=upholds,
            finding=posted.get("finding", ""),
            reply=posted.get("reply", ""),
            cite=posted.get("cite", "") if upholds else "",
        )
    except Refused as refused:
        return _page(request, objection_seen(request, pk), refused)
    messages.success(request, "处理意见已提交，请另一位同事确认。")
    return redirect("recognition:objection", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def send_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask for more before the finding is confirmed."""
    found = objection_seen(request, pk)
    asked = Confirmation(
        title=f"退回“{found.item.name}”异议的处理意见",
        verb="退回处理意见",
        back=reverse("recognition:objection", args=[pk]),
        reason="还要核实什么",
        hint="承办人看得到。",
        serious=False,
        crumbs=_steps(found, "退回处理意见"),
    )
    return asked.then(
        request,
        lambda: return_finding(actor=request.actor, objection=found, reason=asked.given),
        "已退回承办人补充核查。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """Confirm a colleague's finding; upheld ones tell the enterprise why, and never who objected."""
    found = objection_seen(request, pk)
    if found.state == Objection.State.RECEIVED:
        raise Http404
    upheld = bool(found.upholds)
    asked = Confirmation(
        title=f"确认“{found.item.name}”的异议{'成立' if upheld else '不成立'}",
        verb="确认异议成立" if upheld else "确认异议不成立",
        back=reverse("recognition:objection", args=[pk]),
        text=f"核查情况：{found.finding}",
        consequences=(
            ("这家企业本次不予认定，并收到理由和条款。", "其他企业不受影响。")
            if upheld
            else ("公示期满、没有其他未办结异议后，这家企业可以认定。",)
        )
        + ("反映人凭回执码可以看到答复。",),
        reason="告知企业的理由" if upheld else "",
        hint="企业会读到。只写事实和不符合的条件，不写谁反映的、怎样反映的。",
        serious=upheld,
        crumbs=_steps(found, "确认处理意见"),
        seen=(found.upholds, found.finding, found.reply, found.cite),
    )
    return asked.then(
        request,
        lambda: decide_objection(actor=request.actor, objection=found, reason=asked.given),
        f"已确认：异议{'成立' if upheld else '不成立'}。",
    )


def _steps(found: Objection, last: str) -> tuple[Crumb, ...]:
    return (
        Crumb("公示异议", reverse("recognition:objections")),
        Crumb(found.item.name, reverse("recognition:objection", args=[found.pk])),
        Crumb(last),
    )
