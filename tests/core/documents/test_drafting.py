"""Drafting, issuing and voiding: numbers have no gaps, and what is issued stands."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.access.world import HOHHOT, World, make_world
from tidu.accounts.models import Organisation
from tidu.core.actor import SYSTEM
from tidu.core.documents.drafting import (
    digest_of_content,
    draft_document,
    issue_document,
    redraft_document,
    void_document,
)
from tidu.core.documents.words import Letter, Paragraph
from tidu.core.models import AuditEvent, Job, OfficialDocument
from tidu.core.refusals import Refused

pytestmark = pytest.mark.django_db
WORDS = Letter(parts=(Paragraph("特此通知。"),)).as_words()


@pytest.fixture
def world() -> World:
    return make_world()


def draft(world: World, person: str = "city_hohhot", **more: Any) -> OfficialDocument:  # noqa: ANN401 - passed on
    given = {"kind": "call", "title": "关于申报的通知", "words": WORDS, "word": "呼工信", **more}
    return draft_document(actor=world.actor(person), **given)


def issued(world: World, person: str = "city_hohhot", **more: Any) -> OfficialDocument:  # noqa: ANN401
    return issue_document(actor=world.actor(person), document=draft(world, person, **more))


def test_a_draft_has_no_number_and_names_its_issuer_in_full(world: World) -> None:
    document = draft(world)
    assert (document.state, document.number, document.sequence) == ("draft", "", None)
    organisation = Organisation.objects.get(pk=document.organisation_id)
    assert (document.issuer, document.place) == (organisation.name, HOHHOT)


def test_numbers_follow_each_other_by_organisation_word_and_year(world: World) -> None:
    year = timezone.localdate().year
    first, second = issued(world), issued(world, "city_hohhot_second")
    other_word, other_city = issued(world, word="呼工信办"), issued(world, "city_baotou")
    assert [first.number, second.number] == [f"呼工信〔{year}〕1号", f"呼工信〔{year}〕2号"]
    assert other_word.number == f"呼工信办〔{year}〕1号"
    assert other_city.sequence == 1
    last_year = issue_document(
        actor=world.actor("city_hohhot"), document=draft(world), on=dt.date(year - 1, 12, 31)
    )
    assert (last_year.sequence, last_year.words["on"]) == (1, f"{year - 1}-12-31")


def test_an_issue_that_is_rolled_back_leaves_no_gap(world: World) -> None:
    document = draft(world)
    with transaction.atomic():
        issue_document(actor=world.actor("city_hohhot"), document=document)
        transaction.set_rollback(True)
    document.refresh_from_db()
    assert (document.state, document.number) == ("draft", "")
    assert not Job.objects.exists()
    assert issued(world).sequence == 1


def test_a_second_click_issues_once(world: World) -> None:
    document = draft(world)
    once = issue_document(actor=world.actor("city_hohhot"), document=document)
    twice = issue_document(actor=world.actor("city_hohhot_second"), document=document)
    assert (once.number, once.issued_by_id) == (twice.number, twice.issued_by_id)
    assert Job.objects.filter(kind="core.document.files").count() == 1


def test_what_is_issued_cannot_be_changed_and_its_digest_holds_it(world: World) -> None:
    document = issued(world)
    with pytest.raises(Refused, match="已印发，内容不能再改"):
        redraft_document(actor=world.actor("city_hohhot"), document=document, title="另一个标题")
    document.refresh_from_db()
    assert document.digest == digest_of_content(document)
    document.words["parts"][0]["text"] = "特此通知！"
    assert document.digest != digest_of_content(document)


def test_a_draft_can_be_changed_and_saving_it_unchanged_leaves_no_trace(world: World) -> None:
    document = draft(world)
    redraft_document(actor=world.actor("city_hohhot_second"), document=document, title="关于申报的通知")
    assert not AuditEvent.objects.filter(action="core.document.redrafted").exists()
    changed = redraft_document(
        actor=world.actor("city_hohhot_second"),
        document=document,
        title="关于 组织\n申报的通知",
        words=Letter(parts=(Paragraph("请认真组织。"),)).as_words(),
        word="",
    )
    assert changed.title == "关于 组织 申报的通知"
    assert changed.words["parts"][0]["text"] == "请认真组织。"
    assert AuditEvent.objects.filter(action="core.document.redrafted").count() == 1


def test_the_word_comes_from_the_organisation_where_nobody_writes_one(world: World) -> None:
    organisation = Organisation.objects.get(pk=world.actor("city_hohhot").organisation_number)
    organisation.short_name = "市工信局"
    organisation.save()
    assert draft(world, word=" ").word == "市工信局"
    organisation.document_word = "呼工信"
    organisation.save()
    assert draft(world, word="").word == "呼工信"


def test_a_document_of_another_organisation_is_not_found(world: World) -> None:
    document = draft(world)
    for act in (issue_document, redraft_document):
        with pytest.raises(Refused, match="不属于您所在的机构"):
            act(actor=world.actor("city_baotou"), document=document)
    with pytest.raises(Refused, match="不属于您所在的机构"):
        void_document(actor=world.actor("city_baotou"), document=document, reason="错发")
    with pytest.raises(Refused, match="只能由本机构拟制"):
        draft(world, "city_baotou", organisation_id=document.organisation_id)


def test_the_system_drafts_for_an_organisation(world: World) -> None:
    number = world.actor("city_hohhot").organisation_id
    document = draft_document(
        actor=SYSTEM, kind="result", title="结果告知书", words=WORDS, organisation_id=number
    )
    assert document.organisation_id == number
    assert AuditEvent.objects.get(action="core.document.drafted").place == HOHHOT


def test_voiding_needs_a_reason_and_keeps_the_number_used(world: World) -> None:
    document = issued(world)
    with pytest.raises(Refused, match="理由"):
        void_document(actor=world.actor("city_hohhot"), document=document, reason=" ")
    void_document(actor=world.actor("city_hohhot"), document=document, reason="名单有误，重新印发")
    void_document(actor=world.actor("city_hohhot"), document=document, reason="名单有误，重新印发")
    assert AuditEvent.objects.filter(action="core.document.voided").count() == 1
    assert issued(world).sequence == 2
    with pytest.raises(Refused, match="已作废"):
        issue_document(actor=world.actor("city_hohhot"), document=document)


def test_a_void_draft_takes_no_number(world: World) -> None:
    void_document(actor=world.actor("city_hohhot"), document=draft(world), reason="不发了")
    assert issued(world).sequence == 1


def test_no_document_is_dated_ahead(world: World) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(Refused, match="还没有到"):
        issue_document(actor=world.actor("city_hohhot"), document=draft(world), on=tomorrow)


def test_papers_for_a_meeting_take_no_number(world: World) -> None:
    document = issued(world, kind="meeting_material")
    assert (document.state, document.number, document.sequence) == ("issued", "", None)
    assert issued(world).sequence == 1


def test_the_record_names_the_number_and_keeps_the_digest(world: World) -> None:
    document = issued(world)
    event = AuditEvent.objects.get(action="core.document.issued")
    assert event.subject_label == f"{document.number} 关于申报的通知"
    assert document.digest in event.detail
