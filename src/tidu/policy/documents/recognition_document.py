"""Shape of the ``recognition`` part of a pack: criteria, points tables, procedure and the life of a title."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tidu.policy.vocabulary.indicators import Described, Identifier, Text

Citation = Annotated[str, StringConstraints(pattern=r"^[^\s/][^\n]{0,119}$")]
RuleText = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Quantity = Annotated[str, StringConstraints(min_length=1, max_length=40)] | int
ParameterValue = Quantity | bool
Summary = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
DayKind = Literal["calendar", "working"]
Actor = Literal[
    "enterprise",
    "district",
    "city",
    "expert",
    "department",
    "province",
    "nation",
    "committee",
    "public",
    "platform",
]


Stage = Literal["apply", "district", "experts", "decision", "notice", "recognition"]


class Switched(BaseModel):
    """A value that depends on a declared interpretation: ``{by: growth_mean, arithmetic: …, compound: …}``."""

    model_config = ConfigDict(extra="allow", frozen=True)

    by: Identifier

    @property
    def values(self) -> Mapping[str, Any]:
        """What is written for each choice of the interpretation."""
        return self.model_extra or {}


class PeriodOfForce(Described):
    """When a document (or one tier of it) is in force: a closed interval of days; open-ended without ``until``."""

    since: dt.date = Field(alias="from")
    until: dt.date | Switched | None = None
    note: Summary | None = None
    cite: Citation | None = None


class Band(Described):
    """One step of a scored item; the last may do without ``when`` and takes what the others left."""

    points: float = Field(allow_inf_nan=False)
    when: RuleText | Switched | None = None
    label: Text | None = None


class PerStep(Described):
    """``points`` for every full ``each`` of a quantity, up to ``cap``."""

    of: RuleText
    each: Quantity
    points: float
    cap: float


class PointsItem(Described):
    """One item of a points table: the first fitting band, a sum of bands, points per step, or a given score."""

    id: Identifier
    label: Text
    cite: Citation | None = None
    bands: tuple[Band, ...] = ()
    sum: tuple[Band, ...] = ()
    per: PerStep | None = None
    of: RuleText | None = None
    cap: float | None = None

    @model_validator(mode="after")
    def _one_way_of_scoring(self) -> Self:
        if sum(bool(way) for way in (self.bands, self.sum, self.per, self.of)) != 1:
            raise ValueError("计分办法 bands、sum、per、of 须写且只写一种")
        if any(band.when is None for band in self.bands[:-1]) or any(band.when is None for band in self.sum):
            raise ValueError("只有 bands 的最后一档可以不写 when")
        if (self.sum or self.of) and self.cap is None:
            raise ValueError("sum 和 of 须写上限 cap")
        return self


class PointsGroup(Described):
    """Items scored together, with the least that the group itself must reach."""

    id: Identifier
    label: Text
    at_least: Quantity | None = None
    cite: Citation | None = None
    items: tuple[PointsItem, ...] = Field(min_length=1)


class PointsTable(Described):
    """A points table: groups of items and the least total."""

    at_least: Quantity
    groups: tuple[PointsGroup, ...] = Field(min_length=1)


class AtLeastOf(Described):
    """``at_least: {n: 2, of: […]}``."""

    n: int = Field(ge=1)
    of: tuple[Node, ...] = Field(min_length=1)


class Node(Described):
    """A criterion (``id``) or a group of criteria (``group``).

    A criterion is decided by a rule (``require``), by a person (``judge``: the question put to them), by a
    points table, or by its own branches (``all``, ``any``, ``at_least``). A group only arranges criteria:
    ``dimension`` names the part of the enterprise it looks at; ``combine`` lets an interpretation choose
    between all, any and at_least_N of its parts.
    """

    id: Identifier | None = None
    group: Identifier | None = None
    label: Text | None = None
    cite: Citation | None = None
    dimension: Identifier | None = None
    summary: Summary | None = None
    evidence: tuple[Identifier, ...] = ()
    require: RuleText | Switched | None = None
    judge: Summary | None = None
    reads: Identifier | None = None
    points: PointsTable | None = None
    all: tuple[Node, ...] = ()
    any: tuple[Node, ...] = ()
    at_least: AtLeastOf | None = None
    combine: Identifier | None = None
    of: tuple[Node, ...] = ()

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        bodies = [
            name
            for name in ("require", "judge", "points", "all", "any", "at_least", "combine")
            if getattr(self, name)
        ]
        if len(bodies) != 1:
            raise ValueError("条件须写且只写 require、judge、points、all、any、at_least、combine 之一")
        if bool(self.combine) != bool(self.of):
            raise ValueError("combine 与 of 须同时写")
        if self.id and self.group:
            raise ValueError("id（条件）与 group（条件组）只能写一个")
        if self.id and not self.label:
            raise ValueError("条件须写 label")
        if self.reads and not self.judge:
            raise ValueError("reads 只用于 judge")
        return self


class Limit(Described):
    """How long something may take, in days of a kind, and what follows when it takes longer.

    ``cite`` is empty where the document is silent and whoever wrote the pack has set the limit.
    """

    days: int = Field(ge=1, le=400)
    day_kind: DayKind = "working"
    late: Summary | None = None
    cite: Citation | None = None


class Step(Described):
    """One step of the procedure: who does what, in what time, with which outcomes.

    ``stages`` are what the platform does in this step; see :mod:`tidu.policy.documents.route`.
    """

    id: Identifier
    label: Text
    actor: Actor
    summary: Summary
    cite: Citation
    outcomes: tuple[Text, ...] = Field(min_length=1)
    within: Quantity | None = None
    day_kind: DayKind = "working"
    late: Summary | None = None
    stages: tuple[Stage, ...] = ()
    documents: tuple[Text, ...] = ()


class Notice(Described):
    """The public notice before recognition: how many days of which kind, from when, and where."""

    days: int = Field(ge=1)
    day_kind: DayKind | Switched
    start: Literal["same_day", "next_day"] | Switched = "next_day"
    roll_forward: bool = True
    place: Text
    cite: Citation


class Procedure(Described):
    """The way from application to recognition.

    ``not_met``: whether an application that plainly misses a condition may be handed in after a warning, or is refused.
    ``correction``, ``objection`` and ``reply`` limit the applicant's correction, the answer to an objection, and the
    reply of whoever is to lose a title. ``calls_a_year`` is how often the city may call.
    """

    steps: tuple[Step, ...] = Field(min_length=1)
    notice: Notice | None = None
    not_met: Literal["refuse", "warn"] = "refuse"
    calls_a_year: int | None = Field(default=None, ge=1, le=12)
    calls_cite: Citation | None = None
    correction: Limit | None = None
    objection: Limit | None = None
    reply: Limit | None = None


class Ground(Described):
    """A ground on which a title is cancelled."""

    id: Identifier
    label: Text
    cite: Citation


class Revocation(Described):
    """How a title is lost before its term."""

    grounds: tuple[Ground, ...] = Field(min_length=1)
    summary: Summary
    cite: Citation
    barred: Quantity | None = None


class ReReview(Described):
    """What happens when the term ends. ``stages`` is the lighter way of a re-review, where the document names one."""

    summary: Summary
    cite: Citation
    renewed_for: Quantity | None = None
    reward_again: bool = False
    stages: tuple[Stage, ...] = ()


class Transition(Described):
    """What still follows this document after another replaced it."""

    what: Text
    until: dt.date | None = None
    summary: Summary
    cite: Citation | None = None


class RecognitionDocument(Described):
    """One tier that the document recognises."""

    tier: Identifier
    title: Text
    summary: Summary | None = None
    in_force: PeriodOfForce | None = None
    valid: Quantity
    valid_cite: Citation
    criteria: Node
    materials: tuple[Identifier, ...] = ()
    procedure: Procedure | None = None
    re_review: ReReview | None = None
    revocation: Revocation | None = None
    changes_within: Quantity | None = None
    changes_cite: Citation | None = None
    transitions: tuple[Transition, ...] = ()
