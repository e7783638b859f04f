"""What keeps a call from being published, and what its officers should know before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from tidu.core.calendar import Calendar
from tidu.core.moments import end_in_words, moment_in_words
from tidu.policy.documents.library import Offer
from tidu.policy.documents.pack import Force, Pack
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.places import load_places
from tidu.recognition.calling.offers import is_own
from tidu.recognition.calling.proposing import calls_a_year, held_in_full_year
from tidu.recognition.models import Call
from tidu.recognition.process.rules import pack_of
from tidu.recognition.process.window import last_moment, pack_state

#: A window with fewer working days is pointed out: notices seen too late are what applicants complain of most.
SHORT_WINDOW: Final = 10
_REQUIRED: Final = {
    "title": "请填写通知的名称。",
    "batch_name": "请填写批次，例如“2026年度第一批”。",
    "contacts": "请填写联系方式，企业有问题时知道找谁。",
    "body": "请填写通知正文。",
}


@dataclass(frozen=True, slots=True)
class CallFault:
    """Something that is missing or wrong, and the field that it is about."""

    field: str
    text: str


def faults_of(call: Call, now: dt.datetime | None = None) -> list[CallFault]:
    """Everything that keeps a call from being published at a moment (now); nothing where it is complete and allowed."""
    at = now or timezone.now()
    found = [CallFault(name, text) for name, text in _REQUIRED.items() if not getattr(call, name).strip()]
    found += _faults_of_window(call, at)
    if not call.materials:
        found.append(CallFault("materials", "请至少保留一种申报材料。"))
    places = load_places().by_code
    if any(code not in places or places[code].parent != call.place_id for code in call.districts):
        found.append(CallFault("districts", "受理的旗县区里有不属于本市的，请重新勾选。"))
    try:
        pack = pack_of(call)
        pack.settings(call.readings)
        found += [*_faults_of_pack(call, pack, at)]
    except InputError as error:
        return [*found, CallFault("pack", f"所依据的政策包不能使用：{error.problems[0].message}。")]
    if call.kind == Call.Kind.FIRST:
        found += _faults_beside_others(call, pack)
    return found


def _faults_of_window(call: Call, at: dt.datetime) -> Iterator[CallFault]:
    if call.closes_at <= at:
        yield CallFault("closes_at", "截止时间已经过了，请改到以后。")
    if not call.year - 3 <= call.base_year <= call.year:
        yield CallFault(
            "base_year", f"基准年度应在 {call.year - 3} 至 {call.year} 年之间，一般是年度的上一年。"
        )
    if abs(call.year - timezone.localtime(call.opens_at).year) > 1:
        yield CallFault("year", "年度与受理时间相差太远，请核对。")


def _faults_of_pack(call: Call, pack: Pack, at: dt.datetime) -> Iterator[CallFault]:
    name = f"《{pack.document.short_title}》"
    if call.tier not in pack.tiers:
        yield CallFault("pack", f"{name}不认定所选的称号。")
        return
    if call.kind != Call.Kind.FIRST:
        return
    if not is_own(Offer(pack, pack.recognition(call.tier)), call.place_id):
        yield CallFault("pack", f"{name}不是由本市认定的，不能据此发申报通知。")
        return
    today, opening = timezone.localdate(at), timezone.localdate(call.opens_at)
    for day, words in ((today, "今天"), (opening, "开始受理那天")):
        state = pack_state(call, day)
        if state.force is Force.NOT_YET:
            yield CallFault("pack", f"{name}{words}还没有施行，不能据此受理申报。")
            return
        if not state.in_force:
            heir = (
                "" if state.replaced_by is None else f"，由《{state.replaced_by.document.short_title}》代替"
            )
            yield CallFault("pack", f"{name}有效至 {state.until}{heir}，{words}已不能据此受理申报。")
            return


def _faults_beside_others(call: Call, pack: Pack) -> Iterator[CallFault]:
    open_at_once = overlapping(call)
    if open_at_once is not None:
        yield CallFault(
            "opens_at",
            f"与《{open_at_once.title}》的受理时间重叠（{moment_in_words(open_at_once.opens_at)}至"
            f"{end_in_words(last_moment(open_at_once))}）。同一称号同时只能有一次申报，请改在它截止以后开始受理。",
        )
    year = timezone.localtime(call.opens_at).year
    held = held_in_full_year(pack=pack, tier=call.tier, place=call.place_id, year=year, but=call.pk or 0)
    if held:
        yield CallFault(
            "opens_at",
            f"{year} 年已经组织了 {held} 次申报，文件规定每年不超过 {calls_a_year(pack, call.tier)} 次。"
            "请改到下一年受理。",
        )


def overlapping(call: Call) -> Call | None:
    """A published call for the same title of the same place that takes applications at the same time."""
    others = Call.objects.filter(
        place_id=call.place_id,
        tier=call.tier,
        kind=Call.Kind.FIRST,
        state=Call.State.PUBLISHED,
        opens_at__lt=call.closes_at,
        closes_at__gt=call.opens_at,
    ).exclude(pk=call.pk)
    return next((other for other in others if last_moment(other) > call.opens_at), None)


def remarks_of(call: Call, calendar: Calendar) -> list[str]:
    """What is allowed and still worth a second look."""
    found: list[str] = []
    try:
        state = pack_state(call)
        pack = pack_of(call)
    except InputError:
        return found
    if state.ends_in_window and state.until is not None and call.kind == Call.Kind.FIRST:
        why = "届满"
        if state.replaced_by is not None:
            why = f"由《{state.replaced_by.document.short_title}》代替"
        found.append(
            f"所依据的文件在受理期间{why}，最后一天是 {state.until}。这天 24 时以后不能再提交，"
            "尽管通知的截止时间更晚。"
        )
    if state.gone:
        found.append("政策库里已经没有这个政策包，本次申报按发布时留存的版本办理。")
    elif state.newer:
        found.append("政策包在发布以后有了新版，本次申报仍按发布时留存的版本办理。")
    if call.state in {Call.State.DRAFT, Call.State.APPROVAL}:
        found += _remarks_of_draft(call, pack, calendar)
    return found


def _remarks_of_draft(call: Call, pack: Pack, calendar: Calendar) -> Iterator[str]:
    first = timezone.localdate(max(call.opens_at, timezone.now())) - dt.timedelta(days=1)
    last = timezone.localdate(min(call.closes_at, last_moment(call)))
    days = calendar.working_days_between(first, last)
    if days < SHORT_WINDOW:
        yield f"受理时间只有 {max(days, 0)} 个工作日，企业可能来不及准备。"
    if call.body.strip() and end_in_words(call.closes_at) not in call.body:
        yield f"正文里没有写截止时间“{end_in_words(call.closes_at)}”，请核对正文与设置是否一致。"
    changed = [
        item.question
        for name, item in pack.document.interpretations.items()
        if call.readings.get(name, item.default) != item.default
    ]
    if changed:
        yield f"有 {len(changed)} 处读法与通常不同，将写进通知：{'；'.join(changed)}"
