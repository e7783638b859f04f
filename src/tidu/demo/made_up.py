"""A made-up enterprise: plain data, before any of it is a row of the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from tidu.policy.quantities import Value
from tidu.registry.models import Source


class Stated(NamedTuple):
    """One fact that somebody states: money in fen, a day as a date."""

    indicator: str
    year: int
    value: Value
    source: Source
    basis: str = ""
    document_no: str = ""
    stated_on: dt.date | None = None


class MadeTitle(NamedTuple):
    """A rung of the ladder, or another honour where ``tier`` is empty."""

    tier: str
    name: str
    level: str
    authority: str
    document_no: str
    recognised_on: dt.date
    valid_until: dt.date | None
    batch_name: str = ""
    state: str = "held"
    ended_on: dt.date | None = None


class MadeIncident(NamedTuple):
    """An accident or punishment."""

    field: str
    severity: str
    happened_on: dt.date
    title: str
    authority: str
    settled_on: dt.date | None


class MadeProduct(NamedTuple):
    """A product; the first of an enterprise is the leading one."""

    name: str
    main: bool
    revenue: int
    market_share: float | None


class MadeProperty(NamedTuple):
    """A patent, copyright or standard."""

    kind: str
    number: str
    name: str
    granted_on: dt.date


class MadeCertificate(NamedTuple):
    """A certificate with its last day."""

    name: str
    number: str
    issued_on: dt.date
    valid_until: dt.date


@dataclass(slots=True)
class MadeUp:
    """One enterprise. ``quality`` (0 to 1) is what its figures, titles and papers were drawn with."""

    number: int
    name: str
    uscc: str
    city: str
    district: str
    industry: str
    quality: float
    registered_on: dt.date
    cluster: str = ""
    listing_stage: str = ""
    stated: list[Stated] = field(default_factory=list)
    titles: list[MadeTitle] = field(default_factory=list)
    incidents: list[MadeIncident] = field(default_factory=list)
    products: list[MadeProduct] = field(default_factory=list)
    properties: list[MadeProperty] = field(default_factory=list)
    certificates: list[MadeCertificate] = field(default_factory=list)
    platforms: list[tuple[str, str, dt.date]] = field(default_factory=list)
