"""The enterprise that a person acts for, and what it has handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from tidu.core.actor import Actor
from tidu.registry.asked import asked_of
from tidu.registry.models import Enterprise, Evidence
from tidu.registry.vocabulary import vocabulary_in_view


def own_enterprise(actor: Actor) -> Enterprise:
    """The enterprise of an enterprise's person. Raises Http404 for everybody else."""
    if not actor.is_enterprise:
        raise Http404
    found = Enterprise.objects.visible_to(actor).select_related("city", "district").first()
    if found is None:
        raise Http404("您的机构还没有对应的企业。")
    return found


def evidence_seen(actor: Actor) -> QuerySet[Evidence]:
    """The evidence of the enterprises that the actor may see, with its files."""
    return Evidence.objects.visible_to(actor).select_related("file", "file__uploaded_by", "enterprise")


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of document: what it is, and how many of it there are. ``asked``: a rule's input is proved by it."""

    id: str
    label: str
    help: str
    issuer: str
    asked: bool
    items: tuple[Evidence, ...]


def evidence_by_kind(
    enterprise: Enterprise, evidence: Iterable[Evidence], today: dt.date
) -> tuple[EvidenceKind, ...]:
    """Every kind that is asked for or handed in, in the order of the vocabulary; asked ones first."""
    vocabulary = vocabulary_in_view()
    asked = asked_of(enterprise.district_id or enterprise.city_id, today)
    wanted = {
        kind
        for indicator in {name for name, _ in asked.serves}
        for kind in vocabulary.indicators[indicator].evidence
    }
    held: dict[str, list[Evidence]] = {}
    for item in evidence:
        held.setdefault(item.kind, []).append(item)
    shown = [
        EvidenceKind(
            kind.id, kind.label, kind.help, kind.issuer, kind.id in wanted, tuple(held.get(kind.id, ()))
        )
        for kind in vocabulary.evidence.values()
        if kind.id in wanted or kind.id in held
    ]
    return tuple(sorted(shown, key=lambda kind: not kind.asked))
