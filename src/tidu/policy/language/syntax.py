"""Surface syntax of the rule language: what the parser yields, before names are resolved and types are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from tidu.policy.quantities import Type, Value

Comparator = OneOf[">=", "<=", "==", "!=", ">", "<"]
Operator = OneOf["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant with its unit."""

    value: Value
    type: Type
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """An indicator, a parameter, an event's field, or one of a choice's options."""

    id: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class YearReference:
    """``revenue[-1]``: a per-year indicator, ``offset`` −1 being the base year and −2 the year before."""

    id: str
    offset: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left operator right``."""

    operator: Operator
    left: Expression
    right: Expression
    depth: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left comparator right``."""

    comparator: Comparator
    left: Expression
    right: Expression
    depth: int


@dataclass(frozen=True, slots=True)
class Member:
    """``item in (a, b, c)``."""

    item: Expression
    options: tuple[Literal | Name, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Connective:
    """A conjunction or disjunction of two or more conditions."""

    word: OneOf["and", "or"]
    parts: tuple[Expression, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Negation:
    """``not part``."""

    part: Expression
    depth: int


@dataclass(frozen=True, slots=True)
class Call:
    """One of the closed set of functions applied to arguments."""

    function: str
    arguments: tuple[Expression, ...]
    depth: int


Expression = Literal | Name | YearReference | Arithmetic | Comparison | Member | Connective | Negation | Call


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a benefit falls due: a happening, the tiers or event kinds it names, and an optional condition."""

    happening: str
    names: tuple[str, ...]
    condition: Expression | None
