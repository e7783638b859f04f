"""What home pages show of the reviews: how many wait, how many are near or over their limit, how far each call is."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.calendar import Calendar, current_calendar
from tidu.core.models.deadlines import DayUnit
from tidu.core.workspace import Kpi, Progress
from tidu.desk.figures import Panel
from tidu.recognition.models import Application, Call, Status
from tidu.recognition.queries.reviewing import TABS, overdue, reviews_seen

_SOON: Final = 3  # in the limit's own unit
_REVIEWED: Final = ~Q(status__in=(Status.DISTRICT, Status.RETURNED, Status.WITHDRAWN, Status.LAPSED))


def _near(calendar: Calendar, today: dt.date) -> Q:
    """Cases that wait for their review and whose last day is near, and not over."""
    working = calendar.due_day(today, _SOON, DayUnit.WORKING)
    return TABS["todo"][1] & (
        Q(deadline__unit=DayUnit.WORKING, deadline__due_on__range=(today, working))
        | Q(
            deadline__unit=DayUnit.CALENDAR,
            deadline__due_on__range=(today, today + dt.timedelta(days=_SOON)),
        )
    )


def review_figures(actor: Actor) -> list[Kpi]:
    """How many cases wait for the review. Two queries."""
    counted = reviews_seen(actor).aggregate(
        waiting=Count("pk", filter=TABS["todo"][1]),
        over=Count("pk", filter=overdue()),
        soon=Count("pk", filter=_near(current_calendar(), timezone.localdate())),
    )
    late = "，".join(
        part
        for part in (
            f"已逾期 {counted['over']} 件" if counted["over"] else "",
            f"即将到期 {counted['soon']} 件" if counted["soon"] else "",
        )
        if part
    )
    url = reverse("recognition:reviews")
    return [
        Kpi(
            "待审申报",
            str(counted["waiting"]),
            "件",
            late or "没有临近期限的",
            kind="bad" if counted["over"] else "warn" if counted["soon"] else "",
            url=f"{url}?only=overdue" if counted["over"] else url,
        )
    ]


def batch_panels(actor: Actor) -> list[Panel]:
    """How far the newest call is in one's place, as bars."""
    call = (
        Call.objects.visible_to(actor)
        .filter(state=Call.State.PUBLISHED, applications__in=reviews_seen(actor))
        .order_by("-published_at")
        .first()
    )
    if call is None:
        return []
    counted = Application.objects.filter(pk__in=reviews_seen(actor).values("pk"), call=call).aggregate(
        received=Count("pk"),
        reviewed=Count("pk", filter=_REVIEWED),
        recommended=Count("pk", filter=Q(recommendation__positive=True)),
        refused=Count("pk", filter=Q(status=Status.NOT_RECOMMENDED)),
    )
    received = counted["received"]
    return [
        Panel(
            "batch",
            "本批进度",
            call.batch_name,
            bars=(
                Progress("受理", received, received, "件"),
                Progress("已审核", counted["reviewed"], received, "件"),
                Progress("已推荐", counted["recommended"], received, "件", "ok"),
                Progress("不推荐", counted["refused"], received, "件", "bad"),
            ),
            url=f"{reverse('recognition:reviews')}?tab=all&call={call.pk}",
            link="全部申报",
        )
    ]
