"""Letters: each message by itself, or a day's worth of them. Sent at most once; what fails is tried again later."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from tidu.accounts.models import User
from tidu.desk.models import MailPace, Notification, Preference, TaskState

log = logging.getLogger(__name__)

_STALE = dt.timedelta(days=3)  # what could not be sent for so long is read in the application
_BATCH = 200
_IN_A_DIGEST = 30
DIGEST_HOUR = 8


def _sendable() -> QuerySet[Notification]:
    """Messages that are still worth a letter: unread, recent, and what they remind of has not been done since."""
    return (
        Notification.objects.unread()
        .filter(
            Q(task__isnull=True) | Q(task__state=TaskState.OPEN),
            mailed_at__isnull=True,
            created_at__gte=timezone.now() - _STALE,
            user__is_active=True,
        )
        .exclude(user__email="")
    )


def send_at_once() -> int:
    """Send what people want at once. Returns how many letters left."""
    waiting = (
        _sendable().filter(user__preference__mail=MailPace.AT_ONCE).select_related("user").order_by("id")
    )
    return sum(_send(item.user, [item]) for item in waiting[:_BATCH])


def send_digests(now: dt.datetime | None = None) -> int:
    """Send one letter a day to everybody who has unread messages, from eight in the morning on."""
    moment = timezone.localtime(now)
    if moment.hour < DIGEST_HOUR:
        return 0
    daily = Q(preference__isnull=True) | Q(preference__mail=MailPace.DAILY)
    due = Q(preference__digest_on__isnull=True) | Q(preference__digest_on__lt=moment.date())
    waiting = _sendable().values("user_id")
    people = User.objects.filter(daily, due, pk__in=waiting).order_by("pk")
    return sum(_digest(user, moment.date()) for user in people[:_BATCH])


def _digest(user: User, today: dt.date) -> bool:
    preference, _ = Preference.objects.get_or_create(user=user)
    before = preference.digest_on
    mine = Preference.objects.filter(pk=user.pk, digest_on=before).update(digest_on=today)
    if not mine:  # another worker is at it
        return False
    items = list(_sendable().filter(user=user).order_by("-id")[:_IN_A_DIGEST])
    if items and _send(user, items):
        return True
    Preference.objects.filter(pk=user.pk).update(digest_on=before)
    return False


def _send(user: User, items: Sequence[Notification]) -> bool:
    """Claim the messages, then send them; a letter that cannot be sent gives them back for the next time."""
    numbers = [item.pk for item in items]
    now = timezone.now()
    claimed = Notification.objects.filter(pk__in=numbers, mailed_at__isnull=True).update(mailed_at=now)
    if claimed != len(numbers):
        return False
    single = items[0] if len(items) == 1 else None
    # A line break, which some title may hold, is refused in the head of a letter and would hold up all others.
    subject = " ".join(single.title.split()) if single else f"您有 {len(items)} 条未读消息"
    domain = settings.SITE["domain"]
    base = f"https://{domain}" if domain and "://" not in domain else domain
    context = {"person": user, "items": items, "site": settings.SITE, "base": base.rstrip("/")}
    letter = EmailMessage(
        f"［{settings.SITE['name']}］{subject}",
        render_to_string("desk/mail/letter.txt", context),
        to=[user.email],
    )
    try:
        letter.send()
    except OSError:
        log.exception("letter to person %s not sent", user.pk)
        Notification.objects.filter(pk__in=numbers, mailed_at=now).update(mailed_at=None)
        return False
    return True
