"""What the pages of titles, changes, re-reviews and cancellations are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tidu.core.actor import Actor
from tidu.core.calendar import Calendar, Due, current_calendar, due
from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.core.models import Deadline
from tidu.core.models.deadlines import DayUnit
from tidu.core.roles import ENTERPRISE_ROLES
from tidu.core.workspace import LogEntry, Step
from tidu.policy.documents.pack_document import Reporting
from tidu.recognition.models import Act, Call, Cancellation, ChangeReport, Level, Status
from tidu.recognition.process.life_moving import history_of
from tidu.recognition.queries.title_rules import TitleRule, rule_of
from tidu.recognition.queries.titles import TitleStanding, title_state
from tidu.registry.models import Title

CHANGE_PILLS: Final = {
    ChangeReport.State.REPORTED: "run",
    ChangeReport.State.DECISION: "needs_review",
    ChangeReport.State.ACCEPTED: "met",
    ChangeReport.State.REFUSED: "not_met",
    ChangeReport.State.WITHDRAWN: "expired",
}
CASE_PILLS: Final = {
    Cancellation.State.OPENED: "soon",
    Cancellation.State.NOTIFIED: "run",
    Cancellation.State.REPLIED: "needs_review",
    Cancellation.State.PROPOSED: "needs_review",
    Cancellation.State.CANCELLED: "revoked",
    Cancellation.State.DROPPED: "met",
}
CAMPAIGN_PILLS: Final = {
    Call.State.DRAFT: "soon",
    Call.State.APPROVAL: "needs_review",
    Call.State.PUBLISHED: "run",
    Call.State.FINISHED: "met",
    Call.State.WITHDRAWN: "expired",
}
REVIEW_PILLS: Final = {
    Status.DRAFT: "unknown",
    Status.RECOGNISED: "met",
    Status.NOT_RECOMMENDED: "not_met",
    Status.NOT_RECOGNISED: "not_met",
    Status.LAPSED: "overdue",
    Status.WITHDRAWN: "expired",
}
_STAFF_SIDE: Final = {Level.DISTRICT: "区县工信部门", Level.CITY: "市工信部门", Level.SYSTEM: "系统"}


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A title in a list: how it stands, and what goes on about it."""

    title: Title
    standing: TitleStanding
    work: tuple[tuple[str, str], ...]

    @property
    def term(self) -> str:
        """From when to when."""
        until = self.title.valid_until.isoformat() if self.title.valid_until else "未定"
        return f"{self.title.recognised_on.isoformat()} 至 {until}"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that the holder of a title has to do: what, until when, what follows, and the clause.

    ``declared`` marks a limit that no document sets.
    """

    label: str
    text: str
    clauses: tuple[Clause, ...]
    declared: bool = False


def row_of(title: Title, today: dt.date) -> TitleRow:
    """A title that was read with what goes on about it."""
    work = []
    status = getattr(title, "review_status", None)
    if status:
        work.append(("run", f"复核：{Status(status).label}"))
    if getattr(title, "open_change", False):
        work.append(("needs_review", "变更待审定"))
    if getattr(title, "open_case", False):
        work.append(("overdue", "取消案件办理中"))
    if getattr(title, "renewed", False):
        work.append(("met", "已有新的有效期"))
    return TitleRow(title, title_state(title, today), tuple(work))


def duties_of(title: Title, rule: TitleRule | None) -> tuple[Duty, ...]:
    """What the holder of a title has to report and to expect, in the words of its document."""
    if rule is None:
        return ()
    pack, recognition = rule.pack, rule.recognition
    where = "" if rule.own else "，在认定机关的平台报告"
    found = [
        Duty(
            "发生更名、合并、迁移、重组等重大变化",
            f"{rule.changes_words}内报告{where}",
            clauses(pack, (recognition.changes_cite,)),
            rule.changes_silent,
        )
    ]
    found += [
        Duty(
            item.label, f"{_when(item)}{f'。{item.lapse}' if item.lapse else ''}", clauses(pack, (item.cite,))
        )
        for item in pack.document.reporting
    ]
    review = recognition.re_review
    if review is not None and title.valid_until is not None:
        found.append(
            Duty(
                "复核",
                f"有效期到 {title.valid_until.isoformat()}。{review.summary}",
                clauses(pack, (review.cite,)),
            )
        )
    return tuple(found)


def log_of(row: ChangeReport | Cancellation, actor: Actor) -> list[LogEntry]:
    """What was done, newest first. The enterprise reads what it is told, and of which side, not by whom."""
    acts = history_of(row)
    if actor.role in ENTERPRISE_ROLES:
        return [_told(act) for act in acts if act.shown]
    return [
        LogEntry(act.at, act.label, _by(act), act.reason, mine=act.user_id == actor.user_id) for act in acts
    ]


def due_of(deadline: Deadline | None, *, running: bool, calendar: Calendar | None = None) -> Due | None:
    """How long is left of a limit, while it runs. Lists give the calendar, which is read once."""
    if deadline is None or not running:
        return None
    return due(deadline, calendar or current_calendar())


def case_steps(case: Cancellation, *, named: bool) -> tuple[Step, ...]:
    """The picture of a cancellation. Officers are named to officers alone."""
    state = Cancellation.State
    order = (state.OPENED, state.NOTIFIED, state.REPLIED, state.PROPOSED, state.CANCELLED)
    at = 4 if case.state in {state.CANCELLED, state.DROPPED} else order.index(state(case.state))
    ended = case.decided_at is not None
    until = f"陈述至 {case.deadline.due_on.isoformat()}" if case.deadline else "发出告知书后起算"
    heard = f"{case.replied_at:%Y-%m-%d} 已陈述" if case.replied_at else until
    pictures = (
        ("立案", f"{case.opened_at:%Y-%m-%d}", "folder-open"),
        ("告知企业", case.notice.number if case.notice and case.notice.number else "", "mail"),
        ("听取陈述和申辩", heard, "message-report"),
        ("提出处理意见", case.proposed_by.name if named and case.proposed_by else "", "edit"),
        ("另一人确认", case.get_state_display() if ended else "", "user-check"),
    )
    # Two steps of the picture belong to one state: told, and waiting for the reply.
    now = {0: 1, 1: 2, 2: 3, 3: 4, 4: 5}[at]
    return tuple(
        Step(label, note, "done" if ended or place < now else "now" if place == now else "todo", icon)
        for place, (label, note, icon) in enumerate(pictures)
    )


def change_steps(change: ChangeReport) -> tuple[Step, ...]:
    """The picture of a change report."""
    state = ChangeReport.State
    now = {state.REPORTED: 1, state.DECISION: 2}.get(state(change.state), 3)
    pictures = (
        ("企业报告", f"{change.reported_at:%Y-%m-%d}", "send"),
        ("区县核实", "", "list-check"),
        ("市级审定", change.get_state_display() if now == 3 else "", "user-check"),  # noqa: PLR2004 - behind the last
    )
    return tuple(
        Step(label, note, "done" if place < now else "now" if place == now else "todo", icon)
        for place, (label, note, icon) in enumerate(pictures)
    )


def limit_words(rule: TitleRule | None) -> tuple[str, tuple[Clause, ...], bool]:
    """The limit of reply in words, its clause, and whether it is our default."""
    if rule is None:
        return "", (), True
    days, unit, _late, cite = rule.reply_limit
    return (
        f"{days} 个{'工作日' if unit == DayUnit.WORKING else '自然日'}",
        clauses(rule.pack, (cite,)),
        not cite,
    )


def bar_words(rule: TitleRule | None, ground: str, on: dt.date) -> str:
    """For how long nobody applies again after a loss on this ground."""
    until = None if rule is None else rule.barred_until(ground, on)
    if rule is None or until is None or rule.recognition.revocation is None:
        return "文件没有规定不得再次申报的期限。"
    return f"取消后 {rule.recognition.revocation.barred}内不得再次申报。"


def cited(title: Title, cites: Sequence[str]) -> tuple[Clause, ...]:
    """The chips of clauses of a title's document."""
    rule = rule_of(title)
    return () if rule is None else clauses(rule.pack, cites)


def _when(item: Reporting) -> str:
    match item.period:
        case "year":
            if item.due_month and item.due_day:
                return f"每年 {item.due_month} 月 {item.due_day} 日以前"
            return "每年一次，时间以通知为准"
        case "quarter":
            return "每季度一次"
        case "month":
            return "每月一次"
        case _:
            return "按主管部门的通知报送"


def _told(act: Act) -> LogEntry:
    own = act.level == Level.ENTERPRISE
    return LogEntry(
        act.at,
        f"您{act.label}" if own else act.label,
        act.user_name if own else act.organisation or _STAFF_SIDE.get(Level(act.level), ""),
        act.reason,
        mine=own,
    )


def _by(act: Act) -> str:
    return "　".join(filter(None, (act.organisation, act.user_name)))
