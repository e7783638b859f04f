"""The controls of the enterprise's form: which there are, and what a text typed into one of them means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tidu.core.components import Offer
from tidu.core.entry import Unreadable
from tidu.core.typed_values import UnknownIndustry, read_typed, write_typed
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Indicator, Section
from tidu.registry.asked import Asked, FactKey
from tidu.registry.fact_values import read
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view

#: Indicators that no judge decides and the enterprise cannot state itself. Name and place decide which office is in
#: charge, so the district checks them against the letter of authority.
SAID_BY_OTHERS: Final = frozenset({"recommendation_text", "name", "registered_area", "registration_status"})
YEARS_SHOWN: Final = 3
LONGEST_TEXT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Control:
    """One control: an indicator, and the year where it is kept by year."""

    indicator: Indicator
    year: int = 0

    @property
    def name(self) -> str:
        """Its name in the form: ``revenue_2025``, ``registered_on``."""
        return f"{self.indicator.id}_{self.year}" if self.year else self.indicator.id

    @property
    def key(self) -> FactKey:
        """What a fact of it is filed under."""
        return self.indicator.id, self.year

    def text_of(self, kept: str) -> str:
        """A fact's text as it stands in the control."""
        return write_typed(read(kept, self.indicator.kind), self.indicator)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text was not understood, with what it may have meant."""

    text: str
    offers: tuple[Offer, ...] = ()


def is_fillable(indicator: Indicator) -> bool:
    """Whether an enterprise states it itself: not what a person judges, others say, or the system works out."""
    return (
        is_recordable(indicator)
        and not indicator.judged
        and not indicator.personal
        and indicator.id not in SAID_BY_OTHERS
    )


def sections() -> tuple[Section, ...]:
    """The sections with anything to fill in, in the vocabulary's order."""
    vocabulary = vocabulary_in_view()
    filled = {indicator.section for indicator in vocabulary.indicators.values() if is_fillable(indicator)}
    return tuple(section for section in vocabulary.sections.values() if section.id in filled)


def indicators_of(section: str) -> tuple[Indicator, ...]:
    """What a section asks, in the vocabulary's order."""
    return tuple(found for found in vocabulary_in_view().in_section(section) if is_fillable(found))


def controls_of(section: str, asked: Asked, today: dt.date) -> Iterator[Control]:
    """Every control of a section; figures for the last three years and for further years that a rule looks at."""
    for indicator in indicators_of(section):
        if indicator.per_year:
            yield from (Control(indicator, year) for year in years_of(indicator, asked, today))
        else:
            yield Control(indicator)


def years_of(indicator: Indicator, asked: Asked, today: dt.date) -> tuple[int, ...]:
    """The years of a figure, oldest first."""
    usual = range(today.year - YEARS_SHOWN, today.year)
    wanted = {year for name, year in asked.serves if name == indicator.id and year}
    return tuple(sorted({*usual, *wanted}))


def read_text(control: Control, text: str) -> Value | None:
    """What a text states; ``None`` for a blank. Raises :class:`Unreadable`."""
    if control.indicator.kind is Kind.TEXT and len(text) > LONGEST_TEXT:
        raise Unreadable(f"内容过长，最多 {LONGEST_TEXT} 个字，现在有 {len(text)} 个字。")
    return read_typed(text, control.indicator)


def refusal_of(control: Control, text: str) -> Refusal | None:
    """What is wrong with a text, or ``None`` where it can be read."""
    try:
        read_text(control, text)
    except UnknownIndustry as refused:
        return Refusal(str(refused), refused.offers)
    except Unreadable as refused:
        return Refusal(str(refused))
    return None
