"""What a submission leaves open, condition by condition: not met, unknown, unanswered, or without any document.

Read from what was frozen. It decides nothing; but nobody recommends over it without having been told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from django.db.models import OuterRef, Subquery

from tidu.policy.documents.criteria import Criterion, Group
from tidu.policy.status import Status as Outcome
from tidu.recognition.models import Application, Call, Submission
from tidu.recognition.process.rules import pack_of, settings_of
from tidu.recognition.queries.submissions import SubmittedContent, read_submission


class Lack(Enum):
    """What a condition lacks, the gravest first."""

    NOT_MET = "不符合"
    UNKNOWN = "待补充"
    UNSAID = "没有自述"
    BARE = "没有证明材料"


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One condition that is open, by what it lacks most."""

    id: str
    label: str
    cite: str
    lack: Lack
    note: str = ""


def open_points(call: Call, content: SubmittedContent) -> tuple[OpenPoint, ...]:
    """What is open, in the order of the document. Conditions that others make up for are left out. No query."""
    root = pack_of(call).criteria(call.tier, settings_of(call)).root
    return tuple(_of_group(root, content))


def settled(call: Call, content: SubmittedContent, *, besides: Collection[str]) -> tuple[str, ...]:
    """The conditions that the machine found met, that no person must judge and that lack no document.

    ``besides`` names those that are left out: judged already, or changed by a correction. No query.
    """
    found = []
    for item in pack_of(call).criteria(call.tier, settings_of(call)).criteria:
        seen = content.criterion(item.id)
        met = item.question is None and seen is not None and seen.status is Outcome.MET
        if met and item.id not in besides and not _bare(item, content):
            found.append(item.id)
    return tuple(found)


def open_points_of(applications: Collection[Application]) -> dict[int, tuple[OpenPoint, ...]]:
    """The same of the last submission of each of several cases. One query."""
    last = Submission.objects.filter(application=OuterRef("application")).order_by("-number")
    rows = Submission.objects.filter(
        application__in=applications, number=Subquery(last.values("number")[:1])
    ).order_by()
    calls = {item.pk: item.call for item in applications}
    return {
        item.application_id: open_points(calls[item.application_id], read_submission(item)) for item in rows
    }


def counted(points: Collection[OpenPoint]) -> str:
    """How many of each kind: ``3 项待补充、2 项没有证明材料``; empty where nothing is open."""
    numbers = Counter(item.lack for item in points)
    return "、".join(f"{numbers[lack]} 项{lack.value}" for lack in Lack if numbers[lack])


def _of_group(group: Group, content: SubmittedContent) -> Iterator[OpenPoint]:
    parts = [tuple(_of_part(part, content)) for part in group.parts]
    if sum(not points for points in parts) < group.wanted:
        for points in parts:
            yield from points


def _of_part(part: Group | Criterion, content: SubmittedContent) -> Iterator[OpenPoint]:
    if isinstance(part, Group):
        yield from _of_group(part, content)
        return
    seen = content.criterion(part.id)
    lack = _lack(part, content, Outcome.UNKNOWN if seen is None else seen.status)
    if lack is not None:
        note = "" if seen is None or lack is not Lack.UNKNOWN else "、".join(seen.missing)
        yield OpenPoint(part.id, part.label, part.cite or "", lack, note)


def _lack(criterion: Criterion, content: SubmittedContent, outcome: Outcome) -> Lack | None:
    if outcome is Outcome.NOT_MET:
        return Lack.NOT_MET
    if criterion.question is not None and outcome is not Outcome.MET:
        if not content.statements.get(criterion.id, "").strip():
            return Lack.UNSAID
    elif outcome is Outcome.UNKNOWN:
        return Lack.UNKNOWN
    return Lack.BARE if _bare(criterion, content) else None


def _bare(criterion: Criterion, content: SubmittedContent) -> bool:
    """Whether the call asks for a document that proves it, and none is there.

    What a department has confirmed, or a title in the register shows, needs none.
    """
    family = (criterion, *criterion.branches)
    kinds = {kind for item in family for kind in item.evidence} & {item.kind for item in content.materials}
    if not kinds or criterion.titles:
        return False
    names = {item.id for item in family}
    if any(item.kind in kinds or item.criterion in names for item in content.evidence):
        return False
    facts = [fact for name in names for fact in content.facts_of(name)]
    return not facts or any(fact.source != "confirmed" for fact in facts)
