"""Pages of the record: searching it, one event, files of what was found, and verifying it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tidu.core.audit.directory import enterprises
from tidu.core.audit.queries import filters, no_days, page, search
from tidu.core.audit.recording import record
from tidu.core.audit.showing import HEADS, EventRow, cells, event_row, fields_of
from tidu.core.audit.verifying import KIND
from tidu.core.components import Column, Crumb
from tidu.core.exporting import MOST_WORKBOOK_ROWS, Cell, csv_lines, workbook
from tidu.core.gates import for_roles
from tidu.core.jobs.actions import start_alone
from tidu.core.listing import chosen
from tidu.core.models import Jurisdiction
from tidu.core.models.audit import READERS, AuditEvent, AuditEventSet
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import Role

_COLUMNS: Final = tuple(Column(label) for label in ("时间", "人员", "动作", "对象", "所涉企业", "结果"))
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK: Final = 2_000


@require_safe
@for_roles(*READERS)
def events(request: ActorRequest) -> HttpResponse:
    """The events that the filters leave, newest first, a page at a time."""
    shown = filters()
    on = chosen(request.GET, shown)
    for label, typed in no_days(on):
        messages.warning(request, f"“{typed}”不是日期，没有按“{label}”筛选。请写作 2026-06-01。")
    found = page(
        search(request.actor, on),
        before=whole_number(request.GET.get("before", "")),
        after=whole_number(request.GET.get("after", "")),
    )
    context = {
        "filters": [replace(item, value=(on[item.name],) if item.name in on else ()) for item in shown],
        "on": on,
        "columns": _COLUMNS,
        "rows": _rows(found.events),
        "newer": _address(request, "after", found.newer),
        "older": _address(request, "before", found.older),
        "query": _query(request),
        "verified": _last_verification(request),
        "may_verify": request.actor.has(Role.AUDIT_ADMINISTRATOR),
        "steps": (Crumb("工作台", reverse("desk:home")), Crumb("操作记录")),
    }
    return render(request, "core/audit.html", context)


@require_safe
@for_roles(*READERS)
def event(request: ActorRequest, number: int) -> HttpResponse:
    """One event with everything that it holds."""
    found = get_object_or_404(AuditEvent.objects.visible_to(request.actor), number=number)
    context = {
        "row": _rows([found])[0],
        "place": Jurisdiction.objects.filter(pk=found.place).first() or found.place,
        "fields": fields_of(found),
        "steps": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("操作记录", reverse("core:audit")),
            Crumb(f"第 {number} 条"),
        ),
    }
    return render(request, "core/audit_event.html", context)


@require_safe
@for_roles(*READERS)
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """What the filters leave, as a file; that it was taken is itself recorded."""
    if kind not in {"csv", "xlsx"}:
        raise Http404
    on = chosen(request.GET, filters())
    if any(no_days(on)):  # the list says which; a file of more days than were asked for would not
        return redirect(f"{reverse('core:audit')}?{_query(request)}")
    rows = search(request.actor, on)
    total = rows[: MOST_WORKBOOK_ROWS + 1].count()
    if total > MOST_WORKBOOK_ROWS:
        said = f"符合条件的超过 {MOST_WORKBOOK_ROWS:,} 条。请缩短起止日期。"
        messages.warning(request, f"{said}全部记录可在服务器上用 tidu audit export 导出。")
        return redirect(f"{reverse('core:audit')}?{_query(request)}")
    # As many as there are now: the record of this export is not in it.
    last = rows.values_list("number", flat=True).first() or 0
    record(
        actor=request.actor,
        action="core.audit.exported",
        detail={"rows": total, "format": kind, "query": _query(request)[:1000]},
    )
    name = f"操作记录{timezone.localdate():%Y%m%d}.{kind}"
    lines = _cells(rows.filter(number__lte=last))
    if kind == "xlsx":
        return FileResponse(
            workbook("操作记录", HEADS, lines), as_attachment=True, filename=name, content_type=_XLSX
        )
    response = StreamingHttpResponse(csv_lines(HEADS, lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


@require_POST
@for_roles(Role.AUDIT_ADMINISTRATOR)
def verify(request: ActorRequest) -> HttpResponse:
    """Start the verification in the background and show how it fares."""
    job = start_alone(actor=request.actor, kind=KIND, title="核验操作记录")
    return redirect("core:job", number=job.pk)


def _rows(found: Iterable[AuditEvent]) -> list[EventRow]:
    events = list(found)
    names = enterprises().names(item.enterprise_id for item in events if item.enterprise_id is not None)
    return [event_row(item, names) for item in events]


def _cells(rows: AuditEventSet) -> Iterator[list[Cell]]:
    places = dict(Jurisdiction.objects.values_list("pk", "name"))
    batch: list[AuditEvent] = []
    for item in rows.iterator(chunk_size=_CHUNK):
        batch.append(item)
        if len(batch) == _CHUNK:
            yield from (cells(row, places) for row in _rows(batch))
            batch.clear()
    yield from (cells(row, places) for row in _rows(batch))


def _last_verification(request: ActorRequest) -> EventRow | None:
    done = AuditEvent.objects.visible_to(request.actor).filter(action="core.audit.verified")
    last = done.order_by("-number").first()
    return None if last is None else event_row(last, {})


def _query(request: ActorRequest) -> str:
    """The filters alone, without the place in the list."""
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    return query.urlencode()


def _address(request: ActorRequest, name: str, number: int | None) -> str:
    return "" if number is None else f"?{'&'.join(filter(None, (_query(request), f'{name}={number}')))}"
