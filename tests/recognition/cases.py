"""Calls and applications for tests, in the world of ``tests.access.world``: Hohhot's city bureau and its districts.

They are put into the database as they stand at a moment; what leads there is tested by itself.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.access.world import HOHHOT, World
from tidu.core.audit.chain import digest_of
from tidu.policy.documents.library import load_library
from tidu.recognition.actions.reviewing import Despite
from tidu.recognition.models import (
    FINAL,
    Application,
    Call,
    Stage,
    Status,
    Submission,
)
from tidu.recognition.process.clocks import TIMED, start_limit
from tidu.recognition.process.rules import freeze, limits_for, recognition_of, route_of_call

#: For recommendations over what a case leaves open: those of tests hold little.
KNOWING = Despite("资料已当面核对")
PACK, TIER = "hohhot-2022-recognition", "municipal_srdi"
DAY = dt.timedelta(days=1)
_STAGE = {
    Status.DRAFT: Stage.APPLY,
    Status.DISTRICT: Stage.DISTRICT,
    Status.RETURNED: Stage.DISTRICT,
    Status.EXPERTS: Stage.EXPERTS,
    Status.DECISION: Stage.DECISION,
    Status.SELECTED: Stage.NOTICE,
    Status.NOTICE: Stage.NOTICE,
    Status.RECOGNISED: Stage.RECOGNITION,
    Status.NOT_RECOMMENDED: Stage.DISTRICT,
    Status.NOT_RECOGNISED: Stage.DECISION,
}


def draft_call(world: World, **more: object) -> Call:
    """A call of Hohhot that ``city_hohhot`` has drafted; its window is open from yesterday for thirty days."""
    now = timezone.now()
    values: dict[str, Any] = {
        "organisation": world.organisations["city_hohhot"],
        "place_id": HOHHOT,
        "pack": PACK,
        "tier": TIER,
        "title": "2026年度第一批市级“专精特新”中小企业申报通知",
        "batch_name": "2026年度第一批",
        "year": 2026,
        "base_year": 2025,
        "opens_at": now - DAY,
        "closes_at": now + 30 * DAY,
        "contacts": "市工业和信息化局 0471-0000000",
        "body": "请符合条件的企业按通知要求申报。",
        "written_by": world.users["city_hohhot"],
        **more,
    }
    return Call.objects.create(**values)


def published_call(world: World, **more: object) -> Call:
    """The same call, published by the second officer with every limit set."""
    call = draft_call(world, **more)
    recognition = recognition_of(call)
    call.limits = limits_for(recognition, route_of_call(call)) | call.limits
    call.version = freeze(load_library().get(call.pack))
    call.state = Call.State.PUBLISHED
    call.approved_by = world.users["city_hohhot_second"]
    call.published_at = timezone.now() - DAY
    call.save()
    return call


def application_at(
    world: World,
    status: Status,
    *,
    letter: str = "C",
    call: Call | None = None,
    content: dict[str, Any] | None = None,
) -> Application:
    """An application of an enterprise at a status, with one frozen submission where it has been handed in."""
    call = call or published_call(world)
    enterprise = world.enterprises[letter]
    manager = world.users[f"manager_{letter.lower()}"]
    assert enterprise.district_id
    assert call.version_id
    now = timezone.now()
    application = Application(
        call=call,
        enterprise=enterprise,
        district_id=enterprise.district_id,
        status=status,
        stage=_STAGE.get(status, Stage.APPLY),
        started_by=manager,
    )
    if status != Status.DRAFT:
        application.submitted_at = now
        application.number = f"T{call.pk:04d}-{enterprise.pk:05d}"
        application.receipt = f"receipt-{call.pk}-{enterprise.pk}"
    if status in TIMED:
        application.deadline = start_limit(call, TIMED[status])
    if status == Status.RETURNED:
        application.deadline = start_limit(call, "district")
        application.correction = start_limit(call, "correction")
    if status in FINAL:
        application.ended_at = now
        application.reason = "" if status == Status.RECOGNISED else "测试用的理由"
    application.save()
    if status != Status.DRAFT:
        content = content or {
            "enterprise": {"name": enterprise.name, "uscc": enterprise.uscc},
            "facts": [],
            "evidence": [],
        }
        Submission.objects.create(
            application=application,
            number=1,
            submitted_by=manager,
            submitted_by_name=manager.name,
            submitted_at=now,
            pack_digest=call.version_id,
            content=content,
            digest=digest_of(content),
        )
    return application
