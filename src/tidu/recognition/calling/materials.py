"""The documents that a call asks for: the pack's evidence, as the city adjusts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.policy.documents.criteria import Criterion, Group
from tidu.policy.documents.pack import Pack
from tidu.recognition.models import Call

LONGEST_NOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of document that the pack's conditions rest on, with the conditions and their clauses.

    ``required`` is the proposal: asked of everybody where a condition that nobody gets around names this one only.
    """

    kind: str
    label: str
    help: str
    criteria: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    required: bool = False


@dataclass
class _Found:
    criteria: list[str] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    required: bool = False


def materials_of(pack: Pack, tier: str, settings: Mapping[str, str]) -> tuple[Material, ...]:
    """What the pack's conditions of a tier can be proved with, in the order of the document."""
    found: dict[str, _Found] = {}
    for kind in pack.recognition(tier).materials:
        found.setdefault(kind, _Found(required=True))
    for criterion, needed in _criteria(pack.criteria(tier, settings).root, needed=True):
        for kind in criterion.evidence:
            entry = found.setdefault(kind, _Found())
            entry.criteria.append(criterion.label)
            entry.cites.extend([criterion.cite] if criterion.cite else [])
            entry.required |= needed and len(criterion.evidence) == 1
    known = pack.vocabulary.evidence
    return tuple(
        Material(
            kind,
            known[kind].label,
            known[kind].help,
            tuple(dict.fromkeys(entry.criteria)),
            tuple(dict.fromkeys(entry.cites)),
            entry.required,
        )
        for kind, entry in found.items()
        if kind in known
    )


def proposed_materials(pack: Pack, tier: str, settings: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same as a call keeps it."""
    return [
        {"kind": item.kind, "required": item.required, "note": ""}
        for item in materials_of(pack, tier, settings)
    ]


@dataclass(frozen=True, slots=True)
class AskedMaterial:
    """A document that a call asks for, and the conditions that it proves by their clauses; none where it was added."""

    label: str
    note: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AskedMaterials:
    """What a call asks for: of everybody, and of whoever has it."""

    required: tuple[AskedMaterial, ...]
    optional: tuple[AskedMaterial, ...]


def asked_materials(call: Call, pack: Pack) -> AskedMaterials:
    """The documents that a call asks for."""
    known = {item.kind: item for item in materials_of(pack, call.tier, pack.settings(call.readings))}
    evidence = pack.vocabulary.evidence
    found: dict[bool, list[AskedMaterial]] = {True: [], False: []}
    for row in call.materials:
        kind = row["kind"]
        label, helped = (evidence[kind].label, evidence[kind].help) if kind in evidence else (kind, "")
        chips = clauses(pack, known[kind].cites) if kind in known else ()
        found[bool(row.get("required"))].append(AskedMaterial(label, row.get("note") or helped, chips))
    return AskedMaterials(tuple(found[True]), tuple(found[False]))


def _criteria(group: Group, *, needed: bool) -> Iterator[tuple[Criterion, bool]]:
    """Every criterion and alternative, and whether each applicant must meet it."""
    every = needed and group.wanted == len(group.parts)
    for part in group.parts:
        if isinstance(part, Group):
            yield from _criteria(part, needed=every)
        else:
            yield from _with_branches(part, needed=every)


def _with_branches(criterion: Criterion, *, needed: bool) -> Iterator[tuple[Criterion, bool]]:
    yield criterion, needed
    every = needed and bool(criterion.branches) and criterion.wanted == len(criterion.branches)
    for branch in criterion.branches:
        yield from _with_branches(branch, needed=every)
