"""An enterprise takes part in a call: it starts an application, and may take it back."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import (
    GIVEN_UP,
    Application,
    Attachment,
    Call,
    CaseKind,
    Level,
    Statement,
    Status,
)
from tidu.recognition.process.moving import take, write_act
from tidu.recognition.queries.admission import applicant_of, why_not
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.models import Enterprise, Evidence

_MOST_AT_ONCE = 4


def start_application(*, actor: Actor, call: Call) -> Application:
    """Start the enterprise's application to a call, or find the one that stands. Raises :class:`Refused`.

    One that was withdrawn or has lapsed stays as it ended; another follows it as long as the window is open, with what
    was written in it. What was judged stands: nobody applies to the same call again.
    """
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
            refusal = why_not(applicant_of(enterprise), held)
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
    return rows.exclude(status__in=GIVEN_UP).first()


def _start(actor: Actor, call: Call, enterprise: Enterprise) -> Application:
    former = Application.objects.filter(call=call, enterprise=enterprise).order_by("-pk").first()
    application = Application.objects.create(
        call=call,
        enterprise=enterprise,
        district_id=enterprise.district_id or call.place_id,
        reviewed_title_id=None if former is None else former.reviewed_title_id,
        started_by_id=actor.user_id,
    )
    if former is not None:
        _take_over(application, former)
    attach_known(application)
    write_act(
        actor=actor,
        case=CaseKind.APPLICATION,
        case_id=application.pk,
        act="start",
        label="开始填报" if former is None else "重新开始填报",
        level=Level.ENTERPRISE,
        after=Status.DRAFT,
    )
    record(
        actor=actor,
        action="recognition.application.started",
        subject=application,
        enterprise_id=enterprise.pk,
        after=Status.DRAFT.value,
        detail={"call": call.pk} | ({} if former is None else {"former": former.pk}),
    )
    return application


def _take_over(application: Application, former: Application) -> None:
    """What was written and put forward in the application before this one, so that nobody does it twice."""
    Statement.objects.bulk_create(
        Statement(
            application=application, criterion=row.criterion, text=row.text, saved_by_id=row.saved_by_id
        )
        for row in former.statements.order_by("pk")
    )
    Attachment.objects.bulk_create(
        Attachment(application=application, criterion=row.criterion, evidence_id=row.evidence_id)
        for row in former.attachments.filter(evidence__withdrawn_at__isnull=True).order_by("pk")
    )


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
    """Take an application back: before it is decided, whether handed in or not. Idempotent."""
    with transaction.atomic():
        case = take(actor=actor, application=application, act="withdraw", reason=reason)
        return case.application if case.repeated else case.move()
