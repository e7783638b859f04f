"""An enterprise takes part in a call: it starts an application, and may take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.figures import day
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import (
    Application,
    Attachment,
    Call,
    Cancellation,
    CaseKind,
    Level,
    Status,
)
from tidu.recognition.process.moving import take, write_act
from tidu.recognition.process.window import is_open
from tidu.recognition.queries.titles import title_state
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.models import Enterprise, Evidence, Title
from tidu.registry.models.enterprises import EnterpriseStatus

_MOST_AT_ONCE = 4


def bar_of(enterprise: Enterprise, on: dt.date) -> Cancellation | None:
    """The decision that keeps an enterprise from applying on a day, if there is one."""
    found = Cancellation.objects.filter(
        enterprise=enterprise, state=Cancellation.State.CANCELLED, barred_until__gte=on
    )
    return found.order_by("-barred_until").first()


def held_titles(enterprise: Enterprise, on: dt.date) -> dict[str, Title]:
    """The titles of the ladder that an enterprise holds on a day, by tier. One query."""
    rows = Title.objects.filter(enterprise=enterprise, removed_at__isnull=True).exclude(tier="")
    return {title.tier: title for title in rows.order_by("recognised_on") if title_state(title, on).valid}


def why_not(enterprise: Enterprise, call: Call, bar: Cancellation | None, held: Mapping[str, Title]) -> str:
    """Why an enterprise cannot start an application to a call now; empty where it can."""
    return (
        _why_not_now(call)
        or _why_not_this(enterprise, call)
        or _why_barred(bar)
        or _why_held(held.get(call.tier))
    )


def _why_not_now(call: Call) -> str:
    if call.state != Call.State.PUBLISHED:
        return f"申报通知现在是“{call.get_state_display()}”，不受理申报。"
    if call.kind != Call.Kind.FIRST:
        return "复核由市工信部门发起，名单上的企业在“申报”里直接办理。"
    if timezone.now() < call.opens_at:
        return f"还没有开始受理，{timezone.localtime(call.opens_at):%Y-%m-%d %H:%M} 开始。"
    return "" if is_open(call) else "受理已经截止。"


def _why_not_this(enterprise: Enterprise, call: Call) -> str:
    if enterprise.city_id != call.place_id:
        return f"这份通知面向{call.place}登记的企业。"
    if enterprise.district_id is None:
        return "企业的注册地还没有登记到旗县区，请先联系所在地工信部门补全。"
    if call.districts and enterprise.district_id not in call.districts:
        return f"这份通知不受理{enterprise.district}的申报。"
    if enterprise.status != EnterpriseStatus.ACTIVE:
        return f"企业登记为“{enterprise.get_status_display()}”，不能申报。"
    return ""


def _why_barred(bar: Cancellation | None) -> str:
    if bar is None or bar.barred_until is None:
        return ""
    when = day(timezone.localdate(bar.decided_at)) if bar.decided_at else "此前"
    return (
        f"称号于 {when} 被取消（{bar.ground_label}，依据“{bar.cite}”），"
        f"{day(bar.barred_until)} 前不得再次申报。"
    )


def _why_held(title: Title | None) -> str:
    if title is None:
        return ""
    until = f"，有效期至 {day(title.valid_until)}" if title.valid_until else ""
    return f"贵企业已持有“{title.name}”{until}，不用再次申报；到期由市工信部门组织复核。"


def start_application(*, actor: Actor, call: Call) -> Application:
    """Start the enterprise's application to a call, or find the one that stands. Raises :class:`Refused`."""
    enterprise = Enterprise.objects.visible_to(actor).select_related("district", "city").first()
    if enterprise is None or not actor.has(Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_EDITOR):
        raise Refused("请先认领企业，认领获得确认后才能申报。")
    try:
        with transaction.atomic():
            lock_enterprises([enterprise.pk])
            standing = _standing(call, enterprise)
            if standing is not None:
                return standing
            held = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)
            bar = bar_of(enterprise, timezone.localdate())
            refusal = why_not(enterprise, held, bar, held_titles(enterprise, timezone.localdate()))
            if refusal:
                raise Refused(refusal)
            return _start(actor, held, enterprise)
    except IntegrityError:  # of two at once, the other was first
        standing = _standing(call, enterprise)
        if standing is None:
            raise
        return standing


def _standing(call: Call, enterprise: Enterprise) -> Application | None:
    rows = Application.objects.filter(call=call, enterprise=enterprise)
    return rows.exclude(status=Status.WITHDRAWN).first()


def _start(actor: Actor, call: Call, enterprise: Enterprise) -> Application:
    application = Application.objects.create(
        call=call,
        enterprise=enterprise,
        district_id=enterprise.district_id or call.place_id,
        started_by_id=actor.user_id,
    )
    attach_known(application)
    write_act(
        actor=actor,
        case=CaseKind.APPLICATION,
        case_id=application.pk,
        act="start",
        label="开始填报",
        level=Level.ENTERPRISE,
        after=Status.DRAFT,
    )
    record(
        actor=actor,
        action="recognition.application.started",
        subject=application,
        enterprise_id=enterprise.pk,
        after=Status.DRAFT.value,
        detail={"call": call.pk},
    )
    return application


def attach_known(application: Application) -> int:
    """Put the documents that the enterprise has handed in before under the criteria that they prove.

    Of each kind the newest few that are of no year or of one that the call looks at. For a new application alone.
    """
    questions = questions_of(application.call)
    years = {control.year for control in questions.controls if control.year} | {None}
    kept: dict[str, list[Evidence]] = {}
    rows = Evidence.objects.filter(enterprise=application.enterprise, withdrawn_at__isnull=True)
    for evidence in rows.order_by("-created_at", "-pk"):
        there = kept.setdefault(evidence.kind, [])
        if evidence.year in years and len(there) < _MOST_AT_ONCE:
            there.append(evidence)
    attachments = [
        Attachment(application=application, criterion=leaf.id, evidence=evidence)
        for leaf, above in questions.leaves()
        for kind in leaf.evidence or above.evidence
        for evidence in kept.get(kind, ())
    ]
    wanted = {str(item["kind"]) for item in application.call.materials}
    placed = {attachment.evidence.kind for attachment in attachments}
    attachments += [
        Attachment(application=application, evidence=evidence)
        for kind in sorted(wanted - placed)
        for evidence in kept.get(kind, ())
    ]
    return len(Attachment.objects.bulk_create(attachments, ignore_conflicts=True))


def withdraw_application(*, actor: Actor, application: Application, reason: str = "") -> Application:
    """Take an application back: before it is decided, whether handed in or not. Twice is once."""
    with transaction.atomic():
        case = take(actor=actor, application=application, act="withdraw", reason=reason)
        return case.application if case.repeated else case.move()
