"""Titles that were recognised here: what was given by a procedure is taken away by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.utils import timezone

from tidu.recognition.models import Call, Cancellation, TitleCertificate

_GIVEN: Final = (
    "这个称号由本平台认定，取消要由市级经办岗在称号页立案：告知企业、听取陈述，一人提出、另一人确认。"
)
_CASE: Final = "这个称号的取消由本平台立案办理，以案件的决定为准。"


def kept_by_case(titles: Collection[int]) -> dict[int, str]:
    """Why no entry changes a title: its certificate is ours, or a case has it in hand or ended it. Two queries."""
    cases = Cancellation.objects.filter(title__in=titles).exclude(state=Cancellation.State.DROPPED)
    ours = TitleCertificate.objects.filter(title__in=titles)
    return dict.fromkeys(cases.order_by().values_list("title", flat=True), _CASE) | dict.fromkeys(
        ours.order_by().values_list("title", flat=True), _GIVEN
    )


def given_since(city: str, tier: str) -> dt.date | None:
    """The day of the first call by which a city gives a tier here; none where it has not published one."""
    calls = Call.objects.filter(
        kind=Call.Kind.FIRST, place_id=city, tier=tier, published_at__isnull=False
    ).order_by("published_at")
    first = calls.values_list("published_at", flat=True).first()
    return None if first is None else timezone.localdate(first)
