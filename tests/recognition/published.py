"""What the public sees, for tests: a notice with its enterprises, a title with its certificate."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.access.world import World
from tests.recognition.cases import application_at, published_call
from tidu.core.documents.drafting import draft_document, issue_document
from tidu.core.documents.words import Letter, Paragraph
from tidu.core.models import OfficialDocument
from tidu.recognition.actions.certificates import issue_certificate
from tidu.recognition.models import (
    Application,
    Call,
    Notice,
    NoticeItem,
    Proposal,
    RecognitionDocument,
    Status,
    TitleCertificate,
)
from tidu.registry.models import Title
from tidu.registry.models.standing import Level

DAY = dt.timedelta(days=1)


def issued_document(
    world: World, kind: str, title: str, text: str = "现予公示，欢迎监督。"
) -> OfficialDocument:
    """An official document of Hohhot's bureau, drafted by one officer and issued by the other."""
    words = Letter(parts=(Paragraph(text),)).as_words()
    draft = draft_document(
        actor=world.actor("city_hohhot"), kind=kind, title=title, words=words, word="呼工信"
    )
    return issue_document(actor=world.actor("city_hohhot_second"), document=draft)


def public_notice(world: World, *, letters: str = "CD", call: Call | None = None, **more: object) -> Notice:
    """A notice that was published an hour ago and runs for five more days."""
    call = call or published_call(world)
    now = timezone.now()
    proposal = Proposal.objects.create(call=call, proposed_by=world.users["city_hohhot"], state="dropped")
    values: dict[str, Any] = {
        "call": call,
        "proposal": proposal,
        "title": "关于2026年度第一批拟认定名单的公示",
        "document": issued_document(world, "notice", "关于2026年度第一批拟认定名单的公示"),
        "published_at": now - dt.timedelta(hours=1),
        "days": 5,
        "unit": "calendar",
        "first_day_counts": False,
        "starts_on": timezone.localdate() + DAY,
        "last_day": timezone.localdate() + 5 * DAY,
        "ends_at": timezone.make_aware(dt.datetime.combine(timezone.localdate() + 6 * DAY, dt.time.min)),
        "cite": "认定程序/4",
        "published_by": world.users["city_hohhot"],
        **more,
    }
    notice = Notice.objects.create(**values)
    for number, letter in enumerate(letters, start=1):
        application = application_at(world, Status.NOTICE, letter=letter, call=call)
        NoticeItem.objects.create(
            notice=notice,
            application=application,
            number=number,
            name=application.enterprise.name,
            uscc=application.enterprise.uscc,
            district="赛罕区" if letter == "C" else "回民区",
        )
    return notice


def recognised_title(world: World, *, letter: str = "C", **more: object) -> tuple[Application, Title]:
    """A title that came of an application, with the decision that it rests on."""
    application = application_at(world, Status.RECOGNISED, letter=letter)
    values: dict[str, Any] = {
        "enterprise": application.enterprise,
        "tier": "municipal_srdi",
        "name": "呼和浩特市“专精特新”中小企业",
        "level": Level.MUNICIPAL,
        "authority": "呼和浩特市工业和信息化局",
        "document_no": "呼工信〔2026〕1号",
        "batch_name": "2026年度第一批",
        "recognised_on": timezone.localdate(),
        "valid_until": timezone.localdate() + 3 * 365 * DAY,
        **more,
    }
    title = Title.objects.create(**values)
    application.title = title
    application.save(update_fields=("title",))
    decision = RecognitionDocument.objects.create(
        call=application.call,
        document=issued_document(world, "recognition", "关于认定2026年度第一批企业的通知"),
        recognised_on=title.recognised_on,
        made_by=world.users["city_hohhot"],
        issued_by=world.users["city_hohhot_second"],
        issued_at=timezone.now(),
    )
    decision.applications.add(application)
    return application, title


def certified(world: World, *, letter: str = "C", **more: object) -> TitleCertificate:
    """The certificate of such a title."""
    application, title = recognised_title(world, letter=letter, **more)
    return issue_certificate(actor=world.actor("city_hohhot_second"), title=title, application=application)
