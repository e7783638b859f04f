"""Recommendation lists: those of one's bureau, asking for one, looking at it, taking it along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.core.audit.exports import record_export
from tidu.core.citations import clauses
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.documents.serving import serve_docx, serve_pdf
from tidu.core.entry import Unreadable, day
from tidu.core.exporting import Cell, workbook
from tidu.core.gates import for_roles
from tidu.core.jobs.showing import work_of
from tidu.core.listing import listing
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import CITY_WIDE, Role
from tidu.core.typed_values import read_typed, unit_of
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Force
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Indicator
from tidu.recognition.actions.recommendations import (
    MOST_ASKED,
    described,
    draft_list,
    issue_list,
    start_recommendation,
)
from tidu.recognition.models import RecommendationList
from tidu.registry.queries.evaluations import offers_for
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PER_PAGE: Final = 50
_COLUMNS: Final = (
    Column("名单"),
    Column("对照"),
    Column("截至"),
    Column("企业", number=True),
    Column("初步符合", number=True),
    Column("状态"),
    Column("编制", sort="made"),
)
_ROW_COLUMNS: Final = (
    Column("次序", number=True),
    Column("企业"),
    Column("旗县区"),
    Column("评估结论"),
    Column("符合", number=True),
    Column("还缺的材料"),
)
_EXPORTED: Final = (
    "次序",
    "企业名称",
    "统一社会信用代码",
    "旗县区",
    "评估结论",
    "符合项",
    "总项",
    "不符合",
    "待补充",
    "待评判",
    "还缺的材料",
    "未达到和待补充的条件",
)
_MEASURED: Final = frozenset({Kind.MONEY, Kind.RATIO, Kind.COUNT, Kind.YEARS, Kind.SCORE})


@require_safe
@for_roles(*CITY_WIDE)
def recommendations(request: ActorRequest) -> HttpResponse:
    """The lists of the bureau."""
    rows = (
        RecommendationList.objects.visible_to(request.actor)
        .select_related("job", "made_by", "document")
        .only(
            "title",
            "pack",
            "tier",
            "held_tier",
            "on",
            "rows",
            "made_at",
            "finished_at",
            "job__state",
            "made_by__name",
            "document__number",
        )
    )
    found = listing(request, rows, sorts={"made": ("made_at",)}, default="-made")
    tiers = vocabulary_in_view().tiers
    context = {
        "list": found,
        "columns": _COLUMNS,
        "rows": [
            (
                item,
                described(item)[0],
                tiers[item.held_tier].short if item.held_tier in tiers else item.held_tier,
                sum(row["status"] == "met" for row in item.rows),
                _fared(item),
            )
            for item in found.page
        ],
        "opens": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (Crumb("称号", reverse("recognition:titles")), Crumb("推荐名单")),
    }
    return render(request, "recognition/recommendations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def new(request: ActorRequest) -> HttpResponse:
    """Ask for a list: against a higher tier, or by the figures of a fund call."""
    if request.method == "POST":
        try:
            made = _started(request)
        except Refused as refused:
            return _new_page(request, refused)
        messages.success(request, "已开始编制，可以离开本页，完成后回来看结果。")
        return redirect("recognition:recommendation", pk=made.pk)
    return _new_page(request)


@require_safe
@for_roles(*CITY_WIDE)
def recommendation(request: ActorRequest, pk: int) -> HttpResponse:
    """One list: how far it is, or who is on it."""
    found = _seen(request, pk)
    page = Paginator(found.rows, _PER_PAGE).get_page(request.GET.get("page", "1")[:6])
    pack = load_library().packs.get(found.pack) if found.pack else None
    officer = request.actor.has(Role.CITY_OFFICER)
    document = found.document
    drafted = document is not None and not document.number
    own = document is not None and document.made_by_id == request.actor.user_id
    context = {
        "list": found,
        "about": described(found)[0],
        "state": _fared(found),
        "work": work_of(found.job, request.actor) if found.job and found.finished_at is None else None,
        "page": page,
        "columns": _ROW_COLUMNS,
        "rows": [(page.start_index() + place, row, _open_items(pack, row)) for place, row in enumerate(page)],
        "counts": _counts(found.rows),
        "may_draft": officer
        and found.finished_at is not None
        and found.rows
        and (document is None or drafted),
        "may_issue": officer and drafted and not own,
        "own_draft": officer and drafted and own,
        "crumbs": (
            Crumb("称号", reverse("recognition:titles")),
            Crumb("推荐名单", reverse("recognition:recommendations")),
            Crumb(found.title),
        ),
    }
    return render(request, "recognition/recommendation.html", context)


@require_safe
@for_roles(*CITY_WIDE)
def sheet(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The list as a workbook."""
    found = _seen(request, pk)
    if found.finished_at is None:
        raise Http404
    record_export(
        actor=request.actor,
        enterprises=(row["id"] for row in found.rows),
        subject=found,
        detail={"rows": len(found.rows), "format": "xlsx"},
    )
    file = workbook("推荐名单", _EXPORTED, _cells(found))
    name = f"{found.title}{found.on:%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@require_POST
@for_roles(Role.CITY_OFFICER)
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    """Draft the list as a document."""
    found = _seen(request, pk)
    try:
        draft_list(actor=request.actor, found=found)
        messages.success(request, "文件已拟好，请另一位经办人看过后印发。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("recognition:recommendation", pk=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.CITY_OFFICER)
def issue(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue what another officer has drafted."""
    found = _seen(request, pk)
    page = reverse("recognition:recommendation", args=[found.pk])
    asked = Confirmation(
        title=f"印发{quoted(found.title)}",
        verb="印发名单",
        back=page,
        consequences=("编发文号，名单不能再改。",),
        serious=False,
        crumbs=(
            Crumb("推荐名单", reverse("recognition:recommendations")),
            Crumb(found.title, page),
            Crumb("印发"),
        ),
    )
    return asked.then(request, lambda: issue_list(actor=request.actor, found=found), "名单已印发。")


@require_safe
@for_roles(*CITY_WIDE)
def document(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The document, as PDF or DOCX."""
    found = _seen(request, pk)
    if found.document is None or form not in {"pdf", "docx"}:
        raise Http404
    return (serve_pdf if form == "pdf" else serve_docx)(request, found.document)


def _seen(request: ActorRequest, pk: int) -> RecommendationList:
    rows = RecommendationList.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("job", "made_by", "document", "place", "organisation"), pk=pk
    )


def _started(request: ActorRequest) -> RecommendationList:
    given = request.POST
    pack, _, tier = (
        given.get("offer", "").partition("/") if given.get("against") != "figures" else ("", "", "")
    )
    return start_recommendation(
        actor=request.actor,
        held_tier=given.get("held_tier", ""),
        on=_day(given.get("on", "")),
        title=given.get("title", ""),
        pack=pack,
        tier=tier,
        asked=_asked(request) if given.get("against") == "figures" else (),
    )


def _day(text: str) -> Any:  # noqa: ANN401 - a day
    try:
        found = day(text)
    except Unreadable as unreadable:
        raise Refused(str(unreadable), field="on") from None
    if found is None:
        raise Refused("请填写截至日期。", field="on")
    return found


def _asked(request: ActorRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    last = timezone.localdate().year - 1
    measured = {item.id: item for item in _measured()}
    for place in range(MOST_ASKED):
        indicator = measured.get(request.POST.get(f"indicator-{place}", ""))
        if indicator is None:
            continue
        text = request.POST.get(f"least-{place}", "")
        try:
            least = read_typed(text, indicator)
        except Unreadable as unreadable:
            raise Refused(f"“{indicator.label}”的最低要求：{unreadable}", field=f"least-{place}") from None
        found.append({"indicator": indicator.id, "year": last if indicator.per_year else 0, "least": least})
    if not found:
        raise Refused("请至少选一项指标。", field="indicator-0")
    return found


def _measured() -> list[Indicator]:
    """The indicators that a fund call can ask for: those with a size."""
    vocabulary = vocabulary_in_view()
    return [item for item in vocabulary.indicators.values() if item.kind in _MEASURED and is_recordable(item)]


def _new_page(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    tiers = vocabulary_in_view().tiers
    today = timezone.localdate()
    given = request.POST if refused else {}
    context = {
        "held": [Choice(item.id, item.short) for item in tiers.values()],
        "offers": [
            Choice(
                f"{offer.pack.id}/{offer.tier}",
                f"{offer.recognition.title}，{offer.pack.document.short_title}",
            )
            for offer, force in offers_for(request.actor, today)
            if force is Force.IN_FORCE and tiers[offer.tier].rank > 0
        ],
        "indicators": [
            (item, f"{item.label}{f'（{unit}）' if (unit := unit_of(item)) else ''}") for item in _measured()
        ],
        "slots": [
            (place, given.get(f"indicator-{place}", ""), given.get(f"least-{place}", ""))
            for place in range(MOST_ASKED)
        ],
        "given": {
            "against": given.get("against", "tier"),
            "held_tier": given.get("held_tier", next(iter(tiers))),
            "offer": given.get("offer", ""),
            "title": given.get("title", ""),
            "on": given.get("on", today.isoformat()),
        },
        "last_year": today.year - 1,
        "refused": refused,
        "crumbs": (
            Crumb("称号", reverse("recognition:titles")),
            Crumb("推荐名单", reverse("recognition:recommendations")),
            Crumb("编制名单"),
        ),
    }
    return render(request, "recognition/recommendation_new.html", context, status=http_status(refused))


def _fared(item: RecommendationList) -> str:
    """The state of a list; one whose background work has ended without it has failed."""
    if item.finished_at is not None:
        return "done"
    if item.job is None or item.job.state in {"failed", "cancelled"}:
        return "failed" if item.job is None or item.job.state == "failed" else "cancelled"
    return "running"


def _counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    found = dict.fromkeys(("met", "needs_review", "unknown", "not_met"), 0)
    for row in rows:
        found[row["status"]] += 1
    return found


def _open_items(pack: Any, row: dict[str, Any]) -> list[tuple[dict[str, Any], Any]]:  # noqa: ANN401 - a pack
    return [
        (item, clauses(pack, (item["cite"],)) if pack is not None and item["cite"] else ())
        for item in row["open"]
    ]


def _cells(found: RecommendationList) -> Iterator[list[Cell]]:
    words = {"not_met": "不符合", "unknown": "待补充", "met": "符合"}
    for number, row in enumerate(found.rows, start=1):
        open_items = "；".join(
            f"{item['label']}（{item.get('value') or words[item['status']]}）" for item in row["open"]
        )
        yield [
            number,
            row["name"],
            row["uscc"],
            row["district"],
            row["word"],
            row["met"],
            row["total"],
            row["not_met"],
            row["unknown"],
            row["needs_review"],
            row["lacks"],
            open_items,
        ]
