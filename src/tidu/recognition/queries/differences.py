"""What one submission says otherwise than the one before: fields, statements, documents, and the effect on criteria."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tidu.core.workspace import Change
from tidu.policy.status import Status
from tidu.recognition.models import Submission
from tidu.recognition.queries.submissions import (
    SubmittedContent,
    SubmittedCriterion,
    SubmittedEvidence,
    SubmittedFact,
    read_submission,
)


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """A criterion that came out otherwise, or on other figures, than before. ``None``: it was not there."""

    id: str
    label: str
    before: Status | None
    after: Status | None
    cite: str

    @property
    def turned(self) -> bool:
        """Whether its status is another."""
        return self.before != self.after

    @property
    def words(self) -> str:
        """The effect in one line: 营业收入：待补充 → 符合."""
        if not self.turned:
            return f"{self.label}：仍为{self.after.label if self.after else '—'}"
        there = "未列" if self.before is None else self.before.label
        here = "未列" if self.after is None else self.after.label
        return f"{self.label}：{there} → {here}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value or statement that is another; empty words mean that there was, or is, none. ``effects`` name criteria."""

    key: str
    label: str
    before: str
    after: str
    source: str = ""
    effects: tuple[CriterionChange, ...] = ()

    @property
    def turned(self) -> tuple[CriterionChange, ...]:
        """The criteria whose status it changed."""
        return tuple(effect for effect in self.effects if effect.turned)

    def as_change(self) -> Change:
        """The row of ``<c-diff>``."""
        turned = "；".join(effect.words for effect in self.effects if effect.turned)
        return Change(self.label, self.before, self.after, turned)


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """A document that was added or taken away, and under which criterion it stands."""

    evidence: SubmittedEvidence
    added: bool
    criterion_label: str
    effects: tuple[CriterionChange, ...] = ()

    @property
    def turned(self) -> tuple[CriterionChange, ...]:
        """The criteria whose status it changed."""
        return tuple(effect for effect in self.effects if effect.turned)

    def as_change(self) -> Change:
        """The row of ``<c-diff>``."""
        words = f"{self.evidence.label}　{self.evidence.name}"
        label = self.criterion_label or "全部材料"
        return Change(label, "" if self.added else words, words if self.added else "")


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two submissions."""

    before: SubmittedContent
    after: SubmittedContent
    facts: tuple[FieldChange, ...]
    statements: tuple[FieldChange, ...]
    evidence: tuple[EvidenceChange, ...]
    criteria: tuple[CriterionChange, ...]

    @property
    def nothing(self) -> bool:
        """Whether both say the same."""
        return not (self.facts or self.statements or self.evidence or self.criteria)

    @property
    def turned(self) -> tuple[CriterionChange, ...]:
        """The criteria whose status is another."""
        return tuple(item for item in self.criteria if item.turned)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The rows of ``<c-diff>``: values, statements, documents."""
        said = [item.as_change() for item in (*self.facts, *self.statements)]
        return (*said, *(item.as_change() for item in self.evidence))

    @property
    def changed_criteria(self) -> frozenset[str]:
        """The criteria that something of the difference is about: what a reviewer looks at again."""
        found = {item.id for item in self.criteria}
        found |= {item.evidence.criterion for item in self.evidence if item.evidence.criterion}
        found |= {item.key for item in self.statements}
        found |= {effect.id for item in self.facts for effect in item.effects}
        return frozenset(found)

    @property
    def words(self) -> str:
        """The difference in one sentence."""
        parts = [
            f"更改数据 {len(self.facts)} 项" if self.facts else "",
            f"更改自述 {len(self.statements)} 段" if self.statements else "",
            _documents(self.evidence),
        ]
        said = "，".join(part for part in parts if part) or "内容没有改动"
        if self.before.status == self.after.status:
            return f"{said}；机器预判仍为“{self.after.status.label}”。"
        return f"{said}；机器预判由“{self.before.status.label}”变为“{self.after.status.label}”。"


def difference(before: Submission | SubmittedContent, after: Submission | SubmittedContent) -> Difference:
    """What ``after`` says otherwise than ``before``. No query."""
    first, then = _read(before), _read(after)
    criteria = tuple(_criteria(first, then))
    by_id = {item.id: item for item in criteria}
    return Difference(
        first,
        then,
        tuple(_facts(first, then, by_id)),
        tuple(_statements(first, then)),
        tuple(_evidence(first, then, by_id)),
        criteria,
    )


def _read(given: Submission | SubmittedContent) -> SubmittedContent:
    return given if isinstance(given, SubmittedContent) else read_submission(given)


def _criteria(first: SubmittedContent, then: SubmittedContent) -> Iterable[CriterionChange]:
    names = dict.fromkeys([*(item.id for item in then.criteria), *(item.id for item in first.criteria)])
    for name in names:
        there, here = first.criterion(name), then.criterion(name)
        if _outcome(there) == _outcome(here):
            continue
        stands = here or there
        assert stands is not None  # noqa: S101 - the name comes from one of the two
        yield CriterionChange(
            name,
            stands.label,
            None if there is None else there.status,
            None if here is None else here.status,
            stands.cite,
        )


def _outcome(item: SubmittedCriterion | None) -> tuple[object, ...]:
    return () if item is None else (item.status, item.shown, item.limit, item.margin, item.missing)


def _facts(
    first: SubmittedContent, then: SubmittedContent, changed: dict[str, CriterionChange]
) -> Iterable[FieldChange]:
    there, here = ({item.key: item for item in content.facts} for content in (first, then))
    for key in dict.fromkeys([*here, *there]):
        old, new = there.get(key), here.get(key)
        if _said(old) == _said(new):
            continue
        stands = new or old
        assert stands is not None  # noqa: S101 - the key comes from one of the two
        rests = [item.id for content in (then, first) for item in content.criteria if key in item.keys]
        effects = tuple(changed[name] for name in dict.fromkeys(rests) if name in changed)
        yield FieldChange(
            key,
            stands.label,
            "" if old is None else old.shown,
            "" if new is None else new.shown,
            stands.source_label,
            effects,
        )


def _said(item: SubmittedFact | None) -> tuple[str, ...]:
    return () if item is None else (item.value, item.shown)


def _statements(first: SubmittedContent, then: SubmittedContent) -> Iterable[FieldChange]:
    for name in dict.fromkeys([*then.statements, *first.statements]):
        old, new = first.statements.get(name, ""), then.statements.get(name, "")
        if old != new:
            label = then.labels.get(name) or first.label_of(name)
            yield FieldChange(name, f"自述：{label}", old, new)


def _evidence(
    first: SubmittedContent, then: SubmittedContent, changed: dict[str, CriterionChange]
) -> Iterable[EvidenceChange]:
    there = {(item.criterion, item.kind, item.sha256): item for item in first.evidence}
    here = {(item.criterion, item.kind, item.sha256): item for item in then.evidence}
    for key in [key for key in here if key not in there] + [key for key in there if key not in here]:
        item = here.get(key) or there[key]
        label = then.labels.get(item.criterion) or first.label_of(item.criterion)
        effects = (changed[item.criterion],) if item.criterion in changed else ()
        yield EvidenceChange(item, key in here, label, effects)


def _documents(changes: tuple[EvidenceChange, ...]) -> str:
    added = sum(item.added for item in changes)
    gone = len(changes) - added
    parts = [f"增加材料 {added} 份" if added else "", f"撤下材料 {gone} 份" if gone else ""]
    return "，".join(part for part in parts if part)
