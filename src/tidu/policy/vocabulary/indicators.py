"""What the vocabulary says about an indicator, an event, a tier, a document of evidence: the models of its files.

Everything is frozen and an unknown key is an error. Loading and looking up is the work of
:mod:`tidu.policy.vocabulary.vocabulary`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tidu.policy.quantities import NUMERIC, Kind, Type

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Effort(StrEnum):
    """How hard an unmet condition is to change, from least to most. Declared per indicator, never a number of days."""

    PAPER = "paper"
    OBTAIN = "obtain"
    BUILD = "build"
    WAIT = "wait"
    FIXED = "fixed"

    @property
    def rank(self) -> int:
        """0 for the least effort; gaps are listed in this order."""
        return _EFFORT_RANKS[self]

    @property
    def label(self) -> str:
        """What the enterprise would have to do, in a few words."""
        return _EFFORTS[self]


_EFFORTS = {
    Effort.PAPER: "补交材料或数据",
    Effort.OBTAIN: "申请或取得证书",
    Effort.BUILD: "靠经营积累",
    Effort.WAIT: "到期才能满足",
    Effort.FIXED: "已成事实，不能改变",
}


_EFFORT_RANKS = {effort: rank for rank, effort in enumerate(Effort)}


class Period(StrEnum):
    """How often a figure of the operating reports is due."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def label(self) -> str:
        """The Chinese word for the period."""
        return "月报" if self is Period.MONTH else "季报"


class Described(BaseModel):
    """Anything in the vocabulary: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(Described):
    """One section of the application form, in ascending ``order``."""

    id: Identifier
    label: Text
    order: int
    help: str = ""


class Confirmer(Described):
    """A body that can confirm a fact."""

    id: Identifier
    label: Text
    help: str = ""


class Evidence(Described):
    """A document that proves a fact, and who issues it."""

    id: Identifier
    label: Text
    help: Text
    issuer: Text


class Derivation(Described):
    """The indicators from which a derived one is worked out."""

    sources: tuple[Identifier, ...] = Field(alias="from", min_length=1)


class Quantity(Described):
    """What is common to an indicator and to a field of an event: a typed, labelled value.

    ``unit`` is written for counts alone (人, 项 …); money is in 元, ratios are 0.1 for 10 %, years 年, scores 分.
    ``choices`` maps ids to labels, from low to high when ``ordered``. ``minimum`` and ``maximum`` bound the possible,
    in the unit of file edges (元, 0.1): outside them a value is a mistake, not merely a failed condition.
    """

    id: Identifier
    label: Text
    help: Text
    kind: Kind
    unit: Text | None = None
    choices: Mapping[Identifier, Text] = Field(default_factory=dict)
    choices_from: Literal["tiers", "clusters"] | None = None
    ordered: bool = False
    minimum: Number | None = None
    maximum: Number | None = None
    evidence: tuple[Identifier, ...] = ()

    @property
    def type(self) -> Type:
        """The type that rules compute with."""
        return Type(self.kind, self.unit, tuple(self.choices), self.ordered)

    @model_validator(mode="after")
    def _consistent(self) -> Quantity:
        if self.kind is Kind.NUMBER:
            raise ValueError("kind 不能为 number；数量请写 count 并注明 unit")
        if (self.kind is Kind.COUNT) != (self.unit is not None):
            raise ValueError("kind 为 count 时必须写 unit（人、项、件等），其他 kind 不能写 unit")
        if (self.kind is Kind.CHOICE) != bool(self.choices or self.choices_from):
            raise ValueError("kind 为 choice 时必须写 choices 或 choices_from，其他 kind 不能写")
        if self.ordered and self.kind is not Kind.CHOICE:
            raise ValueError("只有 kind 为 choice 时才能写 ordered")
        bounds = (self.minimum, self.maximum)
        if bounds != (None, None) and self.kind not in NUMERIC:
            raise ValueError("只有数值类的 kind 才能写 minimum 和 maximum")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum 不能大于 maximum")
        return self


class Indicator(Quantity):
    """One thing that can be known about an enterprise.

    ``per_year`` figures are kept by calendar year; ``period`` marks the monthly or quarterly ones of operating
    reports. ``judged`` means that only a person can say: absent is ``needs_review``, never ``unknown``. ``effort`` is
    how hard an unmet condition on it is to change, used to order gaps. ``personal`` data never reaches public pages.
    """

    section: Identifier
    per_year: bool = False
    period: Period | None = None
    judged: bool = False
    confirmed_by: Identifier
    effort: Effort
    personal: bool = False
    derived: Derivation | None = None

    @model_validator(mode="after")
    def _judgeable(self) -> Indicator:
        if self.judged and self.kind is not Kind.YES_NO:
            raise ValueError("只有 kind 为 yes_no 时才能写 judged")
        if self.per_year and self.period is not None:
            raise ValueError("per_year 和 period 只能写一个")
        return self


class Tier(Described):
    """One rung of the ladder. ``rank`` is its place, 0 the lowest."""

    id: Identifier
    rank: int
    label: Text
    short: Text
    level: Literal["municipal", "provincial", "national"]
    recognised_by: Text
    help: Text
    aliases: tuple[Text, ...] = ()


class EventField(Quantity):
    """One typed value that an event carries; absent ones are unknown."""


class EventKind(Described):
    """A kind of dated event in the life of an enterprise. Every event has the date ``on`` besides its fields.

    ``arrival`` marks the kind by which an enterprise comes to a place: titles given before it were given elsewhere.
    """

    id: Identifier
    label: Text
    help: Text
    arrival: bool = False
    evidence: tuple[Identifier, ...] = ()
    fields: Mapping[Identifier, EventField]


class Cluster(Described):
    """An industrial cluster that a place's policy names, used as a tag. ``area`` is a six-digit code."""

    id: Identifier
    label: Text
    area: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    source: Text
    help: str = ""
