"""What a visitor's texts say: exact facts, and for each control that cannot be read what to type instead.

A text that cannot be read is unknown to the rules, never failed. Titles are one question: either nobody has said
anything (unknown), or the list that was typed is the whole list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from tidu.core import entry
from tidu.core.components import Offer
from tidu.core.entry import Unreadable
from tidu.core.tier_questions import TITLES, indicator_named
from tidu.core.typed_values import UnknownIndustry, read_typed
from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR, Facts, Recognition, facts_from
from tidu.policy.documents.library import Library
from tidu.policy.errors import InputError
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import EventKind, Indicator
from tidu.policy.vocabulary.places import Place, load_places
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.portal.self_check_draft import AS_OF, BASE_YEAR, Draft

CITY, PLACE, ELSEWHERE = "-city", "-place", "elsewhere"
MOST_YEARS_NEEDED: Final = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a control's text was not understood, with what it may have meant."""

    text: str
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything read: facts on ``as_of`` with ``base_year``, and refusals by the name of their control."""

    facts: Facts
    as_of: dt.date
    base_year: int
    refusals: Mapping[str, Refusal] = field(default_factory=lambda: MappingProxyType({}))


def title_control(tier: str, part: str) -> str:
    """The name of a control of the question about titles; ``part`` is since, until, by or basis."""
    return f"title-{tier}-{part}"


def answers_of(draft: Draft, vocabulary: Vocabulary, *, today: dt.date) -> Answers:
    """Read the whole draft. ``vocabulary`` is what may be stated; ``today`` stands in for a blank day."""
    reader = _Reader(draft, vocabulary)
    as_of, base_year = reader.moment(today)
    values = reader.values()
    recognitions = reader.recognitions()
    lists = reader.lists()
    facts = Facts(MappingProxyType(values), recognitions, lists.events, lists.payments)
    return Answers(facts, as_of, base_year, MappingProxyType(reader.refusals))


def may_be_stated(indicator: Indicator) -> bool:
    """Whether a visitor may say it: not what a person judges, the system derives, or concerns a person."""
    return not (indicator.judged or indicator.derived is not None or indicator.personal)


def is_control(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a form may hold a control of this name."""
    if name in {AS_OF, BASE_YEAR, TITLES}:
        return True
    if name.startswith("title-"):
        return any(
            name == title_control(tier, part) for tier in vocabulary.tiers for part in ("since", "until")
        )
    stem, dash, part = name.partition("-")
    indicator = vocabulary.indicators.get(stem)
    if dash:
        return indicator is not None and indicator.kind is Kind.AREA and f"-{part}" in {CITY, PLACE}
    found = indicator_named(name, vocabulary.indicators)
    return found is not None and may_be_stated(found[0]) and found[0].kind is not Kind.AREA


class _Reader:
    def __init__(self, draft: Draft, vocabulary: Vocabulary) -> None:
        self._typed = draft.typed
        self._lists = draft.lists
        self._vocabulary = vocabulary
        self.refusals: dict[str, Refusal] = {}

    def moment(self, today: dt.date) -> tuple[dt.date, int]:
        as_of = self._day(AS_OF) or today
        if not EARLIEST_YEAR + MOST_YEARS_NEEDED <= as_of.year <= LATEST_YEAR:
            self._refuse(AS_OF, f"评估日须在 {EARLIEST_YEAR + MOST_YEARS_NEEDED} 年到 {LATEST_YEAR} 年之间。")
            as_of = today
        return as_of, self._base_year(as_of.year - 1)

    def _base_year(self, usual: int) -> int:
        try:
            stated = entry.count(self._typed.get(BASE_YEAR, ""), unit="年")
        except Unreadable:
            stated = -1
        if stated is None:
            return usual
        if EARLIEST_YEAR + MOST_YEARS_NEEDED <= stated <= LATEST_YEAR:
            return stated
        self._refuse(BASE_YEAR, f"基准年度请填四位年份，例如 {usual}；留空就是评估日的上一年。")
        return usual

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, text in self._typed.items():
            found = indicator_named(name, self._vocabulary.indicators)
            if found is None or found[0].kind is Kind.AREA or not may_be_stated(found[0]):
                continue
            try:
                value = read_typed(text, found[0])
            except UnknownIndustry as refused:
                self._refuse(name, str(refused), refused.offers)
            except Unreadable as refused:
                self._refuse(name, str(refused))
            else:
                if value is not None:
                    values[name] = value
        for indicator in self._vocabulary.indicators.values():
            if indicator.kind is Kind.AREA and (area := self._area(indicator)) is not None:
                values[indicator.id] = area
        return values

    def _area(self, indicator: Indicator) -> str | None:
        """The place where one was chosen, else the city; a place left over from another city does not count."""
        city = self._typed.get(f"{indicator.id}{CITY}", "")
        place = self._typed.get(f"{indicator.id}{PLACE}", "")
        try:
            if city == ELSEWHERE:
                read = read_typed(place, indicator)
                return None if read is None else str(read)
            entry.choice(city, (option.code for option in cities()))
        except Unreadable as refused:
            self._refuse(f"{indicator.id}{PLACE if city == ELSEWHERE else CITY}", str(refused))
            return None
        if not city:
            return None
        return place if place in {option.code for option in load_places().children(city)} else city

    def recognitions(self) -> tuple[Recognition, ...] | None:
        typed = [self._title(tier) for tier in self._vocabulary.tiers]
        found = [title for title in typed if title is not None]
        said = self._typed.get(TITLES, "")
        any_day = any(
            self._typed.get(title_control(tier, part))
            for tier in self._vocabulary.tiers
            for part in ("since", "until")
        )
        if said == "no" and any_day:
            self._refuse(TITLES, "选了“没有”，下面却填了日期。请改选“有”，或者清空日期。")
        elif said == "yes" and not any_day:
            self._refuse(TITLES, "选了“有”，请至少填一个称号的认定日期；一个也没有请选“没有”。")
        if any(name == TITLES or name.startswith("title-") for name in self.refusals):
            return None
        if said != "no" and not found:
            return None
        return (*found, *self._earlier())

    def _title(self, tier: str) -> Recognition | None:
        since = self._day(title_control(tier, "since"))
        until = self._day(title_control(tier, "until"))
        if since is None:
            if until is not None and title_control(tier, "since") not in self.refusals:
                self._refuse(title_control(tier, "since"), "填了有效期，也请填认定日期。")
            return None
        if until is not None and until < since:
            self._refuse(title_control(tier, "until"), "有效期早于认定日期，请核对两个日期。")
            return None
        by = self._typed.get(title_control(tier, "by")) or self._vocabulary.tiers[tier].recognised_by
        return Recognition(tier, by, since, until, self._typed.get(title_control(tier, "basis")) or "new")

    def _earlier(self) -> Iterable[Recognition]:
        """Earlier titles of the same tiers, which only a file can state."""
        return self._read_lists(("recognitions",)).recognitions or ()

    def lists(self) -> Facts:
        return self._read_lists(("events", "payments"))

    def _read_lists(self, parts: Iterable[str]) -> Facts:
        data = {part: self._lists[part] for part in parts if self._lists.get(part)}
        if not data:
            return Facts()
        try:
            return facts_from(data, self._vocabulary)
        except InputError:  # stored by an earlier version whose events have since been renamed
            return Facts()

    def _day(self, name: str) -> dt.date | None:
        try:
            return entry.day(self._typed.get(name, ""))
        except Unreadable as refused:
            self._refuse(name, str(refused))
            return None

    def _refuse(self, name: str, text: str, offers: tuple[Offer, ...] = ()) -> None:
        self.refusals.setdefault(name, Refusal(text, offers))


@lru_cache(maxsize=1)
def cities() -> tuple[Place, ...]:
    """The cities and leagues that can be chosen, by code."""
    found = (place for place in load_places().by_code.values() if place.level == "city")
    return tuple(sorted(found, key=lambda place: place.code))


@lru_cache(maxsize=4)
def in_view(library: Library) -> Vocabulary:
    """The vocabulary joined by the indicators and events that any pack declares for itself."""
    indicators: dict[str, Indicator] = {}
    events: dict[str, EventKind] = {}
    for pack in reversed(list(library)):
        indicators |= pack.indicators
        events |= pack.event_kinds
    return replace(
        library.vocabulary, indicators=MappingProxyType(indicators), events=MappingProxyType(events)
    )
