"""A call in words and figures, as lists and its page show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tidu.core import moments
from tidu.core.actor import Actor
from tidu.core.calendar import Calendar, Due
from tidu.core.citations import clauses, doubt, policy_url
from tidu.core.components import Clause, Doubt
from tidu.core.roles import Role
from tidu.core.workspace import Kpi, LogEntry
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.places import load_places
from tidu.recognition.calling.checking import faults_of, remarks_of
from tidu.recognition.calling.limits import LimitRow, limit_rows, limits_under
from tidu.recognition.calling.materials import asked_materials
from tidu.recognition.calling.notice_text import body_lines
from tidu.recognition.models import Call, CallChange
from tidu.recognition.process.rules import pack_of, recognition_of, route_of_call
from tidu.recognition.process.window import last_moment
from tidu.recognition.queries.calls import Tally

_SOON: Final = dt.timedelta(days=3)
_HOUR: Final = dt.timedelta(hours=1)
_ICONS: Final = {
    CallChange.Kind.EXTENDED: "延长受理",
    CallChange.Kind.CLOSED: "提前截止",
    CallChange.Kind.WITHDRAWN: "撤销通知",
    CallChange.Kind.RENEWED: "改用新版政策包",
}


@dataclass(frozen=True, slots=True)
class CallState:
    """Where a call stands: a key of the status pills, the word, and the time that is left."""

    pill: str
    word: str
    due: Due | None = None


def state_of(call: Call, now: dt.datetime | None = None) -> CallState:
    """Where a call stands at a moment (now)."""
    at = now or timezone.now()
    match call.state:
        case Call.State.DRAFT:
            return CallState("future", "拟稿")
        case Call.State.APPROVAL:
            return CallState("needs_review", "待审签")
        case Call.State.FINISHED:
            return CallState("met", "已办结")
        case Call.State.WITHDRAWN:
            return CallState("revoked", "已撤销")
    if at < call.opens_at:
        return CallState("future", "待受理", Due("ok", "尚未开始", timezone.localdate(call.opens_at)))
    end = last_moment(call)
    if at >= end:
        return CallState("run", "已截止，办理中")
    return CallState("force", "受理中", _left(end, at))


def _left(end: dt.datetime, at: dt.datetime) -> Due:
    left, day = end - at, timezone.localdate(end - dt.timedelta(microseconds=1))
    if left < _HOUR:
        text = f"还剩 {max(int(left.total_seconds() // 60), 1)} 分钟"
    elif left < dt.timedelta(days=1):
        text = f"还剩 {int(left.total_seconds() // 3600)} 小时"
    else:
        text = f"还剩 {left.days} 天"
    return Due("soon" if left < _SOON else "ok", text, day, left.days)


def address_of(name: str, *args: object) -> str:
    """The address of a page of another part, or an empty text where this installation has none."""
    try:
        return reverse(f"recognition:{name}", args=args)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit of the call, with its clause where it has one."""

    row: LimitRow
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One reading that the call rests on. ``usual`` names the other one where the call departs from it."""

    doubt: Doubt
    question: str
    chosen: str
    usual: str
    clauses: tuple[Clause, ...]


def page_of(call: Call, actor: Actor, tally: Tally, calendar: Calendar) -> dict[str, Any]:
    """Everything that the page of a call shows, for whoever reads it."""
    state = state_of(call)
    context: dict[str, Any] = {
        "call": call,
        "state": state,
        "body": body_lines(call.body),
        "window": (moments.moment(call.opens_at), moments.end(call.closes_at)),
        "ends": moments.end(last_of(call)),
        "districts": district_names(call),
        "tally": tally,
        "kpis": kpis_of(call, tally, actor),
        "log": log_of(call),
        "public_url": address_of("public-call", call.pk) if call.state in Call.PUBLIC_STATES else "",
        "table_url": address_of("consolidated", call.pk)
        if actor.has(Role.CITY_OFFICER) and call.state in {Call.State.PUBLISHED, Call.State.FINISHED}
        else "",
        "faults": (),
        "remarks": (),
    }
    if call.state in {Call.State.DRAFT, Call.State.APPROVAL}:
        context["faults"] = faults_of(call)
    context["remarks"] = remarks_of(call, calendar)
    try:
        pack = pack_of(call)
    except InputError:
        return context
    recognition, route = recognition_of(call), route_of_call(call)
    limits = limit_rows(limits_under(recognition, route, call.limits), route)
    context |= {
        "pack": pack,
        "policy_url": policy_url(pack),
        "recognition": recognition,
        "basis": clauses(pack, [pack.document.in_force.cite, *(stop.step.cite for stop in route.stops)]),
        "steps": [
            (stop.step.label, clauses(pack, [stop.step.cite]))
            for index, stop in enumerate(route.stops)
            if stop.step not in [other.step for other in route.stops[:index]]
        ],
        "notice": route.notice,
        "notice_clauses": () if route.notice is None else clauses(pack, [route.notice.cite]),
        "materials": asked_materials(call, pack),
        "limits": [LimitLine(row, clauses(pack, [row.cite])) for row in limits],
        "readings": reading_lines(call, pack),
    }
    return context


def last_of(call: Call) -> dt.datetime:
    """When the call stops taking applications; its own closing time where its pack cannot be read."""
    try:
        return last_moment(call)
    except InputError:
        return call.closes_at


def window_words(call: Call) -> tuple[str, str]:
    """From when and until when the call takes applications, as lists write it."""
    return moments.moment(call.opens_at), moments.end(last_of(call))


def district_names(call: Call) -> str:
    """The districts that are called, in words."""
    places = load_places().by_code
    if not call.districts:
        return "全市各旗县区、开发区"
    return "、".join(places[code].name for code in call.districts if code in places)


def reading_lines(call: Call, pack: Pack) -> list[ReadingLine]:
    """The readings that the call rests on."""
    lines = []
    for name, item in pack.document.interpretations.items():
        choice = call.readings.get(name, item.default)
        usual = "" if choice == item.default else item.choices[item.default]
        lines.append(
            ReadingLine(
                doubt(pack, name, choice),
                item.question,
                item.choices[choice],
                usual,
                clauses(pack, [item.cite]),
            )
        )
    return lines


def kpis_of(call: Call, tally: Tally, actor: Actor) -> list[Kpi]:
    """How many applications there are, and where they stand."""
    if call.state not in Call.PUBLIC_STATES:
        return []
    started = Kpi("填报中", str(tally.started), "家", "还没有提交，内容只有企业自己看得到")
    url = address_of("consolidated", call.pk) if actor.has(Role.CITY_OFFICER) else ""
    return [started, Kpi("已提交", str(tally.handed_in), "家", url=url)]


def log_of(call: Call) -> list[LogEntry]:
    """What happened to a call, newest first."""
    entries = [LogEntry(call.created_at, "拟稿", by=str(call.written_by))]
    if call.published_at is not None:
        number = "" if call.document is None else call.document.number
        entries.append(
            LogEntry(
                call.published_at,
                f"审签发布{f'，{number}' if number else ''}",
                by="" if call.approved_by is None else str(call.approved_by),
            )
        )
    for change in call.changes.select_related("made_by"):
        kind = CallChange.Kind(change.kind)
        words = f"{change.before} → {change.after}" if change.before else change.after
        entries.append(
            LogEntry(
                change.made_at,
                f"{_ICONS[kind]}：{words}",
                by=str(change.made_by),
                note=f"理由：{change.reason}",
            )
        )
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
