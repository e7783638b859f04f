"""What the front page says of each policy: how it stands today, what one gets from it, what an ended one still pays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tidu.core.citations import clause, clauses
from tidu.core.components import Clause
from tidu.policy.documents.library import NATION, Library
from tidu.policy.documents.pack import Pack
from tidu.portal.benefit_words import amount_words
from tidu.portal.criteria_effects import spaced
from tidu.portal.entrances import check_url
from tidu.portal.policies import Row, rows

SHOWN = 4  # lines of one kind on a card; the rest is a link


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on a card, with the clause it rests on."""

    text: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One policy on the front page. ``awards`` are cut to a few, ``more`` says how many are left."""

    row: Row
    titles: tuple[Line, ...]
    awards: tuple[Line, ...]
    more: int
    services: int
    on_expiry: Line | None
    closed_from: dt.date | None

    @property
    def checks(self) -> tuple[tuple[str, str], ...]:
        """Label and address of the self-check of each title that can be applied for today."""
        pack = self.row.pack
        found = zip(pack.tiers, self.row.standing.tiers, strict=True)
        alive = [(tier, item.label) for tier, item in found if item.state == "force"]
        return tuple(
            ("按本办法自测" if len(pack.tiers) == 1 else f"自测：{label}", check_url(pack.id, tier))
            for tier, label in alive
        )


def columns(library: Library, area: str | None, on: dt.date) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """The cards in two columns; with ``area`` only what binds there.

    Two cities stand side by side; whatever else there is goes below, to the shorter column.
    """
    packs: Iterable[Pack] = library if area is None else library.of_place(area)
    found = [card(row) for row in rows(packs, on)]
    cities = sorted({each.row.pack.document.jurisdiction for each in found} - {NATION})
    sides: tuple[list[Card], list[Card]] = ([], [])
    for each in sorted(found, key=lambda each: each.row.pack.document.jurisdiction == NATION):
        code = each.row.pack.document.jurisdiction
        own = cities.index(code) if len(cities) == len(sides) and code in cities else None
        side = len(sides[0]) > len(sides[1]) if own is None else own
        sides[side].append(each)
    return tuple(sides[0]), tuple(sides[1])


def card(row: Row) -> Card:
    """The card of one policy on a day."""
    pack, found = row.pack, row.standing
    document = pack.document
    titles = tuple(
        Line(
            f"{recognition.title}，称号有效期 {spaced(recognition.valid)}",
            clauses(pack, [recognition.valid_cite]),
        )
        for recognition, tier in zip(document.recognition, found.tiers, strict=True)
        if tier.state != "expired"
    )
    benefits = pack.benefits()
    awards = tuple(
        Line(
            f"{benefit.document.label}：{amount_words(benefit, pack)}", (clause(pack, benefit.document.cite),)
        )
        for benefit in benefits[:SHOWN]
    )
    ended = found.until is not None and found.on > found.until
    on_expiry = None
    if ended and document.on_expiry:
        cite = document.on_expiry_cite or document.in_force.cite
        on_expiry = Line(document.on_expiry, clauses(pack, [cite]))
    return Card(
        row,
        titles,
        awards,
        max(len(benefits) - SHOWN, 0),
        len(document.services),
        on_expiry,
        found.until + dt.timedelta(days=1) if ended and found.until is not None else None,
    )


def headline(found: Iterable[Row], place: str = "") -> str:
    """How many policies are in force, as a sentence; of one place and of the nation apart."""
    listed = list(found)
    if not place:
        return f"今天，{_counted(listed)}"
    nation = [row for row in listed if row.pack.document.jurisdiction == NATION]
    own = [row for row in listed if row not in nation]
    parts = [f"{place}{_counted(own)}"] + ([f"全国通用的 {_counted(nation)}"] if nation else [])
    return f"今天，{'；'.join(parts)}"


def _counted(listed: list[Row]) -> str:
    kinds = (
        (sum(row.standing.in_force for row in listed), "现行有效"),
        (sum(row.standing.state == "expired" for row in listed), "已届满"),
        (sum(row.standing.state == "future" for row in listed), "尚未施行"),
    )
    parts = [f"{count} 份{word}" for count, word in kinds if count]
    return "，".join(parts).replace(" 份", " 份政策", 1) if parts else "没有政策"
