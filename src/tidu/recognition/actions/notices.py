"""Publishing a proposed list for everybody to object to, and taking a notice back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.calendar import current_calendar
from tidu.core.documents.drafting import draft_document, issue_document, void_document
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.recognition.actions.proposals import locked_proposal
from tidu.recognition.decision_papers import notice_title, notice_words
from tidu.recognition.models import Notice, NoticeItem, Proposal, ProposalItem, Status
from tidu.recognition.process.holding import hold_shared
from tidu.recognition.process.moving import Case, take
from tidu.recognition.process.notice_period import period_of
from tidu.recognition.process.rules import route_of_call

LONGEST_TITLE, LONGEST_REASON = 120, 300


@transaction.atomic
def publish_notice(*, actor: Actor, proposal: Proposal, title: str = "") -> Notice:
    """Publish the selected applications of a confirmed list. The period begins now, by the server's clock.

    Publishing again finds the notice that stands. After a recall the period starts anew.
    """
    held = locked_proposal(actor, proposal)
    standing = held.notices.exclude(state=Notice.State.RECALLED).first()
    if standing is not None:
        return standing
    call, route = held.call, route_of_call(held.call)
    if held.state != Proposal.State.CONFIRMED:
        raise Refused(f"方案{held.get_state_display()}，确认以后才能公示。")
    if route.notice is None:
        raise Refused("这次的程序没有公示环节，确认后直接认定。")
    title = " ".join(title.split()) or notice_title(call)
    if len(title) > LONGEST_TITLE:
        raise Refused(f"标题请控制在 {LONGEST_TITLE} 个字以内，现在有 {len(title)} 个字。", field="title")
    chosen = list(
        held.items.filter(selected=True, application__status=Status.SELECTED)
        .select_related("application__district")
        .order_by("application_id")
    )
    if not chosen:
        raise Refused("方案里没有等待公示的企业。")
    cases = [take(actor=actor, application=item.application, act="publish") for item in chosen]
    hold_shared(call)
    now = timezone.now()
    period = period_of(route.notice, now, current_calendar())
    items = _items(cases, chosen)
    document = draft_document(
        actor=actor, kind="notice", title=title, words=notice_words(call, period, items, route.notice.cite)
    )
    document = issue_document(actor=actor, document=document, on=period.published_on)
    notice = Notice.objects.create(
        call=call,
        proposal=held,
        title=title,
        document=document,
        published_at=now,
        days=period.days,
        unit=period.unit,
        first_day_counts=period.first_day_counts,
        starts_on=period.starts_on,
        last_day=period.last_day,
        ends_at=period.ends_at,
        cite=route.notice.cite,
        published_by_id=actor.user_number,
    )
    for item in items:
        item.notice = notice
    NoticeItem.objects.bulk_create(items)
    for case in cases:
        case.move(detail={"notice": notice.pk})
    record(
        actor=actor,
        action="recognition.notice.published",
        subject=notice,
        detail={"items": len(items), "last_day": notice.last_day, "number": document.number},
    )
    return notice


def _items(cases: Iterable[Case], chosen: Iterable[ProposalItem]) -> list[NoticeItem]:
    """What the notice shows of each enterprise, as it is called now, numbered in the order of the list."""
    rank = {item.application_id: (item.rank, item.pk) for item in chosen}
    ordered = sorted(cases, key=lambda case: rank[case.application.pk])
    return [
        NoticeItem(
            application=case.application,
            number=number,
            name=case.application.enterprise.name,
            uscc=case.application.enterprise.uscc,
            district=case.application.district.name,
        )
        for number, case in enumerate(ordered, 1)
    ]


@transaction.atomic
def recall_notice(*, actor: Actor, notice: Notice, reason: str) -> Notice:
    """Take a notice back with a reason. Its enterprises wait to be published anew; objections stay to be decided."""
    held = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("call__organisation", "document")
        .visible_to(actor)
        .filter(pk=notice.pk)
        .first()
    )
    if held is None or not actor.has(Role.CITY_OFFICER):
        raise Refused("找不到这次公示，或者它不在您的办理范围内。")
    if held.state == Notice.State.RECALLED:
        return held
    reason = stated(reason, "撤回的理由", most=LONGEST_REASON)
    items = list(
        held.items.filter(application__status=Status.NOTICE)
        .select_related("application")
        .order_by("application_id")
    )
    if not items:
        raise Refused("公示的企业都已有结果，不能再撤回公示。")
    cases = [take(actor=actor, application=item.application, act="recall", reason=reason) for item in items]
    hold_shared(held.call)
    held.state, held.recalled_reason, held.recalled_at = Notice.State.RECALLED, reason, timezone.now()
    held.save(update_fields=("state", "recalled_reason", "recalled_at"))
    held.items.filter(pk__in=[item.pk for item in items]).update(recalled=True)
    void_document(actor=actor, document=held.document, reason=reason)
    for case in cases:
        case.move(detail={"notice": held.pk})
    record(
        actor=actor,
        action="recognition.notice.recalled",
        subject=held,
        detail={"reason": reason, "items": len(items)},
    )
    return held


def finish_notices() -> int:
    """Mark the notices whose period is over and tell their officers. Idempotent. Returns how many there were."""
    over = Notice.objects.filter(state=Notice.State.PUBLISHED, ends_at__lte=timezone.now())
    return sum(_finish(pk) for pk in over.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _finish(number: int) -> int:
    held = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("call__organisation")
        .filter(pk=number, state=Notice.State.PUBLISHED, ends_at__lte=timezone.now())
        .first()
    )
    if held is None:
        return 0
    held.state = Notice.State.FINISHED
    held.save(update_fields=("state",))
    notify(
        actor=SYSTEM,
        organisation=held.call.organisation,
        role=Role.CITY_OFFICER,
        topic="公示",
        title=f"公示期满，没有未办结异议的可以认定：{held.call}"[:200],
        url=reverse("recognition:consolidated", args=[held.call_id]),
        key=f"notice-{held.pk}-over",
    )
    record(actor=SYSTEM, action="recognition.notice.finished", subject=held, place=held.call.place_id)
    return 1
