"""What runs today: calls that take applications, and notices that can be objected to."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError
from django.urls import reverse

from tidu.recognition.public.windows import window_of_call, window_of_notice
from tidu.recognition.queries.public_pages import running_calls, running_notices

MOST: Final = 4
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """One line: ``kind`` is a word of two characters, ``left`` how long it still runs or when it begins."""

    kind: str
    title: str
    who: str
    url: str
    badge: str
    left: str


def running(place: str = "") -> tuple[Running, ...]:
    """What runs in a place, or anywhere; nothing where the database does not answer, for policies need none."""
    try:
        return (*_notices(place), *_calls(place))
    except DatabaseError:
        _log.exception("the front page shows no announcements")
        return ()


def _notices(place: str) -> list[Running]:
    found = []
    for notice in running_notices(place)[:MOST]:
        window = window_of_notice(notice)
        found.append(
            Running(
                "公示",
                notice.title,
                notice.call.organisation.name,
                reverse("recognition:notice", args=[notice.pk]),
                window.badge,
                f"公示中，还剩 {window.words}",
            )
        )
    return found


def _calls(place: str) -> list[Running]:
    found = []
    for call in running_calls(place)[:MOST]:
        window = window_of_call(call)
        found.append(
            Running(
                "申报",
                call.title,
                call.organisation.name,
                reverse("recognition:public-call", args=[call.pk]),
                window.badge,
                window.word,
            )
        )
    return found
