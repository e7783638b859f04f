"""A file goes from one expert to another, drawn by the rules of its panel. Called inside the actions around it."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.calendar import close_deadline
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.recognition.models import Application, Assignment, Panel
from tidu.recognition.process.clocks import start_limit
from tidu.recognition.process.drawing import draw_replacement
from tidu.recognition.queries.conflicts import exclusions
from tidu.recognition.queries.experts import experts_of_call, load_in

_LONGEST_REASON: Final = 300
TOPIC: Final = "专家评审"
REPLACE: Final = "recognition.panel.replace"


def locked_panel(panel_id: int) -> Panel:
    """The panel, held until the transaction ends: one draw, one replacement, one closing at a time."""
    return Panel.objects.select_for_update(of=("self",)).select_related("call__organisation").get(pk=panel_id)


def give_back(
    *, actor: Actor, panel: Panel, assignment: Assignment, state: Assignment.State, why: str
) -> Assignment | None:
    """End an assignment and draw who takes it over; ``None`` where nobody may. ``panel`` is locked.

    What the sheet held stays with it, and counts for nothing.
    """
    assignment.state = state
    assignment.conflict = why[:_LONGEST_REASON]
    assignment.save(update_fields=["state", "conflict"])
    successor = draw_one_more(actor=actor, panel=panel, application=assignment.application, left=assignment)
    _say(actor, panel, assignment, successor)
    return successor


def draw_one_more(
    *, actor: Actor, panel: Panel, application: Application, left: Assignment | None = None
) -> Assignment | None:
    """One expert more for a file of a locked panel, in the place of whoever ``left`` it; ``None`` where nobody may.

    Among the panel's own pool first, then among all experts of the city. Everything goes into the record.
    """
    had = set(Assignment.objects.filter(application=application).values_list("expert__user_id", flat=True))
    load = load_in(panel.call)
    within = set(panel.drawing.get("pool", ()))
    everybody = [expert for expert in experts_of_call(panel.call) if expert.user_id not in had]
    excluded = exclusions(everybody, [application]).get(application.pk, {})
    number = len(panel.drawing.get("replacements", ())) + 1
    chosen: int | None = None
    eligible: list[int] = []
    widened = False
    for widened in (False, True):
        eligible = sorted(
            expert.pk
            for expert in everybody
            if expert.pk not in excluded and (widened or expert.pk in within)
        )
        chosen = draw_replacement(seed=panel.seed, number=number, eligible=eligible, load=load)
        if chosen is not None:
            break
    panel.drawing.setdefault("replacements", []).append(
        {
            "number": number,
            "file": application.pk,
            "for": None if left is None else left.expert_id,
            "state": "" if left is None else left.state,
            "at": timezone.now().isoformat(timespec="seconds"),
            "eligible": eligible,
            "widened": widened,
            "load": {str(expert): load.get(expert, 0) for expert in eligible},
            "excluded": {str(expert): reasons for expert, reasons in excluded.items()},
            "drawn": chosen,
        }
    )
    if chosen is not None:
        _fresh_limit(panel)
    panel.save()
    if chosen is None:
        return None
    successor = Assignment.objects.create(panel=panel, application=application, expert_id=chosen)
    tell_expert(actor, next(expert for expert in everybody if expert.pk == chosen), panel)
    return successor


def _fresh_limit(panel: Panel) -> None:
    """Whoever takes over after the limit gets a whole one."""
    limit = panel.deadline
    if limit is not None and limit.due_on < timezone.localdate():
        close_deadline(deadline=limit)
        panel.deadline = start_limit(panel.call, "experts")


def _say(actor: Actor, panel: Panel, left: Assignment, successor: Assignment | None) -> None:
    url = reverse("recognition:panel", args=[panel.pk])
    body = (
        "已按同一规则从候选专家中补抽，评审继续。"
        if successor is not None
        else "没有可以补抽的专家。请增补专家后补抽；其余意见交齐后，也可以写明理由按现有意见办结。"
    )
    notify(
        actor=actor,
        topic=TOPIC,
        title=f"{left.get_state_display()}：{panel.call.batch_name}{panel.name}有 1 件评审换了专家"[:200],
        body=body,
        url=url,
        organisation=panel.call.organisation,
        role=Role.CITY_OFFICER,
        key=f"assignment-{left.pk}-left",
    )


def tell_expert(actor: Actor, expert: Membership, panel: Panel) -> None:
    """Tell an expert that files have been assigned, without naming them: one who is in conflict learns nothing."""
    due = "" if panel.deadline is None else f"请在 {panel.deadline.due_on.isoformat()} 前提交意见。"
    notify(
        actor=actor,
        topic=TOPIC,
        title=f"有评审件分派给您：{panel.call.title}"[:200],
        body=f"打开前先逐件声明有没有利害关系。{due}",
        url=reverse("recognition:assignments"),
        users=[expert.user],
    )
