"""What the application to a call asks: derived from its criteria and the vocabulary, part by part.

A part is a dimension of the pack. A figure is asked once, in the part that needs it first, for the years that the rules
reach back to from the call's base year. What a person judges asks for a statement. What others say of an enterprise is
not asked at all: it is shown with the criteria that rest on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from tidu.core.tier_questions import UNPLACED, UNPLACED_LABEL
from tidu.policy.documents.criteria import Criterion
from tidu.policy.documents.pack import Pack
from tidu.policy.vocabulary.indicators import Indicator
from tidu.recognition.models import Call
from tidu.recognition.process.rules import pack_of, settings_of
from tidu.registry.asked import Asked, FactKey, facts_behind
from tidu.registry.own.controls import Control, is_fillable
from tidu.registry.vocabulary import vocabulary_in_view

#: The part with what every application says of its enterprise, whatever the criteria are.
ABOUT: Final = "about"
ABOUT_LABEL: Final = "企业概况"
_ABOUT: Final = (
    "registered_address",
    "enterprise_type",
    "registered_capital",
    "main_product_name",
    "enterprise_profile",
)
STATEMENT: Final = "statement-"
LONGEST_STATEMENT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that a person judges, which the enterprise makes a statement about. ``id`` is the criterion's."""

    id: str
    label: str
    question: str
    cite: str | None
    evidence: tuple[str, ...]

    @property
    def control(self) -> str:
        """The name of its text field."""
        return f"{STATEMENT}{self.id}"


@dataclass(frozen=True, slots=True)
class Rests:
    """A criterion, or a branch of ``above``, that reads a figure."""

    id: str
    above: str


@dataclass(slots=True)
class Part:
    """One part of the form: its controls, its questions to a person, and the criteria that it is about."""

    id: str
    label: str
    controls: list[Control] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything that one call asks. ``rests`` names, by indicator, the criteria that read it."""

    pack: Pack
    tier: str
    base_year: int
    settings: Mapping[str, str]
    parts: tuple[Part, ...]
    rests: Mapping[str, tuple[Rests, ...]]
    asked: Asked

    def part(self, name: str) -> Part | None:
        """A part of the form."""
        return next((part for part in self.parts if part.id == name), None)

    @property
    def controls(self) -> Iterator[Control]:
        """Every control, in order."""
        for part in self.parts:
            yield from part.controls

    @property
    def judged(self) -> Iterator[Judged]:
        """Everything that a statement is made about."""
        for part in self.parts:
            yield from part.judged

    def leaves(self) -> Iterator[tuple[Criterion, Criterion]]:
        """Every criterion that evidence is put under, with the one that it is a branch of, or itself."""
        for part in self.parts:
            for criterion in part.criteria:
                for leaf in _leaves(criterion):
                    yield leaf, criterion


def questions_of(call: Call) -> Questions:
    """What the application to a call asks. Raises :class:`InputError` where the pack of a draft is gone."""
    pack = pack_of(call)
    return _questions(pack, call.tier, tuple(sorted(settings_of(call).items())), call.base_year)


@lru_cache(maxsize=64)
def _questions(pack: Pack, tier: str, settings: tuple[tuple[str, str], ...], base_year: int) -> Questions:
    collector = _Collector(pack, base_year)
    for criterion in pack.criteria(tier, dict(settings)).criteria:
        collector.take(criterion)
    collector.about()
    rests = {name: tuple(dict.fromkeys(found)) for name, found in collector.rests.items()}
    parts = tuple(collector.parts.values())
    keys = {control.key: () for part in parts for control in part.controls if part.id != ABOUT}
    return Questions(pack, tier, base_year, dict(settings), parts, rests, Asked(keys))


class _Collector:
    """Goes through the criteria and puts each question where it is first needed."""

    def __init__(self, pack: Pack, base_year: int) -> None:
        self._pack = pack
        self._base_year = base_year
        self._indicators = {**vocabulary_in_view().indicators, **pack.indicators}
        self._years: dict[str, tuple[Part, set[int]]] = {}
        self._judged: set[str] = set()
        self.parts: dict[str, Part] = {}
        self.rests: dict[str, list[Rests]] = {}

    def take(self, criterion: Criterion) -> None:
        name = criterion.dimension or UNPLACED
        label = self._pack.document.dimensions.get(name, UNPLACED_LABEL)
        part = self.parts.setdefault(name, Part(name, label))
        part.criteria.append(criterion)
        for leaf in _leaves(criterion):
            cite = leaf.cite or criterion.cite
            if leaf.question is not None:
                self._judge(part, Judged(leaf.id, leaf.label, leaf.question, cite, leaf.evidence))
            for item in leaf.inputs:
                indicator = self._indicators[item.id]
                if item.judged:
                    self._judge(
                        part, Judged(item.id, indicator.label, indicator.help, cite, indicator.evidence)
                    )
                    continue
                for key in facts_behind(item, self._base_year):
                    self._ask(part, key, Rests(leaf.id, "" if leaf is criterion else criterion.id))

    def _judge(self, part: Part, judged: Judged) -> None:
        if judged.id not in self._judged:
            self._judged.add(judged.id)
            part.judged.append(judged)

    def _ask(self, part: Part, key: FactKey, rests: Rests) -> None:
        name, year = key
        indicator = self._indicators[name]
        self.rests.setdefault(name, []).append(rests)
        if not is_fillable(indicator):
            return
        where, years = self._years.setdefault(name, (part, set()))
        if year in years:
            return
        years.add(year)
        _insert(where.controls, Control(indicator, year))

    def about(self) -> None:
        """Put what every application says before the criteria's parts, without asking anything twice."""
        known = [self._indicators[name] for name in _ABOUT if name in self._indicators]
        controls = [Control(found) for found in known if _is_plain(found) and found.id not in self._years]
        if controls:
            self.parts = {ABOUT: Part(ABOUT, ABOUT_LABEL, controls), **self.parts}


def _is_plain(indicator: Indicator) -> bool:
    return is_fillable(indicator) and not indicator.per_year


def _insert(controls: list[Control], control: Control) -> None:
    """Years of one figure stand together, oldest first."""
    same = [place for place, other in enumerate(controls) if other.indicator.id == control.indicator.id]
    if not same:
        controls.append(control)
        return
    later = [place for place in same if controls[place].year > control.year]
    controls.insert(later[0] if later else same[-1] + 1, control)


def _leaves(criterion: Criterion) -> Iterator[Criterion]:
    if criterion.branches:
        for branch in criterion.branches:
            yield from _leaves(branch)
    else:
        yield criterion
