"""Whether an enterprise may begin an application to a call now, else why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from tidu.core.figures import day
from tidu.core.quoting import quoted
from tidu.recognition.models import GIVEN_UP, Application, Call
from tidu.recognition.process.window import is_open
from tidu.recognition.queries.standing import Bar, StandingTitle, bars_on, titles_on
from tidu.registry.models import Enterprise
from tidu.registry.models.enterprises import EnterpriseStatus
from tidu.registry.models.standing import TitleState


@dataclass(frozen=True, slots=True)
class Applicant:
    """An enterprise with what decides whether it may apply today.

    ``held`` are its titles by tier; ``reviewed`` the re-reviews of a title that it holds whose application it gave up.
    """

    enterprise: Enterprise
    bars: tuple[Bar, ...]
    held: Mapping[str, StandingTitle]
    reviewed: frozenset[int]


def applicant_of(enterprise: Enterprise) -> Applicant:
    """An enterprise as an applicant, as it stands today. Three queries."""
    today = timezone.localdate()
    return Applicant(
        enterprise,
        tuple(bars_on(today, enterprises=[enterprise.pk])),
        {title.tier: title for title in titles_on(today, enterprises=[enterprise.pk])},
        frozenset(given_up_reviews(enterprise)),
    )


def given_up_reviews(enterprise: Enterprise) -> list[int]:
    """The re-reviews that the enterprise may take part in again while they are open."""
    rows = Application.objects.filter(
        enterprise=enterprise,
        status__in=GIVEN_UP,
        call__kind=Call.Kind.RE_REVIEW,
        reviewed_title__state=TitleState.HELD,
    )
    return list(rows.values_list("call_id", flat=True).distinct())


def why_not(applicant: Applicant, call: Call) -> str:
    """Why the enterprise cannot begin an application to a call now; empty where it can. No query."""
    if call.kind == Call.Kind.RE_REVIEW:
        if call.pk not in applicant.reviewed:
            return "复核由市工信部门发起，名单上的企业在“申报”里直接办理。"
        return _why_not_now(call)
    return (
        _why_not_now(call)
        or _why_not_this(applicant.enterprise, call)
        or _why_barred(bar_for(applicant, call.pack, call.tier))
        or why_held(applicant.held.get(call.tier))
    )


def bar_for(applicant: Applicant, pack: str, tier: str) -> Bar | None:
    """The bar that lasts longest among those that keep an enterprise from applying for a tier under a pack.

    A document bars from what it gives itself, under whatever edition; what another document gives is not its to deny.
    """
    concerned = (bar for bar in applicant.bars if pack == bar.pack or tier == bar.tier)
    return next(concerned, None)


def _why_not_now(call: Call) -> str:
    if call.state != Call.State.PUBLISHED:
        return f"通知现在是“{call.get_state_display()}”，不受理申报。"
    if timezone.now() < call.opens_at:
        return f"还没有开始受理，{timezone.localtime(call.opens_at):%Y-%m-%d %H:%M} 开始。"
    return "" if is_open(call) else "受理已经截止。"


def _why_not_this(enterprise: Enterprise, call: Call) -> str:
    if enterprise.city_id != call.place_id:
        return f"这份通知面向{call.place}登记的企业。"
    if enterprise.district_id is None:
        return "企业的注册地还没有登记到旗县区，请先联系所在地工信部门补全。"
    if call.districts and enterprise.district_id not in call.districts:
        return f"这份通知不受理{enterprise.district}的申报。"
    if enterprise.status != EnterpriseStatus.ACTIVE:
        return f"企业登记为“{enterprise.get_status_display()}”，不能申报。"
    return ""


def _why_barred(bar: Bar | None) -> str:
    if bar is None:
        return ""
    return (
        f"称号于 {day(bar.since)} 被取消（{bar.label}，依据“{bar.cite}”），{day(bar.until)} 前不得再次申报。"
    )


def why_held(title: StandingTitle | None) -> str:
    """Why whoever holds a title does not apply for it; empty for nobody."""
    if title is None:
        return ""
    until = f"，有效期至 {day(title.until)}" if title.until else ""
    return f"贵企业已持有{quoted(title.name)}{until}，不用再次申报；到期由市工信部门组织复核。"
