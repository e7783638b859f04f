"""Which questions a tier asks: derived from its criteria and the vocabulary, in the order of the document.

An indicator is asked once, in the dimension of the first criterion that reads it, with every requirement that rests on
it. What a person must judge is listed and not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR
from tidu.policy.assess.rendering import requirement_text
from tidu.policy.assess.wording import Names
from tidu.policy.documents.criteria import Criterion, Group, PointsItem
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.recognition_document import Switched
from tidu.policy.language import terms
from tidu.policy.vocabulary.indicators import Indicator

TITLES: Final = "titles"  # the question about titles held, which is no indicator
UNPLACED: Final = "other"  # criteria that the pack puts in no dimension
UNPLACED_LABEL: Final = "其他条件"


class Leaf(NamedTuple):
    """The smallest thing that is decided: a condition, a branch or an item of a points table, and what it reads."""

    criterion: Criterion
    requirement: str
    cite: str | None
    inputs: tuple[terms.Input, ...]
    interpretations: tuple[str, ...] = ()


@dataclass(slots=True)
class Asked:
    """One question: an indicator with the years that rules read (none where it is not per year), or the titles held.

    ``requirements``, ``cites`` and ``interpretations`` are of everything that rests on it, each once and in order.
    """

    name: str
    indicator: Indicator | None
    offsets: set[int] = field(default_factory=set)
    requirements: dict[str, None] = field(default_factory=dict)
    cites: dict[str, None] = field(default_factory=dict)
    interpretations: dict[str, None] = field(default_factory=dict)
    for_size_alone: bool = True

    def years(self, base_year: int) -> tuple[int, ...]:
        """The years to ask for, oldest first."""
        return tuple(base_year + 1 + offset for offset in sorted(self.offsets))

    def serve(self, leaf: Leaf) -> None:
        """Note what the question is asked for."""
        self.requirements.setdefault(leaf.requirement)
        if leaf.cite is not None:
            self.cites.setdefault(leaf.cite)
        self.interpretations |= dict.fromkeys(leaf.interpretations)
        self.for_size_alone = self.for_size_alone and isinstance(leaf.criterion.condition, terms.SizeMember)


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that only a person can say: what it is called, and what that person is asked."""

    label: str
    question: str
    cite: str | None
    evidence: tuple[str, ...]


@dataclass(slots=True)
class Section:
    """The questions of one dimension."""

    id: str
    label: str
    asked: list[Asked] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Form:
    """Everything that one tier of a pack asks under one set of readings. ``readings`` are those that bear on it."""

    pack: Pack
    tier: str
    title: str
    sections: tuple[Section, ...]
    readings: tuple[str, ...]

    @property
    def asked(self) -> Iterator[Asked]:
        """Every question, in order."""
        for section in self.sections:
            yield from section.asked


def form_of(pack: Pack, tier: str, settings: Mapping[str, str]) -> Form:
    """The form of one tier; kept, since it depends on no visitor."""
    return _form(pack, tier, tuple(sorted(settings.items())))


@lru_cache(maxsize=256)
def _form(pack: Pack, tier: str, settings: tuple[tuple[str, str], ...]) -> Form:
    criteria = pack.criteria(tier, dict(settings))
    collector = _Collector(pack)
    for criterion in criteria.criteria:
        collector.take(criterion)
    kept = tuple(part for part in collector.sections.values() if part.asked or part.judged)
    return Form(pack, criteria.tier, criteria.title, kept, _readings(pack, tier, criteria.root))


class _Collector:
    """Goes through the criteria and puts each question where it is first needed."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._names = names_of(pack)
        self._asked: dict[str, Asked] = {}
        self.sections: dict[str, Section] = {}

    def take(self, criterion: Criterion) -> None:
        dimension = criterion.dimension or UNPLACED
        label = self._pack.document.dimensions.get(dimension, UNPLACED_LABEL)
        section = self.sections.setdefault(dimension, Section(dimension, label))
        for leaf in _leaves(criterion, self._names):
            decided = leaf.criterion
            if decided.question is not None:
                section.judged.append(Judged(decided.label, decided.question, leaf.cite, decided.evidence))
                continue
            for item in leaf.inputs:
                indicator = self._pack.indicators[item.id]
                if item.judged:
                    _note(section, Judged(indicator.label, indicator.help, leaf.cite, indicator.evidence))
                    continue
                asked = self._question(item.id, indicator, section)
                asked.offsets |= set() if item.offset is None else {item.offset}
                asked.serve(leaf)
        if criterion.titles:
            leaf = Leaf(criterion, criterion.label, criterion.cite, (), criterion.interpretations)
            self._question(TITLES, None, section).serve(leaf)

    def _question(self, name: str, indicator: Indicator | None, section: Section) -> Asked:
        if name not in self._asked:
            self._asked[name] = Asked(name, indicator)
            section.asked.append(self._asked[name])
        return self._asked[name]


def _note(section: Section, judged: Judged) -> None:
    if judged not in section.judged:
        section.judged.append(judged)


def _leaves(criterion: Criterion, names: Names, parent: Criterion | None = None) -> Iterator[Leaf]:
    if criterion.points is not None:
        for group in criterion.points.groups:
            for item in group.items:
                words = f"{item.label}（最高 {item.maximum:g} 分）"
                cite = item.cite or group.cite or criterion.cite
                yield Leaf(criterion, words, cite, tuple(dict.fromkeys(_inputs_of_item(item))))
    elif criterion.branches:
        for branch in criterion.branches:
            for leaf in _leaves(branch, names, criterion):
                above = (*criterion.interpretations, *leaf.interpretations) if leaf.interpretations else ()
                yield leaf._replace(cite=leaf.cite or criterion.cite, interpretations=above)
    else:
        said = _requirement(criterion, names, parent)
        yield Leaf(criterion, said, criterion.cite, criterion.inputs, criterion.interpretations)


def _inputs_of_item(item: PointsItem) -> Iterator[terms.Input]:
    for band in item.bands:
        if band.condition is not None:
            yield from terms.inputs_of(band.condition)
    if item.scalar is not None:
        yield from terms.inputs_of(item.scalar)


def _requirement(criterion: Criterion, names: Names, parent: Criterion | None) -> str:
    details = []
    if isinstance(criterion.condition, terms.Compare):
        details.append(requirement_text(criterion, names))
    if parent is not None and parent.wanted < len(parent.branches):
        details.append(f"{len(parent.branches)} 选 {parent.wanted}")
    return f"{criterion.label}（{'，'.join(details)}）" if details else criterion.label


def _readings(pack: Pack, tier: str, root: Group) -> tuple[str, ...]:
    """The interpretations that change who fits or when the document is in force, in the pack's order."""
    bearing = set(_of_group(root))
    for written in (pack.document.in_force, pack.recognition(tier).in_force):
        if written is not None and isinstance(written.until, Switched):
            bearing.add(written.until.by)
    return tuple(name for name in pack.document.interpretations if name in bearing)


def _of_group(group: Group) -> Iterable[str]:
    if group.interpretation is not None:
        yield group.interpretation
    for part in group.parts:
        yield from _of_group(part) if isinstance(part, Group) else _of_criterion(part)


def _of_criterion(criterion: Criterion) -> Iterable[str]:
    yield from criterion.interpretations
    for branch in criterion.branches:
        yield from _of_criterion(branch)


def indicator_named(flat: str, indicators: Mapping[str, Indicator]) -> tuple[Indicator, int | None] | None:
    """The indicator and the year behind a flat name such as ``revenue_2025``."""
    found = indicators.get(flat)
    if found is not None:
        return None if found.per_year else (found, None)
    stem, _, year = flat.rpartition("_")
    found = indicators.get(stem)
    if found is None or not found.per_year or not (year.isascii() and year.isdigit()):
        return None
    return (found, int(year)) if EARLIEST_YEAR <= int(year) <= LATEST_YEAR else None
