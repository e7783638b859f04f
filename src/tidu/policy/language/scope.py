"""Names that a rule may use, and the one place where a misspelt name finds its neighbour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tidu.policy.language.extents import Extent
from tidu.policy.language.terms import Constant
from tidu.policy.quantities import Type
from tidu.policy.vocabulary.validation import closest


class RuleError(ValueError):
    """A rule is well-formed but means nothing. ``remedy`` says, in Chinese, what to write instead."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for as an input: its type, whether it has one value a year, and who settles it."""

    type: Type
    label: str
    per_year: bool = False
    judged: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything in view of one rule.

    ``inputs`` are indicators, or the fields of an event; ``parameters`` are the pack's, already reduced to constants;
    ``tiers`` are the ids that ``holds(…)`` knows; ``area`` and ``industry`` give what
    lies within a code.
    """

    inputs: Mapping[str, Symbol]
    parameters: Mapping[str, Constant] = field(default_factory=dict)
    tiers: frozenset[str] = frozenset()
    area: Callable[[str], Extent | None] = lambda _code: None
    industry: Callable[[str], Extent | None] = lambda _code: None

    def unknown(self, name: str, extra: Iterable[str] = ()) -> RuleError:
        """The error for a name that is not in view, with the nearest name as the remedy."""
        near = closest(name, [*self.inputs, *self.parameters, *extra])
        return RuleError(f"没有名为“{name}”的指标或参数", did_you_mean(near))


def did_you_mean(near: str | None) -> str | None:
    """The remedy that proposes ``near``."""
    return f"是不是想写“{near}”" if near else None
