"""Packs as the API shows them: the document, its dates, and every rule in words with its clause.

What depends on interpretations is shown under the default ones.
"""

from __future__ import annotations

import datetime as dt

from tidu.api.pack_benefits import benefit_shown
from tidu.api.pack_criteria import recognition_shown
from tidu.api.pack_shapes import (
    BasisShown,
    DutyShown,
    InForce,
    InterpretationShown,
    PackAnswer,
    PackSummary,
    ParameterShown,
    ReplacementShown,
    ServiceShown,
    TargetShown,
    TierOffered,
)
from tidu.api.shapes import Choice
from tidu.policy.assess.assessment import names_of
from tidu.policy.documents.library import Library
from tidu.policy.documents.pack import Force, Pack
from tidu.policy.documents.pack_document import Interpretation, Parameter
from tidu.policy.documents.recognition_document import Switched
from tidu.policy.vocabulary.places import load_places


def packs_listed(
    library: Library, *, place: str | None = None, tier: str | None = None, on: dt.date | None = None
) -> list[Pack]:
    """The packs that bind an enterprise in ``place``, offer ``tier`` and are in force ``on`` a day, as far as given.

    On a day, a tier that a later pack replaces counts as not offered.
    """
    found = [*library] if place is None else [*library.of_place(place)]
    if on is not None:
        offered = {(offer.pack.id, offer.tier) for offer in library.offers(place, on)}
        found = [pack for pack in found if _applies(pack, tier, on, offered)]
    elif tier is not None:
        found = [pack for pack in found if tier in pack.tiers]
    return found


def _applies(pack: Pack, tier: str | None, on: dt.date, offered: set[tuple[str, str]]) -> bool:
    if tier is not None:
        return (pack.id, tier) in offered
    if pack.tiers:
        return any((pack.id, own) in offered for own in pack.tiers)
    return pack.force(on) is Force.IN_FORCE


def pack_summary(pack: Pack, on: dt.date) -> PackSummary:
    """A pack in a list, its state on a day."""
    document = pack.document
    place = load_places().get(document.jurisdiction)
    return PackSummary(
        id=pack.id,
        title=document.title,
        short_title=document.short_title,
        summary=document.summary,
        issuer=document.issuer,
        document_no=document.document_no,
        issued_on=document.issued_on,
        jurisdiction=document.jurisdiction,
        place=None if place is None else place.name,
        in_force=in_force(pack, on),
        tiers=[
            TierOffered(
                tier=recognition.tier,
                label=pack.vocabulary.tiers[recognition.tier].label,
                title=recognition.title,
                in_force=in_force(pack, on, recognition.tier),
            )
            for recognition in document.recognition
        ],
        benefit_count=len(document.benefits),
        digest=pack.digest,
    )


def in_force(pack: Pack, on: dt.date, tier: str | None = None) -> InForce:
    """When a pack, or a tier of it, is in force, and its state on a day."""
    since, until = pack.period(tier)
    return InForce.model_validate({"from": since, "until": until, "state": pack.force(on, tier)})


def pack_answer(pack: Pack, on: dt.date) -> PackAnswer:
    """A pack in full."""
    document, names = pack.document, names_of(pack)
    summary = pack_summary(pack, on)
    return PackAnswer(
        **{name: getattr(summary, name) for name in PackSummary.model_fields},
        on=on,
        basis=[
            BasisShown(document=item.document, relation=item.relation, pack=item.pack, cite=item.cite)
            for item in document.basis
        ],
        replaces=[
            ReplacementShown.model_validate(
                {
                    "pack": item.pack,
                    "tiers": [*item.tiers],
                    "from": item.since,
                    "note": item.note,
                    "cite": item.cite,
                }
            )
            for item in document.replaces
        ],
        interpretations=[_interpretation(name, item) for name, item in document.interpretations.items()],
        parameters=[_parameter(name, item, pack) for name, item in document.parameters.items()],
        dimensions=[Choice(id=name, label=label) for name, label in document.dimensions.items()],
        recognition=[
            recognition_shown(recognition, pack, names, in_force(pack, on, recognition.tier))
            for recognition in document.recognition
        ],
        benefits=[benefit_shown(benefit, pack, names) for benefit in pack.benefits()],
        services=[
            ServiceShown(
                id=item.id,
                label=item.label,
                summary=item.summary,
                lead=item.lead,
                joint=[*item.joint],
                priority_for=[*item.priority_for],
                cite=item.cite,
            )
            for item in document.services
        ],
        duties=[
            DutyShown(
                measure=item.measure,
                label=item.label,
                summary=item.summary,
                lead=item.lead,
                joint=[*item.joint],
            )
            for item in document.duties
        ],
        targets=[
            TargetShown(
                id=item.id,
                label=item.label,
                count=item.count,
                cumulative=item.cumulative,
                by={str(year): str(figure) for year, figure in item.by.items()},
                cite=item.cite,
            )
            for item in document.targets
        ],
    )


def _interpretation(name: str, item: Interpretation) -> InterpretationShown:
    return InterpretationShown(
        id=name,
        question=item.question,
        choices=[Choice(id=choice, label=label) for choice, label in item.choices.items()],
        default=item.default,
        why=item.why,
        cite=item.cite,
    )


def _parameter(name: str, item: Parameter, pack: Pack) -> ParameterShown:
    value, by = item.value, None
    if isinstance(value, Switched):
        by = value.by
        value = value.values[pack.document.interpretations[by].default]
    return ParameterShown(id=name, label=item.label, value=value, interpretation=by, cite=item.cite)
