"""Re-reviews: opened by two, reminded of, passed into a new term, failed or absent into the right of reply."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import application_at
from tests.recognition.life_cases import (
    DAY,
    TIER,
    campaign_draft,
    campaign_running,
    campaign_sent,
    opened,
    title_of,
)
from tidu.core.refusals import Refused
from tidu.core.ticks import run_due
from tidu.desk.models import Notification, Task
from tidu.policy.documents.route import span_of
from tidu.recognition.actions.applying import start_application, withdraw_application
from tidu.recognition.actions.campaigns import (
    Selection,
    approve_campaign,
    discard_campaign,
    leave_out,
    return_campaign,
    send_campaign,
)
from tidu.recognition.actions.expiries import ENDING, ask_for_re_reviews
from tidu.recognition.actions.lapsing import lapse_drafts
from tidu.recognition.actions.re_reviews import (
    begin_left_over,
    follow_re_reviews,
    remind_re_reviews,
)
from tidu.recognition.actions.recognising import draft_recognition, issue_recognition
from tidu.recognition.actions.reviewing import return_for_correction
from tidu.recognition.models import Application, Call, Campaign, Cancellation, Status
from tidu.recognition.process.following import CORRECT, TAKE_PART
from tidu.recognition.queries.campaigns import drawn, ending, reviewable
from tidu.recognition.queries.title_rules import RE_REVIEW_ABSENT, RE_REVIEW_FAILED
from tidu.recognition.queries.titles import Standing, title_state
from tidu.registry.models import Title
from tidu.registry.queries.facts import recognitions_of

pytestmark = pytest.mark.django_db
_OF_AN_APPLICATION = "申报(书|已|被|的|总表|材料)|(提交|撤回|补正|预览|这件|整份|本次)申报"


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def test_a_re_review_is_opened_by_one_and_approved_by_another(world: World) -> None:
    call = campaign_sent(world)
    assert call.kind == Call.Kind.RE_REVIEW
    assert not Application.objects.exists()
    with pytest.raises(Refused, match="拟稿人不能审签"):
        approve_campaign(actor=world.actor("city_hohhot"), call=call)
    done = approve_campaign(actor=world.actor("city_hohhot_second"), call=call)
    assert done.state == Call.State.PUBLISHED
    assert done.document is not None
    assert done.document.number
    again = approve_campaign(actor=world.actor("city_hohhot_second"), call=call)
    assert again.document == done.document


def test_every_enterprise_of_the_list_gets_an_application_and_a_task_once(world: World) -> None:
    call = campaign_running(world)
    assert begin_left_over() == 0
    found = Application.objects.filter(call=call)
    assert {row.enterprise_id for row in found} == {world.enterprises[letter].pk for letter in "CD"}
    assert {row.status for row in found} == {Status.DRAFT}
    assert Task.objects.open().filter(kind=TAKE_PART).count() == 2


def test_what_a_re_review_hands_in_is_not_called_an_application(world: World) -> None:
    call, client = campaign_running(world), Client()
    sign_in(client, world.users["manager_c"])
    row = Application.objects.get(call=call, enterprise=world.enterprises["C"])
    pages = {"application", "application-preview", "application-submit", "application-withdraw", "progress"}
    words = {page: client.get(reverse(f"recognition:{page}", args=[row.pk])) for page in pages}
    row.delete()
    row = application_at(world, Status.DISTRICT, call=call)
    return_for_correction(actor=world.actor("district_saihan"), application=row, reason="请补充审计报告。")
    told = Notification.objects.get(user=world.users["manager_c"], topic="复核进展")
    assert told.title.startswith("复核材料被退回补正")
    assert Task.objects.open().filter(kind=CORRECT, title__startswith="请补正复核材料：").exists()
    words["returned"] = client.get(reverse("recognition:progress", args=[row.pk]))
    words["receipt"] = client.get(reverse("recognition:receipt", args=[row.pk]))
    for page, answer in words.items():
        said = answer.content.decode().partition("<main")[2].partition("</main>")[0]
        assert "复核" in said
        assert not re.search(_OF_AN_APPLICATION, said), page


def test_a_title_under_timely_re_review_stays_valid_beyond_its_last_day(world: World) -> None:
    campaign_running(world)
    title = Title.objects.get(enterprise=world.enterprises["C"])
    assert title.valid_until is not None
    with time_machine.travel(_noon(title.valid_until + 20 * DAY), tick=False):
        today = timezone.localdate()
        assert title_state(title, today).standing == Standing.IN_REVIEW
        found = recognitions_of([title])
        assert found is not None
        assert found[0].expires_on is None


def test_an_absent_enterprise_loses_its_validity_only_by_a_decision(world: World) -> None:
    call = campaign_running(world)
    with time_machine.travel(call.closes_at + DAY, tick=False):
        assert lapse_drafts(call) == 2
        assert lapse_drafts(call) == 0
        assert follow_re_reviews() == 3  # two cases, and the re-review is put away
        assert follow_re_reviews() == 0
        assert Call.objects.get(pk=call.pk).state == Call.State.FINISHED
        cases = list(Cancellation.objects.order_by("pk"))
        assert {case.ground for case in cases} == {RE_REVIEW_ABSENT}
        assert {case.state for case in cases} == {Cancellation.State.OPENED}
        assert {case.opened_by_id for case in cases} == {None}
        assert {case.cite for case in cases} == {"监督管理/（三）"}
        title = Title.objects.get(pk=cases[0].title_id)
        assert title.under_review


def test_a_failed_re_review_opens_a_case_with_its_reason(world: World) -> None:
    call = campaign_running(world)
    row = Application.objects.get(call=call, enterprise=world.enterprises["C"])
    Application.objects.filter(pk=row.pk).update(
        status=Status.NOT_RECOMMENDED,
        submitted_at=timezone.now(),
        number="R-1",
        reason="主导产品收入占比不足",
        cite="申报条件/具体条件/专业化",
    )
    assert follow_re_reviews() == 1
    case = Cancellation.objects.get()
    assert case.ground == RE_REVIEW_FAILED
    assert "主导产品收入占比不足" in case.facts
    assert case.application == row


def test_a_re_review_that_was_given_up_may_be_begun_anew_while_it_is_open(world: World) -> None:
    call, manager = campaign_running(world), world.actor("manager_c")
    first = Application.objects.get(call=call, enterprise=world.enterprises["C"])
    withdraw_application(actor=manager, application=first)
    assert not Task.objects.open().filter(kind=TAKE_PART, subject_id=str(first.pk)).exists()
    assert follow_re_reviews() == 0
    client = Client()
    sign_in(client, world.users["manager_c"])
    assert "重新办理复核" in client.get(reverse("recognition:applications")).content.decode()
    second = start_application(actor=manager, call=call)
    assert (second.reviewed_title, second.status) == (first.reviewed_title, Status.DRAFT)
    with time_machine.travel(call.closes_at + DAY, tick=False):
        lapse_drafts(call)
        follow_re_reviews()
        assert Cancellation.objects.get(enterprise=second.enterprise).application == second
        with pytest.raises(Refused, match="已办结"):
            start_application(actor=manager, call=call)


def test_a_re_review_is_extended_from_its_page_and_everybody_sees_the_later_end(world: World) -> None:
    call, client = campaign_running(world), Client()
    later = timezone.localtime(call.closes_at) + 5 * DAY
    sign_in(client, world.users["city_hohhot"])
    page = reverse("recognition:campaign", args=[call.pk])
    address = reverse("recognition:campaign-extend", args=[call.pk])
    assert address in client.get(page).content.decode()
    words = {"closes_at": f"{later:%Y-%m-%d %H:%M}", "reason": "审计报告还没有出来。"}
    assert client.post(address, words | {"reason": ""}).status_code == 422
    assert client.post(address, words)["Location"] == page
    assert "审计报告还没有出来" in client.get(page).content.decode()
    assert {task.title[:21] for task in Task.objects.open().filter(kind=TAKE_PART)} == {
        f"请在 {later:%Y-%m-%d %H:%M} 前"
    }
    told = Notification.objects.filter(title__startswith="延长受理")
    assert {row.url for row in told} == {page, reverse("recognition:applications")}
    with time_machine.travel(later, tick=False):
        sign_in(client, world.users["city_hohhot"])
        assert address not in client.get(page).content.decode()
        answer = client.post(address, words | {"closes_at": f"{later + DAY:%Y-%m-%d %H:%M}"})
        assert "可以陈述和申辩" in answer.content.decode()


def test_nobody_takes_part_in_a_re_review_that_did_not_name_them(world: World) -> None:
    call = campaign_running(world)
    Application.objects.filter(call=call, enterprise=world.enterprises["C"]).delete()
    with pytest.raises(Refused, match="由市工信部门发起"):
        start_application(actor=world.actor("manager_c"), call=call)


def _passed(world: World, call: Call) -> Title:
    """Put the enterprise's re-review where the list was decided, and recognise it."""
    Application.objects.filter(call=call, enterprise=world.enterprises["C"]).update(
        status=Status.SELECTED, submitted_at=timezone.now(), number="R-1"
    )
    draft = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    issue_recognition(actor=world.actor("city_hohhot_second"), recognition=draft)
    return Title.objects.filter(enterprise=world.enterprises["C"]).latest("pk")


def test_a_passed_re_review_gives_a_new_term_without_a_gap(world: World) -> None:
    call = campaign_running(world)
    old = title_of(world)
    assert old.valid_until is not None
    new = _passed(world, call)
    assert (new.basis, new.recognised_on) == (Title.Basis.RE_REVIEW, old.valid_until + DAY)
    assert new.valid_until == span_of("3年").last_day(new.recognised_on)
    assert follow_re_reviews() == 1
    assert follow_re_reviews() == 0
    old.refresh_from_db()
    assert old.kept_until == old.valid_until
    assert title_state(old, old.valid_until).valid
    assert not title_state(old, new.recognised_on).valid
    assert title_state(new, new.recognised_on).valid
    assert not Cancellation.objects.exists()


def test_passing_a_spot_check_renews_nothing(world: World) -> None:
    draft = campaign_draft(world, selection=Selection(Campaign.Way.SAMPLE, number=2))
    send_campaign(actor=world.actor("city_hohhot"), call=draft)
    call = approve_campaign(actor=world.actor("city_hohhot_second"), call=draft)
    begin_left_over()
    old = title_of(world)
    assert _passed(world, call) == old
    assert follow_re_reviews() == 1
    old.refresh_from_db()
    assert old.kept_until == old.valid_until


def test_reminders_look_again_at_the_state_and_come_once(world: World) -> None:
    call = campaign_running(world)
    told = Notification.objects.filter(key__startswith="re-review-")
    with time_machine.travel(call.closes_at - 14 * DAY, tick=False):
        assert remind_re_reviews() == 3  # manager and editor of C, manager of D
        assert remind_re_reviews() == 0
    row = Application.objects.get(call=call, enterprise=world.enterprises["C"])
    Application.objects.filter(pk=row.pk).update(
        status=Status.DISTRICT, submitted_at=timezone.now(), number="R-1"
    )
    with time_machine.travel(call.closes_at - 7 * DAY, tick=False):
        assert remind_re_reviews() == 1
    assert set(told.values_list("user__username", flat=True)) == {"manager_c", "editor_c", "manager_d"}


def test_nobody_is_reminded_of_what_they_have_just_been_told(world: World) -> None:
    campaign_running(world)
    assert remind_re_reviews() == 0


def test_a_window_takes_titles_that_end_in_it_and_are_in_no_other_review(world: World) -> None:
    call = campaign_draft(world)
    today = timezone.localdate()
    assert call.campaign.titles.count() == 2
    with pytest.raises(Refused, match="没有可以复核的称号"):
        campaign_draft(world)
    discard_campaign(actor=world.actor("city_hohhot"), call=call)
    assert ending("150100", TIER, today, today + 59 * DAY).count() == 0
    assert ending("150100", TIER, today + 60 * DAY, today + 60 * DAY).count() == 2
    opened(world)
    assert reviewable("150100", TIER).count() == 1


def test_a_draw_can_be_made_again_with_its_seed(world: World) -> None:
    call = campaign_draft(world, selection=Selection(Campaign.Way.SAMPLE, number=1))
    campaign = call.campaign
    assert len(campaign.candidates) == 2
    assert list(campaign.titles.values_list("pk", flat=True)) == drawn(campaign.candidates, 1, campaign.seed)
    assert drawn([3, 1, 2], 2, "x") == drawn([1, 2, 3], 2, "x")


def test_a_draft_is_returned_with_a_reason_and_an_enterprise_left_out_with_one(world: World) -> None:
    call = campaign_sent(world)
    with pytest.raises(Refused, match="退回的理由"):
        return_campaign(actor=world.actor("city_hohhot_second"), call=call)
    call = return_campaign(actor=world.actor("city_hohhot_second"), call=call, reason="时间太紧")
    title = title_of(world, letter="D")
    second = world.actor("city_hohhot_second")  # who could then approve what they changed themselves
    for act in (
        lambda: leave_out(actor=second, call=call, title_id=title.pk, reason="已迁出本市"),
        lambda: send_campaign(actor=second, call=call),
        lambda: discard_campaign(actor=second, call=call),
    ):
        with pytest.raises(Refused, match="由拟稿人修改"):
            act()
    with pytest.raises(Refused, match="不列入的理由"):
        leave_out(actor=world.actor("city_hohhot"), call=call, title_id=title.pk, reason="")
    leave_out(actor=world.actor("city_hohhot"), call=call, title_id=title.pk, reason="已迁出本市")
    assert list(call.campaign.titles.all()) == [title_of(world)]


def test_titles_that_end_without_a_re_review_make_one_task_for_the_city(world: World) -> None:
    title_of(world)
    assert ask_for_re_reviews() == 1
    assert ask_for_re_reviews() == 1
    task = Task.objects.open().get(kind=ENDING)
    assert task.organisation == world.organisations["city_hohhot"]
    assert "1 个称号" in task.title
    campaign_running(world)
    assert ask_for_re_reviews() == 0
    assert not Task.objects.open().filter(kind=ENDING).exists()


def test_all_ticks_run_and_run_again(world: World) -> None:
    campaign_running(world)
    for _ in range(2):
        assert not [done for done in run_due() if done.failed and done.name.startswith("recognition.")]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (dt.date(2024, 2, 29), dt.date(2027, 2, 28)),
        (dt.date(2025, 3, 1), dt.date(2028, 2, 29)),
        (dt.date(2026, 1, 1), dt.date(2028, 12, 31)),
    ],
)
def test_three_years_end_the_day_before_the_same_day(since: dt.date, until: dt.date) -> None:
    assert span_of("3年").last_day(since) == until
