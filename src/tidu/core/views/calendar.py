"""The calendar, for the system administrator: published years, and bringing in the next one."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.core.calendar.arrangements import Arrangement, read_one, write_arrangement
from tidu.core.calendar.published import calendar_with, import_year, present_arrangement
from tidu.core.calendar.recounting import Recount, would_move
from tidu.core.components import Column, Crumb
from tidu.core.gates import for_roles
from tidu.core.models import CalendarDay, CalendarYear, Deadline
from tidu.core.reach import reaches_everybody
from tidu.core.refusals import http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.core.views.reference_files import (
    LIMIT,
    MOST_BYTES,
    PROBLEM_COLUMNS,
    bring_in,
    forget,
    keep,
    refused,
    sent_file,
)
from tidu.policy.errors import InputError, Problem

_KEY = "calendar-import"
_MOST_SHOWN = 100
_YEARS = (
    Column("年份"),
    Column("依据"),
    Column("法定节假日", number=True),
    Column("放假", number=True),
    Column("调休上班", number=True),
    Column("导入时间"),
)
_DAYS = (Column("日期"), Column("性质"), Column("节日"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.SYSTEM_ADMINISTRATOR)
def calendar(request: ActorRequest) -> HttpResponse:
    """The published years; with a file, what it would change."""
    problems: tuple[Problem, ...] = ()
    found: Arrangement | None = None
    recount: Recount | None = None
    may_change = reaches_everybody(request.actor)
    if request.method == "POST":
        if not may_change:
            return refused(request, "core:calendar")
        forget(request, _KEY)
        try:
            content, name = sent_file(request)
            found = read_one(content, name)
            recount = would_move(calendar_with(found))
            keep(request, _KEY, content, name)
        except InputError as error:
            problems = error.problems
    kinds = CalendarDay.Kind
    years = CalendarYear.objects.annotate(
        statutory=Count("days", filter=Q(days__kind=kinds.STATUTORY)),
        off=Count("days", filter=Q(days__kind=kinds.OFF)),
        worked=Count("days", filter=Q(days__kind=kinds.WORKED)),
    ).order_by("-year")
    return render(
        request,
        "core/calendar.html",
        {
            "years": years,
            "year_columns": _YEARS,
            "day_columns": _DAYS,
            "provisional": Deadline.objects.filter(closed_at__isnull=True, provisional=True).count(),
            "found": found,
            "recount": recount,
            "replaces": found is not None and CalendarYear.objects.filter(pk=found.year).exists(),
            "may_change": may_change,
            "problems": problems[:_MOST_SHOWN],
            "problem_columns": PROBLEM_COLUMNS,
            "limit": LIMIT,
            "most_bytes": MOST_BYTES,
            "steps": (Crumb("工作台", reverse("desk:home")), Crumb("节假日")),
        },
        status=http_status(problems),
    )


@require_POST
@for_roles(Role.SYSTEM_ADMINISTRATOR)
def import_calendar(request: ActorRequest) -> HttpResponse:
    """Bring in the file that was checked."""

    def work(waiting: dict[str, Any]) -> str:
        done = import_year(actor=request.actor, content=waiting["content"], file_name=waiting["name"])
        return (
            f"{done.arrangement.year} 年的节假日安排已导入。"
            f"重新计算了 {done.recounted} 个未办结的期限，其中 {done.moved} 个的截止日有变化。"
        )

    return bring_in(request, _KEY, "core:calendar", work)


@require_safe
@for_roles(Role.SYSTEM_ADMINISTRATOR)
def calendar_file(request: ActorRequest, year: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A published year as a file, to be looked at or used as a sample for the next."""
    found = present_arrangement(year)
    if found is None:
        raise Http404("这一年的节假日安排还没有导入。")
    # With a byte order mark spreadsheets read the Chinese text as UTF-8.
    response = HttpResponse("\ufeff" + write_arrangement(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="holidays-{year}.csv"'
    return response
