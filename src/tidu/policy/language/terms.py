"""Checked terms: what a rule means once names are resolved and types agree.

Every evaluator (closures for one enterprise, Ibis expressions for all) is written against these nodes alone.
A scalar term yields a value or nothing (missing); a condition yields one of the four statuses. Parameters and
interpretations are already folded in; years are still relative to the base year and dates to the as-of day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from tidu.policy.language.syntax import Comparator, Operator
from tidu.policy.quantities import Type, Value


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or the value of a parameter (``origin`` is then its id)."""

    value: Value
    type: Type
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A fact of the enterprise, or a field of an event.

    ``offset`` is −1 for the base year, −2 for the year before …; ``None`` where the indicator is not per
    year. A missing ``judged`` input is a question to a person, not a gap in the data.
    """

    id: str
    type: Type
    offset: int | None = None
    judged: bool = False

    def key(self, base_year: int) -> str:
        """The flat name under which facts and tables hold the value: ``name``, ``revenue_2025``."""
        return self.id if self.offset is None else f"{self.id}_{base_year + 1 + self.offset}"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sum, difference, product or quotient. A zero denominator and an overflow are missing."""

    operator: Operator
    left: Scalar
    right: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least or the greatest of several; missing as soon as one is missing."""

    which: OneOf["min", "max"]
    parts: tuple[Scalar, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of a per-year indicator over ``years`` steps that end with the base year; needs ``years`` + 1 figures.

    ``mean`` is the arithmetic mean of the yearly rates, ``compound`` the yearly rate that leads from the
    first figure to the last. A base that is zero or negative has no growth rate: missing.
    """

    method: OneOf["mean", "compound"]
    inputs: tuple[Input, ...]  # oldest first
    type: Type


Scalar = Constant | Input | Arithmetic | Extreme | Growth


@dataclass(frozen=True, slots=True)
class Compare:
    """``left comparator right`` between numbers or dates, bounds inclusive where the comparator says so."""

    comparator: Comparator
    left: Scalar
    right: Scalar
    tolerance: float


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whether at least ``years`` full years lie between ``since`` and the as-of day (``negated``: fewer)."""

    since: Input
    years: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes/no input read as a condition."""

    input: Input


@dataclass(frozen=True, slots=True)
class Fixed:
    """A condition that is always true or always false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Whether an input is one of ``options``, or (areas, industries) begins with one of ``prefixes``.

    ``broader`` are values too coarse to tell: an enterprise known only to be in the city may or may not be in the
    district asked about. ``wording`` says the set in words: the place or the industry it stands for.
    """

    input: Input
    options: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    wording: str | None = None


@dataclass(frozen=True, slots=True)
class SizeMember:
    """Whether the size class by the size standard is one of ``classes``; decided from as little as suffices."""

    classes: tuple[str, ...]
    inputs: tuple[Input, ...]  # industry_code, employees, revenue, total_assets


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether the enterprise holds a title of one of ``tiers`` that is valid on the as-of day."""

    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Conjunction."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Disjunction."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``wanted`` of the parts."""

    wanted: int
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    part: Condition


Condition = Compare | Elapsed | Truth | Fixed | Member | SizeMember | Holds | All | AnyOf | AtLeast | Not
Term = Scalar | Condition


def children(term: Term) -> tuple[Term, ...]:
    """The terms directly inside ``term``."""
    match term:
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Extreme(parts=parts) | All(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            return parts
        case Growth(inputs=inputs) | SizeMember(inputs=inputs):
            return inputs
        case Elapsed(since=inner) | Truth(input=inner) | Member(input=inner):
            return (inner,)
        case Not(part=part):
            return (part,)
        case Constant() | Input() | Fixed() | Holds():
            return ()


def walk(term: Term) -> Iterator[Term]:
    """``term`` and everything inside it, outermost first, left to right."""
    pending = [term]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(children(current)))


def inputs_of(term: Term) -> tuple[Input, ...]:
    """The inputs that ``term`` reads, each once, in reading order."""
    return tuple(dict.fromkeys(part for part in walk(term) if isinstance(part, Input)))


def tiers_of(term: Term) -> tuple[str, ...]:
    """The tiers whose titles ``term`` asks about, each once."""
    return tuple(dict.fromkeys(tier for part in walk(term) if isinstance(part, Holds) for tier in part.tiers))
