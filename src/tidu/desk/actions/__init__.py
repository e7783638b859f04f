"""What changes the desk: tasks, messages, and how a person wants to be told."""

from tidu.desk.actions.exports import note_export
from tidu.desk.actions.notifications import mark_read, notify
from tidu.desk.actions.preferences import keep_display, set_pace
from tidu.desk.actions.tasks import (
    acknowledge,
    ask_another,
    finish_task,
    open_task,
    retitle_tasks,
    withdraw_task,
)

__all__ = [
    "acknowledge",
    "ask_another",
    "finish_task",
    "keep_display",
    "mark_read",
    "note_export",
    "notify",
    "open_task",
    "retitle_tasks",
    "set_pace",
    "withdraw_task",
]
