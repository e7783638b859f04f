"""What the facts of a case say against it: the reason and clause that a list proposes, taken from the file alone.

The officer decides. Where the file says nothing against a case, nothing is proposed against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tidu.core.criterion_words import NOTHING, compared
from tidu.core.figures import money_parts
from tidu.core.quoting import quoted
from tidu.policy.status import Status as Verdict
from tidu.recognition.models import Application, Call, CriterionFinding, Submission
from tidu.recognition.models.reviews import Finding
from tidu.recognition.process.rules import route_of_call
from tidu.recognition.queries.conditions import Condition, conditions_of
from tidu.recognition.queries.opinions import Opinion, opinions_of
from tidu.recognition.queries.submissions import SubmittedContent, read_submission

_MOST: Final = 3  # things that a proposed reason names


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Selected, or not with the reason and clause that the file gives."""

    selected: bool
    reason: str = ""
    cite: str = ""


def suggestions_for(call: Call, applications: Iterable[Application]) -> dict[int, Suggestion]:
    """A suggestion for each application by its number. Five queries for any number."""
    numbers = [item.pk for item in applications]
    conditions = {item.id: item for item in conditions_of(call)}
    last: dict[int, Submission] = {
        row.application_id: row
        for row in Submission.objects.filter(application__in=numbers).order_by("application_id", "number")
    }
    experts = opinions_of(numbers)
    rejected: dict[int, list[CriterionFinding]] = {}
    for found in CriterionFinding.objects.filter(
        submission__in=[row.pk for row in last.values()], finding=Finding.REJECTED
    ).order_by("pk"):
        rejected.setdefault(found.application_id, []).append(found)
    step = {stop.stage: stop.step.cite for stop in route_of_call(call).stops}
    return {
        pk: _suggestion(
            conditions,
            read_submission(last[pk]) if pk in last else None,
            rejected.get(pk, []),
            experts[pk],
            step.get("experts", ""),
        )
        for pk in numbers
    }


def _suggestion(
    conditions: dict[str, Condition],
    content: SubmittedContent | None,
    rejected: list[CriterionFinding],
    experts: Opinion,
    step: str,
) -> Suggestion:
    said = [*_machine(content), *_district(conditions, rejected), *_experts(conditions, experts, step)]
    if not said:
        return Suggestion(selected=True)
    reason = "；".join(words for words, _cite in said[:_MOST])
    if len(said) > _MOST:
        reason += f"；另有 {len(said) - _MOST} 项"
    cite = next((cite for _words, cite in said if cite), "")
    return Suggestion(selected=False, reason=f"{reason}。", cite=cite)


def _machine(content: SubmittedContent | None) -> list[tuple[str, str]]:
    """What was plainly not met when it was handed in."""
    if content is None or content.status is not Verdict.NOT_MET:
        return []
    found = []
    for item in content.top:
        if item.status is Verdict.NOT_MET:
            shown = f"填报 {item.shown}" if item.shown and item.shown != NOTHING else "按所报数据"
            figures = "".join(words for words, _ in money_parts(compared(shown, item.limit), item.limit))
            found.append((f"不符合{quoted(item.label)}：{figures}", item.cite))
    return found


def _district(conditions: dict[str, Condition], rejected: list[CriterionFinding]) -> list[tuple[str, str]]:
    """What the district did not accept beside the evidence."""
    found = []
    for item in rejected:
        condition = conditions.get(item.criterion)
        label = item.criterion if condition is None else condition.label
        note = f"：{item.note}" if item.note else ""
        found.append((f"旗县区审核不认可{quoted(label)}{note}", "" if condition is None else condition.cite))
    return found


def _experts(conditions: dict[str, Condition], experts: Opinion, step: str) -> list[tuple[str, str]]:
    """What the experts found not met by a majority, where they do not recommend the case."""
    if experts.recommends is not False:
        return []
    found = []
    for item in experts.criteria:
        if item.not_met <= item.met:
            continue
        condition = conditions.get(item.criterion)
        label = item.criterion if condition is None else condition.label
        found.append((f"专家评审认为不符合{quoted(label)}", "" if condition is None else condition.cite))
    return found or [
        (f"专家评审未建议认定（建议 {experts.positive} 人，不建议 {experts.negative} 人）", step)
    ]
