"""The titles that can be checked on a day, by whether their standard is in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from tidu.core.citations import policy_url
from tidu.core.tier_questions import form_of
from tidu.policy.documents.library import NATION, Library
from tidu.policy.documents.pack import Force, Pack
from tidu.portal.place import place_name


@dataclass(frozen=True, slots=True)
class Offered:
    """One tier of one policy. ``state`` is a key of ``STATES``; ``term`` says since or until when, in words."""

    rank: int
    title: str
    place: str
    policy: str
    policy_url: str
    url: str
    questions: int
    state: str
    term: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Offers that stand alike, the lowest rung first."""

    id: str
    label: str
    note: str
    offers: tuple[Offered, ...]


_SHELVES = (
    ("force", "现行有效", ""),
    ("future", "尚未施行", "可以提前看差在哪里。"),
    ("expired", "已届满或已被代替", "不再按它受理，仍可按当时的标准对照。"),
)


def offers_by_force(library: Library, area: str | None, on: dt.date) -> tuple[Shelf, ...]:
    """What binds in ``area`` (None: anywhere): the valid standards first, then those to come, then the ended ones."""
    current = {(offer.pack.id, offer.tier) for offer in library.offers(area, on)}
    found: dict[str, list[Offered]] = {}
    for pack in library if area is None else library.of_place(area):
        for tier in pack.tiers:
            offered = _offered(pack, tier, on, current=(pack.id, tier) in current)
            found.setdefault(offered.state, []).append(offered)
    return tuple(
        Shelf(state, label, note, tuple(sorted(found[state], key=lambda item: (item.rank, item.policy))))
        for state, label, note in _SHELVES
        if state in found
    )


def _offered(pack: Pack, tier: str, on: dt.date, *, current: bool) -> Offered:
    form = form_of(pack, tier, pack.settings())
    state, term = _standing(pack, tier, on, current=current)
    jurisdiction = pack.document.jurisdiction
    return Offered(
        pack.vocabulary.tiers[tier].rank,
        form.title,
        "全国" if jurisdiction == NATION else place_name(jurisdiction),
        pack.document.short_title,
        policy_url(pack),
        reverse("portal:self-check-form", args=[pack.id, tier]),
        sum(1 for _ in form.asked),
        state,
        term,
    )


def _standing(pack: Pack, tier: str, on: dt.date, *, current: bool) -> tuple[str, str]:
    since, until = pack.period(tier)
    force = pack.force(on, tier)
    if force is Force.NOT_YET:
        return "future", f"{since} 起施行"
    if current:
        return "force", "没有写终止日" if until is None else f"至 {until}"
    return "expired", "已由新的标准代替" if force is Force.IN_FORCE else f"至 {until}"
