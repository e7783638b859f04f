"""Titles: the officers' list with its export, the page of one title, and what the holder sees of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.audit.exports import record_export
from tidu.core.citations import clauses
from tidu.core.components import Choice, Column, Crumb
from tidu.core.exporting import MOST_WORKBOOK_ROWS, Cell, csv_lines, workbook
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing, order
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.requests import ActorRequest
from tidu.core.roles import ENTERPRISE_ROLES, TERRITORIAL, Role
from tidu.recognition.life.pages import (
    CASE_PILLS,
    CHANGE_PILLS,
    REVIEW_PILLS,
    bar_words,
    duties_of,
    limit_words,
    row_of,
)
from tidu.recognition.models import Application, Cancellation, ChangeReport, Status, TitleCertificate
from tidu.recognition.queries.campaigns import kept_from
from tidu.recognition.queries.title_lists import (
    DEFAULT_SORT,
    cases_seen,
    changes_seen,
    ending_years,
    narrowed,
    sorts,
    titles_seen,
    with_work,
)
from tidu.recognition.queries.title_rules import rule_of
from tidu.recognition.queries.titles import ENDING, ENDING_LABEL, SOON, Standing, by_urgency, in_state
from tidu.registry.models.standing import TitleState
from tidu.registry.queries.own import own_enterprise
from tidu.registry.vocabulary import vocabulary_in_view

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS: Final = (
    Column("企业", sort="name"),
    Column("旗县区"),
    Column("称号"),
    Column("有效期", sort="until"),
    Column("状态"),
    Column("正在办理"),
)
_EXPORTED: Final = (
    "企业名称",
    "统一社会信用代码",
    "旗县区",
    "称号",
    "认定机关",
    "文号",
    "批次",
    "取得方式",
    "认定日期",
    "有效期至",
    "状态",
    "正在办理",
)
_STATES: Final = (
    Choice(Standing.HELD, Standing.HELD.label),
    Choice(ENDING, ENDING_LABEL),
    *(Choice(item.value, item.label) for item in Standing if item != Standing.HELD),
)
_WORK: Final = (
    Choice("review", "正在复核"),
    Choice("change", "变更待审定"),
    Choice("case", "取消案件办理中"),
)


@require_safe
@for_roles(*TERRITORIAL)
def titles(request: ActorRequest) -> HttpResponse:
    """The titles of the ladder in one's place."""
    today = timezone.localdate()
    filters = _filters(request.actor)
    on = chosen(request.GET, filters)
    rows = with_work(request.actor, narrowed(request.actor, titles_seen(request.actor), on, today))
    found = listing(request, rows, sorts=sorts(today), default=DEFAULT_SORT, filters=filters)
    ending = in_state(titles_seen(request.actor), ENDING, today).count()
    context = {
        "heading": f"{ending} 个称号 {SOON} 天内届满" if ending else f"{SOON} 天内没有届满的称号",
        "list": found,
        "columns": _COLUMNS,
        "rows": [row_of(title, today) for title in found.page],
        "opens": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("称号")),
    }
    return render(request, "recognition/titles.html", context)


@require_safe
@for_roles(*TERRITORIAL)
def export(request: ActorRequest, form: str) -> HttpResponseBase:
    """The list as it is filtered, as a workbook or CSV."""
    if form not in {"xlsx", "csv"}:
        raise Http404
    today = timezone.localdate()
    on = chosen(request.GET, _filters(request.actor))
    rows = with_work(request.actor, narrowed(request.actor, titles_seen(request.actor), on, today))
    total = rows.count()
    record_export(
        actor=request.actor,
        enterprises=rows.order_by().values_list("enterprise_id", flat=True),
        subject_label="称号名单",
        detail={"rows": total, "format": form, "query": request.GET.urlencode()[:1000]},
    )
    rows = rows.order_by(*order(request.GET.get("sort", ""), sorts(today), DEFAULT_SORT)[1])
    name = f"称号名单{today:%Y%m%d}.{form}"
    if form == "xlsx" and total <= MOST_WORKBOOK_ROWS:
        file = workbook("称号名单", _EXPORTED, _cells(rows))
        return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)
    response = StreamingHttpResponse(
        csv_lines(_EXPORTED, _cells(rows)), content_type="text/csv; charset=utf-8"
    )
    header = content_disposition_header(
        as_attachment=True, filename=f"{name.removesuffix('.xlsx').removesuffix('.csv')}.csv"
    )
    response["Content-Disposition"] = header or "attachment"
    return response


@require_safe
@for_roles(*TERRITORIAL)
def title(request: ActorRequest, pk: int) -> HttpResponse:
    """One title: its term, its rule, and everything that happened to it."""
    found = get_object_or_404(with_work(request.actor, titles_seen(request.actor)), pk=pk)
    today = timezone.localdate()
    rule = rule_of(found)
    limit, limit_clauses, limit_declared = limit_words(rule)
    context = {
        "title": found,
        "row": row_of(found, today),
        "rule": rule,
        "duties": duties_of(found, rule),
        "valid_clauses": () if rule is None else clauses(rule.pack, (rule.recognition.valid_cite,)),
        "grounds": ()
        if rule is None
        else [(item.label, clauses(rule.pack, (item.cite,))) for item in rule.grounds],
        "bar": "" if rule is None or not rule.grounds else bar_words(rule, rule.grounds[0].id, today),
        "limit": limit,
        "limit_clauses": limit_clauses,
        "limit_declared": limit_declared,
        "certificates": _certificates(found.pk),
        **_events(request.actor, found.pk),
        "may_open": request.actor.has(Role.CITY_OFFICER)
        and rule is not None
        and rule.own
        and found.state == TitleState.HELD
        and (found.last_day is None or found.last_day >= today)
        and not found.open_case
        and not kept_from(request.actor, [found]),
        "crumbs": (Crumb("称号", reverse("recognition:titles")), Crumb(found.enterprise.name)),
    }
    return render(request, "recognition/title.html", context)


@require_safe
@never_cache
@for_roles(*sorted(ENTERPRISE_ROLES))
def own(request: ActorRequest) -> HttpResponse:
    """The titles of one's enterprise: their terms and certificates, what is to be reported, the next re-review."""
    enterprise = own_enterprise(request.actor)
    today = timezone.localdate()
    held = list(
        with_work(request.actor, titles_seen(request.actor).filter(enterprise=enterprise)).order_by(
            *by_urgency(today)
        )
    )
    rules = {item.pk: rule_of(item) for item in held}
    certificates: dict[int, list[TitleCertificate]] = {}
    for item in TitleCertificate.objects.filter(title__in=[row.pk for row in held]).standing():
        certificates.setdefault(item.title_id, []).append(item)
    reviews = {
        row.reviewed_title_id: row
        for row in Application.objects.visible_to(request.actor)
        .filter(reviewed_title__in=[row.pk for row in held])
        .select_related("call")
        .order_by("pk")
    }
    context = {
        "enterprise": enterprise,
        "titles": [
            {
                "row": row_of(item, today),
                "duties": duties_of(item, rules[item.pk]),
                "certificate": next(iter(certificates.get(item.pk, [])), None),
                "review": reviews.get(item.pk),
                "may_report": _may_report(item, rules[item.pk])
                and request.actor.has(Role.ENTERPRISE_MANAGER),
            }
            for item in held
        ],
        "changes": [
            (item, CHANGE_PILLS[ChangeReport.State(item.state)])
            for item in changes_seen(request.actor).filter(enterprise=enterprise)[:20]
        ],
        "cases": [
            (item, CASE_PILLS[Cancellation.State(item.state)])
            for item in cases_seen(request.actor).filter(enterprise=enterprise)[:20]
        ],
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("我的称号")),
    }
    return render(request, "recognition/own_titles.html", context)


def _may_report(item: Any, rule: Any) -> bool:  # noqa: ANN401 - a title with annotations
    return rule is not None and rule.own and item.state == TitleState.HELD and not item.renewed


def _certificates(title: int) -> list[TitleCertificate]:
    return list(TitleCertificate.objects.filter(title=title).order_by("-id"))


def _events(actor: Actor, title: int) -> dict[str, Any]:
    # Officers may know that a re-review has not been handed in yet, but not what its draft says.
    reviews = Application.objects.filter(~tied(actor, "enterprise__"), reviewed_title=title)
    reviews = reviews.select_related("call")
    return {
        "changes": [
            (item, CHANGE_PILLS[ChangeReport.State(item.state)])
            for item in changes_seen(actor).filter(title=title)
        ],
        "cases": [
            (item, CASE_PILLS[Cancellation.State(item.state)])
            for item in cases_seen(actor).filter(title=title)
        ],
        "reviews": [(item, REVIEW_PILLS.get(Status(item.status), "run")) for item in reviews.order_by("-pk")],
    }


def _filters(actor: Actor) -> tuple[Filter, ...]:
    tiers = vocabulary_in_view().tiers.values()
    years = ending_years(titles_seen(actor).select_related(None))
    filters = [
        Filter("q", "企业", "text", hint="名称或信用代码"),
        Filter("tier", "称号", choices=tuple(Choice(item.id, item.short) for item in tiers)),
    ]
    if actor.level == PlaceLevel.CITY:
        places = Jurisdiction.objects.filter(parent_id=actor.place).order_by("code")
        filters.append(
            Filter("place", "旗县区", choices=tuple(Choice(place.code, place.name) for place in places))
        )
    return (
        *filters,
        Filter("state", "状态", choices=_STATES),
        Filter("ends", "届满年份", choices=tuple(Choice(str(year), f"{year} 年") for year in years)),
        Filter("work", "正在办理", choices=_WORK),
    )


def _cells(rows: Any) -> Iterator[list[Cell]]:  # noqa: ANN401 - a queryset with annotations
    today = timezone.localdate()
    for item in rows.iterator(chunk_size=2000):
        row = row_of(item, today)
        yield [
            item.enterprise.name,
            item.enterprise.uscc,
            str(item.enterprise.district or item.enterprise.city or ""),
            item.name,
            item.authority,
            item.document_no,
            item.batch_name,
            item.get_basis_display(),
            item.recognised_on,
            item.valid_until,
            row.standing.word,
            "；".join(words for _pill, words in row.work),
        ]
