"""Questions to departments: the lists on both sides, sending one, and looking at the answers."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.accounts.models import Organisation
from tidu.core.audit.exports import record_export
from tidu.core.calendar import current_calendar, due
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import Role
from tidu.registry.actions.confirmations import (
    close_confirmation,
    send_confirmation,
    withdraw_confirmation,
)
from tidu.registry.confirmation_pages import PILLS, context_of
from tidu.registry.confirmation_selection import forget, selected
from tidu.registry.confirmation_workbook import workbook_of
from tidu.registry.models import ConfirmationList, Enterprise
from tidu.registry.queries.confirmations import departments_for, items_of, lists_for, questions_for

READERS: Final = (Role.CITY_OFFICER, Role.DEPARTMENT_OFFICER, Role.AUDITOR)
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS: Final = (
    Column("名单"),
    Column("部门"),
    Column("企业", number=True),
    Column("已答复", number=True),
    Column("期限", sort="due"),
    Column("状态"),
    Column("发送", sort="sent"),
)
_SHOWN_NAMES: Final = 5
_USUAL_DAYS: Final = "10"


def seen(request: ActorRequest, pk: int) -> ConfirmationList:
    """A list that the actor may see, or 404."""
    rows = ConfirmationList.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("department", "asked_by_organisation", "deadline"), pk=pk)


@require_safe
@for_roles(*READERS)
def lists(request: ActorRequest) -> HttpResponse:
    """The lists that one's bureau sent, or that one's department was sent."""
    filters = (
        Filter(
            "state",
            "状态",
            choices=tuple(
                Choice(state.value, state.label)
                for state in ConfirmationList.State
                if state != ConfirmationList.State.DRAFT
            ),
        ),
        Filter("q", "名称", "text"),
    )
    on = chosen(request.GET, filters)
    rows = lists_for(request.actor)
    if "state" in on:
        rows = rows.filter(state=on["state"])
    if "q" in on:
        rows = rows.filter(title__icontains=on["q"])
    found = listing(
        request,
        rows,
        filters=filters,
        sorts={"sent": ("sent_at",), "due": ("deadline__due_on",)},
        default="-sent",
    )
    calendar = current_calendar()
    context = {
        "list": found,
        "columns": _COLUMNS,
        "rows": [
            (
                batch,
                PILLS[ConfirmationList.State(batch.state)],
                due(batch.deadline, calendar=calendar)
                if batch.deadline is not None and batch.state == ConfirmationList.State.SENT
                else None,
            )
            for batch in found.page
        ],
        "asks": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("部门确认")),
    }
    return render(request, "registry/confirmations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def new(request: ActorRequest) -> HttpResponse:
    """Say what is to be confirmed of the selected enterprises, by whom and by when."""
    key = request.GET.get("selection", "")[:16]
    keys = selected(request, key)
    enterprises = Enterprise.objects.visible_to(request.actor).filter(pk__in=keys)
    if not keys or not enterprises.exists():
        messages.warning(request, "请先在企业库里勾选企业，再点“送部门确认”。")
        return redirect("registry:enterprises")
    if request.method == "POST":
        return _send(request, key, keys)
    return _new_page(request, key, keys)


def _send(request: ActorRequest, key: str, keys: list[int]) -> HttpResponse:
    posted = request.POST
    department = posted.get("department", "")
    try:
        batch = send_confirmation(
            actor=request.actor,
            department=_department(request, department),
            enterprises=keys,
            questions=posted.getlist(f"questions-{department}"),
            title=posted.get("title", ""),
            working_days=_days(posted.get("working_days", "")),
        )
    except Refused as refused:
        return _new_page(request, key, keys, refused)
    forget(request, key)
    messages.success(request, f"已送{batch.department}确认，并已通知对方。")
    return redirect("registry:confirmation", pk=batch.pk)


def _department(request: ActorRequest, text: str) -> Organisation:
    found = next((item for item in departments_for(request.actor) if str(item.pk) == text), None)
    if found is None:
        raise Refused("请选择确认的部门。", field="department")
    return found


def _days(text: str) -> int:
    days = whole_number(text.strip(), digits=3)
    if days is None:
        raise Refused("期限填工作日的天数，例如 10。", field="working_days")
    return days


def _new_page(
    request: ActorRequest, key: str, keys: list[int], refused: Refused | None = None
) -> HttpResponse:
    enterprises = Enterprise.objects.visible_to(request.actor).filter(pk__in=keys)
    by_place = enterprises.values_list("district__name").annotate(number=Count("pk")).order_by("-number")
    posted = request.POST if refused else {}
    departments = [
        (
            department,
            [
                (item, refused is not None and item.id in request.POST.getlist(f"questions-{department.pk}"))
                for item in questions_for(department)
            ],
        )
        for department in departments_for(request.actor)
    ]
    context = {
        "selection": key,
        "total": enterprises.count(),
        "names": list(enterprises.order_by("name").values_list("name", flat=True)[:_SHOWN_NAMES]),
        "places": [(name or "未定到旗县区", number) for name, number in by_place],
        "departments": departments,
        "refused": refused,
        "given": {
            "department": posted.get("department", ""),
            "title": posted.get("title", ""),
            "working_days": posted.get("working_days", _USUAL_DAYS),
        },
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("部门确认", reverse("registry:confirmations")),
            Crumb("送部门确认"),
        ),
    }
    return render(request, "registry/confirmation_new.html", context, status=http_status(refused))


@require_safe
@for_roles(*READERS)
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """One list: to be answered by the department, to be read by the city."""
    return render(request, "registry/confirmation.html", context_of(request, seen(request, pk)))


@require_safe
@for_roles(*READERS)
def workbook(request: ActorRequest, pk: int) -> HttpResponse:
    """The list as a workbook: to fill in, or with the answers there are."""
    batch = seen(request, pk)
    drafts = request.actor.has(Role.DEPARTMENT_OFFICER)
    content = workbook_of(batch, items_of(batch), drafts=drafts)
    record_export(
        actor=request.actor,
        enterprises=batch.items.order_by().values_list("enterprise_id", flat=True),
        subject=batch,
        detail={"format": "xlsx", "what": "答复表"},
    )
    response = HttpResponse(content, content_type=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="confirmation-{batch.pk}.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a list back, with the reason."""
    batch = seen(request, pk)
    page = reverse("registry:confirmation", args=[batch.pk])
    asked = Confirmation(
        title=f"撤回{quoted(batch.title)}",
        verb="撤回名单",
        back=page,
        text=f"撤回后{batch.department}看不到这份名单，待办随之取消。",
        reason="理由",
    )
    if request.method == "POST" and asked.read(request.POST):
        try:
            withdraw_confirmation(actor=request.actor, batch=batch, reason=asked.given)
            messages.success(request, "名单已撤回，并已通知对方。")
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(page)
    return asked.answer(request)


@require_POST
@for_roles(Role.CITY_OFFICER)
def close(request: ActorRequest, pk: int) -> HttpResponse:
    """Put an answered list away."""
    batch = seen(request, pk)
    try:
        close_confirmation(actor=request.actor, batch=batch)
        messages.success(request, "名单已办结。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("registry:confirmation", pk=batch.pk)
