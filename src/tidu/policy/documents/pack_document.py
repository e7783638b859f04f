"""Shape of a ``pack.yaml``: what a policy document says, as data. The models export a JSON Schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from tidu.policy.documents.recognition_document import (
    Citation,
    ParameterValue,
    PeriodOfForce,
    Quantity,
    RecognitionDocument,
    RuleText,
    Summary,
    Switched,
)
from tidu.policy.vocabulary.indicators import Described, EventKind, Identifier, Indicator, Text

PackId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Basis(Described):
    """A document on which this one rests, or to which it refers."""

    document: Text
    relation: Literal["basis", "refers_to", "implements"] = "basis"
    pack: PackId | None = None
    cite: Citation | None = None


class Replacement(Described):
    """An earlier pack that this one replaces, for all of its tiers or for some, from a day on."""

    pack: PackId
    tiers: tuple[Identifier, ...] = ()
    since: dt.date = Field(alias="from")
    note: Summary | None = None
    cite: Citation | None = None


class ClauseHintDocument(Described):
    """Where a clause stands in an untidy official text: the paragraph that contains these few words."""

    path: Citation
    contains: tuple[Annotated[str, StringConstraints(min_length=1, max_length=30)], ...] = ()


class Parameter(Described):
    """A figure of the document under a name, so that a rule, a screen and a what-if can speak of it."""

    value: ParameterValue | Switched
    label: Text
    cite: Citation | None = None


class Interpretation(Described):
    """A reading of an unclear text: the question, the choices, the one we ship and why."""

    question: Summary
    choices: Mapping[Identifier, Text] = Field(min_length=2)
    default: Identifier
    why: Summary
    cite: Citation | None = None

    @model_validator(mode="after")
    def _default_is_a_choice(self) -> Self:
        if self.default not in self.choices:
            raise ValueError(f"default“{self.default}”不在 choices 之内")
        return self


class Rate(Described):
    """A share of a base, with a cap and a floor. ``of`` is a rule that yields money."""

    rate: Quantity
    of: RuleText
    cap: Quantity | None = None
    floor: Quantity | None = None


class Decided(Described):
    """An amount that a review decides within a range; ``decided`` names where the decision is recorded."""

    decided: RuleText
    since: Quantity = Field(alias="from")
    to: Quantity


class Instalment(Described):
    """A share of the amount and what has to be so before it is paid."""

    share: Quantity
    label: Text
    judge: Summary | None = None


class Stacking(Described):
    """Rewards of one class exclude or reduce each other across documents.

    ``no_repeat``: an earlier payment of the class for the same thing blocks this one. ``take_highest``: of
    what is due in the class only the highest is paid. ``difference``: what was already paid in the class is
    deducted. ``full``: no bearing. ``upgrade`` says how an earlier payment of the class for *another* thing
    (a lower tier) bears on this one.
    """

    cls: Identifier = Field(alias="class")
    rule: Literal["no_repeat", "take_highest", "difference", "full"] | Switched
    upgrade: Literal["full", "difference", "no_repeat"] | Switched = "full"
    cite: Citation | None = None


class Benefit(Described):
    """Something an enterprise gets: when it falls due, how much, how often, from whom."""

    id: Identifier
    label: Text
    summary: Summary | None = None
    trigger: RuleText | Switched
    amount: Quantity | Rate | Decided
    instalments: tuple[Instalment, ...] = ()
    once_per: tuple[Literal["enterprise", "tier", "event", "year"], ...] = ("enterprise",)
    stacking: Stacking | None = None
    payers: tuple[Text, ...] = Field(min_length=1)
    form: Literal["reward", "subsidy"] = "reward"
    evidence: tuple[Identifier, ...] = ()
    clawback: tuple[Summary, ...] = ()
    quota: int | None = None
    cite: Citation


class Service(Described):
    """A service the document promises: who gives it, to whom."""

    id: Identifier
    label: Text
    summary: Summary
    lead: Text
    joint: tuple[Text, ...] = ()
    priority_for: tuple[Identifier, ...] = ()
    cite: Citation


class Duty(Described):
    """A task of the document with its departments; the first named leads."""

    measure: Citation
    label: Text
    summary: Summary | None = None
    lead: Text
    joint: tuple[Text, ...] = ()


class Target(Described):
    """A figure to reach: ``count`` is ``titles(tier, …)`` or ``recorded(name)``, ``by`` maps a year to it."""

    id: Identifier
    label: Text
    count: RuleText
    cumulative: bool = False
    by: Mapping[int, Quantity] = Field(min_length=1)
    cite: Citation


class Reporting(Described):
    """A periodic report that recognised enterprises owe."""

    id: Identifier
    label: Text
    summary: Summary
    period: Literal["month", "quarter", "year", "as_called"]
    due_day: int | None = None
    due_month: int | None = None
    lapse: Summary | None = None
    cite: Citation


class Effect(Described):
    """Anything else a clause makes happen, in our own words: a tag, a right, a rule shown where it applies."""

    kind: Literal["tag", "right", "rule", "basis", "document"]
    summary: Summary
    cite: Citation


class Silence(Described):
    """A point on which the document says nothing, and what we do about it."""

    about: Text
    handling: Summary


class PackDocument(Described):
    """One policy document."""

    id: PackId
    title: Text
    short_title: Text
    summary: Summary
    issuer: Text
    document_no: Text | None = None
    issued_on: dt.date | None = None
    jurisdiction: AreaCode
    in_force: PeriodOfForce
    basis: tuple[Basis, ...] = ()
    replaces: tuple[Replacement, ...] = ()
    clauses: tuple[ClauseHintDocument, ...] = ()
    clusters: tuple[Identifier, ...] = ()
    parameters: Mapping[Identifier, Parameter] = Field(default_factory=dict)
    interpretations: Mapping[Identifier, Interpretation] = Field(default_factory=dict)
    indicators: Mapping[Identifier, Indicator] = Field(default_factory=dict)
    events: Mapping[Identifier, EventKind] = Field(default_factory=dict)
    dimensions: Mapping[Identifier, Text] = Field(default_factory=dict)
    recognition: tuple[RecognitionDocument, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    services: tuple[Service, ...] = ()
    duties: tuple[Duty, ...] = ()
    targets: tuple[Target, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    effects: tuple[Effect, ...] = ()
    silences: tuple[Silence, ...] = ()
    on_expiry: Summary | None = None
    on_expiry_cite: Citation | None = None

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, data: Any) -> Any:
        """One recognition may stand alone; local indicators and events take their id from their key."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if isinstance(data.get("recognition"), dict):
            data["recognition"] = [data["recognition"]]
        for part in ("indicators", "events"):
            if isinstance(data.get(part), dict):
                data[part] = {key: _named(key, body, part) for key, body in data[part].items()}
        return data


def _named(key: object, body: object, part: str) -> object:
    if not isinstance(body, dict):
        return body
    named = {"id": key, **body}
    if part == "indicators":
        named.setdefault("section", "pack")
    elif isinstance(body.get("fields"), dict):
        named["fields"] = {name: _named(name, inner, "fields") for name, inner in body["fields"].items()}
    return named
