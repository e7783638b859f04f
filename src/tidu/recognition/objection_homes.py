"""What the city's home page shows of objections."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.workspace import Kpi
from tidu.recognition.models import Objection


def objection_figures(actor: Actor) -> list[Kpi]:
    """Objections that wait, and how many of them are late; nothing where there are none. One query."""
    late = Q(deadline__due_on__lt=timezone.localdate())
    counts = (
        Objection.objects.visible_to(actor)
        .open()
        .aggregate(waiting=Count("pk"), late=Count("pk", filter=late))
    )
    if not counts["waiting"]:
        return []
    return [
        Kpi(
            "未办结的公示异议",
            str(counts["waiting"]),
            "件",
            f"逾期 {counts['late']} 件" if counts["late"] else "",
            kind="bad" if counts["late"] else "warn",
            url=f"{reverse('recognition:objections')}?state=open",
        )
    ]
