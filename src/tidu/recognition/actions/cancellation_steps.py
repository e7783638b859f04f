"""What the actions on a cancellation share: its tasks, its files, and whether the enterprise has been heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import SYSTEM, Actor
from tidu.core.files.receiving import Received, keep_file
from tidu.core.models import StoredFile
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.actions import finish_task, open_task, withdraw_task
from tidu.desk.models import Task
from tidu.recognition.actions.making_up import make_up
from tidu.recognition.models import Cancellation

NOTIFY: Final = "recognition.cancellation.notify"
REPLY: Final = "recognition.cancellation.reply"
PROPOSE: Final = "recognition.cancellation.propose"
CONFIRM: Final = "recognition.cancellation.confirm"
MOST_FILES: Final = 10
_State: Final = Cancellation.State


def check_heard(case: Cancellation, today: dt.date | None = None) -> None:
    """Raises :class:`Refused` unless the enterprise has replied, or had its time and let it pass."""
    if case.deadline is None:
        raise Refused("还没有向企业发出告知书，不能提出取消称号。")
    if case.replied_at is not None:
        return
    if (today or timezone.localdate()) <= case.deadline.due_on:
        raise Refused(
            f"企业可以陈述到 {case.deadline.due_on.isoformat()}，现在还没有收到陈述，期满以前不能提出取消称号。"
        )


def reply_is_late(case: Cancellation) -> bool:
    """Whether the statement came behind the limit."""
    return (
        case.replied_at is not None
        and case.deadline is not None
        and timezone.localdate(case.replied_at) > case.deadline.due_on
    )


def drop_proposal(actor: Actor, row: Cancellation, outcome: str) -> None:
    """Forget what was proposed, in the caller's transaction, which saves the row."""
    row.cancels, row.proposed_by, row.opinion, row.barred_until = None, None, "", None
    withdraw_task(actor=actor, kind=CONFIRM, subject=row, outcome=outcome)


def ask_city(actor: Actor, row: Cancellation, state: str) -> None:
    """Put the case before the city's officers again."""
    if state == _State.OPENED:
        ask_officers(actor, row, NOTIFY, "发出拟取消告知书")
    elif state == _State.REPLIED:
        ask_officers(actor, row, PROPOSE, "提出处理意见")


def keep_files(actor: Actor, present: int, files: Iterable[Received]) -> list[StoredFile]:
    """Keep received files beside ``present`` others. Raises :class:`Refused` for too many."""
    wanted = list(files)
    if present + len(wanted) > MOST_FILES:
        raise Refused(f"最多放 {MOST_FILES} 个文件。", field="files")
    return [keep_file(actor=actor, received=received) for received in wanted]


def ask_officers(actor: Actor, row: Cancellation, kind: str, title: str) -> None:
    """Open a task for the officers of the bureau that conducts the case, under the case's limit."""
    open_task(
        actor=actor,
        kind=kind,
        title=f"{title}：{row.enterprise.name}",
        url=_page(row),
        organisation=row.organisation,
        role=Role.CITY_OFFICER,
        subject=row,
        subject_label=_label(row),
        deadline=row.deadline,
        about=row.enterprise,
        by_another=kind == CONFIRM,
    )


def ask_enterprise(actor: Actor, row: Cancellation) -> None:
    """Ask the enterprise for its statement, within the limit of reply; nobody where it has no account."""
    own = row.enterprise.organisation
    if own is None:
        return
    open_task(
        actor=actor,
        kind=REPLY,
        title=f"请陈述和申辩：拟取消称号：{row.title.name}",
        url=_page(row),
        organisation=own,
        role=Role.ENTERPRISE_MANAGER,
        subject=row,
        subject_label=_label(row),
        deadline=row.deadline,
    )


def _page(row: Cancellation) -> str:
    return reverse("recognition:cancellation", args=[row.pk])


def _label(row: Cancellation) -> str:
    return f"{row.enterprise.name}　{row.ground_label}"[:200]


def ask_after_limit(today: dt.date | None = None) -> int:
    """Open the city's task of proposing where the limit of reply is over and nobody has replied. Idempotent."""
    make_up()
    day = today or timezone.localdate()
    silent = Cancellation.objects.filter(state=_State.NOTIFIED, deadline__due_on__lt=day).exclude(
        Exists(
            Task.objects.open().filter(
                kind=PROPOSE,
                subject_type=Cancellation._meta.label_lower,
                subject_id=Cast(OuterRef("pk"), CharField()),
            )
        )
    )
    return sum(_ask_after_limit(pk, day) for pk in silent.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _ask_after_limit(number: int, day: dt.date) -> int:
    row = (
        Cancellation.objects.select_for_update(of=("self",))
        .select_related("enterprise", "title", "organisation", "deadline")
        .filter(pk=number, state=_State.NOTIFIED, deadline__due_on__lt=day)
        .first()
    )
    if row is None:
        return 0
    finish_task(actor=SYSTEM, kind=REPLY, subject=row, outcome="陈述期满")
    ask_officers(SYSTEM, row, PROPOSE, "陈述期满，请提出处理意见")
    return 1
