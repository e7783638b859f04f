"""What the home page of an expert shows: files to declare, to judge, and the next last day."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.workspace import Kpi, Progress
from tidu.desk.figures import NextStep
from tidu.recognition.models import Assignment
from tidu.recognition.queries.assignments import counted
from tidu.recognition.queries.experts import own_membership, profile_of


def expert_figures(actor: Actor) -> list[Kpi]:
    """Files by what they want. One query."""
    found = counted(actor)
    url = reverse("recognition:assignments")
    waiting = found.undeclared + found.open
    late = found.due_on is not None and found.due_on < timezone.localdate()
    return [
        Kpi(
            "待声明",
            str(found.undeclared),
            "件",
            kind="warn" if found.undeclared else "",
            url=f"{url}?state={Assignment.State.ASSIGNED}",
        ),
        Kpi("待评审", str(found.open), "件", url=f"{url}?state={Assignment.State.OPEN}"),
        Kpi(
            "最近到期",
            "—" if found.due_on is None else found.due_on.isoformat(),
            note="已逾期" if late else ("请在这天前提交" if waiting else "没有要交的意见"),
            kind="bad" if late else "",
            url=url,
            words=True,
        ),
    ]


def expert_steps(actor: Actor) -> list[NextStep]:
    """The declaration of interests first, then the files. Two queries."""
    found = counted(actor)
    membership = own_membership(actor)
    profile = None if membership is None else profile_of(membership)
    declared = profile is not None and profile.own_declared_at is not None
    url = reverse("recognition:assignments")
    steps = [
        NextStep(
            "申报利害关系",
            reverse("recognition:own-interests"),
            "查看申报" if declared else "去申报",
            "工作单位、任职、持股，抽取时据此回避",
            icon="shield-check",
            done=declared,
            order=10,
        )
    ]
    if found.undeclared:
        steps.append(
            NextStep(
                f"声明 {found.undeclared} 件评审有没有利害关系",
                f"{url}?state={Assignment.State.ASSIGNED}",
                "去声明",
                icon="user-check",
                order=20,
            )
        )
    if found.open or found.submitted:
        total = found.undeclared + found.open + found.submitted
        over = not (found.open or found.undeclared)
        steps.append(
            NextStep(
                "提交评审意见",
                f"{url}?state={Assignment.State.SUBMITTED if over else Assignment.State.OPEN}",
                "查看意见" if over else "接着评",
                icon="edit",
                progress=Progress("已提交", found.submitted, total, "件"),
                done=over,
                order=30,
            )
        )
    return steps
