"""The recommendation tables (推荐汇总表): per call and district, as a page, a workbook and an official document."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tidu.core.audit.exports import record_export
from tidu.core.citations import clauses
from tidu.core.components import Crumb
from tidu.core.documents.serving import serve_docx, serve_pdf
from tidu.core.exporting import workbook
from tidu.core.gates import for_roles
from tidu.core.models import Jurisdiction, OfficialDocument
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import TERRITORIAL, Role
from tidu.recognition.actions.recommendation_tables import draft_table, issue_table
from tidu.recognition.models import Application, Call
from tidu.recognition.process.rules import pack_of, route_of_call
from tidu.recognition.queries.avoidance import avoided_in, avoided_of
from tidu.recognition.queries.recommending import batches_of, print_of, recommended_seen, tables_seen
from tidu.recognition.queries.reviewing import reviews_seen
from tidu.recognition.recommendation_papers import EXPORTED, cells_of
from tidu.recognition.views.district_list import CRUMB

_PER_PAGE: Final = 20
_FORMS: Final = {"pdf": serve_pdf, "docx": serve_docx}
_TABLES: Final = "推荐汇总表"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@for_roles(*TERRITORIAL)
def tables(request: ActorRequest) -> HttpResponse:
    """Every call and district with cases, and how much of it is reported."""
    asked = request.GET.get("page", "1")
    page = Paginator(batches_of(request.actor), _PER_PAGE).get_page(asked if asked.isdecimal() else 1)
    context = {
        "page": page,
        "avoided": avoided_in(request.actor, Application.objects.all()),
        "one_place": request.actor.has(Role.DISTRICT_OFFICER),
        "crumbs": (Crumb(CRUMB, reverse("recognition:reviews")), Crumb(_TABLES)),
    }
    return render(request, "recognition/recommendation_tables.html", context)


def _found(request: ActorRequest, call: int, district: str) -> tuple[Call, Jurisdiction]:
    """A call and a district of which the actor sees a case."""
    cases = reviews_seen(request.actor).filter(call=call, district=district)
    if not cases.exists():
        raise Http404
    found = get_object_or_404(Call.objects.select_related("organisation"), pk=call)
    return found, get_object_or_404(Jurisdiction, pk=district)


@require_GET
@for_roles(*TERRITORIAL)
def table(request: ActorRequest, call: int, district: str) -> HttpResponse:
    """What a district has said in a call, and the tables that it has issued."""
    return _page(request, *_found(request, call, district))


def _page(request: ActorRequest, call: Call, district: Jurisdiction, error: str = "") -> HttpResponse:
    rows = list(recommended_seen(request.actor, call, district.code))
    unlisted = [item for item in rows if item.table_id is None]
    # A voided document frees nothing: what it listed stays listed, and its number stays used.
    made = list(tables_seen(request.actor).filter(Q(call=call, district=district)))
    step = route_of_call(call).stop("district").step
    own = request.actor.has(Role.DISTRICT_OFFICER)
    context = {
        "call": call,
        "district": district,
        "rows": rows,
        "unlisted": unlisted,
        "heading": _heading(district.name, sum(item.positive for item in rows), len(rows)),
        "print": print_of(unlisted),
        "avoided": avoided_of(request.actor, call=call, district=district),
        "issued": [item for item in made if item.document.state != OfficialDocument.State.DRAFT],
        "draft": next((item for item in made if item.document.state == OfficialDocument.State.DRAFT), None),
        "clauses": clauses(pack_of(call), [step.cite]),
        "own": own,
        "error": error,
        "crumbs": (
            Crumb(CRUMB, reverse("recognition:reviews")),
            Crumb(_TABLES, reverse("recognition:recommendation-tables")),
            Crumb(f"{call.batch_name}　{district.name}"),
        ),
    }
    return render(request, "recognition/recommendation_table.html", context, status=409 if error else 200)


def _heading(place: str, positive: int, total: int) -> str:
    if not total:
        return f"{place}还没有审核结论"
    refused = f"，不予推荐 {total - positive} 家" if total > positive else ""
    return f"{place}推荐 {positive} 家{refused}"


@require_GET
@for_roles(*TERRITORIAL)
def table_workbook(request: ActorRequest, call: int, district: str) -> HttpResponseBase:
    """The page as a workbook."""
    found, place = _found(request, call, district)
    rows = list(recommended_seen(request.actor, found, place.code))
    label = f"{found.batch_name}{place.name}{_TABLES}"
    record_export(
        actor=request.actor,
        enterprises=(row.application.enterprise_id for row in rows),
        subject_label=label,
        detail={"rows": len(rows), "format": "xlsx"},
    )
    file = workbook(_TABLES, EXPORTED, cells_of(rows))
    name = f"{label}{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@require_POST
@for_roles(Role.DISTRICT_OFFICER)
def draft(request: ActorRequest, call: int, district: str) -> HttpResponse:
    """Draft the document, or bring the open draft up to date."""
    found, place = _found(request, call, district)
    try:
        draft_table(actor=request.actor, call=found)
    except Refused as refused:
        return _page(request, found, place, refused.message)
    messages.success(request, "已拟好推荐汇总表。核对无误后印发，即编文号。")
    return redirect("recognition:recommendation-table", call=call, district=district)


@require_POST
@for_roles(Role.DISTRICT_OFFICER)
def issue(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue the document."""
    found = get_object_or_404(tables_seen(request.actor), pk=pk)
    try:
        made = issue_table(actor=request.actor, table=found, seen=request.POST.get("seen", ""))
    except Refused as refused:
        return _page(request, found.call, found.district, refused.message)
    messages.success(request, f"推荐汇总表已印发：{made.document.number}。")
    return redirect("recognition:recommendation-table", call=found.call_id, district=found.district_id)


@require_GET
@for_roles(*TERRITORIAL)
def document(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The official document as PDF or Word."""
    serve = _FORMS.get(form)
    if serve is None:
        raise Http404
    return serve(request, get_object_or_404(tables_seen(request.actor), pk=pk).document)
