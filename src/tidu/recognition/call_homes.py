"""What the home pages of officers show of calls: how many are open, and which closes next."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.core.workspace import Kpi
from tidu.desk.figures import Panel, PanelRow
from tidu.recognition.calling.pages import state_of
from tidu.recognition.queries.calls import closing_soon, open_now, tallies

OFFICERS = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)


def call_figures(actor: Actor) -> list[Kpi]:
    """How many calls take applications now."""
    number = open_now(actor).count()
    return [Kpi("正在受理的申报通知", str(number), "份", url=reverse("recognition:calls"))]


def closing_panel(actor: Actor) -> list[Panel]:
    """The calls that close within a week; no card where there is none."""
    now = timezone.now()
    calls = closing_soon(actor, now)
    if not calls:
        return []
    counted = tallies(calls, actor)
    rows = []
    for call in calls:
        state = state_of(call, now)
        rows.append(
            PanelRow(
                call.batch_name or call.title,
                note="" if state.due is None else state.due.text,
                url=reverse("recognition:call", args=[call.pk]),
                detail=f"填报中 {counted[call.pk].started} 家，已提交 {counted[call.pk].handed_in} 家",
            )
        )
    return [Panel("calls", "即将截止的申报", rows=tuple(rows), icon="hourglass-low")]
