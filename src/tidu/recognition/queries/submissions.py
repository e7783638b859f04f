"""What was handed in, read back from its frozen content as typed records. Nothing here looks at today's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidu.core.audit.chain import digest_of
from tidu.core.components import SOURCES
from tidu.policy.status import Status
from tidu.recognition.models import Submission


@dataclass(frozen=True, slots=True)
class SubmittedFact:
    """One value as it was handed in. ``section`` is the part of the form that asked for it; ``note`` its proof."""

    key: str
    label: str
    value: str
    shown: str
    source: str
    section: str
    note: str

    @property
    def source_label(self) -> str:
        """The source in words; empty where there is none."""
        return SOURCES[self.source][1] if self.source in SOURCES else ""


@dataclass(frozen=True, slots=True)
class SubmittedEvidence:
    """One document under one criterion (empty: under the whole). ``id`` is the number of the registry's evidence."""

    id: int
    criterion: str
    kind: str
    label: str
    name: str
    sha256: str
    size: int
    year: int | None


@dataclass(frozen=True, slots=True)
class SubmittedMaterial:
    """A material that the call asks for, and whether it was there."""

    kind: str
    label: str
    required: bool
    present: bool
    note: str


@dataclass(frozen=True, slots=True)
class SubmittedCriterion:
    """One criterion as the machine saw it on the day. Branches follow their criterion, ``letter`` and ``parent`` set.

    ``keys`` are the facts that it reads, ``missing`` what it lacked in words. ``question`` is what a person is asked.
    """

    id: str
    label: str
    status: Status
    shown: str
    limit: str
    margin: str
    cite: str
    dimension: str
    dimension_label: str
    note: str
    keys: tuple[str, ...]
    missing: tuple[str, ...]
    question: str
    letter: str
    parent: str

    @property
    def judged(self) -> bool:
        """Whether a person decides it."""
        return bool(self.question)


@dataclass(frozen=True, slots=True)
class SubmittedContent:
    """A whole submission in the order of the form. ``lists`` are the enterprise's particulars, ready to be shown."""

    number: int
    at: dt.datetime
    by: str
    digest: str
    intact: bool
    enterprise: str
    uscc: str
    district: str
    call: Mapping[str, Any]
    pack: Mapping[str, Any]
    settings: Mapping[str, str]
    sections: Mapping[str, str]
    facts: tuple[SubmittedFact, ...]
    statements: Mapping[str, str]
    labels: Mapping[str, str]
    evidence: tuple[SubmittedEvidence, ...]
    materials: tuple[SubmittedMaterial, ...]
    criteria: tuple[SubmittedCriterion, ...]
    status: Status
    headline: str
    counts: str
    declared_by: str
    accepted_not_met: tuple[str, ...] = ()
    accepted_unknown: tuple[str, ...] = ()
    lists: tuple[Mapping[str, Any], ...] = ()
    _by_id: Mapping[str, SubmittedCriterion] = field(default_factory=dict, repr=False)

    def criterion(self, name: str) -> SubmittedCriterion | None:
        """One criterion or branch."""
        return self._by_id.get(name)

    @property
    def top(self) -> tuple[SubmittedCriterion, ...]:
        """The criteria without their branches."""
        return tuple(item for item in self.criteria if not item.parent)

    def branches_of(self, name: str) -> tuple[SubmittedCriterion, ...]:
        """The branches right below a criterion."""
        return tuple(item for item in self.criteria if item.parent == name)

    def evidence_of(self, name: str) -> tuple[SubmittedEvidence, ...]:
        """The documents under a criterion; those of the whole for an empty name."""
        return tuple(item for item in self.evidence if item.criterion == name)

    @property
    def whole(self) -> tuple[SubmittedEvidence, ...]:
        """The documents under no criterion."""
        return self.evidence_of("")

    @property
    def papers(self) -> int:
        """How many documents there are. One that stands under several criteria is one."""
        return len({item.id for item in self.evidence})

    def facts_of(self, name: str) -> tuple[SubmittedFact, ...]:
        """The facts that a criterion reads."""
        found = self.criterion(name)
        keys = set() if found is None else set(found.keys)
        return tuple(item for item in self.facts if item.key in keys)

    def facts_in(self, section: str) -> tuple[SubmittedFact, ...]:
        """The facts that a part of the form asked for."""
        return tuple(item for item in self.facts if item.section == section)

    def label_of(self, name: str) -> str:
        """The words of a criterion or of what a statement is about."""
        return self.labels.get(name, name)


def read_submission(submission: Submission) -> SubmittedContent:
    """A submission as typed records. No query. What an older form did not keep is empty."""
    content: Mapping[str, Any] = submission.content
    verdict = content.get("verdict", {})
    accepted = content.get("accepted", {})
    criteria = tuple(_criterion(item) for item in verdict.get("criteria", ()))
    enterprise = content.get("enterprise", {})
    return SubmittedContent(
        number=submission.number,
        at=submission.submitted_at,
        by=submission.submitted_by_name,
        digest=submission.digest,
        intact=digest_of(submission.content) == submission.digest,
        enterprise=enterprise.get("name", ""),
        uscc=enterprise.get("uscc", ""),
        district=enterprise.get("district", ""),
        call=content.get("call", {}),
        pack=content.get("pack", {}),
        settings=content.get("settings", {}),
        sections={item["id"]: item["label"] for item in content.get("sections", ())},
        facts=tuple(_fact(item) for item in content.get("facts", ())),
        statements=content.get("statements", {}),
        labels=content.get("labels", {}) | {item.id: item.label for item in criteria},
        evidence=tuple(_evidence(item) for item in content.get("evidence", ())),
        materials=tuple(_material(item) for item in content.get("materials", ())),
        criteria=criteria,
        status=Status(verdict.get("status", Status.UNKNOWN.value)),
        headline=verdict.get("headline", ""),
        counts=verdict.get("counts", ""),
        declared_by=content.get("declared_by", ""),
        accepted_not_met=tuple(accepted.get("not_met", ())),
        accepted_unknown=tuple(accepted.get("unknown", ())),
        lists=tuple(content.get("lists", ())),
        _by_id={item.id: item for item in criteria},
    )


def _fact(item: Mapping[str, Any]) -> SubmittedFact:
    return SubmittedFact(
        key=item["key"],
        label=item.get("label", item["key"]),
        value=item.get("value", ""),
        shown=item.get("shown", item.get("value", "")),
        source=item.get("source", ""),
        section=item.get("section", ""),
        note=item.get("note", ""),
    )


def _evidence(item: Mapping[str, Any]) -> SubmittedEvidence:
    return SubmittedEvidence(
        id=item["id"],
        criterion=item.get("criterion", ""),
        kind=item.get("kind", ""),
        label=item.get("label", ""),
        name=item.get("name", ""),
        sha256=item.get("sha256", ""),
        size=item.get("size", 0),
        year=item.get("year"),
    )


def _material(item: Mapping[str, Any]) -> SubmittedMaterial:
    return SubmittedMaterial(
        kind=item["kind"],
        label=item.get("label", item["kind"]),
        required=bool(item.get("required")),
        present=bool(item.get("present")),
        note=item.get("note", ""),
    )


def _criterion(item: Mapping[str, Any]) -> SubmittedCriterion:
    return SubmittedCriterion(
        id=item["id"],
        label=item.get("label", item["id"]),
        status=Status(item["status"]),
        shown=item.get("shown", ""),
        limit=item.get("limit", ""),
        margin=item.get("margin", ""),
        cite=item.get("cite", ""),
        dimension=item.get("dimension", ""),
        dimension_label=item.get("dimension_label", ""),
        note=item.get("note", ""),
        keys=tuple(item.get("keys", ())),
        missing=tuple(item.get("missing", ())),
        question=item.get("question", ""),
        letter=item.get("letter", ""),
        parent=item.get("parent", ""),
    )
