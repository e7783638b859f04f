"""How a title stands on a day. The one answer for the check of certificates, public lists, and officers' pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from tidu.registry.models import Title
from tidu.registry.models.enterprises import EnterpriseStatus
from tidu.registry.models.standing import TitleState

#: From so many days before its end on, a title is shown as ending soon.
SOON: Final = 90


class Standing(models.TextChoices):
    """How a title stands on a day."""

    FUTURE = "future", "尚未生效"
    HELD = "held", "有效"
    IN_REVIEW = "in_review", "复核中，继续有效"
    EXPIRED = "expired", "已届满"
    CANCELLED = "cancelled", "已取消"
    REPLACED = "replaced", "已由其他称号接替"


#: What lists offer beside the standings: valid titles that end soon.
ENDING: Final = "soon"
ENDING_LABEL: Final = f"有效，{SOON} 天内届满"
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
    """How ``title`` stands on a day, a past one too. No query.

    A title that is reviewed again in time stays valid beyond its term, for as long as that review keeps it.
    """
    if on < title.recognised_on:
        return TitleStanding(Standing.FUTURE, on, title.valid_until)
    if title.state != TitleState.HELD and (title.ended_on is None or title.ended_on <= on):
        gone = Standing.CANCELLED if title.state == TitleState.REVOKED else Standing.REPLACED
        return TitleStanding(gone, on, title.valid_until, title.ended_on)
    if title.valid_until is None or on <= title.valid_until:
        return TitleStanding(Standing.HELD, on, title.valid_until)
    kept = title.kept_until is not None and on <= title.kept_until
    return TitleStanding(Standing.IN_REVIEW if kept else Standing.EXPIRED, on, title.valid_until)


def in_state(titles: QuerySet[Title], state: str, on: dt.date) -> QuerySet[Title]:
    """Those of the titles that a list shows under a state: a standing, or :data:`ENDING`."""
    if state != ENDING:
        return standing_as(titles, Standing(state), on)
    return standing_as(titles, Standing.HELD, on).filter(valid_until__lte=on + dt.timedelta(days=SOON))


def by_urgency(on: dt.date) -> tuple[OrderBy, ...]:
    """An order for lists: valid titles, those that end soonest at the head; titles to come; the rest, the latest first.

    Agrees with :func:`title_state` in what counts as valid.
    """
    valid = ~_gone(on) & (_running(on) | Q(kept_until__gte=on))
    rank = Case(When(recognised_on__gt=on, then=Value(1)), When(valid, then=Value(0)), default=Value(2))
    ends = Case(When(valid, then=F("valid_until")), output_field=DateField())
    return (
        rank.asc(),
        ends.asc(nulls_last=True),
        Coalesce("ended_on", "valid_until").desc(nulls_last=True),
    )


def _gone(on: dt.date) -> Q:
    return ~Q(state=TitleState.HELD) & (Q(ended_on__isnull=True) | Q(ended_on__lte=on))


def _running(on: dt.date) -> Q:
    return Q(valid_until__isnull=True) | Q(valid_until__gte=on)


def standing_as(titles: QuerySet[Title], standing: Standing, on: dt.date) -> QuerySet[Title]:
    """Those of the titles that stand so on a day; agrees with :func:`title_state`."""
    gone, running = _gone(on), _running(on)
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
            return begun.filter(~gone, ~running, kept_until__gte=on)
        case Standing.EXPIRED:
            return begun.filter(~gone, ~running, Q(kept_until__isnull=True) | Q(kept_until__lt=on))


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
