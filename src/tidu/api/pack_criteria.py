"""The criteria of a tier in words: what each asks, which facts it reads, and how they combine."""

from __future__ import annotations

from tidu.api.pack_shapes import (
    BandShown,
    CriterionShown,
    GroupShown,
    InForce,
    InputAsked,
    PointsGroupShown,
    PointsItemShown,
    PointsShown,
    RecognitionShown,
)
from tidu.policy.assess.rendering import requirement_text
from tidu.policy.assess.wording import Names, describe, describe_condition
from tidu.policy.documents.criteria import Criterion, Group, PointsGroup, PointsItem, PointsTable
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.recognition_document import RecognitionDocument


def recognition_shown(
    recognition: RecognitionDocument, pack: Pack, names: Names, force: InForce
) -> RecognitionShown:
    """One tier of a pack under its default interpretations."""
    criteria = pack.criteria(recognition.tier)
    return RecognitionShown(
        tier=recognition.tier,
        label=pack.vocabulary.tiers[recognition.tier].label,
        title=recognition.title,
        summary=recognition.summary,
        in_force=force,
        valid=str(recognition.valid),
        valid_cite=recognition.valid_cite,
        criteria=[_criterion(item, names) for item in criteria.criteria],
        combination=_group(criteria.root),
        materials=[*recognition.materials],
    )


def _criterion(criterion: Criterion, names: Names) -> CriterionShown:
    return CriterionShown(
        id=criterion.id,
        label=criterion.label,
        cite=criterion.cite,
        dimension=criterion.dimension,
        summary=criterion.summary,
        requirement=requirement_text(criterion, names),
        question=criterion.question,
        inputs=[
            InputAsked(indicator=item.id, offset=item.offset, judged=item.judged) for item in criterion.inputs
        ],
        titles=[*criterion.titles],
        evidence=[*criterion.evidence],
        interpretations=[*criterion.interpretations],
        wanted=criterion.wanted,
        branches=[_criterion(branch, names) for branch in criterion.branches],
        points=None if criterion.points is None else _points(criterion.points, names),
    )


def _group(group: Group) -> GroupShown:
    return GroupShown(
        id=group.id,
        label=group.label,
        cite=group.cite,
        dimension=group.dimension,
        wanted=group.wanted,
        interpretation=group.interpretation,
        parts=[part.id if isinstance(part, Criterion) else _group(part) for part in group.parts],
    )


def _points(table: PointsTable, names: Names) -> PointsShown:
    return PointsShown(
        minimum=table.minimum,
        maximum=table.maximum,
        groups=[_points_group(group, names) for group in table.groups],
    )


def _points_group(group: PointsGroup, names: Names) -> PointsGroupShown:
    return PointsGroupShown(
        id=group.id,
        label=group.label,
        cite=group.cite,
        minimum=group.minimum,
        maximum=group.maximum,
        items=[_points_item(item, names) for item in group.items],
    )


def _points_item(item: PointsItem, names: Names) -> PointsItemShown:
    return PointsItemShown(
        id=item.id,
        label=item.label,
        cite=item.cite,
        maximum=item.maximum,
        bands=[
            BandShown(
                points=band.points,
                when=None if band.condition is None else describe_condition(band.condition, names),
            )
            for band in item.bands
        ],
        additive=item.additive,
        measure=None if item.scalar is None else describe(item.scalar, names),
        each=item.each,
        points_each=item.points_each,
    )
