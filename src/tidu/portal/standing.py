"""How a policy stands on a day: in force, soon to end, ended, not yet begun, or in force for some of its tiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tidu.core.citations import clause, policy_url
from tidu.core.components import STATES, Clause, ForceBar, Term
from tidu.core.figures import day, days_to
from tidu.policy.documents.pack import Force, Pack

SOON_DAYS = 90  # from then on a policy is shown as ending soon
YEAR_DAYS = 365

_STATE = {Force.NOT_YET: "future", Force.IN_FORCE: "force", Force.EXPIRED: "expired"}


@dataclass(frozen=True, slots=True)
class TierStanding:
    """One tier of a policy on a day."""

    label: str
    state: str
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A policy on a day. ``state`` is a key of ``STATES``, ``word`` what to call it, ``term`` how long, in words."""

    on: dt.date
    state: str
    word: str
    since: dt.date
    until: dt.date | None
    term: str
    bar: ForceBar | None
    tiers: tuple[TierStanding, ...]

    @property
    def in_force(self) -> bool:
        """Whether it binds, wholly or for some of its tiers."""
        return self.state in {"force", "soon"}

    @property
    def ending(self) -> bool:
        """Whether the document is in force and its last day lies within a year."""
        return self.in_force and self.until is not None and 0 <= (self.until - self.on).days <= YEAR_DAYS


def standing(pack: Pack, on: dt.date) -> Standing:
    """``pack`` on a day, under the readings in use."""
    since, until = pack.period()
    short = pack.vocabulary.tiers
    tiers = tuple(
        TierStanding(short[tier].short, _STATE[pack.force(on, tier)], *pack.period(tier))
        for tier in pack.tiers
    )
    state = _STATE[pack.force(on)]
    word = STATES[state].word
    alive = [tier.label for tier in tiers if tier.state == "force"]
    term = _term(since, until, on)
    if state == "expired" and alive:
        state, word = "force", "部分有效"
        term = f"{term}，其中{'、'.join(alive)}一级继续有效"
    elif state == "force" and until is not None and (until - on).days <= SOON_DAYS:
        state, word = "soon", f"{word}，{STATES['soon'].word}"
    bar = None if until is None else ForceBar.of(since, until, on)
    return Standing(on, state, word, since, until, term, bar, tiers)


def _term(since: dt.date, until: dt.date | None, on: dt.date) -> str:
    if on < since:
        return f"距施行还有 {(since - on).days:,} 天"
    if until == on:
        return "这一天是最后一天"
    return "没有写终止日" if until is None else days_to(until, on)


def term(pack: Pack, on: dt.date) -> Term:
    """The bar of a policy on a shared axis of years; a tier that outlives its document keeps the bar going."""
    found = standing(pack, on)
    until, words = found.until, ""
    longer = [tier.label for tier in found.tiers if until is not None and tier.until is None]
    if longer:
        words = (
            f"{day(found.since)} 至 {day(found.until)}，{'、'.join(longer)}一级没有写终止日"
            if found.until
            else ""
        )
        until = None
    return Term(pack.document.short_title, policy_url(pack), found.since, until, found.state, words)


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends on a day still to come."""

    label: str
    what: str
    url: str
    last: dt.date
    days: int
    soon: bool
    clauses: tuple[Clause, ...]
    transition: bool = False


def endings(packs: Iterable[Pack], on: dt.date, within: int = YEAR_DAYS) -> tuple[Ending, ...]:
    """What ends within so many days from ``on``: documents, tiers with dates of their own, rules of transition."""
    listed = sorted(packs, key=lambda pack: pack.period()[0])
    found = [item for pack in listed for item in _endings(pack, on) if 0 <= item.days <= within]
    # A rule of transition stands in the document that goes and in the one that comes; it is one event.
    once = {
        (item.what, item.last) if item.transition else (item.label, item.what): item
        for item in reversed(found)
    }
    return tuple(sorted(once.values(), key=lambda item: (item.last, item.label)))


def _endings(pack: Pack, on: dt.date) -> Iterator[Ending]:
    document = pack.document

    def ending(what: str, last: dt.date, cite: str | None, *, transition: bool = False) -> Ending:
        days = (last - on).days
        chips = (clause(pack, cite),) if cite else ()
        url = policy_url(pack)
        return Ending(document.short_title, what, url, last, days, days <= SOON_DAYS, chips, transition)

    _since, until = pack.period()
    if until is not None:
        yield ending("文件届满", until, document.in_force.cite)
    for recognition in document.recognition:
        _since, last = pack.period(recognition.tier)
        if last is not None and last != until:
            own = recognition.in_force
            yield ending(f"{recognition.title}的标准届满", last, own.cite if own else None)
        for transition in recognition.transitions:
            if transition.until is not None:
                yield ending(transition.what, transition.until, transition.cite, transition=True)


def told(found: Standing) -> str:
    """The term of a policy as one plain sentence, for meta data and for readers who see no bar."""
    until = "" if found.until is None else f"，至 {day(found.until)}"
    return f"{day(found.since)} 起施行{until}，{found.term}。"
