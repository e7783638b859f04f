"""Handing in: the check, the freeze and the receipt number, under locks that give closing and submitting one order."""

from __future__ import annotations

import base64
import secrets
from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.chain import digest_of
from tidu.core.jobs import start
from tidu.core.readings import syllables
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.policy.assess.explanation import CriterionResult
from tidu.recognition.applying.content import content_of
from tidu.recognition.applying.filled import Filled, filled
from tidu.recognition.applying.readiness import OPEN, Readiness, readiness_of, why_not_now
from tidu.recognition.models import Application, Call, Submission
from tidu.recognition.process.moving import Case, take
from tidu.recognition.queries.applications import applications_of
from tidu.registry.actions.facts import lock_enterprises

PAPER_JOB: Final = "recognition.submission.paper"
_RECEIPT_BYTES: Final = 10
_LONGEST_NAME: Final = 40


def submit_application(
    *,
    actor: Actor,
    application: Application,
    declared_by: str,
    accept_not_met: bool = False,
    accept_unknown: bool = False,
) -> Submission:
    """Hand an application in for the first time: frozen whole, numbered, timed inside the lock. Idempotent.

    ``declared_by`` is who declares that it is true. What is not met goes through only where the pack allows it and
    ``accept_not_met`` holds; what is unknown only with ``accept_unknown``. Raises :class:`Refused` with every reason.
    """
    return _hand_in(
        actor,
        application,
        "submit",
        declared_by,
        accept_not_met=accept_not_met,
        accept_unknown=accept_unknown,
    )


def resubmit_application(
    *,
    actor: Actor,
    application: Application,
    declared_by: str,
    accept_not_met: bool = False,
    accept_unknown: bool = False,
) -> Submission:
    """Hand in the correction of a returned application: the next submission. As :func:`submit_application`."""
    return _hand_in(
        actor,
        application,
        "resubmit",
        declared_by,
        accept_not_met=accept_not_met,
        accept_unknown=accept_unknown,
    )


def _hand_in(
    actor: Actor,
    application: Application,
    act: str,
    declared_by: str,
    *,
    accept_not_met: bool,
    accept_unknown: bool,
) -> Submission:
    declared = declared_by.strip()
    if not actor.has(Role.ENTERPRISE_MANAGER):
        raise Refused("只有企业负责人可以提交。请让负责人登录后核对并提交。")
    if not declared:
        raise Refused("请填写作出声明的人的姓名。", field="declared_by")
    if len(declared) > _LONGEST_NAME:
        raise Refused(f"姓名请控制在 {_LONGEST_NAME} 个字以内。", field="declared_by")
    with transaction.atomic():
        # Locks in this order everywhere: the enterprise with its facts, the call with its window, the case, the record.
        lock_enterprises([application.enterprise_id])
        prepared = _prepared(actor, application)
        call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=application.call_id)
        case = take(actor=actor, application=application, act=act)
        if case.repeated:
            return case.application.submissions.latest("number")
        held = case.application
        held.call = Call.objects.select_related("organisation", "place").get(pk=call.pk)
        if prepared is None or not _rests_on(prepared, held.call):
            prepared = filled(held)
        closed = why_not_now(held)
        if closed:
            raise Refused(closed)
        readiness = readiness_of(prepared)
        _check(prepared, readiness, accept_not_met=accept_not_met, accept_unknown=accept_unknown)
        return _freeze(case, prepared, readiness, declared)


def _prepared(actor: Actor, application: Application) -> Filled | None:
    """What is to be handed in, read and assessed before others have to wait for the call."""
    fresh = applications_of(actor).filter(pk=application.pk, status__in=OPEN).first()
    if fresh is None:
        return None
    now = filled(fresh)
    readiness_of(now)
    return now


def _rests_on(now: Filled, call: Call) -> bool:
    """Whether what was prepared still rests on the call as it is."""
    there = now.application.call
    return all(
        getattr(there, name) == getattr(call, name)
        for name in ("version_id", "readings", "base_year", "materials", "state", "opens_at", "closes_at")
    )


def _check(now: Filled, readiness: Readiness, *, accept_not_met: bool, accept_unknown: bool) -> None:
    if readiness.obstacles:
        raise Refused("".join(obstacle.text for obstacle in readiness.obstacles))
    if readiness.not_met and (readiness.refuses_not_met or not accept_not_met):
        listed = "；".join(_named(result, now) for result in readiness.not_met)
        if readiness.refuses_not_met:
            raise Refused(f"有不符合的条件，不能提交：{listed}。", field="not_met")
        raise Refused(f"有不符合的条件：{listed}。确认仍要提交的，请勾选。", field="accept_not_met")
    if readiness.open_ends and not accept_unknown:
        names = [result.criterion.label for result in readiness.unknown]
        names += [f"{judged.label}（没有自述）" for judged in readiness.unsaid]
        raise Refused(f"还有没填完的：{'、'.join(names)}。确认仍要提交的，请勾选。", field="accept_unknown")


def _named(result: CriterionResult, now: Filled) -> str:
    cite = result.criterion.cite or next(
        (branch.criterion.cite for branch in result.branches if branch.criterion.cite), ""
    )
    document = now.questions.pack.document.short_title
    return f"{result.criterion.label}（{document}“{cite}”）" if cite else result.criterion.label


def _freeze(case: Case, now: Filled, readiness: Readiness, declared_by: str) -> Submission:
    held = case.application
    moment = timezone.now()
    content = content_of(
        now,
        declared_by=declared_by,
        not_met=[result.id for result in readiness.not_met],
        unknown=[*(result.id for result in readiness.unknown), *(judged.id for judged in readiness.unsaid)],
    )
    if held.number is None:
        held.number, held.receipt, held.submitted_at = _next_number(held.call), _receipt(), moment
        held.save(update_fields=["number", "receipt", "submitted_at"])
    last = held.submissions.order_by("-number").values_list("number", flat=True).first()
    submission = Submission.objects.create(
        application=held,
        number=(last or 0) + 1,
        submitted_by_id=case.actor.user_id,
        submitted_by_name=case.actor.name[:80],
        submitted_at=moment,
        pack_digest=now.questions.pack.digest,
        content=content,
        digest=digest_of(content),
    )
    case.move(detail={"submission": submission.number, "digest": submission.digest})
    start(
        actor=case.actor,
        kind=PAPER_JOB,
        title=f"制作{held.call.form} {held.number}",
        arguments={"submission": submission.pk},
    )
    return submission


def _next_number(call: Call) -> str:
    """The next 受理号 of a call, such as HH2026-1-0031. The caller holds the call."""
    given = Application.objects.filter(call=call, number__isnull=False).count()
    return f"{_prefix(call)}-{given + 1:04d}"


def _prefix(call: Call) -> str:
    """City, year and which call of the year it is; should another call bear the same, its own number is added."""
    letters = "".join(reading[0] for reading in syllables(call.place.name))[:2].upper()
    earlier = Call.objects.filter(
        place_id=call.place_id,
        year=call.year,
        published_at__isnull=False,
        published_at__lte=call.published_at or timezone.now(),
    )
    prefix = f"{letters}{call.year}-{max(earlier.count(), 1)}"
    taken = Application.objects.filter(number__startswith=f"{prefix}-").exclude(call=call)
    return f"{prefix}.{call.pk}" if taken.exists() else prefix


def _receipt() -> str:
    """A code that nobody guesses and everybody can read out: four groups of four letters and digits."""
    letters = base64.b32encode(secrets.token_bytes(_RECEIPT_BYTES)).decode()
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))
