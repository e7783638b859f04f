"""Criteria of one tier after resolving: checked terms in a tree of groups, ready for every evaluator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tidu.policy.language.terms import Condition, Input, Scalar, Term, inputs_of, tiers_of


@dataclass(frozen=True, slots=True)
class Band:
    """``points`` when ``condition`` holds; ``None`` takes whatever earlier bands left."""

    condition: Condition | None
    points: float
    label: str | None


@dataclass(frozen=True, slots=True)
class PointsItem:
    """One item of a points table.

    With ``bands`` the first fitting band counts (``additive``: the sum of all fitting ones). With ``scalar``
    the item is worth ``points_each`` for every full ``each`` of it (``each`` ``None``: its own value).
    ``cap`` bounds the result.
    """

    id: str
    label: str
    cite: str | None
    bands: tuple[Band, ...]
    additive: bool
    scalar: Scalar | None
    each: float | None
    points_each: float
    cap: float | None
    maximum: float


@dataclass(frozen=True, slots=True)
class PointsGroup:
    """Items scored together; ``minimum`` is the least the group must reach, if any."""

    id: str
    label: str
    cite: str | None
    minimum: float | None
    items: tuple[PointsItem, ...]
    maximum: float


@dataclass(frozen=True, slots=True)
class PointsTable:
    """A points table: met when the total and every group's own minimum are reached."""

    minimum: float
    groups: tuple[PointsGroup, ...]
    maximum: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of recognition with its clause.

    Exactly one of ``condition``, ``points`` and ``branches`` decides it; of the branches ``wanted`` must be met.
    ``question`` is what a person is asked where the condition is a judgement.
    """

    id: str
    label: str
    cite: str | None
    dimension: str | None
    summary: str | None
    evidence: tuple[str, ...]
    interpretations: tuple[str, ...]
    condition: Condition | None = None
    points: PointsTable | None = None
    branches: tuple[Criterion, ...] = ()
    wanted: int = 0
    question: str | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that decide this criterion, its branches' included."""
        own: list[Term] = [] if self.condition is None else [self.condition]
        if self.points is not None:
            for group in self.points.groups:
                for item in group.items:
                    own.extend(band.condition for band in item.bands if band.condition is not None)
                    own.extend([] if item.scalar is None else [item.scalar])
        for branch in self.branches:
            own.extend(branch.terms)
        return tuple(own)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs it reads, each once."""
        return tuple(dict.fromkeys(item for term in self.terms for item in inputs_of(term)))

    @property
    def titles(self) -> tuple[str, ...]:
        """The tiers whose titles it asks about."""
        return tuple(dict.fromkeys(tier for term in self.terms for tier in tiers_of(term)))


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that stand together; ``wanted`` of the ``parts`` must be met."""

    id: str | None
    label: str | None
    cite: str | None
    dimension: str | None
    wanted: int
    parts: tuple[Group | Criterion, ...]
    interpretation: str | None = None

    def criteria(self) -> Iterator[Criterion]:
        """Every criterion inside, in the order of the document."""
        for part in self.parts:
            if isinstance(part, Criterion):
                yield part
            else:
                yield from part.criteria()


@dataclass(frozen=True, slots=True)
class TierCriteria:
    """The criteria of one tier under one set of interpretations."""

    tier: str
    title: str
    root: Group
    criteria: tuple[Criterion, ...]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Every input of the tier, each once, in the order of the document."""
        return tuple(dict.fromkeys(item for criterion in self.criteria for item in criterion.inputs))

    @property
    def titles(self) -> tuple[str, ...]:
        """Every tier whose title is asked about."""
        return tuple(dict.fromkeys(tier for criterion in self.criteria for tier in criterion.titles))
