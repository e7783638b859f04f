"""The enterprises of a run: filtered, exported, sent to a department, and compared with an earlier run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tidu.core.audit.exports import record_export
from tidu.core.components import STATES, Choice, Column, Crumb
from tidu.core.exporting import MOST_WORKBOOK_ROWS, Cell, workbook
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing, order
from tidu.core.requests import ActorRequest, whole_numbers
from tidu.core.roles import Role
from tidu.policy.vocabulary.places import load_places
from tidu.registry.confirmation_selection import send_to_department
from tidu.registry.evaluation_pages import EXPORTED, STATUSES, RunWords
from tidu.registry.models import Enterprise, Evaluation
from tidu.registry.queries.evaluations import (
    ANY_PAPER,
    changed,
    compared,
    earlier_runs,
    gone,
    moves,
    narrowed,
    results_of,
    turned,
)
from tidu.registry.views.evaluations import READERS

SORTS: Final = {"short": ("short", "enterprise__name"), "name": ("enterprise__name",)}
_COLUMNS: Final = (
    Column("企业", sort="name"),
    Column("旗县区"),
    Column("结论"),
    Column("差几条", number=True, sort="short"),
    Column("未达到或待补充的条件"),
    Column("补这一份材料即可判断"),
)
_CHANGED: Final = (
    Column("企业", sort="name"),
    Column("旗县区"),
    Column("原来"),
    Column("现在"),
    Column("变动的条件"),
)
_SHORTS: Final = 5
_MOST_PICKED: Final = 500
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _run(request: ActorRequest, pk: int) -> Evaluation:
    """A run that is done, within what the actor may see."""
    done = Evaluation.objects.visible_to(request.actor).filter(state=Evaluation.State.DONE)
    return get_object_or_404(done.select_related("place"), pk=pk)


def _crumbs(words: RunWords, last: str) -> tuple[Crumb, ...]:
    run = words.run
    return (
        Crumb("工作台", reverse("desk:home")),
        Crumb("企业库评估", reverse("registry:evaluations")),
        Crumb(f"{words.tier} {run.as_of.isoformat()}", reverse("registry:evaluation", args=[run.pk])),
        Crumb(last),
    )


def _filters(words: RunWords) -> tuple[Filter, ...]:
    """What the results can be narrowed by. No query: the counts of the run say what there is."""
    counts = words.run.counts
    places = load_places().by_code
    return (
        Filter("q", "企业", "text", hint="名称、信用代码、拼音、首字母"),
        Filter(
            "district",
            "旗县区",
            choices=tuple(
                Choice(code, places[code].name)
                for code in sorted(counts.get("district", {}))
                if code in places
            ),
        ),
        Filter("status", "结论", choices=tuple(Choice(one.value, one.label) for one in STATUSES)),
        Filter(
            "short",
            "差几条",
            choices=tuple(Choice(str(number), f"差 {number} 条") for number in range(1, _SHORTS + 1)),
        ),
        Filter(
            "criterion",
            "条件",
            choices=tuple(Choice(name, words.criterion(name)) for name in words.run.criteria),
        ),
        Filter(
            "as",
            "该条件的结论",
            choices=tuple(Choice(one.value, one.label) for one in STATUSES),
            empty="不符合或待补充",
        ),
        Filter(
            "document",
            "补一份即可判断",
            choices=(
                Choice(ANY_PAPER, "任何一份材料"),
                *(Choice(name, words.document(name)) for name in counts.get("documents", {})),
            ),
        ),
        Filter(
            "industry",
            "行业",
            choices=tuple(
                Choice(name, words.industry(name)) for name in sorted(counts.get("industry", {})) if name
            ),
        ),
    )


def _rows(request: ActorRequest, words: RunWords, query: QueryDict) -> Any:  # noqa: ANN401 - a queryset
    on = chosen(query, _filters(words))
    rows = narrowed(results_of(request.actor, words.run), words.run, on)
    return rows.select_related("enterprise__district", "enterprise__city").only(
        "status",
        "statuses",
        "missing",
        "short",
        "document",
        "enterprise__name",
        "enterprise__uscc",
        "enterprise__district__name",
        "enterprise__city__name",
    )


@require_safe
@for_roles(*READERS)
def results(request: ActorRequest, pk: int) -> HttpResponse:
    """The enterprises of a run, those nearest to the title first."""
    words = RunWords(_run(request, pk))
    found = listing(
        request, _rows(request, words, request.GET), sorts=SORTS, default="short", filters=_filters(words)
    )
    context = {
        "run": words.run,
        "words": words,
        "list": found,
        "columns": _COLUMNS,
        "rows": [words.row(item) for item in found.page],
        "may_send": request.actor.has(Role.CITY_OFFICER),
        "crumbs": _crumbs(words, "企业名单"),
    }
    return render(request, "registry/evaluation_results.html", context)


@require_POST
@for_roles(*READERS)
def act(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Export what is picked, or send it to a department."""
    words = RunWords(_run(request, pk))
    rows = _rows(request, words, request.GET)
    if not request.POST.get("all"):
        picked = whole_numbers(request.POST.getlist("picked")[:_MOST_PICKED])
        if not picked:
            messages.warning(request, "还没有选中企业。请勾选企业，或勾选“筛选出的全部”。")
            return redirect(f"{words.rows_url()}?{request.GET.urlencode()}")
        rows = rows.filter(pk__in=picked)
    match request.POST.get("act"):
        case "xlsx":
            return _workbook(request, words, rows)
        case "confirm" if request.actor.has(Role.CITY_OFFICER):
            enterprises = Enterprise.objects.visible_to(request.actor)
            return send_to_department(request, enterprises.filter(pk__in=rows.values("enterprise")))
    raise Http404


def _workbook(request: ActorRequest, words: RunWords, rows: Any) -> HttpResponseBase:  # noqa: ANN401 - a queryset
    total = rows.count()
    if total > MOST_WORKBOOK_ROWS:
        messages.warning(
            request, f"共 {total:,} 家，超过 Excel 导出的 {MOST_WORKBOOK_ROWS:,} 家。请加筛选后再导出。"
        )
        return redirect(f"{words.rows_url()}?{request.GET.urlencode()}")
    _name, fields = order(request.GET.get("sort", ""), SORTS, "short")

    def cells() -> Iterator[list[Cell]]:
        for item in rows.order_by(*fields).iterator(chunk_size=2000):
            yield list(words.row(item).cells)

    record_export(
        actor=request.actor,
        enterprises=rows.order_by().values_list("enterprise_id", flat=True),
        subject=words.run,
        detail={"rows": total, "format": "xlsx", "query": request.GET.urlencode()[:1000]},
    )
    file = workbook("评估结果", EXPORTED, cells())
    name = f"{words.tier}评估{words.run.as_of:%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@require_safe
@for_roles(*READERS)
def comparison(request: ActorRequest, pk: int) -> HttpResponse:
    """What has changed since an earlier run: how many went where, and each enterprise with the criteria that turned."""
    words = RunWords(_run(request, pk))
    candidates = earlier_runs(request.actor, words.run)
    if not candidates:
        raise Http404
    wanted = request.GET.get("with", str(candidates[0].pk))
    earlier = next((item for item in candidates if str(item.pk) == wanted), None)
    if earlier is None:
        raise Http404
    filters = (
        Filter("from", "原来", choices=(*_verdicts(), Choice("new", "上次未参评")), empty="全部有变动的"),
        Filter("to", "现在", choices=_verdicts()),
    )
    on = chosen(request.GET, filters)
    every = compared(request.actor, words.run, earlier)
    rows = changed(every)
    if "from" in on:
        rows = rows.filter(before=None if on["from"] == "new" else on["from"])
    if "to" in on:
        rows = rows.filter(status=on["to"])
    rows = rows.select_related("enterprise__district", "enterprise__city")
    found = listing(request, rows, sorts={"name": ("enterprise__name",)}, default="name", filters=filters)
    context = {
        "run": words.run,
        "words": words,
        "earlier": earlier,
        "candidates": [
            Choice(str(item.pk), f"{item.as_of.isoformat()} 评估，第 {item.pk} 次") for item in candidates
        ],
        "list": found,
        "columns": _CHANGED,
        "rows": [_changed_row(words, earlier, item) for item in found.page],
        "matrix": _matrix(moves(every)),
        "verdicts": [one.label for one in STATUSES],
        "gone": gone(request.actor, words.run, earlier),
        "crumbs": _crumbs(words, "与以前比较"),
    }
    return render(request, "registry/evaluation_compare.html", context)


def _verdicts() -> tuple[Choice, ...]:
    return tuple(Choice(one.value, one.label) for one in STATUSES)


def _changed_row(words: RunWords, earlier: Evaluation, item: Any) -> dict[str, Any]:  # noqa: ANN401 - annotated
    turns = turned(words.run, earlier, item.statuses, item.statuses_before or "") if item.before else []
    return {
        "row": words.row(item),
        "before": item.before,
        "before_word": STATES[item.before].word if item.before else "",
        "turns": [words.turn(*turn) for turn in turns],
    }


def _matrix(counted: dict[tuple[str | None, str], int]) -> list[tuple[str, list[tuple[str, int, bool]]]]:
    """Rows: the verdict before (or not seen); columns: the verdict now, with its word, number and whether unchanged."""
    befores: list[tuple[str | None, str]] = [(one.value, one.label) for one in STATUSES]
    return [
        (
            label,
            [(one.label, counted.get((before, one.value), 0), before == one.value) for one in STATUSES],
        )
        for before, label in [*befores, (None, "上次未参评")]
    ]
