"""The city's decision: one officer proposes, another confirms, each applicant who is not selected learns why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition import deciding_cases
from tests.recognition.cases import application_at, published_call
from tests.recognition.deciding_cases import confirmed, many, minutes, on_notice, proposed
from tidu.accounts.models import Membership
from tidu.core.audit import recording
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task, TaskState
from tidu.recognition.actions.deciding import confirm_proposal
from tidu.recognition.actions.proposals import (
    Choice,
    add_arrived,
    clear_stale,
    drop_proposal,
    issue_material,
    open_proposal,
    propose,
    return_proposal,
    save_choices,
)
from tidu.recognition.models import Act, Application, CaseKind, Level, Proposal, Status
from tidu.recognition.process.following import DECIDE
from tidu.recognition.process.moving import take, write_act
from tidu.recognition.queries.suggestions import suggestions_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_list_is_confirmed_by_a_second_officer_and_everyone_moves(world: World) -> None:
    call = published_call(world)
    c = application_at(world, Status.DECISION, letter="C", call=call)
    d = application_at(world, Status.DECISION, letter="D", call=call)
    proposal = confirmed(world, call, rejected=[d.pk])
    c.refresh_from_db()
    d.refresh_from_db()
    assert (c.status, d.status) == (Status.SELECTED, Status.NOT_RECOGNISED)
    assert (d.reason, d.cite) == ("近两年平均增速未达到要求。", "申报条件/基本条件/03")
    assert proposal.state == Proposal.State.CONFIRMED
    assert Task.objects.filter(kind=DECIDE, state=TaskState.OPEN).count() == 0


def test_whoever_is_not_selected_gets_a_numbered_letter_with_reason_and_clause(world: World) -> None:
    d = application_at(world, Status.DECISION, letter="D")
    confirmed(world, d.call, rejected=[d.pk])
    d.refresh_from_db()
    assert d.result is not None
    assert d.result.state == OfficialDocument.State.ISSUED
    assert d.result.number
    said = str(d.result.words)
    assert "近两年平均增速未达到要求。" in said
    assert "基本条件" in said
    assert str(d.number) in said
    told = Notification.objects.filter(user=world.users["manager_d"])
    assert any("未予认定" in item.title and "增速" in item.body for item in told)


def test_nobody_confirms_their_own_list(world: World) -> None:
    application = application_at(world, Status.DECISION)
    proposal = proposed(world, application.call)
    with pytest.raises(Refused, match="另一位同事"):
        confirm_proposal(actor=world.actor("city_hohhot"), proposal=proposal)
    application.refresh_from_db()
    assert application.status == Status.DECISION


def test_an_officer_of_another_city_finds_no_list(world: World) -> None:
    proposal = proposed(world, application_at(world, Status.DECISION).call)
    with pytest.raises(Refused, match="找不到"):
        confirm_proposal(actor=world.actor("city_baotou"), proposal=proposal)


def test_two_clicks_confirm_once(world: World) -> None:
    application = application_at(world, Status.DECISION)
    proposal = proposed(world, application.call)
    second = world.actor("city_hohhot_second")
    confirm_proposal(actor=second, proposal=proposal)
    confirm_proposal(actor=second, proposal=proposal)
    assert Act.objects.filter(case_id=application.pk, act="select").count() == 1


def test_whoever_acted_for_the_district_neither_proposes_nor_confirms(world: World) -> None:
    application = application_at(world, Status.DECISION)

    def acted(person: str) -> None:
        write_act(
            actor=world.actor(person),
            case=CaseKind.APPLICATION,
            case_id=application.pk,
            act="recommend",
            label="推荐上报",
            level=Level.DISTRICT,
        )

    acted("city_hohhot_second")
    proposal = proposed(world, application.call)
    with pytest.raises(Refused, match="曾以区县身份"):
        confirm_proposal(actor=world.actor("city_hohhot_second"), proposal=proposal)
    drop_proposal(actor=world.actor("city_hohhot_second"), proposal=proposal, reason="重新拟定")
    acted("city_hohhot")
    with pytest.raises(Refused, match="曾以区县身份"):
        open_proposal(actor=world.actor("city_hohhot"), call=application.call)


def test_whoever_works_for_an_enterprise_of_the_list_keeps_away(world: World) -> None:
    application = application_at(world, Status.DECISION)
    for person in ("city_hohhot", "city_hohhot_second"):
        Membership.objects.create(
            user=world.users[person], organisation=world.organisations["C"], role=Role.ENTERPRISE_EDITOR
        )
    with pytest.raises(Refused, match="应当回避"):
        open_proposal(actor=world.actor("city_hohhot"), call=application.call)
    Membership.objects.filter(user=world.users["city_hohhot"], organisation=world.organisations["C"]).delete()
    proposal = proposed(world, application.call)
    with pytest.raises(Refused, match="应当回避"):
        confirm_proposal(actor=world.actor("city_hohhot_second"), proposal=proposal)


def test_a_withdrawn_application_is_pointed_out_and_dropped_before_confirmation(world: World) -> None:
    call = published_call(world)
    c = application_at(world, Status.DECISION, letter="C", call=call)
    d = application_at(world, Status.DECISION, letter="D", call=call)
    proposal = proposed(world, call)
    take(actor=world.actor("manager_c"), application=c, act="withdraw").move()
    second = world.actor("city_hohhot_second")
    with pytest.raises(Refused, match=r"试样C.*已撤回"):
        confirm_proposal(actor=second, proposal=proposal)
    d.refresh_from_db()
    assert d.status == Status.DECISION
    assert clear_stale(actor=second, proposal=proposal) == 1
    confirm_proposal(actor=second, proposal=proposal)
    c.refresh_from_db()
    d.refresh_from_db()
    assert (c.status, d.status) == (Status.WITHDRAWN, Status.SELECTED)


def test_a_whole_batch_that_was_withdrawn_is_dropped_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = published_call(world)
    officer = world.actor("city_hohhot")
    many(world, 20, call=call)
    proposal = open_proposal(actor=officer, call=call)
    Application.objects.filter(call=call).update(status=Status.WITHDRAWN)
    monkeypatch.setattr(recording, "_LONGEST_DETAIL", 60)  # of 4,000, for some hundred cases
    assert clear_stale(actor=officer, proposal=proposal) == 20


def test_a_refusal_is_proposed_from_the_file_with_its_clause_and_never_invented(world: World) -> None:
    call = published_call(world)
    good, bad = many(world, 2, call=call, failing=[1])
    proposal = open_proposal(actor=world.actor("city_hohhot"), call=call)
    items = {item.application_id: item for item in proposal.items.all()}
    assert (items[good.pk].selected, items[good.pk].reason) == (True, "")
    assert items[bad.pk].selected is False
    assert items[bad.pk].reason == "不符合“近两年营业收入平均增长率”：填报 4.20%，要求 ≥ 10%。"
    assert items[bad.pk].cite == "申报条件/基本条件/03"


def test_a_reason_says_money_to_two_decimals_unless_it_lies_between(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = published_call(world)
    for shown, said in (
        ("9,984.698538 万元", "填报 9,984.70 万元，要求 ≥ 10,000 万元。"),
        ("9,999.999999 万元", "填报 9,999.999999 万元，要求 ≥ 10,000 万元。"),
    ):
        money = {**deciding_cases.NOT_MET, "shown": shown, "limit": "≥ 10,000 万元"}
        monkeypatch.setattr(deciding_cases, "NOT_MET", money)
        (item,) = many(world, 1, call=call, failing=[0])
        assert suggestions_for(call, [item])[item.pk].reason.endswith(said)


@pytest.mark.parametrize(
    ("reason", "cite", "field"),
    [("", "申报条件/基本条件/03", "reason"), ("增速不够。", "", "cite"), ("增速不够。", "瞎编/9", "cite")],
)
def test_nobody_is_left_out_without_reason_and_clause(
    world: World, reason: str, cite: str, field: str
) -> None:
    application = application_at(world, Status.DECISION)
    actor = world.actor("city_hohhot")
    proposal = open_proposal(actor=actor, call=application.call)
    choice = Choice(selected=False, rank=1, reason=reason, cite=cite)
    with pytest.raises(Refused) as refused:
        save_choices(actor=actor, proposal=proposal, choices={application.pk: choice})
    assert refused.value.field == f"{field}-{application.pk}"
    assert proposal.items.get().selected is True


def test_more_than_the_quota_needs_a_reason(world: World) -> None:
    call = published_call(world, quota=1)
    many(world, 2, call=call)
    actor = world.actor("city_hohhot")
    proposal = open_proposal(actor=actor, call=call)
    issue_material(actor=actor, proposal=proposal)

    def hand_in(over_quota: str) -> Proposal:
        return propose(
            actor=actor,
            proposal=proposal,
            meeting_no="2026年第12次",
            meeting_on=timezone.localdate(),
            minutes=minutes(world),
            over_quota=over_quota,
        )

    with pytest.raises(Refused, match="超过通知公布的名额 1 家"):
        hand_in("")
    assert hand_in("两家并列，会议同意增加一家。").over_quota == "两家并列，会议同意增加一家。"


@pytest.mark.parametrize(
    ("number", "on", "field"),
    [
        ("", dt.timedelta(0), "meeting_no"),
        ("第12次", None, "meeting_on"),
        ("第12次", dt.timedelta(days=1), "meeting_on"),
    ],
)
def test_a_list_is_handed_in_with_the_meeting_that_decided(
    world: World, number: str, on: dt.timedelta | None, field: str
) -> None:
    application = application_at(world, Status.DECISION)
    actor = world.actor("city_hohhot")
    proposal = open_proposal(actor=actor, call=application.call)
    issue_material(actor=actor, proposal=proposal)
    day = None if on is None else timezone.localdate() + on
    with pytest.raises(Refused) as refused:
        propose(actor=actor, proposal=proposal, meeting_no=number, meeting_on=day, minutes=minutes(world))
    assert refused.value.field == field


def test_a_list_is_not_handed_in_without_minutes_and_material(world: World) -> None:
    application = application_at(world, Status.DECISION)
    actor = world.actor("city_hohhot")
    proposal = open_proposal(actor=actor, call=application.call)
    day = timezone.localdate()
    with pytest.raises(Refused, match="会议纪要"):
        propose(actor=actor, proposal=proposal, meeting_no="第12次", meeting_on=day, minutes=None)
    with pytest.raises(Refused, match="会议材料还没有定稿"):
        propose(actor=actor, proposal=proposal, meeting_no="第12次", meeting_on=day, minutes=minutes(world))


def test_only_the_proposer_changes_the_list_and_only_while_it_is_a_draft(world: World) -> None:
    application = application_at(world, Status.DECISION)
    proposal = open_proposal(actor=world.actor("city_hohhot"), call=application.call)
    choice = {application.pk: Choice(selected=True, rank=3)}
    with pytest.raises(Refused, match="由city_hohhot拟定"):
        save_choices(actor=world.actor("city_hohhot_second"), proposal=proposal, choices=choice)
    drop_proposal(actor=world.actor("city_hohhot"), proposal=proposal, reason="重新拟定")
    done = proposed(world, application.call)
    with pytest.raises(Refused, match="待确认"):
        save_choices(actor=world.actor("city_hohhot"), proposal=done, choices=choice)


def test_the_material_stays_as_it_went_to_the_meeting(world: World) -> None:
    application = application_at(world, Status.DECISION)
    actor = world.actor("city_hohhot")
    proposal = open_proposal(actor=actor, call=application.call)
    document = issue_material(actor=actor, proposal=proposal)
    before = document.words
    save_choices(
        actor=actor,
        proposal=proposal,
        choices={
            application.pk: Choice(selected=False, rank=1, reason="会议未通过。", cite="申报条件/基本条件/03")
        },
    )
    document.refresh_from_db()
    assert document.words == before
    assert document.state == OfficialDocument.State.ISSUED


def test_a_returned_list_goes_back_to_its_proposer_with_the_reason(world: World) -> None:
    proposal = proposed(world, application_at(world, Status.DECISION).call)
    return_proposal(actor=world.actor("city_hohhot_second"), proposal=proposal, reason="纪要缺少附件")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.returned_reason) == (Proposal.State.DRAFT, "纪要缺少附件")
    told = Notification.objects.filter(user=world.users["city_hohhot"], title__contains="退回")
    assert told.get().body == "纪要缺少附件"


def test_there_is_one_open_list_and_what_arrives_later_is_taken_in(world: World) -> None:
    call = published_call(world)
    application_at(world, Status.DECISION, letter="C", call=call)
    actor = world.actor("city_hohhot")
    proposal = open_proposal(actor=actor, call=call)
    assert open_proposal(actor=world.actor("city_hohhot_second"), call=call) == proposal
    application_at(world, Status.DECISION, letter="D", call=call)
    assert add_arrived(actor=actor, proposal=proposal) == 1
    assert add_arrived(actor=actor, proposal=proposal) == 0
    assert proposal.items.count() == 2


def test_what_arrives_after_the_meeting_waits_for_the_next_list(world: World) -> None:
    call = published_call(world)
    application_at(world, Status.DECISION, letter="C", call=call)
    proposal = proposed(world, call)
    late = application_at(world, Status.DECISION, letter="D", call=call)
    confirm_proposal(actor=world.actor("city_hohhot_second"), proposal=proposal)
    late.refresh_from_db()
    assert late.status == Status.DECISION
    assert open_proposal(actor=world.actor("city_hohhot"), call=call).items.get().application == late


def test_an_empty_call_has_nothing_to_decide(world: World) -> None:
    with pytest.raises(Refused, match="没有等待研究决定的申报"):
        open_proposal(actor=world.actor("city_hohhot"), call=published_call(world))


def test_a_confirmed_list_goes_on_notice(world: World) -> None:
    application = application_at(world, Status.DECISION)
    notice = on_notice(world, application.call)
    application.refresh_from_db()
    assert application.status == Status.NOTICE
    assert notice.items.get().name == world.enterprises["C"].name


def test_minutes_are_taken_as_large_as_the_form_says(world: World, client: Client) -> None:
    application = application_at(world, Status.DECISION)
    proposal = open_proposal(actor=world.actor("city_hohhot"), call=application.call)
    issue_material(actor=world.actor("city_hohhot"), proposal=proposal)
    sign_in(client, world.users["city_hohhot"])
    scanned = SimpleUploadedFile(
        "会议纪要.pdf", deciding_cases.PDF + b"\n" * 3 * 1024 * 1024, "application/pdf"
    )
    given = {"meeting_no": "2026年第12次", "meeting_on": str(timezone.localdate()), "minutes": scanned}
    client.post(reverse("recognition:proposal-propose", args=[proposal.pk]), given)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.minutes_id is not None) == (Proposal.State.PROPOSED, True)
