"""What follows for an application and what its enterprise can do about it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from tidu.core.actor import Actor
from tidu.core.components import Clause
from tidu.core.models.deadlines import DayUnit
from tidu.core.roles import Role
from tidu.policy.documents.route import NoticePeriod, Route, Stop
from tidu.recognition.models import (
    FINAL,
    GIVEN_UP,
    Application,
    Inquiry,
    Stage,
    Status,
    TitleCertificate,
)
from tidu.recognition.process.rules import limit_of
from tidu.recognition.process.transitions import TRANSITIONS
from tidu.recognition.process.window import is_open

UNITS: Final = {DayUnit.CALENDAR.value: "天", DayUnit.WORKING.value: "个工作日"}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the reader can do now. The first of them is the one that matters."""

    label: str
    url: str
    icon: str
    primary: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What follows under a condition (如果推荐 …), on which clauses, and where there is more of it."""

    when: str
    then: str
    clauses: tuple[Clause, ...] = ()
    url: str = ""
    link: str = ""


def stop_label(stop: Stop, notice: NoticePeriod | None) -> str:
    """What a stop is called: its step's label, or the stage's where a step is several stages."""
    if stop.stage == "notice" and notice is not None:
        unit = "个工作日" if notice.day_kind == "working" else "日"
        return f"公示 {notice.days} {unit}"
    return stop.step.label if len(stop.step.stages) <= 1 else Stage(stop.stage).label


def stop_cite(stop: Stop, notice: NoticePeriod | None) -> str:
    """The clause that a stop rests on."""
    return notice.cite if stop.stage == "notice" and notice is not None else stop.step.cite


def to_do(application: Application, *, asked: bool) -> str:
    """What the enterprise has to do now; empty where it has ended."""
    status = Status(application.status)
    match status:
        case Status.DRAFT:
            return "请填好各节并提交。"
        case Status.RETURNED:
            return "请按退回的理由补正，然后再次提交。"
        case Status.DISTRICT if asked:
            return "请答复审核人的问题，答复后时钟继续。"
        case Status.RECOGNISED:
            return ""
    return "" if status in FINAL else "现在不需要您做任何事。"


def outlooks(application: Application, route: Route) -> Iterator[Outlook]:
    """What follows from here, whatever is decided."""
    following = _following(application, route)
    status, call = Status(application.status), application.call
    match status:
        case Status.DRAFT:
            yield Outlook("提交以后", f"转{following}；提交的内容冻结，出具回执。")
        case Status.DISTRICT:
            correction = limit_of(call, "correction")
            yield Outlook("如果推荐", f"转{following}。")
            yield Outlook("如果不予推荐", "会写明理由和依据的条款，办理到此结束。")
            yield Outlook(
                "如果退回补正",
                f"时钟停止，补正期限 {correction['days']} {UNITS[correction['day_kind']]}。{correction['late']}",
            )
        case Status.RETURNED:
            yield Outlook("补正以后", "回到审核机构，时钟从停下的地方继续。")
            yield Outlook("逾期不补正", str(limit_of(call, "correction")["late"]))
        case Status.EXPERTS:
            yield Outlook("评审以后", f"转{following}。评审专家不公开，与您有利害关系的专家会回避。")
        case Status.DECISION:
            yield Outlook("如果列入拟认定名单", f"转{following}。")
            yield Outlook("如果不予认定", "会写明理由和依据的条款。")
        case Status.SELECTED | Status.NOTICE:
            yield Outlook("公示期满无异议", "印发认定文件，颁发证书。")
            yield Outlook(
                "公示期内有异议", "先核实再决定，核实期间不影响其他企业；成立的不予认定，会写明理由。"
            )
        case Status.RECOGNISED:
            yield Outlook("称号有效期内", "名称、住所、股权等有重大变化的，按规定报告；到期前会提醒复核。")


def _following(application: Application, route: Route) -> str:
    stages = list(route.stops)
    here = next((place for place, stop in enumerate(stages) if stop.stage == application.stage), 0)
    if here + 1 >= len(stages):
        return "认定"
    return stop_label(stages[here + 1], route.notice)


def deeds(
    application: Application, actor: Actor, inquiries: Sequence[Inquiry], submissions: int
) -> Iterator[Deed]:
    """What the reader can do, the most pressing first."""
    pk, status = application.pk, Status(application.status)
    manager = actor.has(Role.ENTERPRISE_MANAGER)
    for inquiry in inquiries:
        url = reverse("recognition:inquiry-answer", args=[pk, inquiry.pk])
        yield Deed("答复询问", url, "message-question", primary=True)
        break
    if status in {Status.RETURNED, Status.DRAFT}:
        verb = "接着填报" if status == Status.DRAFT else f"补正{application.call.papers}"
        yield Deed(verb, reverse("recognition:application", args=[pk]), "edit", primary=True)
    if status == Status.RECOGNISED and application.title_id is not None:
        yield from _certificate(application.title_id)
    if application.submitted_at is not None:
        last = max(submissions, 1)
        yield Deed("查看已提交内容", reverse("recognition:submission", args=[pk, last]), "file-text")
        yield Deed("查看提交回执", reverse("recognition:receipt", args=[pk]), "clipboard-check")
    if status in GIVEN_UP and is_open(application.call):
        yield Deed(f"重新{application.call.noun}", reverse("recognition:applications"), "plus", primary=True)
    if manager and status in TRANSITIONS["withdraw"].sources:
        url = reverse("recognition:application-withdraw", args=[pk])
        yield Deed(f"撤回{application.call.papers}", url, "arrow-back-up", asks=True)


def _certificate(title: int) -> Iterator[Deed]:
    """The way to the certificate that stands. One query."""
    found = TitleCertificate.objects.filter(title_id=title, replaced_at__isnull=True).first()
    if found is not None:
        url = reverse("recognition:certificate", args=[found.pk])
        yield Deed("查看证书", url, "rosette-discount-check", primary=True)
