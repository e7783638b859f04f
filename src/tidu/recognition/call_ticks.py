"""Periodic work on calls: what was not handed in lapses once the window has closed, and officers are told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import SYSTEM
from tidu.core.roles import Role
from tidu.core.ticks import tick
from tidu.desk.actions import notify
from tidu.policy.errors import InputError
from tidu.recognition.actions.asked_changes import drop_overtaken
from tidu.recognition.actions.call_changes import finish_call
from tidu.recognition.actions.calls import TOPIC
from tidu.recognition.actions.lapsing import lapse_drafts
from tidu.recognition.models import Application, Call, Status
from tidu.recognition.process.reopening import TO_REOPEN, cut_short, may_be_reopened
from tidu.recognition.process.window import last_moment, pack_state
from tidu.recognition.queries.calls import applicants_concerned, officers_concerned
from tidu.recognition.queries.campaigns import page_of

#: How long before a rule ends inside a window its officers are warned.
_WARNING = dt.timedelta(days=7)


@tick("recognition.calls.closed")
def close_windows() -> str:
    """Whatever closed since: drafts lapse, the bureau is told once, and a call without open cases is put away."""
    lapsed = told = finished = 0
    now = timezone.now()
    for call in Call.objects.filter(state=Call.State.PUBLISHED).select_related("organisation"):
        try:
            if last_moment(call) > now:
                continue
        except (
            InputError
        ):  # its pack is gone and was never frozen: nothing can be handed in, and nothing is known
            continue
        lapsed += lapse_drafts(call)
        told += _tell_closed(call)
        drop_overtaken(call=call)
        if may_be_reopened(call):
            continue
        finished += call.kind == Call.Kind.FIRST and finish_call(call=call)
    withdrawn = Call.objects.filter(
        state=Call.State.WITHDRAWN, pk__in=Application.objects.filter(status=Status.DRAFT).values("call_id")
    )
    for call in withdrawn:
        lapsed += lapse_drafts(call)
    parts = [(lapsed, "份草稿失效"), (told, "次截止提醒"), (finished, "份通知办结")]
    return "，".join(f"{number} {words}" for number, words in parts if number)


@tick("recognition.calls.rule-ends", every=dt.timedelta(hours=6))
def warn_of_ending_rules() -> str:
    """Tell officers and applicants of a rule that ends, or is replaced, while its call is still open. Once each."""
    told, now = 0, timezone.now()
    open_calls = Call.objects.filter(
        state=Call.State.PUBLISHED, kind=Call.Kind.FIRST, opens_at__lte=now, closes_at__gt=now
    )
    for call in open_calls.select_related("organisation"):
        try:
            state = pack_state(call)
            end = last_moment(call)
        except InputError:
            continue
        if not state.ends_in_window or not now < end <= now + _WARNING:
            continue
        title = f"所依据的文件在 {state.until} 结束：{call.title}"
        words = "这天 24 时以后不能再提交，尽管通知的截止时间更晚。请在此之前提交。"
        key = f"call-{call.pk}-rule-{state.until}"
        with transaction.atomic():
            told += notify(
                actor=SYSTEM,
                topic=TOPIC,
                title=title,
                body=words,
                url=reverse("recognition:public-call", args=[call.pk]),
                users=[*officers_concerned(call), *applicants_concerned(call)],
                key=key,
            )
            told += notify(
                actor=SYSTEM,
                topic=TOPIC,
                title=title,
                body=words,
                url=reverse("recognition:call", args=[call.pk]),
                organisation=call.organisation,
                role=Role.CITY_OFFICER,
                key=key,
            )
    return f"提醒 {told} 人" if told else ""


def _tell_closed(call: Call) -> int:
    handed_in = Application.objects.filter(call=call, submitted_at__isnull=False).count()
    cut = cut_short(call)
    more = "" if cut is None else f"平台在 {cut.words} 中断，占用了截止前的时间。"
    if may_be_reopened(call):
        more += f"{TO_REOPEN.days} 天内可以延长受理，由两位经办人办理；在此以前草稿不失效。"
    return notify(
        actor=SYSTEM,
        topic=TOPIC,
        title=f"受理已截止：{call.title}",
        body=f"共 {handed_in} 家企业提交。{more}",
        url=page_of(call),
        organisation=call.organisation,
        role=Role.CITY_OFFICER,
        key=f"call-{call.pk}-closed-{timezone.localtime(call.closes_at):%Y%m%d%H%M}",
    )
