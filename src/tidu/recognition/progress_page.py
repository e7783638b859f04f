"""The progress of an application as its enterprise sees it: the way, who holds it, until when, and what comes next.

Who reviews is told by organisation and office, never by name; experts are not told apart at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.calendar import Due, current_calendar, due
from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.core.figures import day_with_weekday, short_day
from tidu.core.models import Deadline
from tidu.core.moments import end
from tidu.core.roles import Role
from tidu.core.workspace import Kpi, Step
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.route import Route, Stop
from tidu.recognition.afterwards import after_application, is_over, lost_title
from tidu.recognition.models import (
    FINAL,
    Act,
    Application,
    Call,
    CaseKind,
    Inquiry,
    Level,
    Notice,
    Stage,
    Status,
)
from tidu.recognition.process.clocks import TIMED
from tidu.recognition.process.following import holder_of
from tidu.recognition.process.rules import limit_of, pack_of, route_of_call
from tidu.recognition.process.window import last_moment
from tidu.recognition.progress_outlook import (
    UNITS,
    Deed,
    Outlook,
    deeds,
    outlooks,
    stop_cite,
    stop_label,
    to_do,
)
from tidu.recognition.queries.differences import difference
from tidu.recognition.queries.titles import title_state

_ICONS: Final = {
    Stage.APPLY: "send",
    Stage.DISTRICT: "building-community",
    Stage.EXPERTS: "users",
    Stage.DECISION: "scale",
    Stage.NOTICE: "speakerphone",
    Stage.RECOGNITION: "rosette-discount-check",
}
_STAGE_OF: Final = {
    Status.DISTRICT: Stage.DISTRICT,
    Status.EXPERTS: Stage.EXPERTS,
    Status.DECISION: Stage.DECISION,
    Status.SELECTED: Stage.NOTICE,
    Status.NOTICE: Stage.NOTICE,
    Status.RECOGNISED: Stage.RECOGNITION,
}
_HEADLINES: Final = {
    Status.DRAFT: "还没有提交",
    Status.RETURNED: "等您补正",
    Status.EXPERTS: "专家正在评审",
    Status.DECISION: "等待研究决定",
    Status.SELECTED: "已列入拟认定名单，等待公示",
    Status.NOTICE: "拟认定名单正在公示",
    Status.RECOGNISED: "已经认定",
    Status.NOT_RECOMMENDED: "没有获得推荐，办理到此结束",
    Status.NOT_RECOGNISED: "没有获得认定，办理到此结束",
    Status.WITHDRAWN: "已经撤回，办理到此结束",
    Status.LAPSED: "逾期失效，办理到此结束",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was done: when, by which side, why, on which clause."""

    at: dt.datetime
    text: str
    by: str
    note: str
    detail: str
    clauses: tuple[Clause, ...]
    mine: bool
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything on the page."""

    title: str
    headline: str
    steps: tuple[Step, ...]
    kpis: tuple[Kpi, ...]
    happenings: tuple[Happening, ...]
    to_do: str
    outlooks: tuple[Outlook, ...]
    deeds: tuple[Deed, ...]
    inquiries: tuple[Inquiry, ...]
    ended: bool
    clauses: tuple[Clause, ...]


def progress_of(application: Application, actor: Actor) -> Progress:
    """The progress of an application. The same few queries whatever has happened; a few more once it is over."""
    return _Builder(application, actor).build()


class _Builder:
    def __init__(self, application: Application, actor: Actor) -> None:
        self._application = application
        self._actor = actor
        self._call: Call = application.call
        self._status = Status(application.status)
        self._route: Route = route_of_call(self._call)
        self._pack: Pack = pack_of(self._call)
        self._today = timezone.localdate()
        self._calendar = current_calendar()
        rows = Act.objects.filter(case=CaseKind.APPLICATION, case_id=application.pk, shown=True)
        self._acts = list(rows.order_by("id"))
        self._inquiries = list(application.inquiries.select_related("deadline").order_by("id"))
        self._submissions = list(application.submissions.order_by("number"))
        self._notice = (
            Notice.objects.filter(items__application=application, items__recalled=False).first()
            if self._status == Status.NOTICE
            else None
        )

    def build(self) -> Progress:
        ended = self._status in FINAL
        open_inquiries = tuple(self._open_inquiries())
        asked = bool(open_inquiries)
        recognition = self._pack.recognition(self._call.tier)
        return Progress(
            f"{recognition.title}{self._call.noun}",
            self._headline(),
            tuple(self._steps()),
            () if ended else tuple(self._kpis()),
            tuple(reversed(list(self._happenings()))),
            to_do(self._application, asked=asked),
            tuple(self._outlooks()),
            tuple(deeds(self._application, self._actor, open_inquiries, len(self._submissions))),
            open_inquiries,
            ended,
            clauses(self._pack, [self._application.cite]) if self._application.cite else (),
        )

    def _outlooks(self) -> Iterator[Outlook]:
        if is_over(self._application):
            return after_application(self._application, self._actor, self._route)
        return outlooks(self._application, self._route)

    def _open_inquiries(self) -> Iterator[Inquiry]:
        return (inquiry for inquiry in self._inquiries if inquiry.answered_at is None)

    # ---- the way

    def _headline(self) -> str:
        stages = [stop.stage for stop in self._route.stops]
        place = stages.index(self._application.stage) + 1 if self._application.stage in stages else 1
        holder = holder_of(self._application) if self._status == Status.DISTRICT else None
        said = (
            f"{holder.organisation.name}正在审核"
            if holder is not None
            else _HEADLINES.get(self._status, self._application.get_status_display())
        )
        if (lost := lost_title(self._application)) is not None:
            said = f"曾获认定，称号{title_state(lost, self._today).standing.label}"
        if self._status == Status.DISTRICT and any(self._open_inquiries()):
            said = "审核人有问题，等您答复"
        return said if self._status in FINAL else f"第 {place} 步，共 {len(stages)} 步：{said}"

    def _steps(self) -> Iterator[Step]:
        stages = [Stage(stop.stage) for stop in self._route.stops]
        here = stages.index(Stage(self._application.stage)) if self._application.stage in stages else 0
        entered = self._entered()
        for place, stop in enumerate(self._route.stops):
            stage = stages[place]
            state = "done" if place < here else "now" if place == here else "todo"
            if self._status == Status.RECOGNISED:
                state = "done"
            following = entered.get(stages[place + 1]) if place + 1 < len(stages) else None
            yield Step(
                stop_label(stop, self._route.notice),
                self._note(stop, state, entered.get(stage), following),
                state,
                _ICONS[stage],
                clauses=clauses(self._pack, [stop_cite(stop, self._route.notice)]),
            )

    def _entered(self) -> dict[Stage, dt.datetime]:
        """When each stage was reached; a stage that was left and reached again counts from the last time."""
        found: dict[Stage, dt.datetime] = {Stage.APPLY: self._application.started_at}
        for act in self._acts:
            stage = _STAGE_OF.get(Status(act.after)) if act.after in Status.values else None
            if stage is not None and act.before not in {act.after, Status.RETURNED}:
                found[stage] = act.at
        return found

    def _note(self, stop: Stop, state: str, since: dt.datetime | None, following: dt.datetime | None) -> str:
        if state == "done":
            at = following or self._application.ended_at
            if stop.stage == "apply" and self._application.submitted_at is not None:
                return f"{self._day(self._application.submitted_at)} 提交"
            return "" if at is None else f"{self._day(at)} 完成"
        if state == "todo":
            return "" if self._status in FINAL else self._span(stop)
        if self._status in FINAL:
            return "在此结束"
        if stop.stage == "apply":
            return f"{end(last_moment(self._call))} 截止"
        running = self._limit()
        if running is None:
            return self._open_end(since)
        if running.stopped_on is not None:
            return "时钟已停"
        return f"进行中，{short_day(running.due_on, self._today)} 前"

    def _open_end(self, since: dt.datetime | None) -> str:
        if self._notice is not None:
            return f"{end(self._notice.ends_at)} 期满"
        return "" if since is None else f"{self._day(since)} 起"

    def _span(self, stop: Stop) -> str:
        if stop.stage not in TIMED.values():
            return ""
        limit = limit_of(self._call, stop.stage)
        return f"时限 {limit['days']} {UNITS[limit['day_kind']]}"

    def _day(self, at: dt.datetime) -> str:
        return short_day(timezone.localdate(at), self._today)

    # ---- who, until when, and what then

    def _limit(self) -> Deadline | None:
        return self._application.deadline

    def _kpis(self) -> Iterator[Kpi]:
        mine = self._mine()
        yield self._holder(mine=mine is not None or self._status in {Status.DRAFT, Status.RETURNED})
        yield self._left(mine)
        if self._application.deadline is not None:
            yield self._stopped(self._application.deadline)
        yield self._late(mine is not None)

    def _mine(self) -> Deadline | None:
        """The applicant's own limit, where it is the applicant's turn."""
        if self._status == Status.RETURNED:
            return self._application.correction
        asked = next(self._open_inquiries(), None)
        return None if asked is None else asked.deadline

    def _holder(self, *, mine: bool) -> Kpi:
        if mine:
            return Kpi("现在由谁办", "贵企业", note=self._own_turn(), words=True)
        holder = holder_of(self._application)
        if holder is None:
            return Kpi("现在由谁办", "—", words=True)
        contacts = self._call.contacts if holder.role == Role.CITY_OFFICER else ""
        return Kpi(
            "现在由谁办", holder.organisation.name, note=contacts or Role(holder.role).label, words=True
        )

    def _own_turn(self) -> str:
        if self._status == Status.DRAFT:
            return "填好后由企业负责人提交"
        return "按退回的理由补正后再次提交" if self._status == Status.RETURNED else "请答复审核人的问题"

    def _left(self, mine: Deadline | None) -> Kpi:
        if self._status == Status.DRAFT:
            until = last_moment(self._call)
            return _kpi_of_window("离截止还有", until, ("受理", "已截止", "截止"))
        if self._notice is not None:
            shown = _kpi_of_window("公示还有", self._notice.ends_at, ("公示", "已期满", "期满"))
            return replace(shown, kind="", url=reverse("recognition:notice", args=[self._notice.pk]))
        running = mine or self._limit()
        if running is None:
            return Kpi("这一步还剩", "—", note="这一步没有规定时限", words=True)
        found: Due = due(running, self._calendar, today=self._today)
        unit = UNITS[running.unit]
        note = f"时限 {running.length} {unit}"
        if found.left is None:
            return Kpi("这一步还剩", "已停表", note=f"{note}，恢复后接着计算", words=True)
        note = f"{note}，{day_with_weekday(running.due_on)}截止{f'（{found.note}）' if found.note else ''}"
        kind = {"soon": "warn", "over": "bad"}.get(found.value, "")
        if found.left < 0:
            return Kpi("这一步已逾期", str(-found.left), unit, note, kind)
        return Kpi("这一步还剩", str(found.left), unit, note, kind)

    def _stopped(self, limit: Deadline) -> Kpi:
        unit = UNITS[limit.unit]
        if limit.stopped_on is not None:
            since = short_day(limit.stopped_on, self._today)
            return Kpi(
                "停表",
                str(max((self._today - limit.stopped_on).days, 0)),
                "天",
                f"{since} 起等贵企业，不计入时限",
            )
        if not limit.stops:
            return Kpi("停表", "0", unit, "等您补正或答复时停表，不计入时限")
        first, last = limit.stops[-1]
        between = f"{_short(first, self._today)} 至 {_short(last, self._today)}"
        return Kpi("停表", str(limit.stopped_days), unit, f"{between} 等贵企业，不计入时限")

    def _late(self, mine: bool) -> Kpi:  # noqa: FBT001 - private, called once above
        if self._status == Status.DRAFT:
            return Kpi("逾期会怎样", "不再受理", note="截止后没有提交的自动失效", words=True)
        name = (
            "correction"
            if self._status == Status.RETURNED
            else "inquiry"
            if mine
            else TIMED.get(self._status, "")
        )
        if self._notice is not None:
            return Kpi("期满以后", "办理认定", note="没有异议的印发认定文件，有异议的先核实", words=True)
        if not name:
            return Kpi("逾期会怎样", "—", note="公示和认定按公告的日期办理", words=True)
        said = str(limit_of(self._call, name)["late"])
        first, comma, rest = said.partition("，")
        note = (
            f"不影响您的{self._call.noun}，您无需操作" if not mine and self._status != Status.RETURNED else ""
        )
        return Kpi("逾期会怎样", (rest if comma else first).rstrip("。"), note=note or first, words=True)

    # ---- what happened

    def _happenings(self) -> Iterator[Happening]:
        numbered = iter(self._submissions)
        for act in self._acts:
            shown = self._happening(act)
            if act.act in {"submit", "resubmit"}:
                submission = next(numbered, None)
                if submission is not None:
                    address = reverse(
                        "recognition:submission", args=[self._application.pk, submission.number]
                    )
                    shown = replace(
                        shown, detail=self._frozen(submission.number), url=address, link="查看提交的内容"
                    )
            yield shown

    def _happening(self, act: Act) -> Happening:
        mine = act.level == Level.ENTERPRISE
        by = {
            Level.ENTERPRISE: act.user_name,
            Level.EXPERT: "评审专家",
            Level.SYSTEM: "系统",
        }.get(Level(act.level), act.organisation or Level(act.level).label)
        return Happening(
            act.at,
            f"您{act.label}" if mine and act.user_id == self._actor.user_id else act.label,
            by,
            act.reason,
            "",
            clauses(self._pack, [act.cite]) if act.cite else (),
            mine,
        )

    def _frozen(self, number: int) -> str:
        content = self._submissions[number - 1].content
        if number == 1:
            facts = len(content.get("facts", ()))
            papers = len({item["id"] for item in content.get("evidence", ())})
            return f"内容已冻结：数据 {facts} 项，材料 {papers} 份。"
        return difference(self._submissions[number - 2], self._submissions[number - 1]).words


def _short(text: str, today: dt.date) -> str:
    return short_day(dt.date.fromisoformat(text), today)


def _kpi_of_window(label: str, until: dt.datetime, over: tuple[str, str, str]) -> Kpi:
    """How long until a moment. ``over`` names what ends, how it is called after that, the word behind the moment."""
    seconds = (until - timezone.now()).total_seconds()
    what, closed, word = over
    note = f"{end(until)} {word}"
    if seconds <= 0:
        return Kpi(what, closed, note=note, kind="bad", words=True)
    days, hours = int(seconds // 86_400), int(seconds % 86_400 // 3600)
    kind = "warn" if days < 3 else ""  # noqa: PLR2004 - as everywhere: three days before the end it begins to warn
    if days:
        return Kpi(label, str(days), "天", note, kind)
    return Kpi(
        label, str(hours) if hours else str(int(seconds // 60)), "小时" if hours else "分钟", note, "warn"
    )
