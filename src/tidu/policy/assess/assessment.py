"""One enterprise against one tier of one pack: the verdict, explained and cited, as one immutable object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tidu.policy.assess.deciding import Verdict, Wait, Weigher, deciding_paper
from tidu.policy.assess.explanation import CriterionResult, Explainer, explain_criterion
from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR, Facts
from tidu.policy.assess.gaps import Gap, GapFinder
from tidu.policy.assess.wording import Names
from tidu.policy.documents.criteria import Group, TierCriteria
from tidu.policy.documents.pack import Force, Pack
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.compile import Moment
from tidu.policy.status import Status

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class DimensionResult(NamedTuple):
    """One dimension: its status under the pack's way of combining, and how many of its criteria are met."""

    id: str
    label: str
    status: Status
    met: int
    total: int


class Deciding(NamedTuple):
    """The one document that, by itself, would let the verdict be given.

    ``certain``: whatever it says. Otherwise only if what it says is enough, because other branches stay open.
    """

    evidence: str
    label: str
    keys: tuple[str, ...]
    criteria: tuple[str, ...]
    certain: bool


class Reading(NamedTuple):
    """A criterion under another choice of a declared interpretation."""

    interpretation: str
    choice: str
    result: CriterionResult


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict of one tier for one enterprise at one moment.

    ``status`` is ``met``, ``not_met``, ``unknown`` or ``needs_review``; the last only when nothing but
    judgements stands between the enterprise and the title. ``force`` says whether the rule was in force on
    ``as_of``: a rule out of force still answers. ``missing`` names every input that keeps a criterion
    unknown; ``gaps`` and ``deciding`` say what to do about it.
    """

    pack: Pack
    tier: str
    title: str
    as_of: dt.date
    base_year: int
    settings: Mapping[str, str]
    force: Force
    status: Status
    criteria: tuple[CriterionResult, ...]
    dimensions: tuple[DimensionResult, ...]
    missing: tuple[str, ...]
    gaps: tuple[Gap, ...]
    deciding: Deciding | None
    facts: Facts

    @property
    def in_force(self) -> bool:
        """Whether the tier's rule was in force on ``as_of``."""
        return self.force is Force.IN_FORCE

    def criterion(self, name: str) -> CriterionResult:
        """The result of one criterion, branches included. Raises :class:`KeyError`."""
        pending = list(self.criteria)
        while pending:
            result = pending.pop(0)
            if result.id == name:
                return result
            pending.extend(result.branches)
        raise KeyError(name)

    def counts(self) -> dict[Status, int]:
        """How many criteria came out with each status."""
        found = dict.fromkeys(Status, 0)
        for result in self.criteria:
            found[result.status] += 1
        return found


def assess(
    pack: Pack,
    facts: Facts,
    *,
    tier: str | None = None,
    as_of: dt.date,
    base_year: int | None = None,
    settings: Mapping[str, str] = _NO_SETTINGS,
) -> Assessment:
    """Assess one enterprise.

    ``base_year`` is the year that ``x[-1]`` means; by default the year before ``as_of``. ``settings`` chooses
    interpretations. Raises :class:`InputError` for a tier, interpretation or year that cannot be.
    """
    year = as_of.year - 1 if base_year is None else base_year
    assessor = _assessor(pack, tier, as_of, year, tuple(sorted(settings.items())) if settings else ())
    return assessor.assess(facts)


def other_readings(assessment: Assessment) -> dict[str, tuple[Reading, ...]]:
    """For every criterion that rests on an interpretation, its result under each of the other choices."""
    found: dict[str, list[Reading]] = {}
    pack, chosen = assessment.pack, assessment.settings
    for result in assessment.criteria:
        for name in _interpretations(result):
            for choice in pack.document.interpretations[name].choices:
                if choice == chosen[name]:
                    continue
                other = assess(
                    pack,
                    assessment.facts,
                    tier=assessment.tier,
                    as_of=assessment.as_of,
                    base_year=assessment.base_year,
                    settings={**chosen, name: choice},
                )
                found.setdefault(result.id, []).append(Reading(name, choice, other.criterion(result.id)))
    return {key: tuple(readings) for key, readings in found.items()}


def names_of(pack: Pack) -> Names:
    """The words for the ids that are in view of a pack."""
    return Names(pack.indicators, {key: tier.label for key, tier in pack.vocabulary.tiers.items()})


def _interpretations(result: CriterionResult) -> tuple[str, ...]:
    inner = (name for branch in result.criterion.branches for name in branch.interpretations)
    return tuple(dict.fromkeys([*result.criterion.interpretations, *inner]))


@lru_cache(maxsize=96)
def _assessor(
    pack: Pack, tier: str | None, as_of: dt.date, base_year: int, settings: tuple[tuple[str, str], ...]
) -> _Assessor:
    if not EARLIEST_YEAR <= base_year <= LATEST_YEAR:
        raise InputError(Problem(f"基准年度 {base_year} 不在 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间"))
    return _Assessor(pack, tier, Moment(as_of, base_year), dict(settings))


class _Assessor:
    """Everything about an assessment that does not depend on the enterprise, made once."""

    def __init__(self, pack: Pack, tier: str | None, moment: Moment, settings: Mapping[str, str]) -> None:
        self._pack = pack
        self._moment = moment
        self._settings = MappingProxyType(pack.settings(settings))
        self._criteria: TierCriteria = pack.criteria(tier, self._settings)
        self._force = pack.force(moment.as_of, self._criteria.tier, self._settings)
        self._names = names_of(pack)
        self._explainers: list[Explainer] = [
            explain_criterion(item, moment) for item in self._criteria.criteria
        ]
        self._gaps = GapFinder(self._criteria.criteria, moment, self._names)
        self._titles = self._criteria.titles
        self._weigher = Weigher(self._criteria)
        self._verdict = self._weigher.verdict
        self._dimensions = self._dimension_evaluators()

    def assess(self, facts: Facts) -> Assessment:
        values = facts.on(self._moment.as_of, self._titles) if self._titles else facts.values
        results = tuple([explain(values) for explain in self._explainers])
        statuses = [result.status for result in results]
        status = self._verdict(statuses)
        gaps: tuple[Gap, ...] = ()
        missing: tuple[str, ...] = ()
        deciding = None
        if Status.UNKNOWN in statuses or Status.NOT_MET in statuses:
            missing = tuple(dict.fromkeys(key for result in results for key in result.missing))
            gaps = self._gaps.find(results, values)
            if status is Status.UNKNOWN:
                deciding = self._deciding(results, statuses)
        dimensions = tuple([evaluate(statuses) for evaluate in self._dimensions])
        return Assessment(
            self._pack,
            self._criteria.tier,
            self._criteria.title,
            self._moment.as_of,
            self._moment.base_year,
            self._settings,
            self._force,
            status,
            results,
            dimensions,
            missing,
            gaps,
            deciding,
            facts,
        )

    def _dimension_evaluators(self) -> list[Callable[[list[Status]], DimensionResult]]:
        """Per dimension: the verdict of its own group where it has one, else of all its criteria together."""
        own = {
            group.dimension: group for group in _groups(self._criteria.root) if _is_of_one_dimension(group)
        }
        found = []
        for name, label in self._pack.document.dimensions.items():
            criteria = [item for item in self._criteria.criteria if item.dimension == name]
            if criteria:
                verdict = (
                    self._weigher.of_group(own[name])
                    if name in own
                    else self._weigher.of_criteria(criteria, len(criteria))
                )
                places = [self._weigher.place(item) for item in criteria]
                found.append(_dimension(name, label, verdict, places))
        return found

    def _deciding(self, results: tuple[CriterionResult, ...], statuses: list[Status]) -> Deciding | None:
        """The one document whose inputs close every unknown criterion that keeps the verdict open, if there is one."""
        needed = [results[place] for place in self._weigher.hangs_on(statuses)]
        paper = deciding_paper([_wait(result) for result in needed], self._names.evidence)
        if paper is None:
            return None
        label = self._pack.vocabulary.evidence[paper.evidence].label
        criteria = tuple(result.id for result in needed)
        return Deciding(paper.evidence, label, paper.keys, criteria, paper.certain)


def _wait(result: CriterionResult) -> Wait:
    open_branches = [branch for branch in result.branches if branch.status is Status.UNKNOWN]
    alternatives = tuple(branch.missing for branch in open_branches) if result.criterion.wanted == 1 else ()
    return Wait(result.missing, alternatives)


def _dimension(
    name: str, label: str, verdict: Verdict, places: list[int]
) -> Callable[[list[Status]], DimensionResult]:
    total = len(places)

    def evaluate(statuses: list[Status]) -> DimensionResult:
        met = [statuses[place] for place in places].count(Status.MET)
        return DimensionResult(name, label, verdict(statuses), met, total)

    return evaluate


def _groups(group: Group) -> list[Group]:
    inner = [found for part in group.parts if isinstance(part, Group) for found in _groups(part)]
    return [group, *inner]


def _is_of_one_dimension(group: Group) -> bool:
    return group.dimension is not None and all(item.dimension == group.dimension for item in group.criteria())
