"""The work of a call in the words and pictures of its page: the steps, and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.core.moments import end
from tidu.core.roles import Role
from tidu.core.workspace import Step
from tidu.recognition.models import Call, Proposal, Status
from tidu.recognition.queries.call_work import CallWork

_STAGES: Final = (
    ("district", "旗县区审核", (Status.DISTRICT, Status.RETURNED), "list-check"),
    ("experts", "专家评审", (Status.EXPERTS,), "users"),
    ("decision", "研究决定", (Status.DECISION,), "scale"),
    ("notice", "公示", (Status.SELECTED, Status.NOTICE), "speakerphone"),
    ("recognition", "认定", (Status.RECOGNISED,), "rosette-discount-check"),
)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to be done for a call, with the button that leads to it; without ``verb`` it is only to be known."""

    text: str
    url: str = ""
    verb: str = ""
    note: str = ""
    post: bool = False


def steps_of(work: CallWork) -> tuple[Step, ...]:
    """The call's way with the number of applications at each stage."""
    steps, more = [], work.call.closes_at > timezone.now()  # whether applications may still come to a stage
    for place, (stage, label, statuses, icon) in enumerate(_STAGES):
        if stage not in work.route.stages:
            continue
        number = sum(work.counts[status] for status in statuses)
        last = stage == "recognition"
        if last and "notice" not in work.route.stages:
            number += work.counts[Status.SELECTED]
        passed = any(work.counts[status] for later in _STAGES[place + 1 :] for status in later[2])
        passed = passed or bool(work.counts[Status.NOT_RECOGNISED])
        over = passed and not more and not last
        state = "now" if number and not last else "done" if number or over else "todo"
        none = "已办完" if over else "现在没有" if passed else "尚未开始"
        note = f"{number} 家" if last else f"{number} 件" if number else none
        steps.append(Step(label, note, state, icon))
        more = more or bool(number)
    return tuple(steps)


def todos_of(work: CallWork) -> tuple[Todo, ...]:
    """What is to be done next, in the order of the way."""
    return (*todos_before_notice(work), *_on_notice(work), *_recognising(work))


def todos_before_notice(work: CallWork) -> tuple[Todo, ...]:
    """What has to be done before anything is on public notice."""
    call, counts, found = work.call, work.counts, []
    if number := counts[Status.DISTRICT] + counts[Status.RETURNED]:
        found.append(Todo(f"{number} 件在旗县区审核或补正", note="由旗县区办理，推荐后进入下一环节。"))
    if number := counts[Status.EXPERTS]:
        url = reverse("recognition:panels", args=[call.pk])
        if work.undrawn:
            found.append(Todo(f"{work.undrawn} 件等待抽取专家", url, "抽取专家"))
        if number > work.undrawn:
            found.append(Todo(f"{number - work.undrawn} 件专家评审中", url, "看评审进度"))
    found += _deciding(work)
    if (proposal := work.unpublished) is not None and proposal.pk not in work.kept_away:
        url = reverse("recognition:notice-publish", args=[proposal.pk])
        found.append(Todo(f"{counts[Status.SELECTED]} 件拟认定，等待公示", url, "发布公示"))
    return tuple(found)


def _deciding(work: CallWork) -> list[Todo]:
    proposal, number = work.open_proposal, work.counts[Status.DECISION]
    if proposal is not None and proposal.pk in work.kept_away:
        return [Todo("认定方案正在办理", note="名单里有您应当回避的企业，由同事办理。")]
    if proposal is not None:
        url = reverse("recognition:proposal", args=[proposal.pk])
        if proposal.state == Proposal.State.PROPOSED:
            note = f"{proposal.proposed_by.name}提交，由另一位同事确认。"
            return [Todo("认定方案等待确认", url, "确认认定方案", note)]
        return [Todo("认定方案正在拟定", url, "继续拟定方案", f"{proposal.proposed_by.name}拟定。")]
    if number:
        url = reverse("recognition:proposal-new", args=[work.call.pk])
        return [Todo(f"{number} 件等待研究决定", url, "拟定认定方案", post=True)]
    return []


def _on_notice(work: CallWork) -> list[Todo]:
    found = []
    if work.open_objections:
        url = f"{reverse('recognition:objections')}?state=open"
        found.append(
            Todo(
                f"{work.open_objections} 件异议未办结",
                url,
                "办理异议",
                "只影响所指的企业，其他企业照常认定。",
            )
        )
    if (notice := work.running) is not None:
        found.append(Todo(f"公示至 {end(notice.ends_at)}", note="公示期内不能认定。"))
    return found


def _recognising(work: CallWork) -> list[Todo]:
    url = reverse("recognition:recognise", args=[work.call.pk])
    if work.draft is not None:
        return [
            Todo(
                "认定文件等待印发", url, "印发认定文件", f"{work.draft.made_by.name}拟定，由另一位同事印发。"
            )
        ]
    if work.recognisable:
        return [Todo(f"{work.recognisable} 件可以认定", url, "拟定认定文件")]
    return []


def may_work(call: Call, role: Role | None) -> bool:
    """Whether somebody in this role does the work of the call, and not only reads it."""
    return role == Role.CITY_OFFICER and call.state == Call.State.PUBLISHED
