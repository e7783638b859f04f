"""Recognition: a batch is drafted by one officer and issued by another, never before its notice is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.drafting import draft_document, issue_document, redraft_document, void_document
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.policy.documents.route import span_of
from tidu.recognition.actions.certificates import issue_certificate
from tidu.recognition.actions.proposals import locked_call
from tidu.recognition.decision_papers import recognition_title, recognition_words, title_of
from tidu.recognition.models import (
    Application,
    Call,
    Level,
    Notice,
    Proposal,
    ProposalItem,
    RecognitionDocument,
)
from tidu.recognition.process.holding import check_person_for_all, hold_shared
from tidu.recognition.process.moving import Case, take
from tidu.recognition.process.rules import pack_of, recognition_of
from tidu.recognition.queries.campaigns import is_spot_check
from tidu.recognition.queries.recognising import drafts_of, ready
from tidu.registry.actions.standing import add_title
from tidu.registry.models import Title
from tidu.registry.models.standing import Level as TitleLevel

_DAY: Final = dt.timedelta(days=1)
_SHOWN: Final = 3
_LONGEST_REASON: Final = 300


def term_of(application: Application, on: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the title that an application brings when it is recognised on a day.

    A re-review that was passed goes on from the day after the old term, without a gap, whenever it is decided; one of
    titles drawn from those that run renews nothing: their term stays.
    """
    recognition = recognition_of(application.call)
    old = application.reviewed_title
    if old is not None and old.valid_until is not None and is_spot_check(application.call):
        return old.recognised_on, old.valid_until
    length = recognition.valid
    since = on
    if old is not None:
        again = recognition.re_review
        length = (None if again is None else again.renewed_for) or recognition.valid
        since = on if old.valid_until is None else old.valid_until + _DAY
    return since, span_of(length).last_day(since)


@transaction.atomic
def draft_recognition(*, actor: Actor, call: Call) -> RecognitionDocument:
    """Draft the recognition of everything in the call that can be recognised now. An open draft is given back."""
    held = locked_call(actor, call)
    found = drafts_of(held).filter(issued_at__isnull=True).first()
    if found is not None:
        return found
    rows = _ranked(_rows(ready(held)))
    if not rows:
        raise Refused("现在没有可以认定的企业：公示还没有期满，或者异议还没有办结。")
    check_person_for_all(actor=actor, applications=rows, level=Level.CITY)
    today = timezone.localdate()
    document = draft_document(
        actor=actor, kind="recognition", title=recognition_title(held), words=_words(held, rows, today)
    )
    made = RecognitionDocument.objects.create(
        call=held, document=document, recognised_on=today, made_by_id=actor.user_number
    )
    made.applications.set(rows)
    notify(
        actor=actor,
        organisation=held.organisation,
        role=Role.CITY_OFFICER,
        topic="认定",
        title=f"认定文件请审核印发：{held}"[:200],
        url=reverse("recognition:recognise", args=[held.pk]),
    )
    record(
        actor=actor,
        action="recognition.recognition.drafted",
        subject=made,
        detail={"applications": len(rows)},
    )
    return made


@transaction.atomic
def drop_recognition(*, actor: Actor, recognition: RecognitionDocument, reason: str) -> RecognitionDocument:
    """Give a draft up: its enterprises wait for another one."""
    held = _locked(actor, recognition)
    if held.issued_at is not None:
        raise Refused("认定文件已经印发，不能作废草稿。")
    if held.document.state == OfficialDocument.State.VOID:
        return held
    reason = stated(reason, "作废的理由", most=_LONGEST_REASON)
    void_document(actor=actor, document=held.document, reason=reason)
    record(actor=actor, action="recognition.recognition.dropped", subject=held, detail={"reason": reason})
    return held


@transaction.atomic
def issue_recognition(*, actor: Actor, recognition: RecognitionDocument) -> RecognitionDocument:
    """Issue a draft: number, titles, certificates, and every application recognised; all of the batch or nothing.

    By another officer than the drafter. Nothing is recognised before its notice is over or while an objection is open:
    the clock is read once all cases are locked. Raises :class:`Refused`.
    """
    held = _locked(actor, recognition)
    if held.issued_at is not None and held.issued_by_id == actor.user_id:
        return held  # the second of two clicks
    if held.issued_at is not None:
        raise Refused("认定文件已经由同事印发。请刷新页面。")
    if held.document.state != OfficialDocument.State.DRAFT:
        raise Refused("认定文件的草稿已经作废，不能印发。")
    if held.made_by_id == actor.user_id:
        raise Refused("认定文件由您拟定，请由另一位同事印发。")
    rows = _rows(held.applications.all())
    cases = [take(actor=actor, application=row, act="recognise") for row in rows]
    now = timezone.now()
    _check_ready(held.call, rows, now)
    hold_shared(held.call, enterprises=[row.enterprise_id for row in rows])
    today = timezone.localdate(now)
    document = redraft_document(
        actor=actor, document=held.document, words=_words(held.call, _ranked(rows), today)
    )
    held.document = issue_document(actor=actor, document=document, on=today)
    held.recognised_on, held.issued_by_id, held.issued_at = today, actor.user_number, now
    held.save(update_fields=("recognised_on", "issued_by", "issued_at"))
    for case in cases:
        _recognise(actor, case, held, today)
    record(
        actor=actor,
        action="recognition.recognition.issued",
        subject=held,
        subject_label=held.document.number,
        detail={"applications": len(cases), "number": held.document.number},
    )
    return held


def _recognise(actor: Actor, case: Case, held: RecognitionDocument, today: dt.date) -> None:
    application, call = case.application, held.call
    if application.reviewed_title is not None and is_spot_check(call):
        case.move(detail={"title": application.reviewed_title.pk, "document": held.document.number})
        return
    application.call = call
    since, until = term_of(application, today)
    application.title = add_title(
        actor=actor,
        enterprise=application.enterprise,
        name=title_of(call),
        level=_level(call),
        recognised_on=since,
        tier=call.tier,
        authority=call.organisation.name[:100],
        document_no=held.document.number,
        batch_name=call.batch_name,
        basis=Title.Basis.NEW if application.reviewed_title_id is None else Title.Basis.RE_REVIEW,
        valid_until=until,
    )
    case.move(detail={"title": application.title.pk, "document": held.document.number})
    issue_certificate(actor=actor, title=application.title, application=application)


def _check_ready(call: Call, rows: Sequence[Application], now: dt.datetime) -> None:
    """The guard: asked of the database with all cases locked, by one reading of the clock."""
    free = set(ready(call, at=now).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    held_up = [row for row in rows if row.pk not in free]
    if held_up:
        names = "、".join(row.enterprise.name for row in held_up[:_SHOWN])
        more = f"等 {len(held_up)} 家" if len(held_up) > _SHOWN else ""
        raise Refused(
            f"{names}{more}现在不能认定：公示还没有期满，或者有异议没有办结。请作废这份草稿，重新拟定。"
        )


def _rows(rows: QuerySet[Application]) -> list[Application]:
    found = rows.select_related("call__campaign", "enterprise", "district", "reviewed_title").order_by("pk")
    return list(found)


def _ranked(rows: Sequence[Application]) -> list[Application]:
    """In the order of the notice, else of the list."""
    listed = ProposalItem.objects.filter(
        application__in=[row.pk for row in rows], proposal__state=Proposal.State.CONFIRMED
    ).order_by("proposal_id")
    rank = dict(listed.values_list("application_id", "rank"))
    return sorted(rows, key=lambda row: (rank.get(row.pk, 0), row.pk))


def _words(call: Call, rows: Sequence[Application], on: dt.date) -> dict[str, Any]:
    numbers = [row.pk for row in rows]
    notices = Notice.objects.filter(items__application__in=numbers, items__recalled=False)
    terms = [(row, *term_of(row, on)) for row in rows]
    return recognition_words(call, terms, notices.distinct().order_by("published_at"), on)


def _level(call: Call) -> TitleLevel:
    return TitleLevel(pack_of(call).vocabulary.tiers[call.tier].level)


def _locked(actor: Actor, recognition: RecognitionDocument) -> RecognitionDocument:
    held = (
        RecognitionDocument.objects.select_for_update(of=("self",))
        .select_related("call__organisation", "document")
        .filter(pk=recognition.pk, call__in=Call.objects.visible_to(actor))
        .first()
    )
    if held is None or not actor.has(Role.CITY_OFFICER):
        raise Refused("找不到这份认定文件，或者它不在您的办理范围内。")
    return held
