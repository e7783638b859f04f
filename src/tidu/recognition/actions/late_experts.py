"""Experts who are near their limit or beyond it: reminded, and given to the city to replace."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from tidu.core.actor import SYSTEM
from tidu.core.calendar import current_calendar, due
from tidu.core.roles import Role
from tidu.desk.actions import notify, open_task
from tidu.recognition.actions.replacing import REPLACE, TOPIC, locked_panel
from tidu.recognition.models import Assignment, Panel, Status
from tidu.recognition.queries.experts import UNFINISHED


def overdue_assignments() -> str:
    """Remind experts before and after the limit, and give the city the task of replacing those who are late.

    For ticks: it looks at what is due now, and what it does twice comes out as once. Returns what it did in words.
    """
    calendar = current_calendar()
    reminded = late = 0
    rows = Panel.objects.filter(
        state=Panel.State.OPEN, deadline__isnull=False, deadline__closed_at__isnull=True
    )
    for panel in rows.select_related("deadline", "call__organisation"):
        said = due(panel.deadline, calendar)  # type: ignore[arg-type] # filtered above
        if said.value not in {"soon", "over"}:
            continue
        with transaction.atomic():
            # The lock keeps the panel from being closed before the task is opened: closing it is what ends the task.
            if locked_panel(panel.pk).state != Panel.State.OPEN:
                continue
            out = list(
                Assignment.objects.filter(
                    panel=panel, state__in=UNFINISHED, application__status=Status.EXPERTS
                ).select_related("expert__user")
            )
            for user in {row.expert.user_id: row.expert.user for row in out}.values():
                reminded += notify(
                    actor=SYSTEM,
                    topic=TOPIC,
                    title=f"评审意见{said.text}：{panel.call.title}"[:200],
                    body="还有评审件没有提交意见。" + (said.text if said.value == "soon" else _late(panel)),
                    url=reverse("recognition:assignments"),
                    users=[user],
                    key=f"panel-{panel.pk}-{said.value}-{panel.deadline_id}",
                )
            if said.value == "over" and out:
                late += len(out)
                open_task(
                    actor=SYSTEM,
                    kind=REPLACE,
                    title=f"{len(out)} 件评审逾期未交，请更换专家：{panel.call.batch_name}{panel.name}",
                    url=reverse("recognition:panel", args=[panel.pk]),
                    organisation=panel.call.organisation,
                    role=Role.CITY_OFFICER,
                    subject=panel,
                    deadline=panel.deadline,
                )
    words = [f"提醒专家 {reminded} 人"] if reminded else []
    return "，".join([*words, f"评审逾期 {late} 件"] if late else words)


def _late(panel: Panel) -> str:
    return str(panel.call.limits.get("experts", {}).get("late", "")) or "逾期未提交的，由组织单位更换。"
