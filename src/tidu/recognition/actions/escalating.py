"""What follows when a limit is over: the city is told, the history says so, once for each limit.

Reminding whoever holds a case, three days before and once after its last day, is the desk's (``desk.remind``), since
every case is a task of its holder. Here is what the limit itself declares for the time after. Everything is looked at
again under the lock, so that it may run twice, or at once by two, and comes out as once.
"""

from __future__ import annotations

from typing import Final

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.accounts.ties import Concerned
from tidu.core.actor import SYSTEM
from tidu.core.audit.recording import record
from tidu.core.figures import day
from tidu.core.models import Deadline
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.desk.models import Notification
from tidu.recognition.models import (
    Application,
    Call,
    CaseKind,
    ChangeReport,
    Level,
    Objection,
    Status,
)
from tidu.recognition.process.bureaus import city_bureau
from tidu.recognition.process.changes import CHANGE_OPEN
from tidu.recognition.process.clocks import TIMED
from tidu.recognition.process.moving import write_act
from tidu.recognition.process.rules import SILENT, limit_of

TOPIC: Final = "催办"
ESCALATED: Final = "escalate"
_LABEL: Final = "逾期上报市级"
_MOST: Final = 500  # of each kind at one tick; the next goes on
_DOING: Final = {
    Status.DISTRICT: "区县审核",
    Status.EXPERTS: "专家评审",
    Status.DECISION: "研究决定",
}


def _late(prefix: str = "deadline") -> Q:
    """Whose clock runs and whose last day is over."""
    return Q(
        **{
            f"{prefix}__closed_at__isnull": True,
            f"{prefix}__stopped_on__isnull": True,
            f"{prefix}__due_on__lt": timezone.localdate(),
        }
    )


def late_applications() -> QuerySet[Application]:
    """Cases that somebody has held beyond the limit and that have not been escalated yet."""
    return Application.objects.filter(_late(), status__in=tuple(TIMED), escalated_at__isnull=True)


def escalate_applications() -> int:
    """Escalate cases under review, with experts or waiting for a decision. Returns how many."""
    numbers = late_applications().order_by("pk").values_list("pk", flat=True)[:_MOST]
    return sum(_escalate_application(number) for number in list(numbers))


@transaction.atomic
def _escalate_application(number: int) -> int:
    held = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call__organisation", "deadline", "enterprise", "district")
        .filter(pk=number)
        .first()
    )
    if held is None or held.deadline is None or not late_applications().filter(pk=number).exists():
        return 0
    status = Status(held.status)
    rule = limit_of(held.call, TIMED[status])
    held.escalated_at = timezone.now()
    held.save(update_fields=["escalated_at"])
    due_on = held.deadline.due_on
    if status == Status.DISTRICT:
        _tell(
            held.call.organisation,
            about=held.enterprise,
            title=f"{held.district.name}审核逾期：{held.enterprise.name}",
            body=f"应于 {day(due_on)} 前审结。{rule['late']}",
            url=reverse("recognition:review", args=[held.pk]),
            key=f"late-application-{held.pk}-{held.deadline.pk}",
        )
    else:
        # One message for all the cases of a call that were due on the same day: they are decided together.
        _tell(
            held.call.organisation,
            title=f"{_DOING[status]}逾期：{held.call}",
            body=f"应于 {day(due_on)} 前办完。{rule['late']}",
            url=reverse("recognition:consolidated", args=[held.call_id]),
            key=f"late-call-{held.call_id}-{status.value}-{due_on.isoformat()}",
        )
    write_act(
        actor=SYSTEM,
        case=CaseKind.APPLICATION,
        case_id=held.pk,
        act=ESCALATED,
        label=_LABEL if status == Status.DISTRICT else f"{_DOING[status]}逾期",
        level=Level.SYSTEM,
        before=status,
        after=status,
        reason=f"应于 {day(due_on)} 前办完。{rule['late']}",
        cite=rule["cite"],
        shown=False,
    )
    record(
        actor=SYSTEM,
        action="recognition.application.escalate",
        subject=held,
        enterprise_id=held.enterprise_id,
        detail={"stage": TIMED[status], "due_on": due_on.isoformat()},
    )
    return 1


def escalate_objections() -> int:
    """Escalate objections that were not answered within their limit. Returns how many."""
    rows = Objection.objects.open().filter(_late()).order_by("pk")
    numbers = list(rows.values_list("pk", "deadline_id")[:_MOST])
    told = _told("objection", numbers)
    return sum(_escalate_objection(number) for number, limit in numbers if (number, limit) not in told)


@transaction.atomic
def _escalate_objection(number: int) -> int:
    held = Objection.objects.select_for_update(of=("self",)).open().filter(_late(), pk=number).first()
    if held is None or held.deadline is None:
        return 0
    call: Call = held.item.notice.call
    rule = limit_of(call, "objection")
    told = _once(
        held,
        "objection",
        held.deadline,
        call.organisation,
        about=held.item.application.enterprise,
        title=f"异议核查逾期：{held.item.name}",
        body=f"应于 {day(held.deadline.due_on)} 前办结。{rule['late']}",
        url=reverse("recognition:objection", args=[held.pk]),
    )
    return _recorded(held, "objection", held.deadline, call.organisation) if told else 0


def escalate_changes() -> int:
    """Escalate reports of changes that nobody looked into or decided within the limit. Returns how many."""
    rows = ChangeReport.objects.filter(_late(), state__in=CHANGE_OPEN).order_by("pk")
    numbers = list(rows.values_list("pk", "deadline_id")[:_MOST])
    told = _told("change", numbers)
    return sum(_escalate_change(number) for number, limit in numbers if (number, limit) not in told)


@transaction.atomic
def _escalate_change(number: int) -> int:
    held = (
        ChangeReport.objects.select_for_update(of=("self",))
        .filter(_late(), pk=number, state__in=CHANGE_OPEN)
        .first()
    )
    if held is None or held.deadline is None:
        return 0
    city = city_bureau(held.enterprise.city_id)
    if city is None:
        return 0
    late = f"应于 {day(held.deadline.due_on)} 前办完。{SILENT['change'][2]}"
    told = _once(
        held,
        "change",
        held.deadline,
        city,
        about=held.enterprise,
        title=f"变更报告逾期：{held.enterprise.name}",
        body=late,
        url=reverse("recognition:change", args=[held.pk]),
    )
    if not told:
        return 0
    write_act(
        actor=SYSTEM,
        case=CaseKind.CHANGE,
        case_id=held.pk,
        act=ESCALATED,
        label=_LABEL,
        level=Level.SYSTEM,
        before=held.state,
        after=held.state,
        reason=late,
        shown=False,
    )
    return _recorded(held, "change", held.deadline, city)


def _once(
    held: models.Model,
    name: str,
    deadline: Deadline,
    organisation: Organisation,
    *,
    about: Concerned | None,
    title: str,
    body: str,
    url: str,
) -> int:
    """Tell the city once for a limit. The caller holds the row, so of two at once the second finds it told."""
    key = f"late-{name}-{held.pk}-{deadline.pk}"
    if Notification.objects.filter(key=key).exists():
        return 0
    return _tell(organisation, about=about, title=title, body=body, url=url, key=key)


def _recorded(held: models.Model, name: str, deadline: Deadline, organisation: Organisation) -> int:
    record(
        actor=SYSTEM,
        action=f"recognition.{name}.escalate",
        subject=held,
        place=organisation.place_id or "",
        detail={"due_on": deadline.due_on.isoformat()},
    )
    return 1


def _told(name: str, numbers: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these limits somebody has been told of already. One query."""
    keys = {f"late-{name}-{number}-{limit}": (number, limit) for number, limit in numbers}
    found = Notification.objects.filter(key__in=keys).values_list("key", flat=True).distinct()
    return {keys[key] for key in found}


def _tell(
    organisation: Organisation,
    *,
    title: str,
    body: str,
    url: str,
    key: str,
    about: Concerned | None = None,
) -> int:
    return notify(
        actor=SYSTEM,
        topic=TOPIC,
        title=title,
        body=body,
        url=url,
        organisation=organisation,
        role=Role.CITY_OFFICER,
        about=about,
        key=key,
    )
