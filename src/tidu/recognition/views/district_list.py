"""The worklist of reviews: the district's cases by state and deadline; the city and auditors read the same list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tidu.core.audit.exports import record_export
from tidu.core.calendar import current_calendar
from tidu.core.citations import clauses
from tidu.core.components import Clause, Crumb
from tidu.core.exporting import MOST_WORKBOOK_ROWS, Cell, workbook
from tidu.core.gates import for_roles
from tidu.core.listing import chosen, listing, order
from tidu.core.refusals import http_status
from tidu.core.requests import ActorRequest, whole_numbers
from tidu.core.roles import TERRITORIAL, Role
from tidu.core.workspace import Tab
from tidu.recognition.actions.reviewing import Despite, recommend_several
from tidu.recognition.models import Application
from tidu.recognition.models.applications import ApplicationQuerySet
from tidu.recognition.process.rules import pack_of
from tidu.recognition.queries.avoidance import avoided_in
from tidu.recognition.queries.open_points import OpenPoint, counted, open_points_of
from tidu.recognition.queries.reviewing import (
    TABS,
    counts_by_tab,
    filtered,
    machine_verdicts,
    on_tab,
    overdue,
    reviews_seen,
    unsaid_counts,
    with_their_words,
)
from tidu.recognition.review_table import (
    DEFAULT_SORT,
    EXPORTED,
    SORTS,
    columns_for,
    filters_for,
    rows_of,
)

MOST_PICKED: Final = 200
_CHUNK: Final = 500
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CRUMB: Final = "申报审核"


@require_GET
@for_roles(*TERRITORIAL)
def reviews(request: ActorRequest) -> HttpResponse:
    """The cases of one's place, the most pressing first."""
    filters, tab = filters_for(request.actor), _tab(request.GET)
    rows = filtered(reviews_seen(request.actor), chosen(request.GET, filters))
    counts = counts_by_tab(rows)
    shown = listing(
        request, with_their_words(on_tab(rows, tab)), sorts=SORTS, default=DEFAULT_SORT, filters=filters
    )
    page = list(shown.page)
    late = on_tab(rows, "todo").filter(overdue()).count()
    avoided = avoided_in(request.actor, Application.objects.all())
    context: dict[str, Any] = {
        "list": shown,
        "columns": columns_for(request.actor),
        "rows": rows_of(
            page,
            machine_verdicts([item.pk for item in page]),
            current_calendar(),
            timezone.localdate(),
        ),
        "avoided": avoided,
        "tab": tab,
        "tabs": [
            Tab(
                label,
                f"?{_with_tab(request.GET, name)}",
                counts[name],
                current=name == tab,
                kind="bad" if name == "todo" and late else "",
            )
            for name, (label, _) in TABS.items()
        ],
        "heading": _heading(counts["todo"], late, avoided.number),
        "query": f"tab={tab}&{shown.query}",
        "one_place": request.actor.has(Role.DISTRICT_OFFICER),
        "may_act": request.actor.has(Role.DISTRICT_OFFICER),
        "crumbs": (Crumb(CRUMB),),
    }
    return render(request, "recognition/reviews.html", context)


def _tab(query: QueryDict) -> str:
    wanted = query.get("tab", "todo")
    return wanted if wanted in TABS else "todo"


def _with_tab(query: QueryDict, tab: str) -> str:
    kept = query.copy()
    kept.pop("page", None)
    kept["tab"] = tab
    return kept.urlencode()


def _heading(waiting: int, late: int, avoided: int) -> str:
    if late:
        return f"待审核 {waiting} 件，其中 {late} 件已逾期"
    if waiting:
        return f"待审核 {waiting} 件，没有逾期"
    return "没有可以由您审核的申报" if avoided else "没有等待审核的申报"


@require_POST
@for_roles(*TERRITORIAL)
def act(request: ActorRequest) -> HttpResponseBase:
    """Take the rows along as a file, or go on to recommend those that are picked."""
    rows, picked = _picked(request)
    back = f"{reverse('recognition:reviews')}?{request.GET.urlencode()}"
    if not picked:
        messages.warning(request, "还没有选中申报。请勾选申报，或勾选“筛选出的全部”。")
        return redirect(back)
    wanted = request.POST.get("act")
    if wanted == "xlsx":
        return _export(request, rows)
    if wanted == "recommend" and request.actor.has(Role.DISTRICT_OFFICER):
        return _asked(request, rows, back)
    raise Http404


def _picked(request: ActorRequest) -> tuple[ApplicationQuerySet, bool]:
    """The rows that are picked, or all that the filters leave, in the order of the list."""
    filters = filters_for(request.actor)
    rows = on_tab(filtered(reviews_seen(request.actor), chosen(request.GET, filters)), _tab(request.GET))
    _, fields = order(request.GET.get("sort", ""), SORTS, DEFAULT_SORT)
    rows = with_their_words(rows).order_by(*fields)
    if request.POST.get("all"):
        return rows, True
    keys = whole_numbers(request.POST.getlist("picked")[:MOST_PICKED])
    return rows.filter(pk__in=keys), bool(keys)


def _export(request: ActorRequest, rows: ApplicationQuerySet) -> HttpResponseBase:
    total = rows.count()
    if total > MOST_WORKBOOK_ROWS:
        messages.warning(
            request, f"共 {total:,} 件，超过一次导出的 {MOST_WORKBOOK_ROWS:,} 件。请先加筛选条件。"
        )
        return redirect(f"{reverse('recognition:reviews')}?{request.GET.urlencode()}")
    record_export(
        actor=request.actor,
        enterprises=rows.order_by().values_list("enterprise_id", flat=True),
        subject_label="申报审核清单",
        detail={"rows": total, "format": "xlsx", "query": request.GET.urlencode()[:1000]},
    )
    left_out = avoided_in(request.actor, Application.objects.all()).words
    file = workbook("申报审核清单", EXPORTED, _cells(rows, left_out))
    name = f"申报审核清单{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


def _cells(rows: ApplicationQuerySet, left_out: str) -> Iterator[list[Cell]]:
    calendar, today = current_calendar(), timezone.localdate()
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        found = {item.pk: item for item in with_their_words(rows.model.objects.filter(pk__in=chunk))}
        verdicts = machine_verdicts(chunk)
        for row in rows_of([found[key] for key in chunk if key in found], verdicts, calendar, today):
            yield row.cells
    if left_out:
        yield [left_out, *[""] * (len(EXPORTED) - 1)]


def _asked(request: ActorRequest, rows: ApplicationQuerySet, back: str, error: str = "") -> HttpResponse:
    """The question before several are recommended: which, under which opinion."""
    chosen_rows = list(rows[:MOST_PICKED])
    calendar, today = current_calendar(), timezone.localdate()
    shown = rows_of(chosen_rows, machine_verdicts([item.pk for item in chosen_rows]), calendar, today)
    points, unsaid = open_points_of(chosen_rows), unsaid_counts(chosen_rows)
    context = {
        "rows": [
            (
                row,
                unsaid[row.pk],
                counted(points.get(row.pk, ())),
                _with_clauses(item, points.get(row.pk, ())),
            )
            for row, item in zip(shown, chosen_rows, strict=True)
        ],
        "unsaid": sum(map(bool, unsaid.values())),
        "open": sum(bool(found) for found in points.values()),
        "despite": request.POST.get("despite", ""),
        "because": request.POST.get("because", ""),
        "opinion": request.POST.get("opinion", ""),
        "document_no": request.POST.get("document_no", ""),
        "error": error,
        "back": back,
        "most": MOST_PICKED,
        "query": request.GET.urlencode(),
        "crumbs": (Crumb(CRUMB, reverse("recognition:reviews")), Crumb("批量推荐")),
    }
    return render(request, "recognition/reviews_recommend.html", context, status=http_status(error))


def _with_clauses(
    application: Application, points: Iterable[OpenPoint]
) -> list[tuple[OpenPoint, tuple[Clause, ...]]]:
    pack = pack_of(application.call)
    return [(point, clauses(pack, [point.cite or None])) for point in points]


@require_POST
@for_roles(Role.DISTRICT_OFFICER)
def recommend_many(request: ActorRequest) -> HttpResponse:
    """Recommend several, and tell of each what became of it."""
    rows, picked = _picked(request)
    back = f"{reverse('recognition:reviews')}?{request.GET.urlencode()}"
    if not picked:
        messages.warning(request, "还没有选中申报。")
        return redirect(back)
    opinion = request.POST.get("opinion", "").strip()
    if not opinion:
        return _asked(request, rows, back, "请填写推荐意见。")
    because = request.POST.get("because", "").strip()
    if request.POST.get("despite") and not because:
        return _asked(request, rows, back, "请填写仍然推荐的理由。")
    results = recommend_several(
        actor=request.actor,
        applications=list(rows[:MOST_PICKED]),
        opinion=opinion,
        document_no=request.POST.get("document_no", ""),
        despite=Despite(because) if request.POST.get("despite") else None,
    )
    done = [item for item in results if not item.fault]
    context = {
        "done": done,
        "failed": [item for item in results if item.fault],
        "results": results,
        "back": back,
        "crumbs": (Crumb(CRUMB, reverse("recognition:reviews")), Crumb("批量推荐的结果")),
    }
    return render(request, "recognition/reviews_recommended.html", context)
