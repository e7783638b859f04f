"""The list of enterprises, for officers and auditors: search, filters, saved filters, export, acts on several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from tidu.core.audit.exports import record_export
from tidu.core.exporting import MOST_WORKBOOK_ROWS, Cell, csv_lines, workbook
from tidu.core.gates import for_roles
from tidu.core.listing import chosen, listing, order
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest, whole_numbers
from tidu.core.roles import TERRITORIAL
from tidu.registry.actions.saved_filters import remove_filter, save_filter
from tidu.registry.bulk_acts import acts_for, bulk_act
from tidu.registry.enterprise_table import (
    COLUMNS,
    DEFAULT_SORT,
    EXPORTED,
    SORTS,
    filtered,
    filters_for,
    row_of,
    shown,
)
from tidu.registry.models import Enterprise
from tidu.registry.models.enterprises import EnterpriseQuerySet
from tidu.registry.queries.saved_filters import own_filters

MOST_PICKED: Final = 500
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@for_roles(*TERRITORIAL)
def enterprises(request: ActorRequest) -> HttpResponse:
    """The enterprises of one's place."""
    filters = filters_for(request.actor)
    rows = shown(_rows(request, request.GET))
    found = listing(request, rows, sorts=SORTS, default=DEFAULT_SORT, filters=filters)
    context = {
        "list": found,
        "columns": COLUMNS,
        "rows": [row_of(item) for item in found.page],
        "saved": own_filters(request.actor),
        "acts": acts_for(request.actor.role),
    }
    return render(request, "registry/enterprises.html", context)


def _rows(request: ActorRequest, query: QueryDict) -> EnterpriseQuerySet:
    """What the address asks for, within what the actor may see."""
    on = chosen(query, filters_for(request.actor))
    return filtered(Enterprise.objects.visible_to(request.actor), on)


def _ordered(request: HttpRequest, rows: EnterpriseQuerySet) -> EnterpriseQuerySet:
    _name, fields = order(request.GET.get("sort", ""), SORTS, DEFAULT_SORT)
    return rows.order_by(*fields)


@require_POST
@for_roles(*TERRITORIAL)
def act(request: ActorRequest) -> HttpResponseBase:
    """Do one of the acts to the rows that are picked, or to all that the filters leave."""
    wanted = next(
        (item for item in acts_for(request.actor.role) if item.name == request.POST.get("act")), None
    )
    if wanted is None:
        raise Http404
    rows = _rows(request, request.GET)
    if not request.POST.get("all"):
        picked = whole_numbers(request.POST.getlist("picked")[:MOST_PICKED])
        if not picked:
            messages.warning(request, "还没有选中企业。请勾选企业，或勾选“筛选出的全部”。")
            return redirect(f"{reverse('registry:enterprises')}?{request.GET.urlencode()}")
        rows = rows.filter(pk__in=picked)
    return wanted.work(request, _ordered(request, rows))


@bulk_act("xlsx", "导出 Excel", icon="file-spreadsheet", roles=TERRITORIAL)
def export_workbook(request: ActorRequest, rows: EnterpriseQuerySet) -> HttpResponseBase:
    """The rows as a workbook."""
    total = rows.count()
    if total > MOST_WORKBOOK_ROWS:
        messages.warning(
            request, f"共 {total:,} 家，超过 Excel 导出的 {MOST_WORKBOOK_ROWS:,} 家。请加筛选，或导出 CSV。"
        )
        return redirect(f"{reverse('registry:enterprises')}?{request.GET.urlencode()}")
    _recorded(request, rows, total, "xlsx")
    file = workbook("企业名单", EXPORTED, _cells(rows))
    return FileResponse(file, as_attachment=True, filename=f"{_file_name()}.xlsx", content_type=_XLSX)


@bulk_act("csv", "导出 CSV", icon="file-text", roles=TERRITORIAL)
def export_csv(request: ActorRequest, rows: EnterpriseQuerySet) -> HttpResponseBase:
    """The rows as CSV, sent as they are read."""
    _recorded(request, rows, rows.count(), "csv")
    response = StreamingHttpResponse(
        csv_lines(EXPORTED, _cells(rows)), content_type="text/csv; charset=utf-8"
    )
    header = content_disposition_header(as_attachment=True, filename=f"{_file_name()}.csv")
    response["Content-Disposition"] = header or "attachment"
    return response


def _cells(rows: EnterpriseQuerySet) -> Iterator[list[Cell]]:
    for item in shown(rows).iterator(chunk_size=2000):
        yield row_of(item).cells


def _file_name() -> str:
    return f"企业名单{timezone.localdate():%Y%m%d}"


def _recorded(request: ActorRequest, rows: EnterpriseQuerySet, total: int, kind: str) -> None:
    record_export(
        actor=request.actor,
        enterprises=rows.order_by().values_list("pk", flat=True),
        subject_label="企业名单",
        detail={"rows": total, "format": kind, "query": request.GET.urlencode()[:1000]},
    )


@require_POST
@for_roles(*TERRITORIAL)
def keep_filter(request: ActorRequest) -> HttpResponse:
    """Save the filters of the address under a name."""
    query = request.GET.copy()
    query.pop("page", None)
    try:
        kept = save_filter(actor=request.actor, name=request.POST.get("name", ""), query=query.urlencode())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已保存筛选“{kept.name}”。")
    return redirect(f"{reverse('registry:enterprises')}?{query.urlencode()}")


@require_POST
@for_roles(*TERRITORIAL)
def forget_filter(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove one's own saved filter."""
    kept = get_object_or_404(own_filters(request.actor), pk=pk)
    remove_filter(actor=request.actor, kept=kept)
    messages.success(request, f"已删除筛选“{kept.name}”。")
    return redirect("registry:enterprises")
