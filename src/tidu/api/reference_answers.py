"""The vocabulary and the reference tables as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tidu.api.answers import StandardAnswer
from tidu.api.reference_shapes import (
    EventShown,
    EvidenceShown,
    IndicatorShown,
    PlacesAnswer,
    PlaceShown,
    QuantityShown,
    SectorsAnswer,
    SectorShown,
    TierShown,
    VocabularyAnswer,
)
from tidu.api.shapes import Choice
from tidu.policy.vocabulary.editions import Edition
from tidu.policy.vocabulary.indicators import Described, EventKind, Indicator, Quantity
from tidu.policy.vocabulary.places import Place, load_places
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.policy.vocabulary.vocabulary import Vocabulary


def vocabulary_answer(vocabulary: Vocabulary) -> VocabularyAnswer:
    """Everything that facts may state and the words around it."""
    return VocabularyAnswer(
        sections=_choices(vocabulary.sections.values()),
        indicators=[_indicator(item) for item in vocabulary.indicators.values()],
        events=[_event(item) for item in vocabulary.events.values()],
        tiers=[
            TierShown(
                id=item.id,
                rank=item.rank,
                label=item.label,
                short=item.short,
                level=item.level,
                recognised_by=item.recognised_by,
            )
            for item in vocabulary.tiers.values()
        ],
        evidence=[
            EvidenceShown(id=item.id, label=item.label, help=item.help, issuer=item.issuer)
            for item in vocabulary.evidence.values()
        ],
        confirmers=_choices(vocabulary.confirmers.values()),
    )


def _choices(items: Iterable[Described]) -> list[Choice]:
    return [Choice.model_validate(item.model_dump(include={"id", "label"})) for item in items]


def _quantity(item: Quantity) -> dict[str, Any]:
    return {
        "id": item.id,
        "label": item.label,
        "help": item.help,
        "kind": item.kind,
        "unit": item.unit,
        "choices": [Choice(id=key, label=label) for key, label in item.choices.items()],
        "ordered": item.ordered,
        "minimum": item.minimum,
        "maximum": item.maximum,
        "evidence": [*item.evidence],
    }


def _indicator(item: Indicator) -> IndicatorShown:
    return IndicatorShown(
        **_quantity(item),
        section=item.section,
        per_year=item.per_year,
        period=item.period,
        judged=item.judged,
        derived=item.derived is not None,
        confirmed_by=item.confirmed_by,
        effort=item.effort,
        personal=item.personal,
    )


def _event(item: EventKind) -> EventShown:
    return EventShown(
        id=item.id,
        label=item.label,
        help=item.help,
        arrival=item.arrival,
        fields=[QuantityShown(**_quantity(field)) for field in item.fields.values()],
    )


def standard_answer(edition: Edition) -> StandardAnswer:
    """The edition of a reference table."""
    return StandardAnswer(title=edition.title, document_no=edition.document_no)


def sectors_answer(text: str, limit: int) -> SectorsAnswer:
    """The entries of the industrial classification that fit ``text`` best."""
    sectors = load_sectors()
    return SectorsAnswer(
        standard=standard_answer(sectors.edition),
        sectors=[
            SectorShown.model_validate(
                {
                    "code": item.code,
                    "name": item.name,
                    "level": item.level,
                    "path": sectors.path(item.code) or item.name,
                }
            )
            for item in sectors.search(text, limit)
        ],
    )


def places_answer(within: str | None = None) -> PlacesAnswer:
    """Every loaded place, or those inside one, by code."""
    places = load_places()
    chosen = [
        item
        for item in sorted(places.by_code.values(), key=lambda place: place.code)
        if within is None or places.within(item.code, within)
    ]
    return PlacesAnswer(places=[_place(item) for item in chosen])


def _place(item: Place) -> PlaceShown:
    return PlaceShown(
        code=item.code,
        name=item.name,
        path=load_places().path(item.code) or item.name,
        parent=item.parent,
        level=item.level,
        other_codes=[*item.other_codes],
    )
