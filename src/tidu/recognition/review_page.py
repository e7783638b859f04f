"""What the page of a review shows: the checklist with findings, the papers, the clock, and what was done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from tidu.core.calendar import Due, current_calendar, due
from tidu.core.citations import clauses, doubt
from tidu.core.components import Clause, Doubt
from tidu.core.files.previewing import Unshowable
from tidu.core.models.deadlines import DayUnit
from tidu.core.workspace import LogEntry
from tidu.policy.documents.criteria import Criterion
from tidu.policy.documents.pack import Pack
from tidu.policy.status import Status as Outcome
from tidu.recognition.models import (
    Act,
    Application,
    CaseKind,
    CriterionFinding,
    Finding,
    Level,
    Status,
)
from tidu.recognition.process.clocks import TIMED
from tidu.recognition.process.following import holder_of
from tidu.recognition.process.rules import limit_of, pack_of, settings_of
from tidu.recognition.queries.frozen_files import FrozenFile, pages_of, stored_file
from tidu.recognition.queries.submissions import SubmittedContent, SubmittedCriterion

_HARD: Final = frozenset({Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.NEEDS_REVIEW})
#: Sides whose people are not named: districts need not know who judges what they recommended.
_SIDES: Final = {Level.ENTERPRISE: "企业", Level.EXPERT: "评审专家"}


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several ways in which a condition is fulfilled."""

    label: str
    status: Outcome
    shown: str
    limit: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One condition: what the machine found, what the enterprise says and hands in, what the reviewer says."""

    id: str
    label: str
    status: Outcome
    shown: str
    limit: str
    margin: str
    note: str
    question: str
    statement: str
    clauses: tuple[Clause, ...]
    doubts: tuple[Doubt, ...]
    branches: tuple[Branch, ...]
    files: tuple[FrozenFile, ...]
    changed: bool
    finding: str
    remark: str
    found_by: str
    found_at: str

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to look at: met, unchanged, accepted."""
        return self.status not in _HARD and not self.changed and self.finding == Finding.ACCEPTED

    @property
    def rank(self) -> int:
        """Its place where what needs a person comes first."""
        if self.changed:
            return 0
        return 1 if self.status in _HARD else 2


def check_rows(
    application: Application,
    criteria: Iterable[Criterion],
    content: SubmittedContent,
    files: Collection[FrozenFile],
    *,
    findings: Mapping[str, CriterionFinding],
    changed: Collection[str] = (),
) -> list[CheckRow]:
    """The checklist in the order of the document. No query beyond the pack's."""
    pack, settings = pack_of(application.call), settings_of(application.call)
    return [
        _row(
            item,
            content,
            files,
            findings.get(item.id),
            pack=pack,
            settings=settings,
            changed=changed,
        )
        for item in criteria
    ]


def _row(
    item: Criterion,
    content: SubmittedContent,
    files: Collection[FrozenFile],
    found: CriterionFinding | None,
    *,
    pack: Pack,
    settings: Mapping[str, str],
    changed: Collection[str],
) -> CheckRow:
    seen = content.criterion(item.id)
    branches = content.branches_of(item.id)
    names = {item.id, *(branch.id for branch in branches)}
    outcome = _outcome(item, seen)
    return CheckRow(
        item.id,
        item.label,
        outcome,
        "" if seen is None else seen.shown,
        "" if seen is None else seen.limit,
        "" if seen is None else seen.margin,
        "" if seen is None else "、".join(f"缺{word}" for word in seen.missing),
        item.question or "",
        content.statements.get(item.id, ""),
        clauses(pack, [item.cite]),
        tuple(doubt(pack, name, settings[name]) for name in item.interpretations),
        tuple(Branch(branch.label, branch.status, branch.shown, branch.limit) for branch in branches),
        tuple(file for file in files if names.intersection(file.criteria)),
        bool(names.intersection(changed)),
        "" if found is None else found.finding,
        "" if found is None else found.note,
        "" if found is None else str(found.found_by),
        "" if found is None else f"{timezone.localtime(found.found_at):%H:%M}",
    )


def _outcome(item: Criterion, seen: SubmittedCriterion | None) -> Outcome:
    if seen is not None:
        return seen.status
    return Outcome.NEEDS_REVIEW if item.question else Outcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class Viewer:
    """The paper that lies open, as pictures of its pages. ``fault`` says why it cannot be shown."""

    file: FrozenFile
    page: int
    pages: int
    fault: str = ""


def open_paper(application: Application, file: FrozenFile | None, page: int) -> Viewer | None:
    """A paper at a page; the nearest page where there is no such."""
    if file is None:
        return None
    stored = stored_file(application, file)
    if stored is None:
        return Viewer(file, 1, 0, "存储里没有与提交时摘要一致的文件，请联系平台的系统管理员。")
    try:
        pages = pages_of(stored)
    except Unshowable as unshowable:
        return Viewer(file, 1, 0, str(unshowable))
    return Viewer(file, min(max(page, 1), pages), pages)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """Who holds a case, until when, and what follows when it takes longer."""

    holder: str
    left: Due | None
    length: str
    late: str
    cite: str
    clauses: tuple[Clause, ...]


def clock_of(application: Application) -> ClockLine:
    """The clock of a case as it stands. Its limit is the stage's, or the applicant's while it is returned."""
    holder = holder_of(application)
    status = Status(application.status)
    name = "correction" if status == Status.RETURNED else TIMED.get(status, "")
    limit = application.correction if status == Status.RETURNED else application.deadline
    rule = limit_of(application.call, name) if name else {}
    unit = "个工作日" if rule.get("day_kind") == DayUnit.WORKING else "天"
    cite = rule.get("cite", "")
    return ClockLine(
        "" if holder is None else holder.organisation.name,
        None
        if limit is None or application.ended_at is not None
        else due(limit, current_calendar(), today=timezone.localdate()),
        f"{rule['days']} {unit}" if rule else "",
        rule.get("late", ""),
        cite,
        clauses(pack_of(application.call), [cite]) if cite else (),
    )


def history_of(application: Application, person: int | None) -> list[LogEntry]:
    """What was done to a case, the newest first; an enterprise's people and experts are named by their side alone."""
    acts = Act.objects.filter(case=CaseKind.APPLICATION, case_id=application.pk).order_by("-id")
    return [
        LogEntry(
            act.at,
            act.label,
            _SIDES.get(Level(act.level)) or f"{act.organisation}　{act.user_name}".strip("　"),
            # The reason for replacing an expert would give away who the experts are.
            "" if act.act == "replace_expert" else "　".join(part for part in (act.reason, act.cite) if part),
            mine=person is not None and act.user_id == person,
        )
        for act in acts
    ]
