"""What the home pages show of the life of titles."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.moments import end
from tidu.core.roles import Role
from tidu.desk.figures import NextStep, Panel, PanelRow
from tidu.recognition.models import Application, Call, Status
from tidu.recognition.queries.title_lists import life_figures
from tidu.recognition.queries.titles import ENDING, SOON, title_state
from tidu.registry.models import Title

OFFICERS: Final = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)


def title_panel(actor: Actor) -> list[Panel]:
    """Titles that end soon, changes and cases that wait. Three queries."""
    counts = life_figures(actor, timezone.localdate())
    titles, changes, cases = (
        reverse(f"recognition:{name}") for name in ("titles", "changes", "cancellations")
    )
    rows = (
        (f"{SOON} 天内届满的称号", counts["ending"], "个", f"{titles}?state={ENDING}", "soon"),
        ("未办结的变更报告", counts["changes"], "件", f"{changes}?state=open", "needs_review"),
        ("未办结的取消案件", counts["cases"], "件", f"{cases}?state=open", "overdue"),
    )
    return [
        Panel(
            "titles",
            "称号",
            rows=tuple(
                PanelRow(label, url=url, state=state, word=f"{number} {unit}")
                for label, number, unit, url, state in rows
                if number
            ),
            empty="没有要办的",
            empty_note="称号快要届满、企业报告变更或者立案取消时，会列在这里。",
            url=titles,
            link="全部称号",
        )
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
        closes = end(waiting.call.closes_at)
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
