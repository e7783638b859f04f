"""The home page of whoever is signed in: what there is to do, what matters, what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.core.audit.actions import ACTIONS
from tidu.core.calendar import Calendar, Due, current_calendar
from tidu.core.components import Choice, Column
from tidu.core.exporting import MOST_WORKBOOK_ROWS, Cell, workbook
from tidu.core.listing import By, Filter, chosen, listing, order
from tidu.core.requests import ActorRequest
from tidu.core.roles import ROLE_RULES
from tidu.core.workspace import Kpi, Tab
from tidu.desk import actions, queries
from tidu.desk.display import with_display
from tidu.desk.empty_states import EMPTY
from tidu.desk.figures import NextStep, figures_for, panels_for, steps_for
from tidu.desk.kinds import label_of
from tidu.desk.models import Task, TaskState

_PER_PAGE = 10
_SORTS: dict[str, tuple[By, ...]] = {
    "deadline": queries.BY_DEADLINE,
    "created": ("-created_at",),
    "done": ("-done_at",),
}
_STRIP = 5  # figures


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the list."""

    task: Task
    kind: str
    left: Due | None
    unseen: bool

    @property
    def subject(self) -> str:
        """What it is about, without what the title says already."""
        parts = self.task.subject_label.split("　")
        return "　".join(part for part in parts if part not in self.task.title)


@require_safe
def show(request: ActorRequest) -> HttpResponse:
    """Everything at a glance; the lists of tabs, kinds and orders stand in the address."""
    actor, today, calendar = request.actor, timezone.localdate(), current_calendar()
    load = queries.load_of(actor, calendar, today)
    steps = steps_for(actor)
    context = {
        "today": today,
        "load": load,
        "heading": heading(load, steps),
        "kpis": _kpis(request, load),
        "steps": steps,
        "panels": panels_for(actor),
        "meaning": "" if actor.role is None else ROLE_RULES[actor.role].meaning,
        "events": [_event(found) for found in queries.recent_events(actor)],
        "first": queries.most_pressing(actor) if load.open else None,
        "empty": EMPTY.get(actor.role, EMPTY[None]),
        **_tasks(request, load, calendar, today),
    }
    return with_display(request, render(request, "desk/home.html", context))


def heading(load: queries.Load, steps: Sequence[NextStep] = ()) -> str:
    """The sentence at the top."""
    if load.over:
        return f"今天要办 {load.pressing} 件，其中 {load.over} 件已逾期"
    if load.soon:
        return f"今天要办 {load.pressing} 件，没有逾期"
    if load.open:
        return f"待办 {load.open} 件，三个工作日内没有到期的"
    following = next((step.title for step in steps if not step.done), "")
    return f"没有待办，接下来：{following}" if following else "没有待办"


def _kpis(request: ActorRequest, load: queries.Load) -> list[Kpi]:
    own = []
    if load.open:
        url = f"{reverse('desk:home')}?tab=todo&sort=deadline"
        own = [
            Kpi("逾期", str(load.over), "件", kind="bad" if load.over else "", url=url if load.over else ""),
            Kpi("三个工作日内到期", str(load.soon), "件", kind="warn" if load.soon else ""),
        ]
        if load.stopped:
            own.append(Kpi("等待回复", str(load.stopped), "件", "时钟已停"))
    return [*own, *figures_for(request.actor)][:_STRIP]


def _chosen(request: ActorRequest) -> tuple[str, Filter, QuerySet[Task]]:
    """The tab, the filter by kind with what it offers, and the tasks that both leave."""
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in queries.TABS else "todo"
    found = queries.kinds(request.actor, tab=tab)
    kind_filter = Filter(
        "kind", "事项", choices=tuple(Choice(kind, f"{label_of(kind)}（{number}）") for kind, number in found)
    )
    on = chosen(request.GET, [kind_filter])
    return tab, kind_filter, queries.tasks(request.actor, tab=tab, kind=on.get("kind", ""))


def _tasks(request: ActorRequest, load: queries.Load, calendar: Calendar, today: dt.date) -> dict[str, Any]:
    actor = request.actor
    tab, kind_filter, rows = _chosen(request)
    default = "done" if tab == "done" else "deadline"
    shown = listing(request, rows, sorts=_SORTS, default=default, filters=[kind_filter], per_page=_PER_PAGE)
    counts: dict[str, int | None] = {"todo": load.open, "done": None, **queries.beside(actor)}
    tabs = [
        Tab(
            label,
            f"?tab={name}",
            counts[name],
            current=name == tab,
            kind="bad" if name == "todo" and load.over else "",
        )
        for name, label in queries.TABS.items()
        if name != "asked" or counts[name] or name == tab
    ]
    return {
        "tab": tab,
        "label": queries.TABS[tab],
        "export": f"{reverse('desk:export')}?tab={tab}&{shown.query}",
        "tabs": tabs,
        "list": shown,
        "rows": [
            TaskRow(
                task,
                label_of(task.kind),
                queries.left_of(task, calendar, today),
                task.copy and task.state == TaskState.OPEN,
            )
            for task in shown.page
        ],
        "columns": _COLUMNS[tab],
    }


_COLUMNS = {
    "todo": (Column("事项与对象"), Column("产生", sort="created"), Column("截止", sort="deadline")),
    "asked": (Column("事项与对象"), Column("产生", sort="created"), Column("截止", sort="deadline")),
    "done": (Column("事项与对象"), Column("结果"), Column("办结", sort="done")),
    "copies": (Column("事项与对象"), Column("产生", sort="created"), Column("阅知")),
}


def _event(found: queries.Happened) -> dict[str, Any]:
    event = found.last
    return {
        "at": event.at,
        "what": ACTIONS.get(event.action, event.action),
        "subject": event.subject_label,
        "who": event.user_name,
        "times": found.times if found.times > 1 else None,
    }


@require_safe
def export(request: ActorRequest) -> FileResponse:
    """The tasks of the tab as a workbook: the rows that the filter leaves, up to as many as a workbook takes."""
    tab, _, rows = _chosen(request)
    default = "done" if tab == "done" else "deadline"
    _, by = order(request.GET.get("sort", ""), _SORTS, default)
    listed = rows.order_by(*by)[:MOST_WORKBOOK_ROWS]
    number = listed.count()
    label = queries.TABS[tab]
    actions.note_export(actor=request.actor, label=label, number=number)
    file = workbook(label, _EXPORTED, (_cells(task) for task in listed.iterator(chunk_size=2000)))
    return FileResponse(file, as_attachment=True, filename=f"{label}{timezone.localdate():%Y%m%d}.xlsx")


_EXPORTED = ("种类", "事项", "对象", "产生", "截止", "结果", "办结", "办理人")


def _cells(task: Task) -> list[Cell]:
    return [
        label_of(task.kind),
        task.title,
        task.subject_label,
        timezone.localdate(task.created_at),
        None if task.deadline is None else task.deadline.due_on,
        task.outcome,
        None if task.done_at is None else timezone.localdate(task.done_at),
        "" if task.done_by is None else str(task.done_by),
    ]


@require_POST
def acknowledge(request: ActorRequest, number: int) -> HttpResponse:
    """Mark what was sent for information as seen."""
    task = get_object_or_404(Task.objects.visible_to(request.actor).filter(copy=True), pk=number)
    actions.acknowledge(actor=request.actor, task=task)
    return redirect(f"{_home()}?tab=copies")


def _home() -> str:
    try:
        return reverse(settings.LOGIN_REDIRECT_URL)
    except NoReverseMatch:
        return "/"
