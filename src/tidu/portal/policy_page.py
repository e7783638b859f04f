"""One policy as its page shows it: readings, figures, titles, and each clause beside what it makes happen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tidu.core.citations import clause_url, clauses, doubt, doubt_anchor, policy_url
from tidu.core.components import Clause, Column, Doubt, Law, Paragraph
from tidu.core.outline import label
from tidu.core.policy_texts import PolicyText, Section, Stamp, policy_text, text_stamp
from tidu.policy.documents.library import Library
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.recognition_document import Switched
from tidu.policy.official_text.clauses import HeadingPath, citation_key
from tidu.portal.criteria_effects import spaced
from tidu.portal.effects import effects
from tidu.portal.entrances import check_url
from tidu.portal.highlights import marked
from tidu.portal.standing import TierStanding, standing


@dataclass(frozen=True, slots=True)
class Part:
    """One clause on the page. ``bare``: a heading above clauses, without text or effects of its own."""

    section: Section
    law: Law
    bare: bool
    url: str
    title: str

    @property
    def short(self) -> str:
        """Its name in the table of contents, where the headings above it stand already."""
        name = self.section.label if len(self.section.path) == 1 else label(self.section.path[-1:])
        return f"{name} {self.title}".rstrip()

    @property
    def level(self) -> int:
        """Depth below the document, for the table of contents: 1, 2 or 3."""
        return min(len(self.section.path), 3)

    @property
    def count(self) -> int:
        """How many effects it has."""
        return len(self.law.effects)


@dataclass(frozen=True, slots=True)
class Reading:
    """A declared interpretation: the question, what we read, what else one could read, and why."""

    anchor: str
    number: int
    question: str
    chosen: str
    others: tuple[str, ...]
    why: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter of the document with its value under the readings in use."""

    label: str
    value: str
    clauses: tuple[Clause, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class PolicyPage:
    """Everything on the page of one policy that does not depend on the day."""

    text: PolicyText
    parts: tuple[Part, ...]
    readings: tuple[Reading, ...]
    figures: tuple[Figure, ...]
    loose: Law | None
    clusters: tuple[str, ...]
    citations: int

    @property
    def count(self) -> int:
        """How many effects the policy has."""
        return sum(part.count for part in self.parts) + (len(self.loose.effects) if self.loose else 0)


TITLES = (Column("称号"), Column("效力"), Column("有效期"), Column("条件", number=True), Column("材料"))
READINGS = (Column("存疑"), Column("问题"), Column("现用读法"), Column("其他读法"), Column("为什么"))
FIGURES = (Column("含义"), Column("数值", number=True), Column("条款"))


@dataclass(frozen=True, slots=True)
class Title:
    """A title that the policy recognises, on a day."""

    tier: str
    label: str
    short: str
    check_url: str
    summary: str
    standing: TierStanding
    valid: str
    valid_clauses: tuple[Clause, ...]
    criteria: int
    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Successor:
    """A later policy that replaces this one, wholly (no ``tiers``) or for some tiers."""

    label: str
    url: str
    since: dt.date
    tiers: tuple[str, ...]


def titles(pack: Pack, on: dt.date) -> tuple[Title, ...]:
    """The titles that a policy recognises, in its own order."""
    evidence = pack.vocabulary.evidence
    return tuple(
        Title(
            recognition.tier,
            recognition.title,
            found.label,
            check_url(pack.id, recognition.tier),
            recognition.summary or "",
            found,
            spaced(recognition.valid),
            clauses(pack, [recognition.valid_cite]),
            len(pack.criteria(recognition.tier).criteria),
            tuple(evidence[name].label for name in recognition.materials),
        )
        for recognition, found in zip(pack.document.recognition, standing(pack, on).tiers, strict=True)
    )


def successors(library: Library, pack: Pack) -> tuple[Successor, ...]:
    """The policies of the library that replace ``pack``."""
    tiers = pack.vocabulary.tiers
    return tuple(
        Successor(
            other.document.short_title,
            policy_url(other),
            replaced.since,
            tuple(tiers[tier].short for tier in replaced.tiers),
        )
        for other in library
        for replaced in other.document.replaces
        if replaced.pack == pack.id
    )


def policy_page(pack: Pack) -> PolicyPage:
    """The page of a pack; kept until the pack or its text changes."""
    return _page(pack, text_stamp(pack.id))


@lru_cache(maxsize=64)
def _page(pack: Pack, stamp: Stamp) -> PolicyPage:  # noqa: ARG001 - the text is part of what is kept
    text = policy_text(pack)
    document, vocabulary = pack.document, pack.vocabulary
    loose = effects(pack).loose
    return PolicyPage(
        text=text,
        parts=tuple(part(pack, section) for section in text.sections),
        readings=tuple(_readings(pack)),
        figures=tuple(_figures(pack)),
        loose=Law("c-loose", "没有注明条款的内容", (), loose) if loose else None,
        clusters=tuple(vocabulary.clusters[name].label for name in document.clusters),
        citations=len(pack.citations()),
    )


def part(pack: Pack, section: Section, words: Iterable[str] = ()) -> Part:
    """A clause beside its effects. ``words`` are marked too, as those of a search."""
    found = effects(pack)
    here = found.at(section.citation)
    phrases = [*found.phrases.get(citation_key(section.citation), ()), *words]
    if section.responsible and any(effect.kind == "职责" for effect in here):
        phrases.append(section.responsible)
    paragraphs: tuple[Paragraph, ...] = tuple(marked(text, phrases) for text in section.official)
    above = any(other.path[:-1] == section.path for other in policy_text(pack).sections)
    bare = not here and (section.heading or (above and not section.official))
    title = section.title or (
        "" if policy_text(pack).attached else _own_words(pack).get(citation_key(section.citation), "")
    )
    heading = section.label if section.run_in or not title else f"{section.label} · {title}"
    law = Law(section.anchor, heading, paragraphs, here)
    return Part(section, law, bare, clause_url(pack, section.citation), title)


@lru_cache(maxsize=64)
def _own_words(pack: Pack) -> Mapping[HeadingPath, str]:
    """What we call a measure or a step, for clauses that are mere numbers while no official heading is at hand."""
    document = pack.document
    named = [(duty.measure, duty.label) for duty in document.duties]
    for recognition in document.recognition:
        steps = recognition.procedure.steps if recognition.procedure is not None else ()
        named += [(step.cite, step.label) for step in steps]
    counted = Counter(cite for cite, _label in named)
    return {citation_key(cite): words for cite, words in named if counted[cite] == 1}


def _readings(pack: Pack) -> Iterable[Reading]:
    for number, (name, declared) in enumerate(pack.document.interpretations.items(), start=1):
        yield Reading(
            doubt_anchor(pack, name),
            number,
            declared.question,
            declared.choices[declared.default],
            tuple(label for choice, label in declared.choices.items() if choice != declared.default),
            declared.why,
            clauses(pack, [declared.cite]),
        )


def _figures(pack: Pack) -> Iterable[Figure]:
    chosen = pack.settings()
    for parameter in pack.document.parameters.values():
        written = parameter.value
        doubts: tuple[Doubt, ...] = ()
        if isinstance(written, Switched):
            doubts = (doubt(pack, written.by),)
            written = written.values[chosen[written.by]]
        value = {True: "是", False: "否"}[written] if isinstance(written, bool) else str(written)
        yield Figure(parameter.label, value, clauses(pack, [parameter.cite]), doubts)
