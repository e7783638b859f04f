"""The city's table of one call, which is also the home of its work: what waits, and the way to do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tidu.core.audit.exports import record_export
from tidu.core.citations import clauses
from tidu.core.components import Crumb
from tidu.core.exporting import Cell, csv_lines, workbook
from tidu.core.gates import for_roles
from tidu.core.listing import chosen, listing, order
from tidu.core.requests import ActorRequest
from tidu.core.roles import CITY_WIDE
from tidu.recognition.call_pages import may_work, steps_of, todos_of
from tidu.recognition.consolidated_table import (
    EXPORTED,
    cells_of,
    columns_for,
    objection_words,
    pill_of,
    recommended_words,
)
from tidu.recognition.models import Call
from tidu.recognition.models.applications import ApplicationQuerySet
from tidu.recognition.process.rules import pack_of, recognition_of
from tidu.recognition.queries.avoidance import avoided_of
from tidu.recognition.queries.call_work import work_of
from tidu.recognition.queries.consolidated import (
    SORTS,
    all_rows,
    applications_of,
    filters_of,
    narrowed,
    rows_of,
    with_their_words,
)

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DEFAULT: Final = "district"


def call_seen(request: ActorRequest, pk: int) -> Call:
    """A call of the city that the actor works with, or 404."""
    rows = Call.objects.visible_to(request.actor).filter(state__in=Call.PUBLIC_STATES)
    return get_object_or_404(rows.select_related("organisation", "place"), pk=pk)


@require_safe
@for_roles(*CITY_WIDE)
def consolidated(request: ActorRequest, pk: int) -> HttpResponse:
    """The table with what is to be done next."""
    call = call_seen(request, pk)
    filters = filters_of(request.actor, call)
    rows = narrowed(applications_of(request.actor, call), chosen(request.GET, filters))
    shown = listing(request, with_their_words(rows), filters=filters, sorts=SORTS, default=_DEFAULT)
    work = work_of(request.actor, call)
    pack = pack_of(call)
    context = {
        "call": call,
        "list": shown,
        "columns": columns_for(work.route),
        "rows": [
            (row, recommended_words(row), objection_words(row), pill_of(row.application))
            for row in rows_of(shown.page)
        ],
        "work": work,
        "avoided": avoided_of(request.actor, call=call),
        "steps": steps_of(work),
        "todos": todos_of(work),
        "may_work": may_work(call, request.actor.role),
        "title_name": recognition_of(call).title,
        "cited": clauses(pack, [stop.step.cite for stop in work.route.stops if stop.stage != "apply"]),
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("申报通知", reverse("recognition:calls")),
            Crumb(call.batch_name),
        ),
    }
    return render(request, "recognition/consolidated.html", context)


@require_safe
@for_roles(*CITY_WIDE)
def export(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The rows that the page shows under the same filters and in the same order, as a file."""
    if form not in {"xlsx", "csv"}:
        raise Http404
    call = call_seen(request, pk)
    rows = narrowed(
        applications_of(request.actor, call), chosen(request.GET, filters_of(request.actor, call))
    )
    _name, fields = order(request.GET.get("sort", ""), SORTS, _DEFAULT)
    rows = rows.order_by(*fields)
    record_export(
        actor=request.actor,
        enterprises=rows.order_by().values_list("enterprise_id", flat=True),
        subject=call,
        detail={"format": form, "rows": rows.count(), "filters": request.GET.urlencode()[:500]},
    )
    name, left_out = f"{call.called}总表", avoided_of(request.actor, call=call).words
    if form == "xlsx":
        file = workbook(f"{call.noun}总表", EXPORTED, _cells(rows, left_out))
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    response = StreamingHttpResponse(
        csv_lines(EXPORTED, _cells(rows, left_out)), content_type="text/csv; charset=utf-8"
    )
    header = content_disposition_header(as_attachment=True, filename=f"{name}.csv")
    response["Content-Disposition"] = header or "attachment"
    return response


def _cells(rows: ApplicationQuerySet, left_out: str) -> Iterator[list[Cell]]:
    for row in all_rows(rows):
        yield cells_of(row)
    if left_out:
        yield [left_out, *[""] * (len(EXPORTED) - 1)]
