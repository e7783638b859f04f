"""What a new call starts with: everything that can be known from the pack and the calendar, to be changed at will."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, TypedDict

from django.db.models import Max
from django.utils import timezone

from tidu.core.calendar import Calendar
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.route import route_of
from tidu.recognition.calling.materials import proposed_materials
from tidu.recognition.models import Call
from tidu.recognition.process.rules import limits_for

_OPENS, _CLOSES = dt.time(9, 0), dt.time(17, 30)
_WINDOW: Final = dt.timedelta(days=30)
_ORDINALS: Final = "一二三四五六七八九十"


class CallValues(TypedDict, total=False):
    """What an officer sets of a call. What is left out stays as it is."""

    title: str
    batch_name: str
    year: int
    base_year: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    districts: list[str]
    materials: list[dict[str, Any]]
    readings: dict[str, str]
    limits: dict[str, dict[str, Any]]
    blind: bool
    quota: int | None
    contacts: str
    body: str


def first_free_day(*, pack: Pack, tier: str, place: str, today: dt.date, calendar: Calendar) -> dt.date:
    """The first working day on which a new call can open.

    That is after those that are published or sent for approval, in a year in which the document allows one more.
    """
    others = Call.objects.filter(place_id=place, tier=tier, kind=Call.Kind.FIRST)
    busy = others.filter(state__in=(Call.State.APPROVAL, Call.State.PUBLISHED)).aggregate(
        end=Max("closes_at")
    )["end"]
    day = today + dt.timedelta(days=1)
    if busy is not None:
        day = max(day, timezone.localdate(busy - dt.timedelta(microseconds=1)) + dt.timedelta(days=1))
    day = calendar.next_working_day(day)
    while held_in_full_year(pack=pack, tier=tier, place=place, year=day.year):
        day = calendar.next_working_day(dt.date(day.year + 1, 1, 1))
    return day


def calls_a_year(pack: Pack, tier: str) -> int | None:
    """How often a year the document lets a tier be called for, where it says so."""
    procedure = pack.recognition(tier).procedure
    return None if procedure is None else procedure.calls_a_year


def held_in_full_year(*, pack: Pack, tier: str, place: str, year: int, but: int = 0) -> int:
    """How many calls a year has seen, ``but`` aside, where the document allows no more of them; 0 where it does."""
    most = calls_a_year(pack, tier)
    if most is None:
        return 0
    held = Call.objects.filter(
        place_id=place,
        tier=tier,
        kind=Call.Kind.FIRST,
        pack=pack.id,
        state__in=(Call.State.PUBLISHED, Call.State.FINISHED),
        opens_at__year=year,
    )
    number = held.exclude(pk=but).count()
    return number if number >= most else 0


def proposed_values(
    *, pack: Pack, tier: str, contacts: str, earlier: int, opens: dt.date, calendar: Calendar
) -> CallValues:
    """The values of a new call. ``earlier`` is how many calls for the tier there were in the year of ``opens``."""
    recognition, settings = pack.recognition(tier), pack.settings()
    closes = calendar.next_working_day(opens + _WINDOW)
    _since, until = pack.period(tier)
    if until is not None and opens < until < closes:
        closes = until
    number = _ORDINALS[earlier] if earlier < len(_ORDINALS) else str(earlier + 1)
    batch = f"{opens.year}年度第{number}批"
    return {
        "title": f"关于组织申报{batch}{recognition.title}的通知",
        "batch_name": batch,
        "year": opens.year,
        "base_year": opens.year - 1,
        "opens_at": _at(opens, _OPENS),
        "closes_at": _at(closes, _CLOSES),
        "districts": [],
        "materials": proposed_materials(pack, tier, settings),
        "readings": {},
        "limits": limits_for(recognition, route_of(recognition, settings)),
        "blind": False,
        "quota": None,
        "contacts": contacts,
    }


def content_of(call: Call) -> CallValues:
    """What a call is set to."""
    return {
        "title": call.title,
        "batch_name": call.batch_name,
        "year": call.year,
        "base_year": call.base_year,
        "opens_at": call.opens_at,
        "closes_at": call.closes_at,
        "districts": call.districts,
        "materials": call.materials,
        "readings": call.readings,
        "limits": call.limits,
        "blind": call.blind,
        "quota": call.quota,
        "contacts": call.contacts,
        "body": call.body,
    }


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
