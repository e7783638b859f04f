"""Cases at the city's part of the way, for tests: any number of applications, lists, notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.access.world import HOHHOT, SAIHAN, World
from tests.recognition.cases import published_call
from tidu.core.audit.chain import digest_of
from tidu.core.files.receiving import Received, receive_file
from tidu.core.uscc import check_characters
from tidu.recognition.actions.deciding import confirm_proposal
from tidu.recognition.actions.notices import publish_notice
from tidu.recognition.actions.proposals import (
    MINUTES_FILES,
    Choice,
    issue_material,
    open_proposal,
    propose,
    save_choices,
)
from tidu.recognition.models import (
    Application,
    Call,
    Notice,
    Proposal,
    Recommendation,
    Stage,
    Status,
    Submission,
)
from tidu.recognition.process.clocks import TIMED, start_limit
from tidu.registry.models import Enterprise

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
NOT_MET = {
    "id": "growth",
    "label": "近两年营业收入平均增长率",
    "status": "not_met",
    "shown": "4.20%",
    "limit": "≥ 10%",
    "cite": "申报条件/基本条件/03",
}


def many(
    world: World,
    number: int,
    status: Status = Status.DECISION,
    *,
    call: Call | None = None,
    failing: Iterable[int] = (),
) -> list[Application]:
    """So many applications of new enterprises in 赛罕区, recommended by the district, with a frozen submission each.

    Those whose place is in ``failing`` do not meet a condition.
    """
    call = call or published_call(world)
    assert call.version_id
    now = timezone.now()
    first = Enterprise.objects.count()
    enterprises = Enterprise.objects.bulk_create(
        Enterprise(
            uscc=check_characters(f"91150105MA{first + place:06d}"),
            name=f"呼和浩特试样第{first + place}科技有限公司",
            core_name=f"试样第{first + place}",
            city_id=HOHHOT,
            district_id=SAIHAN,
        )
        for place in range(number)
    )
    deadline = start_limit(call, TIMED[status]) if status in TIMED else None
    applications = Application.objects.bulk_create(
        Application(
            call=call,
            enterprise=enterprise,
            district_id=SAIHAN,
            status=status,
            stage=Stage.DECISION if status == Status.DECISION else Stage.NOTICE,
            submitted_at=now,
            number=f"T{call.pk:04d}-{enterprise.pk:06d}",
            receipt=f"receipt-{call.pk}-{enterprise.pk}",
            deadline=deadline if place == 0 else None,
        )
        for place, enterprise in enumerate(enterprises)
    )
    wanting = set(failing)
    contents = [_content(item, failing=place in wanting) for place, item in enumerate(applications)]
    Submission.objects.bulk_create(
        Submission(
            application=item,
            number=1,
            submitted_by=world.users["manager_c"],
            submitted_by_name="企业管理员",
            submitted_at=now,
            pack_digest=call.version_id,
            content=content,
            digest=digest_of(content),
        )
        for item, content in zip(applications, contents, strict=True)
    )
    Recommendation.objects.bulk_create(
        Recommendation(
            application=item,
            positive=True,
            opinion="材料齐全，符合条件，同意推荐。",
            document_no="赛工信〔2026〕8号",
            made_by=world.users["district_saihan"],
        )
        for item in applications
    )
    return applications


def _content(item: Application, *, failing: bool) -> dict[str, Any]:
    return {
        "enterprise": {"name": item.enterprise.name, "uscc": item.enterprise.uscc},
        "facts": [],
        "evidence": [],
        "verdict": {
            "status": "not_met" if failing else "needs_review",
            "counts": "13 项条件中，12 项符合，1 项不符合。"
            if failing
            else "17 项条件中，13 项符合，4 项待人工评判。没有不符合的条件。",
            "criteria": [NOT_MET] if failing else [],
        },
    }


def minutes(world: World) -> Received:
    """The minutes of a meeting, received."""
    upload = SimpleUploadedFile("会议纪要.pdf", PDF, "application/pdf")
    return receive_file(actor=world.actor("city_hohhot"), upload=upload, allowed=MINUTES_FILES)


def proposed(world: World, call: Call, *, rejected: Iterable[int] = ()) -> Proposal:
    """A list that ``city_hohhot`` has handed in; the applications of these numbers are not selected."""
    actor = world.actor("city_hohhot")
    proposal = open_proposal(actor=actor, call=call)
    if choices := {
        pk: Choice(selected=False, rank=900, reason="近两年平均增速未达到要求。", cite="申报条件/基本条件/03")
        for pk in rejected
    }:
        save_choices(actor=actor, proposal=proposal, choices=choices)
    issue_material(actor=actor, proposal=proposal)
    return propose(
        actor=actor,
        proposal=proposal,
        meeting_no="2026年第12次党组会",
        meeting_on=timezone.localdate(),
        minutes=minutes(world),
    )


def confirmed(world: World, call: Call, *, rejected: Iterable[int] = ()) -> Proposal:
    """The same list, confirmed by the second officer."""
    proposal = proposed(world, call, rejected=rejected)
    return confirm_proposal(actor=world.actor("city_hohhot_second"), proposal=proposal)


def on_notice(world: World, call: Call, *, rejected: Iterable[int] = (), ended: bool = False) -> Notice:
    """The list on public notice; with ``ended`` its period is over since a minute."""
    notice = publish_notice(
        actor=world.actor("city_hohhot"), proposal=confirmed(world, call, rejected=rejected)
    )
    return end_period(notice) if ended else notice


def end_period(notice: Notice) -> Notice:
    """Let the period of a notice be over."""
    now = timezone.now()
    notice.published_at, notice.ends_at = now - dt.timedelta(days=7), now - dt.timedelta(minutes=1)
    notice.save(update_fields=("published_at", "ends_at"))
    return notice
