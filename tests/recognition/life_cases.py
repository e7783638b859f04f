"""Titles, cases and reports in the world of ``tests.access.world``, brought where they stand by the actions."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.access.world import World
from tests.core.files.sample_files import pdf
from tests.recognition.cases import PACK, TIER
from tidu.core.actor import SYSTEM
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.receiving import Received, receive_file, store_file
from tidu.recognition.actions.campaigns import (
    Selection,
    approve_campaign,
    open_campaign,
    send_campaign,
)
from tidu.recognition.actions.cancellation_decisions import propose
from tidu.recognition.actions.cancellation_replies import reply
from tidu.recognition.actions.cancellations import draft_notice, open_cancellation, send_notice
from tidu.recognition.actions.changes import give_opinion, report_change
from tidu.recognition.actions.re_reviews import begin_left_over
from tidu.recognition.actions.recommendations import finish_recommendation, start_recommendation
from tidu.recognition.life.readiness import ranked_rows
from tidu.recognition.models import Call, Campaign, Cancellation, ChangeReport, RecommendationList
from tidu.registry.actions.standing import add_title
from tidu.registry.models import Evidence, Title
from tidu.registry.models.standing import Level

DAY: Final = dt.timedelta(days=1)
GROUND: Final = "false_statement"
_PAPER: Final = pdf()


def title_of(world: World, *, letter: str = "C", days_left: int = 60) -> Title:
    """A title of Hohhot's own tier that an enterprise has held for nearly three years."""
    until = timezone.localdate() + days_left * DAY
    found = Title.objects.filter(enterprise=world.enterprises[letter], tier=TIER).first()
    return found or add_title(
        actor=world.actor("city_hohhot"),
        enterprise=world.enterprises[letter],
        name="市级“专精特新”中小企业",
        level=Level.MUNICIPAL,
        tier=TIER,
        authority="呼和浩特市工业和信息化局",
        document_no="呼工信〔2023〕9号",
        recognised_on=until - 1095 * DAY,
        valid_until=until,
    )


def received(name: str = "检查记录.pdf") -> Received:
    """A file that has been checked and lies in storage."""
    return receive_file(actor=SYSTEM, upload=SimpleUploadedFile(name, _PAPER), allowed=EVIDENCE_KINDS)


def change_paper(world: World, letter: str = "C") -> Evidence:
    """The paper that proves a change."""
    stored = store_file(
        actor=SYSTEM, upload=SimpleUploadedFile("变更通知书.pdf", _PAPER), allowed=EVIDENCE_KINDS
    )
    return Evidence.objects.create(
        enterprise=world.enterprises[letter], kind="registration_change", file=stored
    )


def reported(world: World, *, letter: str = "C", days_ago: int = 10, **more: object) -> ChangeReport:
    """A new name that the enterprise has reported."""
    values = {
        "kind": ChangeReport.Kind.NAME,
        "after": f"某市新名{letter}科技股份有限公司",
        "evidence": [change_paper(world, letter)],
        **more,
    }
    return report_change(
        actor=world.actor(f"manager_{letter.lower()}"),
        title=title_of(world, letter=letter),
        happened_on=timezone.localdate() - days_ago * DAY,
        **values,  # type: ignore[arg-type] # the values of a test
    )


def looked_into(world: World, *, positive: bool = True) -> ChangeReport:
    """The same, with the opinion of the district."""
    return give_opinion(
        actor=world.actor("district_saihan"),
        change=reported(world),
        positive=positive,
        opinion="已核对营业执照，主营业务没有变化。",
    )


def opened(world: World, *, letter: str = "C") -> Cancellation:
    """A case that ``city_hohhot`` has opened."""
    return open_cancellation(
        actor=world.actor("city_hohhot"),
        title=title_of(world, letter=letter),
        origin=Cancellation.Origin.REPORT,
        ground=GROUND,
        facts="2025 年营业收入填报 2,318.90 万元，审计报告为 918.90 万元。",
        files=[received()],
    )


def notified(world: World) -> Cancellation:
    """The same, after the enterprise was told."""
    actor = world.actor("city_hohhot")
    case = draft_notice(actor=actor, case=opened(world))
    return send_notice(actor=actor, case=case)


def replied(world: World) -> Cancellation:
    """The same, after the enterprise has replied."""
    return reply(
        actor=world.actor("manager_c"),
        case=notified(world),
        text="单位填写有误，并非故意，附更正说明。",
        files=[received("更正说明.pdf")],
    )


def proposed(world: World, *, cancels: bool = True) -> Cancellation:
    """The same, after ``city_hohhot`` has proposed what is to be decided."""
    return propose(
        actor=world.actor("city_hohhot"),
        case=replied(world),
        cancels=cancels,
        opinion="陈述不足以推翻审计报告，不予采纳。",
    )


def campaign_draft(world: World, **more: object) -> Call:
    """A re-review of the titles that end within half a year, drafted by ``city_hohhot``."""
    for letter in ("C", "D"):
        title_of(world, letter=letter)
    today = timezone.localdate()
    now = timezone.now()
    values = {
        "selection": Selection(Campaign.Way.WINDOW, today, today + 180 * DAY),
        "opens_at": now,
        "closes_at": now + 40 * DAY,
        **more,
    }
    return open_campaign(actor=world.actor("city_hohhot"), tier=TIER, **values)  # type: ignore[arg-type]


def campaign_sent(world: World) -> Call:
    """The same, before the second officer."""
    return send_campaign(actor=world.actor("city_hohhot"), call=campaign_draft(world))


def campaign_running(world: World) -> Call:
    """The same, published, with the enterprises' applications."""
    call = approve_campaign(actor=world.actor("city_hohhot_second"), call=campaign_sent(world))
    begin_left_over()
    return call


def list_made(world: World) -> RecommendationList:
    """A finished list of Hohhot's own titled enterprises against the national tier above."""
    title_of(world)
    found = start_recommendation(
        actor=world.actor("city_hohhot"),
        held_tier=TIER,
        on=timezone.localdate(),
        pack="national-2026-gradient",
        tier="srdi",
    )
    finish_recommendation(
        actor=world.actor("city_hohhot"), found=found, rows=ranked_rows(found, lambda _done, _total: None)
    )
    found.refresh_from_db()
    return found


__all__ = ["PACK", "TIER"]
