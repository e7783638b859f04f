"""The feed of announcements: calls, notices, recognitions and cancellations, the newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from tidu.core.moments import end, moment
from tidu.recognition.queries.public_pages import (
    public_calls,
    public_cancellations,
    public_notices,
    public_recognitions,
)

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Announcement:
    """One entry. ``key`` never changes, so that no reader shows it twice."""

    key: str
    kind: str
    title: str
    text: str
    url: str
    at: dt.datetime


def announcements() -> list[Announcement]:
    """The newest of every kind. Four queries."""
    found = [*_calls(), *_notices(), *_recognitions(), *_cancellations()]
    return sorted(found, key=lambda item: item.at, reverse=True)[:MOST]


def _calls() -> list[Announcement]:
    return [
        Announcement(
            f"call-{call.pk}",
            "申报通知",
            call.title,
            f"{call.organisation.name}。{moment(call.opens_at)} 开始受理，{end(call.closes_at)} 截止。",
            reverse("recognition:public-call", args=[call.pk]),
            call.published_at,
        )
        for call in public_calls().filter(published_at__isnull=False).order_by("-published_at")[:MOST]
        if call.published_at is not None
    ]


def _notices() -> list[Announcement]:
    return [
        Announcement(
            f"notice-{notice.pk}",
            "公示",
            notice.title,
            f"{notice.call.organisation.name}。公示至 {end(notice.ends_at)}。",
            reverse("recognition:notice", args=[notice.pk]),
            notice.published_at,
        )
        for notice in public_notices()[:MOST]
    ]


def _recognitions() -> list[Announcement]:
    return [
        Announcement(
            f"recognition-{found.pk}",
            "认定",
            found.document.title,
            f"{found.document.issuer}{found.document.number}，认定日期 {found.recognised_on.isoformat()}。",
            f"{reverse('recognition:recognised')}?year={found.recognised_on.year}",
            found.issued_at,
        )
        for found in public_recognitions()[:MOST]
        if found.issued_at is not None
    ]


def _cancellations() -> list[Announcement]:
    return [
        Announcement(
            f"cancellation-{found.pk}",
            "取消认定",
            found.decision.title,
            f"{found.enterprise.name}：{found.title.name}，{found.decision.number}。",
            f"{reverse('recognition:recognised')}?q={found.enterprise.uscc}",
            found.decided_at,
        )
        for found in public_cancellations()[:MOST]
        if found.decided_at is not None and found.decision is not None
    ]


def _readable(text: str) -> str:
    """The text without what no XML may hold."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\u3000")


class AnnouncementFeed(Feed):  # type: ignore[type-arg] # Django's class takes no arguments at run time
    """Atom."""

    feed_type = Atom1Feed
    language = "zh-Hans"

    def title(self) -> str:
        """The name of the feed."""
        return f"{settings.SITE['name']}：公示公告"

    def subtitle(self) -> str:
        """What it holds."""
        return "申报通知、拟认定公示、认定和取消认定"

    def link(self) -> str:
        """The page that says the same."""
        return reverse("recognition:notices")

    def items(self) -> list[Announcement]:
        """The entries."""
        return announcements()

    def item_title(self, item: Any) -> str:  # noqa: ANN401 - Django's signature
        """Kind and title."""
        return f"【{item.kind}】{_readable(item.title)}"

    def item_description(self, item: Any) -> str:  # noqa: ANN401 - as above
        """One sentence."""
        return _readable(item.text)

    def item_link(self, item: Any) -> str:  # noqa: ANN401 - as above
        """Where to read on."""
        return str(item.url)

    def item_guid(self, item: Any) -> str:  # noqa: ANN401 - as above
        """What never changes."""
        return f"tag:{settings.SITE['domain'] or 'tidu'},2026:{item.key}"

    def item_pubdate(self, item: Any) -> dt.datetime:  # noqa: ANN401 - as above
        """When it was published."""
        found: dt.datetime = item.at
        return found

    def item_updateddate(self, item: Any) -> dt.datetime:  # noqa: ANN401 - as above
        """The same: what was published is not changed."""
        return self.item_pubdate(item)


_FEED: Final = AnnouncementFeed()


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The feed for readers of Atom."""
    return _FEED(request)
