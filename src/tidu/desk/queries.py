"""What somebody has to do, and what they are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy

from tidu.core.actor import Actor
from tidu.core.calendar import Calendar, due
from tidu.core.calendar import Due as Left
from tidu.core.models import AuditEvent
from tidu.core.models.audit import AuditResult
from tidu.core.models.deadlines import DayUnit
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task, TaskState

#: Tabs of the home page.
TABS = {"todo": "待办", "asked": "等待他人审签", "done": "已办", "copies": "抄送"}
#: Left of a limit, in its own unit, from which on it is near.
SOON = 3
_RECENT = 6
_LOOKED_BACK = 60
_QUIET = (
    "accounts.session",
    "accounts.sign_",
    "accounts.identity",
    "accounts.second_factor",
    "accounts.password",
    "accounts.interest",  # nobody reads of a colleague's family at home
    "core.file.downloaded",
    "core.file.previewed",
    "core.document",  # what it belongs to has events of its own, kept from whoever has to avoid the enterprise
    "core.access",
    "core.job.started",
)


def nearly_due(calendar: Calendar, today: dt.date) -> Q:
    """The tasks whose clock runs and whose last day is near or gone."""
    working, calendar_days = calendar.due_day(today, SOON, DayUnit.WORKING), today + dt.timedelta(days=SOON)
    return running() & (
        Q(deadline__unit=DayUnit.WORKING, deadline__due_on__lte=working)
        | Q(deadline__unit=DayUnit.CALENDAR, deadline__due_on__lte=calendar_days)
    )


def running() -> Q:
    """The tasks with a clock that runs."""
    return Q(deadline__isnull=False, deadline__stopped_on__isnull=True, deadline__closed_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to do."""

    open: int
    over: int
    soon: int  # not yet over
    stopped: int

    @property
    def pressing(self) -> int:
        """What has to be done today: late, or near its end."""
        return self.over + self.soon


def in_tab(actor: Actor, tab: str) -> Q:
    """What a tab shows to the actor. What they have asked a colleague to look at is not theirs to do."""
    own = Q(asked_by_id=actor.user_id or 0)
    match tab:
        case "asked":
            return own & Q(state=TaskState.OPEN, copy=False)
        case "done":
            return Q(state=TaskState.DONE, copy=False)
        case "copies":
            return Q(copy=True) & ~Q(state=TaskState.WITHDRAWN)
    return Q(state=TaskState.OPEN, copy=False) & ~own


def load_of(actor: Actor, calendar: Calendar, today: dt.date) -> Load:
    """The open tasks of the actor, counted. One query."""
    over = running() & Q(deadline__due_on__lt=today)
    found = (
        Task.objects.visible_to(actor)
        .filter(in_tab(actor, "todo"))
        .aggregate(
            open=Count("pk"),
            over=Count("pk", filter=over),
            near=Count("pk", filter=nearly_due(calendar, today)),
            stopped=Count("pk", filter=Q(deadline__stopped_on__isnull=False)),
        )
    )
    return Load(found["open"], found["over"], found["near"] - found["over"], found["stopped"])


def tasks(actor: Actor, *, tab: str, kind: str = "") -> QuerySet[Task]:
    """The tasks of one tab, of one kind where it is given."""
    found = Task.objects.visible_to(actor).filter(in_tab(actor, tab)).select_related("deadline", "done_by")
    return found.filter(kind=kind) if kind else found


def kinds(actor: Actor, *, tab: str) -> list[tuple[str, int]]:
    """The kinds of task in a tab with their number, most first. One query."""
    found = Task.objects.visible_to(actor).filter(in_tab(actor, tab)).order_by().values_list("kind")
    return list(found.annotate(number=Count("pk")).order_by("-number", "kind"))


def beside(actor: Actor) -> dict[str, int]:
    """How much there is beside what is to be done: with a colleague, and sent for information and not looked at."""
    return (
        Task.objects.visible_to(actor)
        .open()
        .aggregate(asked=Count("pk", filter=in_tab(actor, "asked")), copies=Count("pk", filter=Q(copy=True)))
    )


def most_pressing(actor: Actor) -> Task | None:
    """The task whose deadline comes first."""
    return tasks(actor, tab="todo").order_by(*BY_DEADLINE, "pk").first()


#: Running clocks first, the nearest end on top; then stopped ones; then tasks without a deadline.
BY_DEADLINE: tuple[OrderBy, ...] = (
    F("deadline__stopped_on").asc(nulls_first=True),
    F("deadline__due_on").asc(nulls_last=True),
)


def left_of(task: Task, calendar: Calendar, today: dt.date) -> Left | None:
    """How long a task has left, or None without a deadline."""
    return None if task.deadline is None else due(task.deadline, calendar, today=today, soon=SOON)


#: What says which enterprises an officer has to avoid: providers of their numbers.
_AVOIDED: list[Callable[[Actor], QuerySet[Any, Any]]] = []


def keep_events_from(avoided: Callable[[Actor], QuerySet[Any, Any]]) -> None:
    """Leave what colleagues did about these enterprises out of an officer's recent events."""
    _AVOIDED.append(avoided)


@dataclass(frozen=True, slots=True)
class Happened:
    """What somebody did to one thing, as often in a row."""

    last: AuditEvent
    times: int


def recent_events(actor: Actor) -> list[Happened]:
    """What the actor's organisation did last, without signing in and reading.

    Experts see what they did themselves: none of them learns who else reviews, or how far a colleague is. Officers see
    nothing about an enterprise that they have to avoid.
    """
    if actor.organisation_id is None:
        return []
    events = AuditEvent.objects.filter(organisation_id=actor.organisation_id, result=AuditResult.DONE)
    if actor.has(Role.EXPERT):
        events = events.filter(user_id=actor.user_id)
    for avoided in _AVOIDED if actor.is_staff else ():
        events = events.exclude(enterprise_id__in=avoided(actor))
    for start in _QUIET:
        events = events.exclude(action__startswith=start)
    runs = groupby(
        events.order_by("-number")[:_LOOKED_BACK],
        key=lambda event: (event.action, event.subject_label, event.user_name),
    )
    return [Happened(next(run), 1 + sum(1 for _ in run)) for _, run in islice(runs, _RECENT)]


def notifications(
    actor: Actor, *, unread: bool = False, before: int = 0, after: int = 0, size: int
) -> tuple[list[Notification], bool, bool]:
    """One page of messages by key, newest first, and whether there are newer and older ones. One query or two.

    ``before`` and ``after`` are numbers of messages: the page ends or begins beside them, however many have come since.
    """
    found = Notification.objects.visible_to(actor)
    if unread:
        found = found.unread()
    if after:
        rows = list(found.filter(pk__gt=after).order_by("pk")[: size + 1])
        more = len(rows) > size
        return rows[:size][::-1], more, True
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: size + 1])
    return rows[:size], bool(before), len(rows) > size
