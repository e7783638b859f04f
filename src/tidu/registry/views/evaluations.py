"""Evaluating the registry: the runs of one's bureau, starting one, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.core.components import Choice, Column, Crumb
from tidu.core.gates import for_roles
from tidu.core.jobs.showing import work_of
from tidu.core.listing import listing
from tidu.core.models.jobs import JobState
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import InputError
from tidu.registry.actions.evaluations import start_evaluation
from tidu.registry.evaluation_pages import RunWords
from tidu.registry.models import Evaluation
from tidu.registry.queries.evaluations import ANY_PAPER, earlier_runs, offers_for, runs_for

OFFICERS: Final = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)
READERS: Final = (*OFFICERS, Role.AUDITOR)
_COLUMNS: Final = (
    Column("政策与称号"),
    Column("范围"),
    Column("评估日"),
    Column("企业", number=True),
    Column("状态"),
    Column("发起", sort="created"),
)


@require_safe
@for_roles(*READERS)
def runs(request: ActorRequest) -> HttpResponse:
    """The runs of the bureau, and the form that starts one."""
    return _runs_page(request)


def _runs_page(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    found = listing(request, runs_for(request.actor), sorts={"created": ("pk",)}, default="-created")
    today = timezone.localdate()
    given = request.POST if refused else {}
    context = {
        "list": found,
        "columns": _COLUMNS,
        "rows": [(run, RunWords(run), _fared(run)) for run in found.page],
        "may_start": request.actor.has(*OFFICERS),
        "offers": [
            Choice(
                f"{offer.pack.id}/{offer.tier}",
                f"{offer.recognition.title}（{offer.pack.document.short_title}，{force.label}）",
            )
            for offer, force in offers_for(request.actor, today)
        ],
        "given": {
            "offer": given.get("offer", ""),
            "as_of": given.get("as_of", today.isoformat()),
            "base_year": given.get("base_year", ""),
        },
        "refused": refused,
        "usual_year": today.year - 1,
        "crumbs": (Crumb("工作台", reverse("desk:home")), Crumb("企业库评估")),
    }
    return render(request, "registry/evaluations.html", context, status=http_status(refused))


def _fared(run: Evaluation) -> str:
    """The state of a run; one whose background work has ended without it has failed."""
    if run.state == Evaluation.State.RUNNING and run.job is not None:
        if run.job.state in {JobState.FAILED, JobState.CANCELLED}:
            return str(run.job.state)
        return "running"
    return str(run.state)


@require_POST
@for_roles(*OFFICERS)
def start(request: ActorRequest) -> HttpResponse:
    """Start a run."""
    try:
        pack, tier = _offer(request.POST.get("offer", ""))
        run = start_evaluation(
            actor=request.actor,
            pack=pack,
            tier=tier,
            as_of=_day(request.POST.get("as_of", "")),
            base_year=_year(request.POST.get("base_year", "")),
        )
    except Refused as refused:
        return _runs_page(request, refused)
    messages.success(request, "评估已开始，可以离开本页，完成后回来看结果。")
    return redirect("registry:evaluation", pk=run.pk)


def _offer(text: str) -> tuple[Pack, str]:
    name, _, tier = text.partition("/")
    try:
        return load_library().get(name), tier
    except InputError as error:
        raise Refused("请选择要对照的政策和称号。", field="offer") from error


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip().replace("/", "-"))
    except ValueError as error:
        raise Refused("评估日写作 2026-11-20 这样的日期。", field="as_of") from error


def _year(text: str) -> int | None:
    written = text.strip().removesuffix("年").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) == 4):  # noqa: PLR2004 - digits of a year
        raise Refused("基准年度写作 2025 这样的四位数字，也可以不填。", field="base_year")
    return int(written)


@require_safe
@for_roles(*READERS)
def run(request: ActorRequest, pk: int) -> HttpResponse:
    """One run: how far it is, or what came of it."""
    found = get_object_or_404(
        Evaluation.objects.visible_to(request.actor).select_related("place", "job", "user"), pk=pk
    )
    words = RunWords(found)
    context = {
        "run": found,
        "words": words,
        "work": None if found.job is None else work_of(found.job, request.actor),
        "crumbs": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("企业库评估", reverse("registry:evaluations")),
            Crumb(f"{words.tier} {found.as_of.isoformat()}"),
        ),
    }
    if found.state != Evaluation.State.DONE:
        return render(request, "registry/evaluation_running.html", context)
    context |= {
        "kpis": words.kpis(),
        "chart": words.distances(),
        "papers": words.papers,
        "papers_url": words.rows_url(document=ANY_PAPER),
        "districts": words.districts(),
        "industries": words.industries(),
        "criteria": words.criteria(),
        "documents": words.documents(),
        "missing": words.missing(),
        "earlier": earlier_runs(request.actor, found),
    }
    return render(request, "registry/evaluation.html", context)
