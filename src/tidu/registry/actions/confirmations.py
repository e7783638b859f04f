"""Questions to departments: sent by the city, answered by the department, and then facts of the highest source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.calendar import close_deadline, start_deadline
from tidu.core.models.deadlines import DayUnit
from tidu.core.refusals import Refused, stated
from tidu.core.roles import OrganisationKind, Role
from tidu.desk.actions import finish_task, notify, open_task, withdraw_task
from tidu.registry.actions.facts import NewFact, record_many
from tidu.registry.models import ConfirmationItem, ConfirmationList, Enterprise, Source
from tidu.registry.queries.confirmations import questions_for
from tidu.registry.vocabulary import vocabulary_in_view

KIND: Final = "registry.confirmation"
MOST_ENTERPRISES: Final = 2_000
_State = ConfirmationList.State
_LONGEST_TITLE: Final = 120
_LONGEST_NUMBER: Final = 80
_LONGEST_NOTE: Final = 200
_BATCH: Final = 500
_MOST_WORKING_DAYS: Final = 60
_TWO_CLICKS: Final = dt.timedelta(minutes=1)
_ANSWERS: Final = frozenset({"", "yes", "no"})


@transaction.atomic
def send_confirmation(
    *,
    actor: Actor,
    department: Organisation,
    enterprises: Collection[int],
    questions: Sequence[str],
    title: str,
    working_days: int,
    year: int | None = None,
) -> ConfirmationList:
    """Ask a department of the actor's place ``questions`` about ``enterprises``, with a time limit in working days.

    Questions that are asked by year are about ``year``, by default the last one. The same list sent twice within a
    minute is one list. Raises :class:`Refused`.
    """
    if not actor.has(Role.CITY_OFFICER):
        raise Refused("只有市级经办岗可以送部门确认。")
    # Locked, so that the second of two clicks waits for the first.
    Organisation.objects.select_for_update().get(pk=actor.organisation_number)
    _check_department(actor, department)
    asked = _asked(department, questions)
    known = list(
        Enterprise.objects.visible_to(actor)
        .filter(pk__in=enterprises)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    named = title.strip()
    _check_list(named, known, working_days)
    avoided = Enterprise.objects.filter(tied(actor), pk__in=known).first()
    if avoided is not None:
        raise Refused(f"名单里有您应当回避的企业：{avoided.name}。请去掉，由同事送确认。")
    same = _sent_just_now(actor, department, named, asked, len(known))
    if same is not None:
        return same
    batch = ConfirmationList.objects.create(
        title=named,
        asked_by_id=actor.user_number,
        asked_by_organisation_id=actor.organisation_number,
        department=department,
        questions=asked,
        year=timezone.localdate().year - 1 if year is None else year,
        state=_State.SENT,
        deadline=start_deadline(length=working_days, unit=DayUnit.WORKING),
        sent_at=timezone.now(),
    )
    items = [
        ConfirmationItem(batch=batch, enterprise_id=pk, indicator=question)
        for pk in known
        for question in asked
    ]
    ConfirmationItem.objects.bulk_create(items, batch_size=_BATCH)
    _ask_department(actor, batch, f"{len(known)} 家企业，{len(asked)} 个问题")
    record(
        actor=actor,
        action="registry.confirmation.sent",
        subject=batch,
        after=known,
        detail={"department": str(department), "enterprises": len(known), "questions": asked},
    )
    return batch


def _ask_department(actor: Actor, batch: ConfirmationList, how_much: str) -> None:
    open_task(
        actor=actor,
        kind=KIND,
        title=f"确认：{batch.title}",
        url=reverse("registry:confirmation", args=[batch.pk]),
        organisation=batch.department,
        role=Role.DEPARTMENT_OFFICER,
        subject=batch,
        subject_label=how_much,
        deadline=batch.deadline,
    )


def _check_department(actor: Actor, department: Organisation) -> None:
    fits = department.kind == OrganisationKind.DEPARTMENT and department.is_active
    if not fits or department.place_id != actor.place:
        raise Refused("请选择本市的部门。", field="department")


def _asked(department: Organisation, questions: Sequence[str]) -> list[str]:
    """The questions in the vocabulary's order, each once."""
    offered = [indicator.id for indicator in questions_for(department)]
    chosen = [name for name in offered if name in set(questions)]
    if not chosen or set(questions) - set(offered):
        raise Refused("请选择该部门能确认的问题，至少一个。", field="questions")
    return chosen


def _check_list(title: str, enterprises: Sequence[int], working_days: int) -> None:
    if not title or len(title) > _LONGEST_TITLE:
        raise Refused(f"请填写名称，不超过 {_LONGEST_TITLE} 个字。", field="title")
    if not enterprises:
        raise Refused("没有可以送确认的企业，请从企业库重新选择。")
    if len(enterprises) > MOST_ENTERPRISES:
        raise Refused(f"一次最多送 {MOST_ENTERPRISES:,} 家企业。")
    if not 1 <= working_days <= _MOST_WORKING_DAYS:
        raise Refused(f"期限应在 1 至 {_MOST_WORKING_DAYS} 个工作日之间。", field="working_days")


def _sent_just_now(
    actor: Actor, department: Organisation, title: str, questions: list[str], enterprises: int
) -> ConfirmationList | None:
    recent = ConfirmationList.objects.filter(
        asked_by_id=actor.user_id,
        department=department,
        title=title,
        state=_State.SENT,
        sent_at__gte=timezone.now() - _TWO_CLICKS,
    )
    for batch in recent:
        if batch.questions == questions and batch.items.count() == enterprises * len(questions):
            return batch
    return None


@transaction.atomic
def withdraw_confirmation(*, actor: Actor, batch: ConfirmationList, reason: str) -> None:
    """Take a list back before anything of it was answered. Idempotent. Raises :class:`Refused`."""
    locked = _locked(batch)
    _check_asker(actor, locked)
    if locked.state == _State.WITHDRAWN:
        return
    if locked.state != _State.SENT or locked.items.exclude(stated="").exists():
        raise Refused("部门已经答复，不能撤回。")
    reason = stated(reason, "撤回的理由")
    locked.state = _State.WITHDRAWN
    locked.save(update_fields=["state"])
    if locked.deadline is not None:
        close_deadline(deadline=locked.deadline)
    withdraw_task(actor=actor, kind=KIND, subject=locked, outcome=f"已撤回：{reason}")
    notify(
        actor=actor,
        topic="部门确认",
        title=f"已撤回：{locked.title}",
        body=reason,
        organisation=locked.department,
        role=Role.DEPARTMENT_OFFICER,
    )
    record(
        actor=actor,
        action="registry.confirmation.withdrawn",
        subject=locked,
        detail={"reason": reason},
    )


@transaction.atomic
def close_confirmation(*, actor: Actor, batch: ConfirmationList) -> None:
    """Put an answered list away: the department can change nothing more. Idempotent."""
    locked = _locked(batch)
    _check_asker(actor, locked)
    if locked.state == _State.CLOSED:
        return
    if locked.state != _State.ANSWERED:
        raise Refused("部门还没有全部答复，不能办结。")
    locked.state = _State.CLOSED
    locked.save(update_fields=["state"])
    record(actor=actor, action="registry.confirmation.closed", subject=locked)


@transaction.atomic
def save_answers(
    *,
    actor: Actor,
    batch: ConfirmationList,
    answers: Mapping[int, str],
    notes: Mapping[int, str] | None = None,
    rest: Mapping[str, str] | None = None,
) -> int:
    """Keep answers by item, without stating them yet; ``rest`` answers by question what is still open.

    What is asked about an enterprise that the actor has to avoid stays as it is: a colleague answers it. Returns how
    many changed. Raises :class:`Refused` for a list that takes no answers any more.
    """
    locked = _locked(batch)
    _check_answerer(actor, locked)
    open_ones = rest or {}
    if {*answers.values(), *open_ones.values()} - _ANSWERS:
        raise Refused("答复只能是“是”或“否”。")
    remarks = notes or {}
    now = timezone.now()
    changed = []
    for item in locked.items.filter(~tied(actor, "enterprise__")):
        answer = answers.get(item.pk) or item.answer or open_ones.get(item.indicator, "")
        note = remarks.get(item.pk, item.note).strip()[:_LONGEST_NOTE]
        if (answer, note) != (item.answer, item.note):
            item.answer, item.note = answer, note
            item.answered_by_id, item.answered_at = actor.user_id, now
            changed.append(item)
    if changed:
        ConfirmationItem.objects.bulk_update(
            changed, ["answer", "note", "answered_by", "answered_at"], batch_size=_BATCH
        )
        record(
            actor=actor,
            action="registry.confirmation.saved",
            subject=locked,
            detail={"changed": len(changed)},
        )
    return len(changed)


@transaction.atomic
def submit_answers(
    *, actor: Actor, batch: ConfirmationList, document_no: str, stated_on: dt.date | None
) -> int:
    """State what has been answered: each answer becomes a fact confirmed by the department, under its document.

    What is still open can be answered later; an answer that was changed since supersedes the former one. Returns how
    many answers were stated. Raises :class:`Refused`.
    """
    locked = _locked(batch)
    _check_answerer(actor, locked)
    number = document_no.strip()
    if not number or len(number) > _LONGEST_NUMBER:
        raise Refused("请填写复函文号，例如“包税函〔2026〕12号”。", field="document_no")
    if stated_on is None or stated_on > timezone.localdate():
        raise Refused("请填写复函日期，不晚于今天，写作 2026-11-20。", field="stated_on")
    items = list(locked.items.order_by("enterprise_id", "pk"))
    avoided = set(locked.items.filter(tied(actor, "enterprise__")).values_list("pk", flat=True))
    fresh = [item for item in items if item.answer and item.answer != item.stated and item.pk not in avoided]
    if not fresh:
        raise Refused("没有新的答复可以提交。请先填写，或修改已有的答复。")
    by_year = vocabulary_in_view().indicators
    record_many(
        actor=actor,
        entries=(
            (
                item.enterprise_id,
                NewFact(
                    item.indicator,
                    item.answer == "yes",
                    locked.year if by_year[item.indicator].per_year else 0,
                    basis=f"{locked.department.name}确认",
                    document_no=number,
                    stated_on=stated_on,
                ),
            )
            for item in fresh
        ),
        source=Source.CONFIRMED,
    )
    for item in fresh:
        item.stated = item.answer
    ConfirmationItem.objects.bulk_update(fresh, ["stated"], batch_size=_BATCH)
    left = sum(1 for item in items if not item.stated)
    _note_answer(actor, locked, number, stated_on, left)
    record(
        actor=actor,
        action="registry.confirmation.answered",
        subject=locked,
        after=[(item.enterprise_id, item.indicator, item.answer) for item in fresh],
        detail={
            "stated": len(fresh),
            "left": left,
            "document_no": number,
            "stated_on": stated_on.isoformat(),
        },
    )
    return len(fresh)


def _note_answer(actor: Actor, batch: ConfirmationList, number: str, stated_on: dt.date, left: int) -> None:
    """The list, the department's task and the city's message after an answer."""
    batch.document_no, batch.answered_on = number, stated_on
    if not left and batch.state == _State.SENT:
        batch.state, batch.answered_at = _State.ANSWERED, timezone.now()
        if batch.deadline is not None:
            close_deadline(deadline=batch.deadline)
        finish_task(actor=actor, kind=KIND, subject=batch, outcome=f"已答复，{number}")
    batch.save(update_fields=["document_no", "answered_on", "state", "answered_at"])
    notify(
        actor=actor,
        topic="部门确认",
        title=f"{batch.department}已答复：{batch.title}",
        body=f"{number}。" + (f"还有 {left} 项没有答复。" if left else "全部答复。"),
        url=reverse("registry:confirmation", args=[batch.pk]),
        organisation=batch.asked_by_organisation,
        role=Role.CITY_OFFICER,
    )


def _locked(batch: ConfirmationList) -> ConfirmationList:
    return (
        ConfirmationList.objects.select_for_update(of=("self",))
        .select_related("department", "asked_by_organisation", "deadline")
        .get(pk=batch.pk)
    )


def _check_asker(actor: Actor, batch: ConfirmationList) -> None:
    if not actor.has(Role.CITY_OFFICER) or batch.asked_by_organisation_id != actor.organisation_id:
        raise Refused("这份名单不是本单位发起的。")


def _check_answerer(actor: Actor, batch: ConfirmationList) -> None:
    if not actor.has(Role.DEPARTMENT_OFFICER) or batch.department_id != actor.organisation_id:
        raise Refused("这份名单不是送本部门的。")
    if batch.asked_by_id == actor.user_id:
        raise Refused("这份名单是您自己发出的，请由同事答复。")
    if batch.state not in {_State.SENT, _State.ANSWERED}:
        raise Refused("这份名单已经撤回或办结，不能再答复。")
