"""What an enterprise wants to know once its case is over or its title is gone.

Where the reason stands, how to object while a notice runs, what becomes of a title, whether and when it may apply
again, what would bring it nearer, and whom to ask: all read from the case and from what stands in the programme.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.citations import clauses
from tidu.core.components import Clause
from tidu.core.figures import day
from tidu.core.models.deadlines import DayUnit
from tidu.core.moments import end, moment
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Force, Pack
from tidu.policy.documents.route import Route
from tidu.recognition.life.pages import cited
from tidu.recognition.models import FINAL, GIVEN_UP, REFUSED, Application, Call, Cancellation, Notice, Status
from tidu.recognition.process.bureaus import reviewer_of
from tidu.recognition.process.rules import pack_of, recognition_of
from tidu.recognition.process.window import is_open, last_moment
from tidu.recognition.progress_outlook import UNITS, Outlook
from tidu.recognition.queries.admission import Applicant, applicant_of, bar_for, why_held, why_not
from tidu.recognition.queries.applications import calls_for
from tidu.recognition.queries.standing import Bar
from tidu.recognition.queries.submissions import read_submission
from tidu.recognition.queries.title_lists import cases_seen
from tidu.recognition.queries.titles import Standing, title_state
from tidu.registry.models import Title

_DAY: Final = dt.timedelta(days=1)
_AGAIN: Final = "再次申报"


def lost_title(application: Application) -> Title | None:
    """The title that the application led to, where it is no longer valid."""
    title = application.title
    return None if title is None or title_state(title, timezone.localdate()).valid else title


def is_over(application: Application) -> bool:
    """Whether nothing follows by itself any more: it has ended without a title, or with one that is gone."""
    status = Status(application.status)
    return status in FINAL and (status != Status.RECOGNISED or lost_title(application) is not None)


def after_application(application: Application, actor: Actor, route: Route) -> Iterator[Outlook]:
    """What remains to be known of an application that is over."""
    call, status = application.call, Status(application.status)
    if status in REFUSED:
        clause = "，条款点开就是原文" if application.cite else ""
        letter = "，结果告知书也在那里下载" if application.result_id else ""
        yield Outlook("理由和依据", f"写在上面{clause}{letter}。")
        yield from _objecting(call, route)
    title = application.reviewed_title or lost_title(application)
    case = None
    if title is not None:
        case = cases_seen(actor).filter(title=title).order_by("-pk").first()
        yield _of_title(title, case, call)
    applicant = applicant_of(application.enterprise)
    if status in GIVEN_UP and not why_not(applicant, call):
        yield _anew(call)
    elif call.kind == Call.Kind.FIRST or call.tier not in applicant.held:
        yield from _again(applicant, call.pack, call.tier, call)
    if bar_for(applicant, call.pack, call.tier) is None:
        yield _nearer(call.pack, call.tier, application)
    yield _asking(call, application)


def after_cancellation(case: Cancellation) -> Iterator[Outlook]:
    """What remains to be known once a title was taken away."""
    applicant = applicant_of(case.enterprise)
    yield from _again(applicant, case.pack, case.title.tier)
    if bar_for(applicant, case.pack, case.title.tier) is None:
        yield _nearer(case.pack, case.title.tier)
    yield Outlook("咨询", f"{case.organisation.name}。")


def _objecting(call: Call, route: Route) -> Iterator[Outlook]:
    """The way to object to the list on which the enterprise does not stand, while there is one or before it."""
    when = "对拟认定名单有异议"
    standing = list(Notice.objects.filter(call=call).exclude(state=Notice.State.RECALLED))
    running = [row for row in standing if row.ends_at > timezone.now()]
    if running:
        notice = running[0]
        yield Outlook(
            when,
            f"名单公示到 {end(notice.ends_at)}，在此以前可以提出。",
            clauses(pack_of(call), [notice.cite]),
            reverse("recognition:notice", args=[notice.pk]),
            "查看公示",
        )
    elif route.notice is not None and not standing:
        length = f"{route.notice.days} {UNITS[DayUnit(route.notice.day_kind)]}"
        then = f"名单要公示 {length}，公示期内可以提出。"
        yield Outlook(when, then, clauses(pack_of(call), [route.notice.cite]))


def _of_title(title: Title, case: Cancellation | None, call: Call) -> Outlook:
    """How the title stands, and the case about it where the enterprise has been told of one."""
    stands = title_state(title, timezone.localdate())
    if case is not None:
        url = reverse("recognition:cancellation", args=[case.pk])
        chips = cited(title, (case.cite,))
        if stands.standing == Standing.CANCELLED and case.decided_at is not None:
            since = day(title.ended_on or timezone.localdate(case.decided_at))
            return Outlook("称号", f"自 {since} 起取消：{case.ground_label}。", chips, url, "查看决定")
        if case.decided_at is None:
            limit = "" if case.deadline is None else f"，{day(case.deadline.due_on)} 前可以陈述和申辩"
            return Outlook("称号", f"拟取消，还没有作出决定{limit}。", chips, url, "查看办理")
    if stands.valid:
        review = recognition_of(call).re_review
        then = "现在有效。没有通过或者没有参加复核的，先告知企业、听取陈述和申辩，再作出决定。"
        return Outlook("称号", then, clauses(pack_of(call), [review.cite if review else None]))
    until = f"，有效期至 {day(stands.until)}" if stands.standing == Standing.EXPIRED and stands.until else ""
    return Outlook("称号", f"{stands.standing.label}{until}。")


def _anew(call: Call) -> Outlook:
    """What was given up may be begun anew while the window is open."""
    when = f"还要{call.noun}"
    until = end(last_moment(call))
    return Outlook(when, f"{until} 前可以重新开始，写过的自述和放过的材料会带过去；这一件留存备查。")


def _again(applicant: Applicant, pack: str, tier: str, own: Call | None = None) -> Iterator[Outlook]:
    """Whether the enterprise may apply again, and when. ``own`` is the call that its case was about."""
    bar = bar_for(applicant, pack, tier)
    if bar is not None:
        yield _barred(bar)
        return
    if (held := why_held(applicant.held.get(tier))) != "":
        yield Outlook(_AGAIN, held)
        return
    answered = Application.objects.filter(enterprise=applicant.enterprise).exclude(status__in=GIVEN_UP)
    calls = calls_for(applicant).filter(tier=tier, kind=Call.Kind.FIRST)
    call = calls.exclude(pk__in=answered.values("call_id")).first()
    if call is not None:
        yield _call(applicant, call)
        return
    once = "同一份通知每家企业只办理一次。" if own is not None and is_open(own) else ""
    then = f"{once}现在没有别的申报通知在受理；发布新的通知时，会告诉贵企业的负责人。"
    found = _pack(pack, tier)
    procedure = None if found is None else found.recognition(tier).procedure
    if found is None or procedure is None or procedure.calls_a_year is None:
        yield Outlook(_AGAIN, then)
        return
    yield Outlook(
        _AGAIN,
        f"{then}文件规定每年申报不超过 {procedure.calls_a_year} 次。",
        clauses(found, [procedure.calls_cite]),
    )


def _barred(bar: Bar) -> Outlook:
    pack = load_library().packs.get(bar.pack)
    chips: tuple[Clause, ...] = () if pack is None else clauses(pack, [bar.cite])
    then = f"因{bar.label}取消称号，{day(bar.until)} 以前（含当日）不得再次申报，{day(bar.until + _DAY)} 起可以。"
    return Outlook(_AGAIN, then, chips)


def _call(applicant: Applicant, call: Call) -> Outlook:
    """The next call that the enterprise has not answered."""
    url = reverse("recognition:applications")
    if not (refusal := why_not(applicant, call)):
        return Outlook(
            _AGAIN, f"《{call.title}》正在受理，{end(call.closes_at)} 截止。", url=url, link="去申报"
        )
    if timezone.now() < call.opens_at:
        return Outlook(
            _AGAIN, f"《{call.title}》{moment(call.opens_at)} 开始受理。", url=url, link="查看申报"
        )
    return Outlook(_AGAIN, f"《{call.title}》正在受理。{refusal}", url=url, link="查看申报")


def _nearer(pack: str, tier: str, application: Application | None = None) -> Outlook:
    """The way to what the enterprise lacks, by what is known of it today."""
    last = None if application is None else application.submissions.order_by("-number").first()
    counts = "" if last is None else read_submission(last).counts
    found = _pack(pack, tier)
    current = found is not None and found.force(timezone.localdate()) == Force.IN_FORCE
    url = reverse("registry:own-match", args=[pack, tier]) if current else reverse("registry:own-profile")
    then = f"{f'提交时，{counts}' if counts else ''}按现在的数据逐条看还差什么、先补哪一项。"
    return Outlook("离条件还差多少", then, url=url, link="对照条件")


def _asking(call: Call, application: Application) -> Outlook:
    """Whom to ask: the contacts of the call, and who has decided."""
    city = call.organisation.name
    contacts = call.contacts if city in call.contacts else f"{city}　{call.contacts}".rstrip()
    if application.status != Status.NOT_RECOMMENDED:
        return Outlook("咨询", f"{contacts}。")
    return Outlook("咨询", f"{contacts}；审核机构是{reviewer_of(application).organisation.name}。")


def _pack(pack: str, tier: str) -> Pack | None:
    found = load_library().packs.get(pack)
    return found if found is not None and tier in found.tiers else None
