"""What follows for each enterprise of a re-review: its application, reminders, and what its end leads to.

All of it is done by the system, over and over, and comes out as once: the state is looked at again under a lock.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import SYSTEM
from tidu.core.audit.recording import record
from tidu.core.moments import end
from tidu.core.roles import Role
from tidu.desk.actions import notify, open_task
from tidu.recognition.actions.applying import attach_known
from tidu.recognition.actions.call_changes import finish_call
from tidu.recognition.actions.cancellations import open_for_review
from tidu.recognition.models import (
    GIVEN_UP,
    REFUSED,
    Application,
    Call,
    Cancellation,
    CaseKind,
    Level,
    Status,
)
from tidu.recognition.process.following import TAKE_PART
from tidu.recognition.process.moving import write_act
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.actions.standing import end_of_review, keep_during_review
from tidu.registry.models import Title
from tidu.registry.models.standing import TitleState

#: Days before closing on which an enterprise that has not handed in yet is reminded.
REMINDERS: Final = (30, 14, 7, 3, 1)
_PORTION: Final = 200


def unbegun(call: Call) -> list[int]:
    """The titles of a published re-review whose enterprises have no application yet."""
    made = Application.objects.filter(call=call, enterprise=OuterRef("enterprise"))
    rows = call.campaign.titles.filter(state=TitleState.HELD, removed_at__isnull=True)
    return list(rows.exclude(Exists(made)).order_by("pk").values_list("pk", flat=True))


def begin_re_review(*, call: Call, title_id: int) -> Application | None:
    """Make the application of one title, keep the title valid meanwhile, and ask the enterprise. Idempotent."""
    try:
        with transaction.atomic():
            return _begin(call, title_id)
    except IntegrityError:  # of two at once, the other was first
        return None


def _begin(call: Call, title_id: int) -> Application | None:
    title = Title.objects.select_related("enterprise__organisation").get(pk=title_id)
    enterprise = title.enterprise
    lock_enterprises([enterprise.pk])
    held = Call.objects.get(pk=call.pk)
    if held.state != Call.State.PUBLISHED or held.published_at is None or title.state != TitleState.HELD:
        return None
    if Application.objects.filter(call=held, enterprise=enterprise).exists():
        return None
    application = Application.objects.create(
        call=held,
        enterprise=enterprise,
        district_id=enterprise.district_id or held.place_id,
        reviewed_title=title,
    )
    attach_known(application)
    own = enterprise.organisation
    if own is not None:
        open_task(
            actor=SYSTEM,
            kind=TAKE_PART,
            title=f"请在 {_when(held)} 前提交复核：{title.name}",
            url=reverse("recognition:application", args=[application.pk]),
            organisation=own,
            role=Role.ENTERPRISE_MANAGER,
            subject=application,
            subject_label=held.title,
        )
    write_act(
        actor=SYSTEM,
        case=CaseKind.APPLICATION,
        case_id=application.pk,
        act="start",
        label="列入复核",
        level=Level.SYSTEM,
        after=Status.DRAFT,
    )
    if title.valid_until is not None and timezone.localdate(held.published_at) <= title.valid_until:
        keep_during_review(actor=SYSTEM, title=title)
    record(
        actor=SYSTEM,
        action="recognition.re_review.begun",
        subject=application,
        enterprise_id=enterprise.pk,
        place=held.place_id,
        after=Status.DRAFT.value,
        detail={"call": held.pk, "title": title.pk},
    )
    return application


def remind_re_reviews(now: dt.datetime | None = None) -> int:
    """Remind those who have not handed in: once on each of :data:`REMINDERS`, as it stands when it is sent."""
    moment = now or timezone.now()
    last = moment + dt.timedelta(days=max(REMINDERS))
    waiting = Application.objects.filter(
        call__kind=Call.Kind.RE_REVIEW,
        call__state=Call.State.PUBLISHED,
        call__closes_at__gt=moment,
        call__closes_at__lte=last,
        status=Status.DRAFT,
        enterprise__organisation__isnull=False,
    )
    return sum(_remind(pk, moment) for pk in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(number: int, moment: dt.datetime) -> int:
    row = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "enterprise__organisation", "reviewed_title")
        .filter(pk=number, status=Status.DRAFT, call__state=Call.State.PUBLISHED, call__closes_at__gt=moment)
        .first()
    )
    if row is None or row.enterprise.organisation is None or row.reviewed_title is None:
        return 0
    left = (timezone.localdate(row.call.closes_at) - timezone.localdate(moment)).days
    reached = [days for days in REMINDERS if left <= days]
    published = timezone.localdate(row.call.published_at or moment)
    if not reached or timezone.localdate(row.call.closes_at) - dt.timedelta(days=min(reached)) <= published:
        return 0  # nobody is reminded of what they have just been told
    words = f"还有 {left} 天" if left else "今天"
    return notify(
        actor=SYSTEM,
        topic="复核",
        title=f"复核{words}截止，还没有提交：{row.reviewed_title.name}"[:200],
        body=f"{_when(row.call)} 截止。没有按期提交的，将听取意见后取消称号。",
        url=reverse("recognition:application", args=[row.pk]),
        organisation=row.enterprise.organisation,
        key=f"re-review-{row.pk}-{timezone.localdate(row.call.closes_at):%Y%m%d}-{min(reached)}",
    )


def follow_re_reviews() -> int:
    """Do what the end of a re-review leads to: a case where it failed, the old term's end where it was passed."""
    ended = Application.objects.filter(call__kind=Call.Kind.RE_REVIEW, reviewed_title__isnull=False)
    handled = Cancellation.objects.filter(application=OuterRef("pk"))
    again = Application.objects.filter(
        call=OuterRef("call"), enterprise=OuterRef("enterprise"), pk__gt=OuterRef("pk")
    )
    failed = (
        ended.filter(
            # What was given up may be begun anew as long as the window is open.
            Q(status__in=REFUSED) | Q(status__in=GIVEN_UP, call__closes_at__lte=timezone.now()),
            reviewed_title__state=TitleState.HELD,
        )
        .exclude(Exists(handled))
        .exclude(Exists(again))
    )
    done = sum(open_for_review(application=row) is not None for row in failed.order_by("pk")[:_PORTION])
    passed = ended.filter(status=Status.RECOGNISED, reviewed_title__kept_until=dt.date.max)
    for row in passed.select_related("title", "reviewed_title").order_by("pk")[:_PORTION]:
        old, new = row.reviewed_title, row.title
        if old is None:
            continue
        # A title that passed a spot check keeps its own term; a renewed one ends on the day before the new one begins.
        last = old.valid_until if new is None else new.recognised_on - dt.timedelta(days=1)
        end_of_review(actor=SYSTEM, title=old, last_day=last or timezone.localdate())
        done += 1
    return done + _finish_campaigns()


def _finish_campaigns() -> int:
    """Put re-reviews away that have closed, and of which every application has come to an end."""
    over = Call.objects.filter(
        Exists(Application.objects.filter(call=OuterRef("pk"))),
        kind=Call.Kind.RE_REVIEW,
        state=Call.State.PUBLISHED,
        closes_at__lte=timezone.now(),
    )
    return sum(finish_call(call=call) for call in over.order_by("pk"))


def _when(call: Call) -> str:
    return end(call.closes_at)


def begin_left_over() -> int:
    """Begin what the background work of a published re-review has not come to."""
    calls = Call.objects.filter(
        kind=Call.Kind.RE_REVIEW,
        state=Call.State.PUBLISHED,
        campaign__isnull=False,
        closes_at__gt=timezone.now(),
    ).select_related("campaign")
    return sum(
        begin_re_review(call=call, title_id=title) is not None for call in calls for title in unbegun(call)
    )
