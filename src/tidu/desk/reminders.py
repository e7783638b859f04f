"""Reminding of deadlines. What a reminder says is looked up again when it is sent: nobody is told of what is done."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import SYSTEM
from tidu.core.calendar import Calendar, Due, current_calendar, due
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.desk.models import Notification, Task
from tidu.desk.queries import SOON, nearly_due

FIRST_HOUR = 8
_BATCH = 500


def remind(now: dt.datetime | None = None) -> int:
    """Tell whoever holds the role once that a deadline is near, and once that it is over. Returns how many are told."""
    moment = timezone.localtime(now)
    if moment.hour < FIRST_HOUR:
        return 0
    today, calendar = moment.date(), current_calendar()
    tasks = (
        Task.objects.open()
        .filter(nearly_due(calendar, today), copy=False)
        .select_related("deadline")
        .order_by("deadline__due_on", "id")[:_BATCH]
    )
    keyed = {_key(task, left): task for task in tasks if (left := _due(task, calendar, today)) is not None}
    told = set(Notification.objects.filter(key__in=keyed).values_list("key", flat=True))
    return sum(_remind(task.pk, calendar, today) for key, task in keyed.items() if key not in told)


def _due(task: Task, calendar: Calendar, today: dt.date) -> Due | None:
    return None if task.deadline is None else due(task.deadline, calendar, today=today, soon=SOON)


def _key(task: Task, left: Due) -> str:
    return f"task-{task.pk}-{left.value}-{left.on.isoformat() if left.on else ''}"


@transaction.atomic
def _remind(number: int, calendar: Calendar, today: dt.date) -> int:
    # Locked and read again: whoever finishes it meanwhile waits, or has finished it and nobody is told.
    task = (
        Task.objects.select_for_update(of=("self",))
        .open()
        .filter(nearly_due(calendar, today), pk=number)
        .select_related("deadline", "organisation")
        .first()
    )
    left = None if task is None else _due(task, calendar, today)
    if task is None or left is None:
        return 0
    return notify(
        actor=SYSTEM,
        organisation=task.organisation,
        role=Role(task.role),
        topic="逾期" if left.value == "over" else "催办",
        title=f"{left.text}：{task.title}"[:200],
        body="" if left.on is None else f"截止日 {left.on.isoformat()}。",
        url=task.url,
        task=task,
        about=task.party,
        key=_key(task, left),
    )
