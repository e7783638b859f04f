"""Objections to a proposed list: received from anybody, looked into by one officer, decided by another.

Who objects is nobody's business but that of whoever looks into it: name and telephone are sealed, only a digest of the
sender's code is kept, and no event about an objection bears the enterprise's number, so that it does not show where an
enterprise sees who looked at its data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Membership
from tidu.accounts.ties import ties
from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.calendar import close_deadline
from tidu.core.files.kinds import FileKind
from tidu.core.files.receiving import Received, keep_file, receive_file
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import ask_another, finish_task, notify, open_task
from tidu.recognition.actions.result_letters import send_result
from tidu.recognition.models import (
    Application,
    CaseKind,
    Level,
    Notice,
    NoticeItem,
    Objection,
    ObjectionFile,
    Status,
)
from tidu.recognition.process.clocks import start_limit
from tidu.recognition.process.holding import hold_shared
from tidu.recognition.process.moving import check_person, take
from tidu.recognition.queries.conditions import is_cited
from tidu.recognition.queries.objections import digest_of_code, new_code

DECIDE: Final = "recognition.objection.decide"
OBJECTION_FILES: Final = (FileKind.PDF, FileKind.JPEG, FileKind.PNG)
MOST_FILES: Final = 5
SHORTEST_TEXT, LONGEST_TEXT = 10, 2000
LONGEST_NAME, LONGEST_PHONE = 60, 40
LONGEST_FINDING, LONGEST_REPLY, LONGEST_RETURN = 1000, 500, 300
_OVER: Final = "公示已经结束，不再接收异议。如需反映情况，请直接联系公示上的单位。"


def receive_objection(
    *,
    item: NoticeItem,
    text: str,
    named: bool,
    name: str = "",
    phone: str = "",
    files: Sequence[UploadedFile[Any]] = (),
    address: str = "",
) -> str:
    """Take an objection in while its notice runs, and give the code by which the sender asks what became of it.

    The code is shown once. Files lose their names, and ``address`` goes into the record of a named objection alone.
    Raises :class:`Refused`, and :class:`tidu.core.files.kinds.FileRefused` for a file that is not taken. Call it
    outside any transaction.
    """
    text, name, phone = text.strip(), name.strip(), phone.strip()
    _check_words(text, named=named, name=name, phone=phone)
    if len(files) > MOST_FILES:
        raise Refused(f"材料最多 {MOST_FILES} 个，现在有 {len(files)} 个。请合并后再提交。", field="files")
    _check_running(item.notice, item)  # before the files are taken in; once more under the lock
    received = [
        receive_file(actor=SYSTEM, upload=_nameless(upload, number), allowed=OBJECTION_FILES)
        for number, upload in enumerate(files, 1)
    ]
    return _keep(item, text, (name, phone) if named else ("", ""), received, address if named else "")


def _nameless(upload: UploadedFile[Any], number: int) -> UploadedFile[Any]:
    """The file under a name that does not tell whose it is, before anything keeps or records it."""
    upload.name = f"异议材料 {number}{PurePath(upload.name or '').suffix}"
    return upload


@transaction.atomic
def _keep(
    item: NoticeItem, text: str, sender: tuple[str, str], received: Sequence[Received], address: str
) -> str:
    # The same lock as recognition takes: either the objection is in first, or it is too late.
    held = Application.objects.select_for_update(of=("self",)).get(pk=item.application_id)
    found = NoticeItem.objects.select_related("notice__call__organisation").get(pk=item.pk)
    _check_running(found.notice, found)
    if held.status != Status.NOTICE:
        raise Refused(_OVER)
    call, code, name = found.notice.call, new_code(), sender[0]
    objection = Objection.objects.create(
        item=found,
        text=text,
        named=bool(name),
        sender_name=name,
        sender_phone=sender[1],
        code_digest=digest_of_code(code),
        deadline=start_limit(call, "objection"),
    )
    for one in received:
        ObjectionFile.objects.create(objection=objection, file=keep_file(actor=SYSTEM, received=one))
    open_task(
        actor=SYSTEM,
        kind=DECIDE,
        # Without the enterprise's name: a colleague with ties to it must not learn of the objection.
        title=f"核查公示异议：{call.batch_name}",
        url=reverse("recognition:objection", args=[objection.pk]),
        organisation=call.organisation,
        role=Role.CITY_OFFICER,
        subject=objection,
        subject_label=str(objection),
        deadline=objection.deadline,
        about=item.application.enterprise,
    )
    sender_actor = Actor(user_id=None, name="社会公众", address=address)
    record(
        actor=sender_actor,
        action="recognition.objection.received",
        subject=objection,
        place=call.place_id,
        detail={"notice": found.notice_id, "named": objection.named, "files": len(received)},
    )
    return code


def _check_words(text: str, *, named: bool, name: str, phone: str) -> None:
    if len(text) < SHORTEST_TEXT:
        raise Refused(
            f"请写明哪一条件不符合、依据什么事实，至少 {SHORTEST_TEXT} 个字，现在有 {len(text)} 个字。",
            field="text",
        )
    if len(text) > LONGEST_TEXT:
        raise Refused(f"异议内容请控制在 {LONGEST_TEXT} 个字以内，现在有 {len(text)} 个字。", field="text")
    if not named:
        return
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"实名反映请填写姓名或单位名称，{LONGEST_NAME} 个字以内。", field="name")
    if not phone or len(phone) > LONGEST_PHONE:
        raise Refused("实名反映请填写联系电话，以便核实和答复。", field="phone")


def _check_running(notice: Notice, item: NoticeItem) -> None:
    if item.recalled or notice.state != Notice.State.PUBLISHED or timezone.now() >= notice.ends_at:
        raise Refused(_OVER)


@transaction.atomic
def assign_objection(*, actor: Actor, objection: Objection, colleague: Membership) -> Objection:
    """Give an objection to an officer of the bureau to look into; the same way it is passed on."""
    held = _held(actor, objection)
    if held.state not in {Objection.State.RECEIVED, Objection.State.ASSIGNED}:
        raise Refused(f"这件异议现在是“{held.get_state_display()}”，不能再分派。请刷新页面。")
    chosen = Membership.objects.filter(
        pk=colleague.pk,
        organisation_id=actor.organisation_number,
        role=Role.CITY_OFFICER,
        ended_at__isnull=True,
        user__is_active=True,
    ).first()
    if chosen is None:
        raise Refused("请选择本单位在岗的经办人。", field="colleague")
    if held.assigned_to_id == chosen.pk and held.state == Objection.State.ASSIGNED:
        return held
    _keep_away(chosen, held)
    held.assigned_to, held.state = chosen, Objection.State.ASSIGNED
    held.save(update_fields=("assigned_to", "state"))
    if chosen.user_id != actor.user_id:
        notify(
            actor=actor,
            users=[chosen.user],
            topic="异议核查",
            title=f"请核查公示异议：{held.item.name}",
            url=reverse("recognition:objection", args=[held.pk]),
        )
    _record(actor, held, "assigned", {"to": chosen.user_id})
    return held


@transaction.atomic
def propose_finding(
    *, actor: Actor, objection: Objection, upholds: bool | None, finding: str, reply: str, cite: str = ""
) -> Objection:
    """What was found out, what the sender is told, and whether the objection should be upheld.

    Whoever it was assigned to proposes. An upheld one names the clause that is not met.
    """
    held = _held(actor, objection)
    if held.state != Objection.State.ASSIGNED:
        raise Refused(f"这件异议现在是“{held.get_state_display()}”，不能提出处理意见。请刷新页面。")
    if held.assigned_to is None or held.assigned_to.user_id != actor.user_id:
        raise Refused("这件异议没有分派给您。请先分派，再由承办人提出处理意见。")
    finding = stated(finding, "核查情况", most=LONGEST_FINDING, field="finding")
    reply = stated(reply, "答复", most=LONGEST_REPLY, field="reply")
    cite = cite.strip()
    if upholds is None:
        raise Refused("请选择异议是否成立。", field="upholds")
    if upholds and not is_cited(held.item.notice.call, cite):
        raise Refused("异议成立的，请从列表里选择企业不符合的条件。", field="cite")
    held.upholds, held.finding, held.reply, held.cite = upholds, finding, reply, cite
    held.proposed_by_id, held.returned_reason = actor.user_number, ""
    held.state = Objection.State.PROPOSED
    held.save()
    ask_another(actor=actor, kind=DECIDE, subject=held)
    notify(
        actor=actor,
        organisation=held.item.notice.call.organisation,
        role=Role.CITY_OFFICER,
        about=held.item.application.enterprise,
        topic="异议核查",
        title=f"公示异议的处理意见请确认：{held.item.name}",
        url=reverse("recognition:objection", args=[held.pk]),
    )
    _record(actor, held, "proposed", {"upholds": upholds})
    return held


@transaction.atomic
def return_finding(*, actor: Actor, objection: Objection, reason: str) -> Objection:
    """Send a proposed finding back to whoever looks into it, with what is wanting."""
    held = _held(actor, objection)
    if held.state != Objection.State.PROPOSED:
        raise Refused(f"这件异议现在是“{held.get_state_display()}”，不能退回。请刷新页面。")
    _check_other(actor, held)
    reason = stated(reason, "还要核实什么", most=LONGEST_RETURN)
    held.state, held.returned_reason = Objection.State.ASSIGNED, reason
    held.save(update_fields=("state", "returned_reason"))
    ask_another(actor=None, kind=DECIDE, subject=held)
    if held.assigned_to is not None:
        notify(
            actor=actor,
            users=[held.assigned_to.user],
            topic="异议核查",
            title=f"请补充核查公示异议：{held.item.name}",
            body=reason,
            url=reverse("recognition:objection", args=[held.pk]),
        )
    _record(actor, held, "returned", {"reason": reason})
    return held


@transaction.atomic
def decide_objection(*, actor: Actor, objection: Objection, reason: str = "") -> Objection:
    """Confirm what a colleague proposed. Upheld: the enterprise is not recognised and reads ``reason``.

    ``reason`` is what the enterprise is told; it must not say who objected. Dismissed: recognition of the enterprise is
    free once the notice is over. Decided by somebody else than the proposer, before or after the notice has ended.
    """
    held = _held(actor, objection)
    if (
        held.state in {Objection.State.UPHELD, Objection.State.DISMISSED}
        and held.decided_by_id == actor.user_id
    ):
        return held  # the second of two clicks
    if held.state != Objection.State.PROPOSED:
        raise Refused(f"这件异议现在是“{held.get_state_display()}”，不能确认。请刷新页面。")
    _check_other(actor, held)
    application = held.item.application
    upheld = bool(held.upholds)
    if upheld and application.status == Status.SELECTED:
        raise Refused("公示已经撤回。请在重新公示以后确认，企业在此之前不会被认定。")
    case = None
    if upheld and application.status == Status.NOTICE:  # not when another objection was upheld before
        case = take(actor=actor, application=application, act="uphold", reason=reason, cite=held.cite)
    held.state = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    held.decided_by_id, held.decided_at = actor.user_number, timezone.now()
    held.save(update_fields=("state", "decided_by", "decided_at"))
    if held.deadline is not None:
        close_deadline(deadline=held.deadline)
    finish_task(actor=actor, kind=DECIDE, subject=held, outcome=held.get_state_display())
    if case is not None and not case.repeated:
        hold_shared(case.application.call)
        send_result(
            actor=actor,
            application=case.application,
            reason=case.reason,
            cite=case.cite,
            after="公示期间收到异议，经核查成立",
        )
        case.move()
    _record(actor, held, "upheld" if upheld else "dismissed", {"cite": held.cite})
    return held


def _held(actor: Actor, objection: Objection) -> Objection:
    """The objection, locked behind its application, in the hand of an officer who may act in it."""
    seen = Objection.objects.visible_to(actor).select_related("item").filter(pk=objection.pk).first()
    if seen is None or not actor.has(Role.CITY_OFFICER):
        raise Refused("找不到这件异议，或者它不在您的办理范围内。")
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .get(pk=seen.item.application_id)
    )
    held = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("item__notice__call__organisation", "deadline", "assigned_to__user")
        .get(pk=seen.pk)
    )
    held.item.application = application
    check_person(
        actor=actor,
        level=Level.CITY,
        case=CaseKind.APPLICATION,
        case_id=application.pk,
        enterprise=application.enterprise,
    )
    return held


def _keep_away(chosen: Membership, held: Objection) -> None:
    """Nobody who has to avoid the enterprise looks into what is said against it. On what ground is not told."""
    if ties([chosen.user_id])[chosen.user_id].ground(held.item.application.enterprise):
        raise Refused(f"{chosen.user.name}应当回避这家企业。请选择其他同事。", field="colleague")


def _check_other(actor: Actor, held: Objection) -> None:
    if held.proposed_by_id == actor.user_id:
        raise Refused("处理意见由您提出，请由另一位同事确认。")


def _record(actor: Actor, held: Objection, what: str, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=f"recognition.objection.{what}",
        subject=held,
        place=held.item.notice.call.place_id,
        detail=detail,
    )
