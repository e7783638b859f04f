"""What the home pages of officers show of calls: how many are open, which are under way, and which closes next."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tidu.core import moments
from tidu.core.actor import Actor
from tidu.core.workspace import Kpi
from tidu.desk.figures import Panel, PanelRow
from tidu.recognition.calling.pages import state_of
from tidu.recognition.models import Call, Status
from tidu.recognition.queries.calls import closing_soon, notice_ends, open_now, tallies, under_way


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


def running_panel(actor: Actor) -> list[Panel]:
    """The city's calls that are not finished, with how many applications stand where; each leads to its work."""
    now = timezone.now()
    calls = under_way(actor)
    counted, ends = tallies(calls, actor), notice_ends(calls)
    rows = []
    for call in calls:
        state = state_of(call, now)
        stages = [f"{status.label} {number}" for status, number in counted[call.pk].rows]
        if call.pk in ends and Status.NOTICE in counted[call.pk].by_status:
            stages.append(f"公示至 {moments.end(ends[call.pk])}")
        published = call.state == Call.State.PUBLISHED
        rows.append(
            PanelRow(
                call.batch_name or call.title,
                note=state.word if state.due is None else state.due.text,
                url=reverse(f"recognition:{'consolidated' if published else 'call'}", args=[call.pk]),
                detail="　".join(stages) or "还没有企业申报",
            )
        )
    return [
        Panel(
            "calls",
            "正在办理的批次",
            rows=tuple(rows),
            icon="file-text",
            empty="没有正在办理的批次",
            empty_note="从现行政策新建申报通知，审签发布以后，这里显示各环节还有多少件。",
            url=reverse("recognition:calls"),
            link="全部申报通知",
        )
    ]
