"""The rule that a title lives under: how long it is valid, what is to be reported, on what grounds it is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tidu.core.calendar import Calendar
from tidu.core.models.deadlines import DayUnit
from tidu.policy.documents.library import Library, load_library
from tidu.policy.documents.pack import Force, Pack
from tidu.policy.documents.recognition_document import Ground, RecognitionDocument
from tidu.policy.documents.route import Span, route_of, span_of
from tidu.policy.errors import InputError
from tidu.recognition.models import Application
from tidu.recognition.process.rules import SILENT, pack_of
from tidu.registry.models import Title

#: How long the holder of a title has to report a change where its document says nothing.
CHANGES_WITHIN: Final = "3个月"
#: Grounds that every title has: its re-review was not passed, or the enterprise did not take part.
RE_REVIEW_FAILED: Final = "re_review_failed"
RE_REVIEW_ABSENT: Final = "re_review_absent"
CHANGE_REFUSED: Final = "change_refused"
CHANGE_NOT_REPORTED: Final = "change_not_reported"


@dataclass(frozen=True, slots=True)
class LossGround:
    """A ground on which a title is taken away: the pack's own, or one that follows from its procedure."""

    id: str
    label: str
    cite: str


@dataclass(frozen=True, slots=True)
class TitleRule:
    """What a pack says of a title once it is given.

    ``own``: the city that holds the enterprise recognises it itself, so that changes, re-reviews and cancellations are
    its own to decide; all other titles are another authority's.
    """

    pack: Pack
    recognition: RecognitionDocument
    own: bool

    @property
    def changes_silent(self) -> bool:
        """Whether the document leaves open how soon a change is reported, so that our own default counts."""
        return self.recognition.changes_within is None

    @property
    def changes_words(self) -> str:
        """How long a change may wait, in the document's words or our default's."""
        return str(self.recognition.changes_within or CHANGES_WITHIN)

    def change_due(self, happened_on: dt.date, calendar: Calendar) -> dt.date:
        """The last day on which a change of that day is reported in time."""
        return end_of_span(span_of(self.changes_words), happened_on, calendar)

    @property
    def grounds(self) -> tuple[LossGround, ...]:
        """The grounds of the document."""
        revocation = self.recognition.revocation
        return () if revocation is None else tuple(_ground(ground) for ground in revocation.grounds)

    def ground(self, wanted: str) -> LossGround | None:
        """One of its grounds by id; also those that a re-review or a refused change leads to."""
        review = self.recognition.re_review
        following = {
            RE_REVIEW_FAILED: LossGround(
                RE_REVIEW_FAILED, "复核不合格", "" if review is None else review.cite
            ),
            RE_REVIEW_ABSENT: LossGround(
                RE_REVIEW_ABSENT, "没有按期参加复核", "" if review is None else review.cite
            ),
            CHANGE_REFUSED: LossGround(
                CHANGE_REFUSED,
                "发生重大变化，经审定不再延续称号",
                self.recognition.changes_cite or self.recognition.valid_cite,
            ),
        }
        own = {ground.id: ground for ground in self.grounds}
        return own.get(wanted) or following.get(wanted)

    def barred_until(self, ground: str, decided_on: dt.date) -> dt.date | None:
        """Until when nobody applies again after a loss on that ground; none where the document is silent.

        What follows from a re-review or a change is no fault and bars nobody.
        """
        revocation = self.recognition.revocation
        if revocation is None or revocation.barred is None:
            return None
        if ground not in {item.id for item in revocation.grounds}:
            return None
        span = span_of(revocation.barred)
        return None if span.unit in {"working", "calendar"} else span.end_of_limit(decided_on)

    @property
    def reply_limit(self) -> tuple[int, DayUnit, str, str]:
        """How long the enterprise has to reply: days, unit, what follows from silence, clause (empty: our default)."""
        procedure = self.recognition.procedure
        days, unit, late = SILENT["reply"]
        written = None if procedure is None else procedure.reply
        if written is None:
            return days, unit, late, ""
        return written.days, DayUnit(written.day_kind), written.late or late, written.cite or ""


def rule_of(title: Title) -> TitleRule | None:
    """The rule of a title; none where no pack knows its tier.

    A title that was given here lives under the pack as its call froze it, any other under the one in force when it was
    given, or the nearest there is.
    """
    if not title.tier:
        return None
    city = title.enterprise.city_id or ""
    application: Application | None = getattr(title, "application", None)
    if application is not None:
        try:
            return _rule(pack_of(application.call), title.tier, city)
        except InputError:  # the pack is gone from the library and was never frozen
            return None
    return _found(load_library(), title.tier, city, title.recognised_on)


def own_rules(city: str, on: dt.date) -> tuple[TitleRule, ...]:
    """The tiers that a city recognises itself, under the packs in force on a day or, where none is, the last ones."""
    library = load_library()
    found: dict[str, TitleRule] = {}
    for pack in library.of_place(city):
        for tier in pack.tiers:
            rule = _rule(pack, tier, city)
            if (
                rule is not None
                and rule.own
                and (tier not in found or pack.force(on, tier) is Force.IN_FORCE)
            ):
                found[tier] = rule
    return tuple(found.values())


def end_of_span(span: Span, start: dt.date, calendar: Calendar) -> dt.date:
    """The last day of a limit that starts behind ``start``, in whatever it is counted."""
    if span.unit in {"year", "month"}:
        return span.end_of_limit(start)
    unit = DayUnit.WORKING if span.unit == "working" else DayUnit.CALENDAR
    return calendar.due_day(start, span.number, unit)


@lru_cache(maxsize=512)
def _found(library: Library, tier: str, city: str, on: dt.date) -> TitleRule | None:
    packs = [pack for pack in library.of_place(city) if tier in pack.tiers]
    if not packs:
        return None

    def nearness(pack: Pack) -> tuple[bool, int]:
        since, _until = pack.period(tier)
        return pack.force(on, tier) is Force.IN_FORCE, -abs((on - since).days)

    return _rule(max(packs, key=nearness), tier, city)


@lru_cache(maxsize=512)
def _rule(pack: Pack, tier: str, city: str) -> TitleRule | None:
    try:
        recognition = pack.recognition(tier)
    except InputError:
        return None
    own = pack.document.jurisdiction == city
    if own:
        try:
            route_of(recognition, pack.settings())
        except InputError:
            own = False
    return TitleRule(pack, recognition, own)


def _ground(ground: Ground) -> LossGround:
    return LossGround(ground.id, ground.label, ground.cite)
