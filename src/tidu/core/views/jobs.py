"""Pages of background work: everybody's own, and how all of it fares for the system administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tidu.core.components import Choice, Column, Crumb
from tidu.core.jobs import actions
from tidu.core.jobs.queries import visible_to
from tidu.core.jobs.showing import label_of, title_of, work_of
from tidu.core.listing import Filter, chosen, listing
from tidu.core.models.jobs import Job, JobState
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role

_COLUMNS = (
    Column("任务"),
    Column("状态"),
    Column("进度", number=True),
    Column("发起人"),
    Column("提交时间", sort="at"),
)
_FILTERS = (Filter("state", "状态", choices=tuple(Choice(state.value, state.label) for state in JobState)),)


@require_safe
def jobs(request: ActorRequest) -> HttpResponse:
    """The jobs that the reader may know of, newest first."""
    on = chosen(request.GET, _FILTERS)
    rows = visible_to(request.actor).defer("arguments")
    if "state" in on:
        rows = rows.filter(state=on["state"])
    found = listing(request, rows, filters=_FILTERS, sorts={"at": ("id",)}, default="-at")
    shown = [(job, work_of(job, request.actor), label_of(job)) for job in found.page.object_list]
    context = {
        "list": found,
        "columns": _COLUMNS,
        "rows": shown,
        "all": request.actor.has(Role.SYSTEM_ADMINISTRATOR),
        "steps": (Crumb("工作台", reverse("desk:home")), Crumb("后台任务")),
    }
    return render(request, "core/jobs.html", context)


@require_safe
def job(request: ActorRequest, number: int) -> HttpResponse:
    """One job with its progress."""
    found = _visible(request, number)
    context = {
        "job": found,
        "work": work_of(found, request.actor),
        "label": label_of(found),
        "starter": found.actor.get("name", ""),
        "organisation": found.actor.get("organisation", ""),
        "steps": (
            Crumb("工作台", reverse("desk:home")),
            Crumb("后台任务", reverse("core:jobs")),
            Crumb(title_of(found, request.actor)),
        ),
    }
    return render(request, "core/job.html", context)


@require_safe
def progress(request: ActorRequest, number: int) -> HttpResponse:
    """The component alone, which asks for itself; once the job has ended, the page around it is opened anew."""
    found = _visible(request, number)
    work = work_of(found, request.actor)
    if work.ended and not request.headers.get("HX-Request"):
        return redirect("core:job", number=number)
    response = render(request, "core/_job_progress.html", {"work": work, "number": number})
    if work.ended:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def retry(request: ActorRequest, number: int) -> HttpResponse:
    """Queue it once more."""
    try:
        actions.retry(actor=request.actor, number=number)
        messages.success(request, "任务已重新排队。")
    except Refused as refused:
        messages.error(request, refused.message)
    return _back(request, number)


@require_POST
def stop(request: ActorRequest, number: int) -> HttpResponse:
    """Stop it, or ask it to."""
    stopped = actions.stop(actor=request.actor, number=number)
    if stopped.state == JobState.RUNNING:
        messages.success(request, "已通知任务停止，做完手上的一段就停。")
    elif stopped.state == JobState.CANCELLED:
        messages.success(request, "任务已停止。")
    else:
        messages.warning(request, "任务已经结束，没有什么可以停止。")
    return _back(request, number)


def _visible(request: ActorRequest, number: int) -> Job:
    found = visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这个任务。")
    return found


def _back(request: ActorRequest, number: int) -> HttpResponse:
    """To the page on which the button was."""
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return redirect(page)
    return redirect("core:job", number=number)
