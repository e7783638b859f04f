"""What the home pages show of the life of titles."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.core.workspace import Kpi
from tidu.desk.figures import NextStep
from tidu.recognition.models import Application, Call, Status
from tidu.recognition.queries.title_lists import ENDING, life_figures
from tidu.recognition.queries.titles import SOON, title_state
from tidu.registry.models import Title

OFFICERS: Final = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)


def title_figures(actor: Actor) -> list[Kpi]:
    """Titles that end soon, changes and cases that wait. Three queries."""
    counts = life_figures(actor, timezone.localdate())
    titles, changes, cases = (
        reverse(f"recognition:{name}") for name in ("titles", "changes", "cancellations")
    )
    return [
        Kpi(
            f"{SOON} 天内届满的称号",
            str(counts["ending"]),
            "个",
            kind="warn" if counts["ending"] else "",
            url=f"{titles}?state={ENDING}",
        ),
        Kpi("未办结的变更", str(counts["changes"]), "件", url=f"{changes}?state=open"),
        Kpi("未办结的取消案件", str(counts["cases"]), "件", url=f"{cases}?state=open"),
    ]


def title_steps(actor: Actor) -> list[NextStep]:
    """A re-review to take part in, or a title that ends soon."""
    today = timezone.localdate()
    waiting = (
        Application.objects.visible_to(actor)
        .filter(call__kind=Call.Kind.RE_REVIEW, call__state=Call.State.PUBLISHED, status=Status.DRAFT)
        .select_related("call", "reviewed_title")
        .first()
    )
    if waiting is not None and waiting.reviewed_title is not None:
        closes = f"{timezone.localtime(waiting.call.closes_at):%Y-%m-%d %H:%M}"
        return [
            NextStep(
                f"参加复核：{waiting.reviewed_title.name}",
                reverse("recognition:application", args=[waiting.pk]),
                "核对并提交",
                f"{closes} 截止，没有按期提交的，听取意见后取消称号",
                icon="refresh",
                order=1,
            )
        ]
    for title in Title.objects.visible_to(actor).filter(removed_at__isnull=True).exclude(tier=""):
        left = title_state(title, today).days_left
        if left is not None and left <= SOON:
            url = reverse("recognition:own-titles")
            note = "市级组织复核时会通知您；先把数据和材料更新好。"
            return [
                NextStep(f"{title.name}还有 {left} 天届满", url, "查看我的称号", note, icon="hourglass-low")
            ]
    return []
