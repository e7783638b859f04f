"""A conflict that comes up after the draw: the file leaves its expert's hands, a sheet that is in is pointed out."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.urls import reverse

from tidu.accounts.models import Interest
from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.roles import Role
from tidu.desk.actions import notify, open_task
from tidu.recognition.actions.assignments import chair_of
from tidu.recognition.actions.replacing import REPLACE, TOPIC, give_back, locked_panel
from tidu.recognition.models import Assignment, CaseKind, Level, Panel
from tidu.recognition.models.reviews import AssignmentQuerySet
from tidu.recognition.process.moving import write_act
from tidu.recognition.queries.assignments import UNDER_WAY, with_both_sides
from tidu.recognition.queries.conflicts import conflicts_in

_LONGEST_REASON: Final = 300


def end_all_conflicts() -> int:
    """End the assignments, in all panels, that have come into conflict since the last look. Returns how many."""
    panels = Panel.objects.filter(state=Panel.State.OPEN).order_by("pk").values_list("pk", flat=True)
    return sum(end_conflicts(actor=SYSTEM, rows=Assignment.objects.filter(panel=panel)) for panel in panels)


def end_conflicts(*, actor: Actor, rows: AssignmentQuerySet) -> int:
    """Of these files, end those whose experts are in conflict now. Returns how many; what it has ended it leaves alone.

    A file in hand goes to another expert; what its sheet held is kept and does not count. A sheet that was handed in
    stays and is pointed out to the chair and the city, who may replace it.
    """
    found = conflicts_in(with_both_sides(rows.filter(UNDER_WAY)))
    if not found:
        return 0
    panels = Assignment.objects.filter(pk__in=found).order_by("panel_id").values_list("panel_id", flat=True)
    return sum(_end_in(actor, panel, found) for panel in panels.distinct())


def follow_interest(*, actor: Actor, interest: Interest, **_: object) -> None:
    """Take files out of the hands of an expert who has declared an interest. Connected to ``interest_changed``."""
    end_conflicts(actor=actor, rows=Assignment.objects.filter(expert__user=interest.person_id))


@transaction.atomic
def _end_in(actor: Actor, number: int, found: dict[int, str]) -> int:
    panel = locked_panel(number)
    held = Assignment.objects.filter(UNDER_WAY, panel=panel, pk__in=found).order_by("pk")
    sheets = with_both_sides(held.select_for_update(of=("self",)))
    for sheet in sheets:
        why, handed_in = found[sheet.pk][:_LONGEST_REASON], sheet.state == Assignment.State.SUBMITTED
        drawn = None
        if handed_in:
            sheet.conflict = why
            sheet.save(update_fields=["conflict"])
        else:
            drawn = give_back(
                actor=actor, panel=panel, assignment=sheet, state=Assignment.State.AVOIDED, why=why
            )
        label = "已交的评审意见被查出利害关系" if handed_in else "专家因利害关系退出评审"
        write_act(
            actor=SYSTEM,
            case=CaseKind.APPLICATION,
            case_id=sheet.application_id,
            act="conflict",
            label=label,
            level=Level.SYSTEM,
            shown=False,
        )
        _tell(actor, panel, sheet, handed_in=handed_in)
        record(
            actor=actor,
            action=f"recognition.assignment.{'flagged' if handed_in else 'conflicted'}",
            subject=sheet,
            enterprise_id=sheet.application.enterprise_id,
            detail={"panel": panel.pk, "reason": why, "drawn": drawn is not None},
        )
    if any(sheet.state == Assignment.State.SUBMITTED for sheet in sheets):
        open_task(
            actor=actor,
            kind=REPLACE,
            title=f"已交的评审意见有应当回避的，请更换专家：{panel.call.batch_name}{panel.name}",
            url=reverse("recognition:panel", args=[panel.pk]),
            organisation=panel.call.organisation,
            role=Role.CITY_OFFICER,
            subject=panel,
        )
    return len(sheets)


def _tell(actor: Actor, panel: Panel, sheet: Assignment, *, handed_in: bool) -> None:
    """Tell the chair without a name, and the expert without saying which file it was."""
    chair = Assignment.objects.select_related("expert__user").filter(
        pk=chair_of(panel, sheet.application_id) or 0
    )
    for found in chair:
        notify(
            actor=actor,
            topic=TOPIC,
            title=f"{found.label}有 1 名专家应当回避",
            body="这名专家的意见已经提交，由组织单位决定是否更换。"
            if handed_in
            else "这名专家已退出，组织单位另行安排专家。",
            url=reverse("recognition:assignment", args=[found.pk]),
            users=[found.expert.user],
            key=f"assignment-{sheet.pk}-conflict",
        )
    notify(
        actor=actor,
        topic=TOPIC,
        title="有评审件因利害关系移出您的任务",
        body="已填的内容留存备查，不再由您修改。有疑问请联系组织单位。",
        url=reverse("recognition:assignments"),
        users=[sheet.expert.user],
        key=f"assignment-{sheet.pk}-moved",
    )
