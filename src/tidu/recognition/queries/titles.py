"""How a title stands on a day. The one answer for the check of certificates, public lists, and officers' pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from tidu.recognition.models import Application, Cancellation
from tidu.registry.models import Title
from tidu.registry.models.enterprises import EnterpriseStatus
from tidu.registry.models.standing import TitleState

#: From so many days before its end on, a title is shown as ending soon.
SOON: Final = 90
_ANNOTATED: Final = "in_timely_review"


class Standing(models.TextChoices):
    """How a title stands on a day."""

    FUTURE = "future", "尚未生效"
    HELD = "held", "有效"
    IN_REVIEW = "in_review", "复核中，继续有效"
    EXPIRED = "expired", "已届满"
    CANCELLED = "cancelled", "已取消"
    REPLACED = "replaced", "已由其他称号接替"


#: In which of them the title counts.
VALID: Final = frozenset({Standing.HELD, Standing.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class TitleStanding:
    """``until`` is the last day of the term, ``ended_on`` the day from which a cancelled or replaced title is none."""

    standing: Standing
    on: dt.date
    until: dt.date | None
    ended_on: dt.date | None = None

    @property
    def valid(self) -> bool:
        """Whether the title counts on that day."""
        return self.standing in VALID

    @property
    def days_left(self) -> int | None:
        """Days to the last one, which is 0; nothing where the title has no term or does not count."""
        if self.standing != Standing.HELD or self.until is None:
            return None
        return (self.until - self.on).days

    @property
    def badge(self) -> str:
        """The value of ``c-status``."""
        left = self.days_left
        if left is not None and left <= SOON:
            return "soon"
        return {
            Standing.FUTURE: "future",
            Standing.HELD: "force",
            Standing.IN_REVIEW: "run",
            Standing.EXPIRED: "expired",
            Standing.CANCELLED: "revoked",
            Standing.REPLACED: "expired",
        }[self.standing]

    @property
    def word(self) -> str:
        """The state in words, with how long it still lasts."""
        left = self.days_left
        if left is None:
            return self.standing.label
        return "有效，今天是最后一天" if left == 0 else f"有效，还有 {left:,} 天"


def title_state(title: Title, on: dt.date) -> TitleStanding:
    """How ``title`` stands on a day, a past one too.

    A title whose holder handed in for re-review by the last day of its term stays valid until that review has ended;
    where the review failed, until the case of taking the title away has been decided. One query, and none for titles
    that came through :func:`with_standing` or whose term runs.
    """
    if on < title.recognised_on:
        return TitleStanding(Standing.FUTURE, on, title.valid_until)
    if title.state != TitleState.HELD and (title.ended_on is None or title.ended_on <= on):
        gone = Standing.CANCELLED if title.state == TitleState.REVOKED else Standing.REPLACED
        return TitleStanding(gone, on, title.valid_until, title.ended_on)
    if title.valid_until is None or on <= title.valid_until:
        return TitleStanding(Standing.HELD, on, title.valid_until)
    under_review = getattr(title, _ANNOTATED, None)
    if under_review is None:
        under_review = Title.objects.filter(pk=title.pk).filter(_in_timely_review(on)).exists()
    return TitleStanding(
        Standing.IN_REVIEW if under_review else Standing.EXPIRED, on, title.valid_until, title.ended_on
    )


def with_standing(titles: QuerySet[Title], on: dt.date) -> QuerySet[Title]:
    """The titles with what :func:`title_state` needs, for lists: no further query for each."""
    return titles.annotate(**{_ANNOTATED: _in_timely_review(on)})


def standing_as(titles: QuerySet[Title], standing: Standing, on: dt.date) -> QuerySet[Title]:
    """Those of the titles that stand so on a day; agrees with :func:`title_state`."""
    gone = ~Q(state=TitleState.HELD) & (Q(ended_on__isnull=True) | Q(ended_on__lte=on))
    running = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    begun = titles.filter(recognised_on__lte=on)
    match standing:
        case Standing.FUTURE:
            return titles.filter(recognised_on__gt=on)
        case Standing.CANCELLED:
            return begun.filter(gone, state=TitleState.REVOKED)
        case Standing.REPLACED:
            return begun.filter(gone, state=TitleState.REPLACED)
        case Standing.HELD:
            return begun.filter(~gone, running)
        case Standing.IN_REVIEW:
            return begun.filter(~gone, ~running).filter(_in_timely_review(on))
        case Standing.EXPIRED:
            return begun.filter(~gone, ~running).exclude(_in_timely_review(on))


def public_titles() -> QuerySet[Title]:
    """The titles of the ladder that anybody may read of: as recognised here or taken over from a published list."""
    return (
        Title.objects.filter(removed_at__isnull=True)
        .exclude(tier="")
        .exclude(enterprise__status=EnterpriseStatus.WITHDRAWN)
    )


def successor(title: Title) -> Title | None:
    """The next title of the same rung that the enterprise was given, such as the one after a passed re-review."""
    return (
        Title.objects.filter(
            enterprise_id=title.enterprise_id,
            tier=title.tier,
            removed_at__isnull=True,
            recognised_on__gt=title.recognised_on,
        )
        .order_by("recognised_on", "pk")
        .first()
    )


def _in_timely_review(on: dt.date) -> Exists:
    open_case = Cancellation.objects.filter(application=OuterRef("pk"), state__in=Cancellation.OPEN_STATES)
    return Exists(
        Application.objects.filter(
            reviewed_title=OuterRef("pk"),
            submitted_at__isnull=False,
            submitted_at__date__lte=OuterRef("valid_until"),
        ).filter(Q(ended_at__isnull=True) | Q(ended_at__date__gt=on) | Exists(open_case))
    )
