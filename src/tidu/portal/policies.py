"""The policy library as pages show it: rows, filters, and one policy with its clauses and what they make happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict

from tidu.core.citations import policy_url
from tidu.core.components import Choice, Entry
from tidu.policy.documents.benefits import Happening
from tidu.policy.documents.library import NATION, Library, binds
from tidu.policy.documents.pack import Pack
from tidu.portal.place import known, offered, place_name
from tidu.portal.standing import Standing, standing

STATES = {
    "force": "现行有效",
    "ending": "一年内到期",
    "expired": "已届满",
    "future": "尚未施行",
}
_STANDS: Mapping[str, Callable[[Standing], bool]] = {
    "force": lambda found: found.in_force,
    "ending": lambda found: found.ending,
    "expired": lambda found: found.state == "expired",
    "future": lambda found: found.state == "future",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a policy holds, for lists: its place, the tiers it recognises or rewards, its departments, its counts."""

    place: str
    tiers: tuple[str, ...]
    recognised: tuple[str, ...]
    departments: frozenset[str]
    criteria: int
    benefits: int
    duties: int
    services: int

    @property
    def words(self) -> str:
        """What there is of each kind, in one line."""
        counted = (
            (self.criteria, "项条件"),
            (self.benefits, "项奖补"),
            (self.services, "项服务"),
            (self.duties, "项职责"),
        )
        return "，".join(f"{count} {unit}" for count, unit in counted if count) or "没有条件、奖补和职责"


@dataclass(frozen=True, slots=True)
class Row:
    """One policy in a list, on a day."""

    pack: Pack
    url: str
    contents: Contents
    standing: Standing


@lru_cache(maxsize=64)
def contents(pack: Pack) -> Contents:
    """What a pack holds, in short."""
    document = pack.document
    short = pack.vocabulary.tiers
    rewarded = [
        tier
        for benefit in pack.benefits()
        if benefit.happening is not Happening.EVENT
        for tier in benefit.names
    ]
    departments = {document.issuer}
    for duty in document.duties:
        departments |= {duty.lead, *duty.joint}
    for service in document.services:
        departments |= {service.lead, *service.joint}
    for benefit in document.benefits:
        departments |= set(benefit.payers)
    return Contents(
        place=place_name(document.jurisdiction),
        tiers=tuple(tier for tier in short if tier in {*pack.tiers, *rewarded}),
        recognised=tuple(short[tier].short for tier in pack.tiers),
        departments=frozenset(departments),
        criteria=sum(len(pack.criteria(tier).criteria) for tier in pack.tiers),
        benefits=len(document.benefits),
        duties=len(document.duties),
        services=len(document.services),
    )


def row(pack: Pack, on: dt.date) -> Row:
    """A policy on a day."""
    return Row(pack, policy_url(pack), contents(pack), standing(pack, on))


def tier_labels(pack: Pack) -> tuple[str, ...]:
    """Short labels of the tiers that a policy recognises or rewards, the lowest rung first."""
    return tuple(pack.vocabulary.tiers[tier].short for tier in contents(pack).tiers)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty text means no limit. Values that cannot be are left out and told."""

    place: str = ""
    tier: str = ""
    department: str = ""
    state: str = ""
    unknown: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: QueryDict, library: Library) -> Filters:
        """Read the address. Unknown values (an old link, a slip) do not stop the list."""
        typed = {name: query.get(name, "").strip()[:60] for name in ("place", "tier", "department", "state")}
        allowed: dict[str, Callable[[str], bool]] = {
            "place": lambda code: known(code) is not None,
            "tier": lambda tier: tier in library.vocabulary.tiers,
            "department": lambda name: any(name in contents(pack).departments for pack in library),
            "state": lambda state: state in STATES,
        }
        kept = {name: value for name, value in typed.items() if value and allowed[name](value)}
        words = {"place": "地区", "tier": "层级", "department": "部门", "state": "状态"}
        unknown = tuple(
            f"{words[name]}“{value}”" for name, value in typed.items() if value and name not in kept
        )
        return cls(**kept, unknown=unknown)

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.place or self.tier or self.department or self.state)

    def admits(self, found: Row) -> bool:
        """Whether a policy passes every filter."""
        jurisdiction = found.pack.document.jurisdiction
        return (
            (
                not self.place
                or (jurisdiction == NATION if self.place == NATION else binds(jurisdiction, self.place))
            )
            and (not self.tier or self.tier in found.contents.tiers)
            and (not self.department or self.department in found.contents.departments)
            and (not self.state or _STANDS[self.state](found.standing))
        )

    def entries(self, library: Library) -> tuple[Entry, ...]:
        """The controls with what is chosen."""
        places = [Choice(place.code, place.name) for place in offered(library)]
        if self.place and self.place not in {NATION, *(choice.value for choice in places)}:
            places.append(Choice(self.place, place_name(self.place)))
        nation = (
            [Choice(NATION, "只看国家文件")]
            if any(p.document.jurisdiction == NATION for p in library)
            else []
        )
        used = {tier for pack in library for tier in contents(pack).tiers}
        tiers = [Choice(tier.id, tier.short) for tier in library.vocabulary.tiers.values() if tier.id in used]
        return (
            Entry("place", "choice", "地区", self.place, choices=(*places, *nation)),
            Entry("tier", "choice", "层级", self.tier, choices=tuple(tiers)),
            Entry(
                "state", "choice", "状态", self.state, choices=tuple(Choice(*item) for item in STATES.items())
            ),
            Entry("department", "choice", "部门", self.department, choices=tuple(_departments(library))),
        )


def _departments(library: Library) -> Iterable[Choice]:
    """Every department that issues, leads, joins or pays, those with most policies first."""
    counted: dict[str, int] = {}
    for pack in library:
        for name in contents(pack).departments:
            counted[name] = counted.get(name, 0) + 1
    return (Choice(name, name) for name in sorted(counted, key=lambda name: (-counted[name], name)))


def rows(packs: Iterable[Pack], on: dt.date) -> list[Row]:
    """Policies on a day: what is in force first, cities before the nation, the newest first."""
    order = {"soon": 0, "force": 0, "future": 1, "expired": 2}
    found = [row(pack, on) for pack in packs]
    return sorted(
        found,
        key=lambda item: (
            order[item.standing.state],
            item.pack.document.jurisdiction == NATION,
            item.pack.document.jurisdiction,
            -item.standing.since.toordinal(),
        ),
    )
