"""Taking a change report or a cancellation in hand and moving it on: what ``moving`` is for applications.

Every action on either goes through here, inside its transaction::

    case = take_life(actor=actor, row=change, act="opinion", reason=opinion)
    if case.repeated:                       # the second of two clicks
        return case.row
    …                                       # what the act itself leaves behind
    case.move()                             # last: state, history, message, record
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from django.urls import reverse

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.recognition.models import Act, Cancellation, CaseKind, ChangeReport, Level
from tidu.recognition.process.bureaus import local_holder
from tidu.recognition.process.cancelling import CANCELLATION_TABLE
from tidu.recognition.process.changes import CHANGE_TABLE
from tidu.recognition.process.life_tables import LifeTransition, Table
from tidu.recognition.process.moving import LONGEST_REASON, check_person, done_just_now, write_act

R = TypeVar("R", ChangeReport, Cancellation)


@dataclass(frozen=True, slots=True)
class _Kind:
    case: CaseKind
    table: Table
    noun: str
    prefix: str
    page: str


_KINDS: Final[dict[type[ChangeReport | Cancellation], _Kind]] = {
    ChangeReport: _Kind(
        CaseKind.CHANGE, CHANGE_TABLE, "变更报告", "recognition.change", "recognition:change"
    ),
    Cancellation: _Kind(
        CaseKind.CANCELLATION,
        CANCELLATION_TABLE,
        "取消称号的案件",
        "recognition.cancellation",
        "recognition:cancellation",
    ),
}


@dataclass
class LifeCase(Generic[R]):
    """A report or case in somebody's hand, with the act they are about to do. ``repeated``: they have just done it."""

    actor: Actor
    row: R
    transition: LifeTransition
    reason: str = ""
    cite: str = ""
    repeated: bool = False
    moved: bool = field(default=False, init=False)

    def move(self, *, target: str = "", detail: Mapping[str, Any] | None = None) -> R:
        """Do the act, the last step of its transaction. ``target`` is given where the table leaves a choice."""
        if self.repeated or self.moved:
            raise RuntimeError("a case is moved once")
        self.moved = True
        row, transition, kind = self.row, self.transition, _KINDS[type(self.row)]
        before = str(row.state)
        row.state = target or transition.target or before
        row.save()
        note_life(
            actor=self.actor,
            row=row,
            act=transition.act,
            before=before,
            reason=self.reason,
            cite=self.cite,
            detail=detail,
        )
        own = row.enterprise.organisation
        if transition.told and own is not None:
            notify(
                actor=self.actor,
                topic=kind.case.label,
                title=f"{transition.told}：{row.title.name}",
                body=self.reason,
                url=reverse(kind.page, args=[row.pk]),
                organisation=own,
                role=Role.ENTERPRISE_MANAGER,
            )
        return row


def may(actor: Actor, row: ChangeReport | Cancellation, act: str) -> bool:
    """Whether an act is the actor's now, by role, by who is in charge and by state: whether a page offers it."""
    transition = _KINDS[type(row)].table[act]
    return (
        actor.role in _roles(transition, row)
        and (transition.level != Level.CITY or _in_charge(actor, row))
        and row.state in transition.sources
    )


def take_life(*, actor: Actor, row: R, act: str, reason: str = "", cite: str = "") -> LifeCase[R]:
    """Lock a report or case for an act. Raises :class:`Refused` where the act is not the actor's, now or at all."""
    kind = _KINDS[type(row)]
    transition = kind.table[act]
    found = (
        type(row)
        .objects.in_reach_of(actor)  # what has to be avoided is refused below, with the reason
        .select_for_update(of=("self",))
        .select_related("enterprise__organisation", "title")
        .filter(pk=row.pk)
        .first()
    )
    if found is None:
        raise Refused(f"找不到这件{kind.noun}，或者它不在您的办理范围内。")
    held = found
    case = LifeCase(actor, held, transition, reason.strip(), cite)
    if done_just_now(actor, kind.case, held.pk, act):
        case.repeated = True
        return case
    if not (actor.is_system and transition.by_system) and actor.role not in _roles(transition, held):
        raise Refused(f"“{transition.label}”不由您的岗位办理。")
    if transition.level == Level.CITY and not actor.is_system and not _in_charge(actor, held):
        raise Refused("这件事项由别的机构承办。")
    if held.state not in transition.sources:
        raise Refused(
            f"这件{kind.noun}现在是“{held.get_state_display()}”，不能{transition.label}。请刷新页面查看最新进展。"
        )
    check_person(
        actor=actor,
        level=transition.level,
        case=kind.case,
        case_id=held.pk,
        enterprise=held.enterprise,
    )
    if transition.needs_reason and not case.reason:
        raise Refused(f"请写明{transition.label}的理由。", field="reason")
    if len(case.reason) > LONGEST_REASON:
        raise Refused(
            f"理由请控制在 {LONGEST_REASON} 个字以内，现在有 {len(case.reason)} 个字。", field="reason"
        )
    return case


def _in_charge(actor: Actor, row: ChangeReport | Cancellation) -> bool:
    """A case belongs to the bureau that opened it; a change report to whichever bureau sees it."""
    return getattr(row, "organisation_id", actor.organisation_id) == actor.organisation_id


def note_life(
    *,
    actor: Actor,
    row: ChangeReport | Cancellation,
    act: str,
    before: str = "",
    reason: str = "",
    cite: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """One line of history and one event of the record, for an act that is done. The last step of its transaction."""
    kind = _KINDS[type(row)]
    transition = kind.table[act]
    write_act(
        actor=actor,
        case=kind.case,
        case_id=row.pk,
        act=act,
        label=transition.label,
        level=Level.SYSTEM if actor.is_system else transition.level,
        before=before,
        after=str(row.state),
        reason=reason,
        cite=cite,
        # The enterprise is not shown what the authority considers before it decides.
        shown=bool(transition.told) or transition.level == Level.ENTERPRISE,
    )
    record(
        actor=actor,
        action=f"{kind.prefix}.{act}",
        subject=row,
        enterprise_id=row.enterprise_id,
        before=before,
        after=str(row.state),
        detail={"reason": reason[:300], **(detail or {})},
    )


def history_of(row: ChangeReport | Cancellation) -> list[Act]:
    """Everything that was done to it, the newest first."""
    return list(Act.objects.filter(case=_KINDS[type(row)].case, case_id=row.pk).order_by("-id"))


def _roles(transition: LifeTransition, row: ChangeReport | Cancellation) -> frozenset[Role]:
    """Who does an act: where a place has no bureau of its own, the city speaks in its stead."""
    if transition.level == Level.DISTRICT:
        holder = local_holder(row.enterprise)
        return transition.roles if holder is None else frozenset({holder.role})
    return transition.roles
