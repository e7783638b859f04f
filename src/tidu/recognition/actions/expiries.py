"""Titles that end while no re-review is planned for them: the city is told in time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.core.actor import SYSTEM
from tidu.core.roles import OrganisationKind, Role
from tidu.desk.actions import finish_task, open_task
from tidu.desk.models import Task
from tidu.recognition.queries.campaigns import ending
from tidu.recognition.queries.title_rules import own_rules

ENDING: Final = "recognition.titles.ending"
AHEAD: Final = dt.timedelta(days=90)


def ask_for_re_reviews(today: dt.date | None = None) -> int:
    """Keep one task of every city's bureau up to date: how many titles end within 90 days without a re-review."""
    day = today or timezone.localdate()
    bureaus = Organisation.objects.filter(
        kind=OrganisationKind.CITY_BUREAU, is_active=True, place__isnull=False
    )
    return sum(_ask(bureau.pk, day) for bureau in bureaus.order_by("pk"))


@transaction.atomic
def _ask(number: int, day: dt.date) -> int:
    bureau = Organisation.objects.select_for_update().get(pk=number)
    place = bureau.place_id or ""
    rules = own_rules(place, day)
    counts = Counter(
        {
            rule.recognition.title: ending(place, rule.recognition.tier, day, day + AHEAD).count()
            for rule in rules
        }
    )
    total = counts.total()
    if not total:
        if Task.objects.open().filter(kind=ENDING, organisation=bureau).exists():
            finish_task(actor=SYSTEM, kind=ENDING, subject=bureau, outcome="已全部安排复核")
        return 0
    open_task(
        actor=SYSTEM,
        kind=ENDING,
        title=f"{total} 个称号将在 {AHEAD.days} 天内届满，还没有安排复核",
        url=reverse("recognition:campaign-new"),
        organisation=bureau,
        role=Role.CITY_OFFICER,
        subject=bureau,
        subject_label="、".join(f"{title} {found} 个" for title, found in counts.items() if found)[:200],
    )
    return total
