"""Taking a case in hand and moving it on.

Every action of the process goes through here, inside its transaction::

    with transaction.atomic():
        case = take(actor=actor, application=application, act="recommend", reason=opinion)
        if case.repeated:                       # the second of two clicks
            return case.application
        Recommendation.objects.create(…)        # what the act itself leaves behind
        case.move(detail={"document_no": number})   # last: status, clocks, tasks, messages, history, record

``take`` locks the row and checks everything that holds for all acts: scope, role, status, that nobody acts on two sides
of the same case, and that nobody handles their own enterprise. Where several cases are moved at once, take them all, in
the order of their numbers, before moving the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import timezone

from tidu.accounts.ties import refuse_tied
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.policy.documents.route import Route
from tidu.recognition.models import FINAL, Act, Application, CaseKind, Level, Stage, Status
from tidu.recognition.process.bureaus import reviewer_of
from tidu.recognition.process.clocks import follow_clocks
from tidu.recognition.process.following import follow_call, follow_tasks, tell_applicant
from tidu.recognition.process.rules import route_of_call
from tidu.recognition.process.transitions import TRANSITIONS, Transition, allowed, next_place
from tidu.registry.models import Enterprise

_TWO_CLICKS: Final = dt.timedelta(minutes=1)
LONGEST_REASON: Final = 500


@dataclass
class Case:
    """An application in somebody's hand, with the act they are about to do. ``repeated``: they have just done it."""

    actor: Actor
    application: Application
    transition: Transition
    route: Route
    reason: str = ""
    cite: str = ""
    repeated: bool = False
    moved: bool = field(default=False, init=False)

    def move(self, *, detail: Mapping[str, Any] | None = None) -> Application:
        """Do the act: the last step of its transaction."""
        if self.repeated or self.moved:
            raise RuntimeError("a case is moved once")
        self.moved = True
        held, actor, transition = self.application, self.actor, self.transition
        before = Status(held.status)
        after, stage = next_place(transition, before, Stage(held.stage), self.route)
        held.status, held.stage = after, stage
        if after in FINAL:
            held.ended_at = timezone.now()
            if after != Status.RECOGNISED:
                held.reason, held.cite = self.reason, self.cite
        follow_clocks(held, transition.act, before)
        held.save()
        write_act(
            actor=actor,
            case=CaseKind.APPLICATION,
            case_id=held.pk,
            act=transition.act,
            label=transition.label,
            level=transition.level,
            before=before,
            after=after,
            reason=self.reason,
            cite=self.cite,
        )
        follow_tasks(actor, held, transition, before)
        tell_applicant(actor, held, transition, self.reason)
        record(
            actor=actor,
            action=f"recognition.application.{transition.act}",
            subject=held,
            enterprise_id=held.enterprise_id,
            before=before.value,
            after=after.value,
            detail={"reason": self.reason[:300], **(detail or {})},
        )
        follow_call(actor, held, before)
        return held


def lock_application(actor: Actor, application: Application) -> Application:
    """The application under lock, as it is now. Raises :class:`Refused` where it is out of the actor's reach.

    What the actor has to avoid is within reach: :func:`check_person` refuses it with the reason.
    """
    held = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call__organisation", "enterprise__organisation", "district")
        .in_reach_of(actor)
        .filter(pk=application.pk)
        .first()
    )
    if held is None:
        raise Refused("找不到这一件，或者它不在您的办理范围内。")
    return held


def take(*, actor: Actor, application: Application, act: str, reason: str = "", cite: str = "") -> Case:
    """Lock an application for an act. Raises :class:`Refused` where the act is not the actor's to do, now or at all."""
    held = lock_application(actor, application)
    transition = TRANSITIONS[act].said_of(held.call)
    route = route_of_call(held.call)
    reason = reason.strip()
    repeated = done_just_now(actor, CaseKind.APPLICATION, held.pk, act)
    case = Case(actor, held, transition, route, reason, cite, repeated)
    if repeated:
        return case
    if actor.is_system != (transition.level == Level.SYSTEM):
        raise Refused(f"“{transition.label}”不由您办理。")
    if not actor.is_system and actor.role not in _roles(transition, held):
        raise Refused(f"“{transition.label}”不由您的岗位办理。")
    if not allowed(transition, Status(held.status), route):
        raise Refused(
            f"这件{held.call.noun}现在是“{held.get_status_display()}”，不能{transition.label}。请刷新页面查看最新进展。"
        )
    check_person(
        actor=actor,
        level=transition.level,
        case=CaseKind.APPLICATION,
        case_id=held.pk,
        enterprise=held.enterprise,
    )
    if transition.needs_reason and not reason:
        raise Refused(f"请写明{transition.label}的理由。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由请控制在 {LONGEST_REASON} 个字以内，现在有 {len(reason)} 个字。", field="reason")
    return case


def check_person(*, actor: Actor, level: Level, case: CaseKind, case_id: int, enterprise: Enterprise) -> None:
    """Nobody acts on two sides of the same case, nobody handles an enterprise that they have to avoid.

    Nor does whoever stands in for them. Raises :class:`Refused`.
    """
    if actor.is_system:
        return
    other = (
        Act.objects.filter(case=case, case_id=case_id, user_id__in=actor.people).exclude(level=level).first()
    )
    if other is not None:
        raise Refused(
            f"{who_acted(actor, other)}曾以{other.get_level_display()}身份办理过这件事项（{other.label}），"
            f"不能再以{level.label}身份办理。"
            "请转给同事。"
        )
    if level != Level.ENTERPRISE:
        refuse_tied(actor, enterprise)


def who_acted(actor: Actor, act: Act) -> str:
    """Whose act it was that stands in the actor's way: theirs, or that of the colleague in whose role they act."""
    return "您" if act.user_id == actor.user_id else f"委托您代理的{actor.delegated_by}"


def write_act(
    *,
    actor: Actor,
    case: CaseKind,
    case_id: int,
    act: str,
    label: str,
    level: Level,
    before: str = "",
    after: str = "",
    reason: str = "",
    cite: str = "",
    shown: bool = True,
) -> Act:
    """Add one line to a case's history."""
    return Act.objects.create(
        case=case,
        case_id=case_id,
        act=act,
        label=label,
        level=level,
        user_id=actor.user_id,
        user_name=actor.name[:80],
        organisation=actor.organisation[:120],
        before=before,
        after=after,
        reason=reason[:LONGEST_REASON],
        cite=cite,
        shown=shown,
    )


def _roles(transition: Transition, held: Application) -> frozenset[Role]:
    """Who does an act: where a place has no bureau of its own, the city reviews in its stead."""
    if transition.level == Level.DISTRICT:
        return frozenset({reviewer_of(held).role})
    return transition.roles


def done_just_now(actor: Actor, case: CaseKind, case_id: int, act: str) -> bool:
    """Whether the last thing done to a case was this, by the same person, a moment ago: the second of two clicks."""
    last = Act.objects.filter(case=case, case_id=case_id).order_by("-id").first()
    return (
        last is not None
        and last.act == act
        and last.user_id == actor.user_id
        and last.before != last.after
        and last.at > timezone.now() - _TWO_CLICKS
    )
