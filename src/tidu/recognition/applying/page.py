"""What the pages of an application show: parts with fields, statements and documents, and the live conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import timezone

from tidu.core.citations import clauses
from tidu.core.components import Choice, Clause, Fault
from tidu.policy.status import Status as Outcome
from tidu.recognition.applying.filled import Filled
from tidu.recognition.applying.live import Live
from tidu.recognition.applying.questions import LONGEST_STATEMENT, Judged, Part
from tidu.recognition.models import Attachment, Statement
from tidu.registry.own.form import Field, fields_for
from tidu.registry.vocabulary import vocabulary_in_view


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field, and beside it the criteria that read it."""

    field: Field
    live: tuple[Live, ...]

    @property
    def name(self) -> str:
        """The indicator."""
        return self.field.question.name


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement about a judged criterion. ``other`` is what stands where ``text`` was typed over it unseen."""

    judged: Judged
    text: str
    saved: str
    error: str
    conflict: bool
    other: str
    clauses: tuple[Clause, ...]
    evidence: tuple[str, ...]
    status: Outcome
    longest: int = LONGEST_STATEMENT

    @property
    def open(self) -> bool:
        """Nobody has judged it yet, as far as the register knows."""
        return self.status not in (Outcome.MET, Outcome.NOT_MET)

    @property
    def control(self) -> str:
        """The name of the text field."""
        return self.judged.control

    @property
    def id(self) -> str:
        """The id of the text field."""
        return f"f-{self.control}"


@dataclass(frozen=True, slots=True)
class ShownDocuments:
    """One criterion of a part with the documents under it, and the kinds that prove it."""

    id: str
    label: str
    of: str
    kinds: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    live: Live | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A part in the list of parts."""

    id: str
    label: str
    done: int
    total: int
    faults: int


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the form, whole."""

    part: Part
    fields: tuple[ShownField, ...]
    statements: tuple[ShownStatement, ...]
    documents: tuple[ShownDocuments, ...]
    done: int
    total: int

    def shown(self) -> dict[str, str]:
        """What stands in each control."""
        texts = {entry.name: entry.value for item in self.fields for entry in item.field.question.entries}
        return texts | {item.control: item.text for item in self.statements}

    def faults(self) -> tuple[Fault, ...]:
        """What has to be looked at."""
        found = [
            Fault(entry.id, f"{entry.label}{item.field.question.label}：{entry.error}")
            for item in self.fields
            for entry in item.field.question.entries
            if entry.error
        ]
        found += [
            Fault(item.id, f"{item.judged.label}：{item.error}") for item in self.statements if item.error
        ]
        return tuple(found)

    def errors(self) -> dict[str, str]:
        """The same by the name of the control."""
        found = {
            entry.name: entry.error
            for item in self.fields
            for entry in item.field.question.entries
            if entry.error
        }
        return found | {item.control: item.error for item in self.statements if item.error}


def stops_of(now: Filled) -> tuple[Stop, ...]:
    """Every part with how far it has come; the materials come last."""
    shown = [
        Stop(part.id, part.label, *now.done_in(part), now.faults_in(part)) for part in now.questions.parts
    ]
    return (*shown, Stop("materials", "材料", *now.done_materials, 0))


def part_of(now: Filled, part: Part) -> ShownPart:
    """A part with everything in it. No query."""
    fields = fields_for(part.controls, now.questions.asked, now.on, standing=now.standing, kept=now.typed)
    shown = beside(now, part)
    done, total = now.done_in(part)
    return ShownPart(
        part,
        tuple(ShownField(field, shown.get(field.question.name, ())) for field in fields),
        tuple(_statement(now, judged) for judged in part.judged),
        tuple(_documents(now, part)),
        done,
        total,
    )


def conclusions(now: Filled, part: Part) -> list[Live]:
    """The criteria of a part as they stand, branches left out."""
    return [now.lives[criterion.id] for criterion in part.criteria]


def beside(now: Filled, part: Part) -> dict[str, tuple[Live, ...]]:
    """For each figure of a part the criteria that read it, each of them whole once and brief from then on."""
    live = now.lives
    own = {leaf.id for leaf, above in now.questions.leaves() if above in part.criteria}
    said: set[str] = set()
    found = {}
    for name in dict.fromkeys(control.indicator.id for control in part.controls):
        rests = [live[item.id] for item in now.questions.rests.get(name, ()) if item.id in live]
        found[name] = tuple(
            replace(item, brief=True) if item.id in said or item.id not in own else item for item in rests
        )
        said |= {item.id for item in rests}
    return found


def _statement(now: Filled, judged: Judged) -> ShownStatement:
    row = now.statements.get(judged.id)
    kept = now.typed.get(judged.control)
    standing = "" if row is None else row.text
    saved = "" if row is None or not row.text else _saved(row)
    cites = clauses(now.questions.pack, [judged.cite])
    known = vocabulary_in_view().evidence
    evidence = tuple(known[name].label for name in judged.evidence if name in known)
    live = now.lives.get(judged.id)
    status = Outcome.NEEDS_REVIEW if live is None else live.status
    if kept is None:
        return ShownStatement(
            judged,
            standing,
            saved,
            "",
            conflict=False,
            other="",
            clauses=cites,
            evidence=evidence,
            status=status,
        )
    too_long = len(kept.text) > LONGEST_STATEMENT
    if too_long:
        error = f"最多 {LONGEST_STATEMENT} 个字，现在有 {len(kept.text)} 个字，还没有保存。"
    else:
        who = f"由{row.saved_by.name}" if row is not None and row.saved_by is not None else ""
        error = f"这一段在您填写期间{who}改过，您写的还没有保存。请选用其中一段。"
    return ShownStatement(
        judged,
        kept.text,
        saved,
        error,
        conflict=not too_long,
        other=standing,
        clauses=cites,
        evidence=evidence,
        status=status,
    )


def _saved(row: Statement) -> str:
    who = f"{row.saved_by.name}　" if row.saved_by is not None else ""
    return f"{who}{timezone.localtime(row.saved_at):%m-%d %H:%M}"


def _documents(now: Filled, part: Part) -> Iterator[ShownDocuments]:
    known = vocabulary_in_view().evidence
    for leaf, above in now.questions.leaves():
        if above not in part.criteria:
            continue
        kinds = leaf.evidence or above.evidence
        attachments = now.attached(leaf.id)
        if kinds or attachments:
            yield ShownDocuments(
                leaf.id,
                leaf.label,
                "" if leaf is above else above.label,
                tuple(known[name].label for name in kinds if name in known),
                attachments,
                now.lives.get(leaf.id),
            )


def kinds_for(now: Filled, criterion: str) -> tuple[Choice, ...]:
    """The kinds of document to choose from when one is put under a criterion; those that prove it come first."""
    known = vocabulary_in_view().evidence
    first: list[str] = []
    for leaf, above in now.questions.leaves():
        if leaf.id == criterion:
            first = list(leaf.evidence or above.evidence)
    if not criterion:
        first = [material.kind for material in now.materials]
    order = dict.fromkeys([*(name for name in first if name in known), *known])
    return tuple(Choice(name, known[name].label) for name in order)
