"""The public notice: what it says, when it ends, what a recall does, and that nobody is recognised before its end."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import application_at, published_call
from tests.recognition.deciding_cases import confirmed, end_period, many, on_notice, proposed
from tidu.core.figures import day_in_words
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused
from tidu.desk.models import Notification, Task, TaskState
from tidu.recognition.actions.notices import finish_notices, publish_notice, recall_notice
from tidu.recognition.actions.recognising import (
    draft_recognition,
    drop_recognition,
    issue_recognition,
)
from tidu.recognition.models import Call, Notice, NoticeItem, Status
from tidu.recognition.process.following import PUBLISH, RECOGNISE
from tidu.recognition.process.notice_period import CHINA
from tidu.recognition.public.notices import period_words
from tidu.recognition.queries.recognising import recognisable
from tidu.registry.models import Title

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_notice_names_nothing_but_name_code_district_and_level(world: World) -> None:
    application = application_at(world, Status.DECISION)
    notice = on_notice(world, application.call)
    assert notice.document.state == OfficialDocument.State.ISSUED
    assert notice.document.number
    table = notice.document.words["annexes"][0]["parts"][0]
    assert [column["label"] for column in table["columns"]] == [
        "序号",
        "企业名称",
        "统一社会信用代码",
        "旗县区",
        "级别",
    ]
    enterprise = application.enterprise
    assert [cell["text"] for cell in table["rows"][0]] == [
        "1",
        enterprise.name,
        enterprise.uscc,
        "赛罕区",
        "市级",
    ]


def test_what_was_published_stays_when_the_registry_changes(world: World) -> None:
    application = application_at(world, Status.DECISION)
    notice = on_notice(world, application.call)
    application.enterprise.name = "改了名的公司"
    application.enterprise.save(update_fields=("name",))
    assert notice.items.get().name == "某市试样C科技有限公司"


def test_the_period_is_the_packs_five_days_to_the_hour_in_china(world: World) -> None:
    at = dt.datetime(2026, 11, 16, 9, 30, tzinfo=CHINA)
    application = application_at(world, Status.DECISION)
    proposal = confirmed(world, application.call)
    with patch("django.utils.timezone.now", return_value=at):
        notice = publish_notice(actor=world.actor("city_hohhot"), proposal=proposal)
    assert notice.published_at == at
    assert notice.last_day == dt.date(2026, 11, 23)
    assert notice.ends_at == dt.datetime(2026, 11, 24, tzinfo=CHINA)
    assert (notice.days, notice.first_day_counts, notice.cite) == (5, False, "认定程序/4")
    said = "公示期为5日（发布当日不计；第5日为休息日，顺延到次一工作日），自2026年11月17日起，至2026年11月23日24时止。"
    assert notice.document.words["parts"][1]["text"].startswith(said)
    assert period_words(notice).endswith("至 2026-11-23 24:00 止。")


def test_readings_of_the_call_decide_how_days_are_counted(world: World) -> None:
    call = published_call(world, readings={"notice_days": "working", "notice_start": "same_day"})
    application_at(world, Status.DECISION, call=call)
    proposal = confirmed(world, call)
    with patch("django.utils.timezone.now", return_value=dt.datetime(2026, 11, 16, 9, 30, tzinfo=CHINA)):
        notice = publish_notice(actor=world.actor("city_hohhot"), proposal=proposal)
    assert notice.last_day == dt.date(2026, 11, 20)


def test_publishing_twice_is_one_notice(world: World) -> None:
    proposal = confirmed(world, application_at(world, Status.DECISION).call)
    first = publish_notice(actor=world.actor("city_hohhot"), proposal=proposal)
    second = publish_notice(actor=world.actor("city_hohhot_second"), proposal=proposal)
    assert first == second
    assert Notice.objects.count() == 1


def test_a_list_that_is_not_confirmed_is_not_published(world: World) -> None:
    proposal = proposed(world, application_at(world, Status.DECISION).call)
    with pytest.raises(Refused, match="确认以后才能公示"):
        publish_notice(actor=world.actor("city_hohhot"), proposal=proposal)


def test_a_recalled_notice_is_published_anew_with_a_period_of_its_own(world: World) -> None:
    application = application_at(world, Status.DECISION)
    notice = end_period(on_notice(world, application.call))
    recall_notice(actor=world.actor("city_hohhot"), notice=notice, reason="企业名称有误，更正后重新公示。")
    application.refresh_from_db()
    notice.refresh_from_db()
    assert (application.status, notice.state) == (Status.SELECTED, Notice.State.RECALLED)
    assert notice.document.__class__.objects.get(pk=notice.document_id).state == OfficialDocument.State.VOID
    anew = publish_notice(actor=world.actor("city_hohhot_second"), proposal=notice.proposal)
    assert anew.pk != notice.pk
    assert anew.ends_at > timezone.now()
    with pytest.raises(Refused, match="没有可以认定"):
        draft_recognition(actor=world.actor("city_hohhot"), call=application.call)
    assert NoticeItem.objects.filter(application=application, recalled=False).get().notice == anew


def test_a_recall_needs_a_reason_and_tells_the_enterprise(world: World) -> None:
    notice = on_notice(world, application_at(world, Status.DECISION).call)
    with pytest.raises(Refused, match="请写明撤回的理由"):
        recall_notice(actor=world.actor("city_hohhot"), notice=notice, reason=" ")
    recall_notice(actor=world.actor("city_hohhot"), notice=notice, reason="名称有误。")
    told = Notification.objects.filter(user=world.users["manager_c"], title__contains="公示已撤回")
    assert told.get().body == "名称有误。"


def test_the_end_of_a_period_is_told_once(world: World) -> None:
    notice = on_notice(world, application_at(world, Status.DECISION).call)
    assert finish_notices() == 0
    end_period(notice)
    assert (finish_notices(), finish_notices()) == (1, 0)
    told = Notification.objects.filter(user=world.users["city_hohhot"], title__contains="公示期满")
    assert told.count() == 1


def test_nobody_is_recognised_one_second_before_the_end(world: World) -> None:
    application = application_at(world, Status.DECISION)
    notice = on_notice(world, application.call)
    first, second = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    with patch("django.utils.timezone.now", return_value=notice.ends_at):
        recognition = draft_recognition(actor=first, call=application.call)
    with (
        patch("django.utils.timezone.now", return_value=notice.ends_at - SECOND),
        pytest.raises(Refused, match="公示还没有期满"),
    ):
        issue_recognition(actor=second, recognition=recognition)
    assert not recognisable(notice, at=notice.ends_at - SECOND).exists()
    application.refresh_from_db()
    assert application.status == Status.NOTICE
    assert not Title.objects.exists()
    with patch("django.utils.timezone.now", return_value=notice.ends_at):
        issue_recognition(actor=second, recognition=recognition)
    application.refresh_from_db()
    assert application.status == Status.RECOGNISED


def test_a_draft_of_recognition_made_in_time_is_refused_after_a_recall(world: World) -> None:
    application = application_at(world, Status.DECISION)
    notice = end_period(on_notice(world, application.call))
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=application.call)
    recall_notice(actor=world.actor("city_hohhot"), notice=notice, reason="名称有误。")
    with pytest.raises(Refused):
        issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition)
    drop_recognition(actor=world.actor("city_hohhot"), recognition=recognition, reason="名单有变。")
    application.refresh_from_db()
    assert application.status == Status.SELECTED


def test_whoever_drafts_does_not_issue(world: World) -> None:
    application = application_at(world, Status.DECISION)
    end_period(on_notice(world, application.call))
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=application.call)
    with pytest.raises(Refused, match="另一位同事印发"):
        issue_recognition(actor=world.actor("city_hohhot"), recognition=recognition)


def test_recognition_gives_title_number_certificate_and_tells(world: World) -> None:
    application = application_at(world, Status.DECISION)
    end_period(on_notice(world, application.call))
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=application.call)
    issued = issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition)
    issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition)  # the second click
    application.refresh_from_db()
    title = Title.objects.get()
    today = timezone.localdate()
    assert application.title == title
    assert (title.tier, title.level, title.basis) == ("municipal_srdi", "municipal", Title.Basis.NEW)
    assert title.document_no == issued.document.number != ""
    assert title.batch_name == "2026年度第一批"
    assert title.recognised_on == today
    assert title.valid_until == dt.date(today.year + 3, today.month, today.day) - dt.timedelta(days=1)
    assert title.certificates.count() == 1
    term = f"称号有效期自{day_in_words(today)}起，至{day_in_words(title.valid_until)}止。"
    assert issued.document.words["parts"][1]["text"].startswith(term)
    application.enterprise.refresh_from_db()
    assert application.enterprise.tier == "municipal_srdi"
    assert Notification.objects.filter(user=world.users["manager_c"], title__startswith="已认定").exists()


def test_a_batch_is_recognised_as_a_whole_or_not_at_all(world: World) -> None:
    call = published_call(world)
    applications = many(world, 3, call=call)
    notice = end_period(on_notice(world, call))
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    with (
        patch("tidu.recognition.actions.recognising.issue_certificate", side_effect=[None, None, KeyError]),
        pytest.raises(KeyError),
    ):
        issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition)
    assert not Title.objects.exists()
    assert {item.application.status for item in notice.items.select_related("application")} == {Status.NOTICE}
    issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition)
    assert Title.objects.count() == len(applications)


def re_review(world: World, until: dt.date) -> tuple[Call, Title]:
    """A re-review of a title of C whose way has no notice, decided positively."""
    title = Title.objects.create(
        enterprise=world.enterprises["C"],
        tier="municipal_srdi",
        name="呼和浩特市“专精特新”中小企业",
        level="municipal",
        recognised_on=until - dt.timedelta(days=1000),
        valid_until=until,
    )
    call = published_call(world, kind=Call.Kind.RE_REVIEW, batch_name="2026年度复核")
    application = application_at(world, Status.DECISION, call=call)
    application.reviewed_title = title
    application.save()
    confirmed(world, call)
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition)
    application.refresh_from_db()
    assert application.title is not None
    return call, application.title


@pytest.mark.parametrize("days", [40, -20])
def test_a_passed_re_review_goes_on_without_a_gap(world: World, days: int) -> None:
    until = timezone.localdate() + dt.timedelta(days=days)
    _call, title = re_review(world, until)
    assert title.basis == Title.Basis.RE_REVIEW
    assert title.recognised_on == until + dt.timedelta(days=1)
    assert title.valid_until is not None
    assert title.valid_until > title.recognised_on + dt.timedelta(days=1094)


def test_a_way_without_notice_recognises_what_was_selected(world: World) -> None:
    call, _title = re_review(world, timezone.localdate() + dt.timedelta(days=40))
    assert not Notice.objects.filter(call=call).exists()
    kinds = set(Task.objects.filter(subject_id=str(call.pk)).values_list("kind", "state"))
    assert (RECOGNISE, TaskState.DONE) in kinds
    assert PUBLISH not in {kind for kind, _state in kinds}
