"""A title is taken away: heard first, proposed by one, confirmed by another."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.life_cases import (
    DAY,
    GROUND,
    notified,
    opened,
    proposed,
    received,
    replied,
    title_of,
)
from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task
from tidu.recognition.actions.cancellation_decisions import confirm, propose, return_proposal
from tidu.recognition.actions.cancellation_replies import record_reply, reply, withdraw_reply
from tidu.recognition.actions.cancellation_steps import (
    CONFIRM,
    PROPOSE,
    REPLY,
    ask_after_limit,
    check_heard,
    reply_is_late,
)
from tidu.recognition.actions.cancellations import (
    add_files,
    draft_notice,
    open_cancellation,
    send_notice,
)
from tidu.recognition.models import Act, Cancellation, CaseKind
from tidu.recognition.queries.title_lists import cases_seen
from tidu.recognition.queries.title_rules import rule_of
from tidu.registry.actions.standing import add_title
from tidu.registry.models import Title
from tidu.registry.models.standing import Level, TitleState
from tidu.registry.queries.looks import looks_at

pytestmark = pytest.mark.django_db
_State = Cancellation.State


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def city(world: World) -> Actor:
    return world.actor("city_hohhot")


def second(world: World) -> Actor:
    return world.actor("city_hohhot_second")


def test_a_title_is_taken_away_by_two_after_the_enterprise_was_heard(world: World) -> None:
    case = confirm(actor=second(world), case=proposed(world))
    title = Title.objects.get(pk=case.title_id)
    assert (case.state, title.state) == (_State.CANCELLED, TitleState.REVOKED)
    assert title.ended_on == timezone.localdate()
    assert case.decision is not None
    assert case.notice is not None
    assert case.decision.number
    assert case.decision.kind == "revocation"
    told = Notification.objects.filter(user=world.users["manager_c"]).latest("pk")
    assert "称号已取消" in told.title
    assert "不予采纳" in told.body
    assert not Task.objects.open().filter(subject_id=str(case.pk)).exists()
    world.enterprises["C"].refresh_from_db()
    assert world.enterprises["C"].tier == ""


def test_hohhots_document_bars_nobody_and_the_decision_says_so(world: World) -> None:
    case = confirm(actor=second(world), case=proposed(world))
    assert case.barred_until is None
    assert case.decision is not None
    text = str(case.decision.words)
    assert "没有规定不得再次申报的期限" in text
    assert "监督管理（一）1" in text


def test_the_bar_runs_for_the_years_that_a_document_names(world: World) -> None:
    title = add_title(
        actor=city(world),
        enterprise=world.enterprises["C"],
        name="专精特新中小企业",
        level=Level.PROVINCIAL,
        tier="srdi",
        recognised_on=dt.date(2026, 5, 1),
        valid_until=dt.date(2029, 4, 30),
    )
    rule = rule_of(title)
    assert rule is not None
    assert rule.pack.id == "national-2026-gradient"
    assert rule.barred_until("data_fabrication", dt.date(2028, 2, 29)) == dt.date(2031, 2, 28)
    assert rule.barred_until("re_review_absent", dt.date(2028, 2, 29)) is None
    assert not rule.own


def test_a_title_of_another_authority_is_not_taken_away_here(world: World) -> None:
    title = add_title(
        actor=city(world),
        enterprise=world.enterprises["C"],
        name="专精特新中小企业",
        level=Level.PROVINCIAL,
        tier="srdi",
        recognised_on=dt.date(2026, 5, 1),
    )
    with pytest.raises(Refused, match="由上级机关认定"):
        open_cancellation(
            actor=city(world),
            title=title,
            origin=Cancellation.Origin.REPORT,
            ground="data_fabrication",
            facts="虚报数据。",
        )


def test_only_grounds_of_the_document_open_a_case(world: World) -> None:
    for ground in ("bad_mood", "re_review_failed", "re_review_absent"):
        with pytest.raises(Refused, match="文件规定的情形"):
            open_cancellation(
                actor=city(world),
                title=title_of(world),
                origin=Cancellation.Origin.REPORT,
                ground=ground,
                facts="事实。",
            )


def test_a_title_has_one_open_case(world: World) -> None:
    first = opened(world)
    with pytest.raises(Refused, match="已经有一件"):
        opened(world)
    assert Cancellation.objects.get() == first


def test_nothing_is_proposed_to_be_taken_away_before_the_enterprise_had_its_time(world: World) -> None:
    case = opened(world)
    with pytest.raises(Refused, match="还没有向企业发出告知书"):
        propose(actor=city(world), case=case, cancels=True, opinion="事实清楚。")
    case = notified_from(world, case)
    assert case.deadline is not None
    with pytest.raises(Refused, match="期满以前不能"):
        propose(actor=city(world), case=case, cancels=True, opinion="事实清楚。")
    with (
        time_machine.travel(_noon(case.deadline.due_on), tick=False),
        pytest.raises(Refused, match="期满以前不能"),
    ):
        propose(actor=city(world), case=case, cancels=True, opinion="事实清楚。")
    with time_machine.travel(_noon(case.deadline.due_on + DAY), tick=False):
        assert ask_after_limit() == 1
        assert ask_after_limit() == 0
        assert Task.objects.open().filter(kind=PROPOSE).count() == 1
        done = propose(actor=city(world), case=case, cancels=True, opinion="事实清楚。")
        assert done.state == _State.PROPOSED
        assert confirm(actor=second(world), case=done).state == _State.CANCELLED


def notified_from(world: World, case: Cancellation) -> Cancellation:
    return send_notice(actor=city(world), case=draft_notice(actor=city(world), case=case))


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def test_the_notice_is_looked_at_before_it_goes_out(world: World) -> None:
    case = opened(world)
    with pytest.raises(Refused, match="先拟制告知书"):
        send_notice(actor=city(world), case=case)
    case = notified_from(world, case)
    assert case.notice is not None
    assert case.notice.number
    assert "陈述" in str(case.notice.words)
    assert Task.objects.open().get(kind=REPLY).organisation == world.organisations["C"]


def test_the_default_limit_of_reply_is_marked_as_ours(world: World) -> None:
    rule = rule_of(title_of(world))
    assert rule is not None
    assert rule.reply_limit[3] == ""
    assert notified(world).deadline is not None


def test_nobody_confirms_their_own_proposal(world: World) -> None:
    case = proposed(world)
    with pytest.raises(Refused, match="由您提出"):
        confirm(actor=city(world), case=case)
    assert Cancellation.objects.get(pk=case.pk).state == _State.PROPOSED


def test_to_let_a_title_stand_takes_two_as_well(world: World) -> None:
    case = propose(
        actor=city(world), case=opened(world), cancels=False, opinion="举报不实，数据与审计报告一致。"
    )
    done = confirm(actor=second(world), case=case)
    assert done.state == _State.DROPPED
    assert Title.objects.get(pk=done.title_id).state == TitleState.HELD
    assert done.decision is not None
    assert "不予取消" in done.decision.title


def test_a_returned_proposal_goes_back_to_where_the_case_had_come_to(world: World) -> None:
    case = return_proposal(actor=second(world), case=proposed(world), reason="请补充审计报告")
    assert (case.state, case.cancels, case.proposed_by_id) == (_State.REPLIED, None, None)
    assert not Task.objects.open().filter(kind=CONFIRM).exists()
    assert Task.objects.open().filter(kind=PROPOSE).exists()


def test_a_reply_behind_the_limit_is_heard_and_marked(world: World) -> None:
    case = notified(world)
    assert case.deadline is not None
    with time_machine.travel(_noon(case.deadline.due_on + 3 * DAY), tick=False):
        done = reply(actor=world.actor("manager_c"), case=case, text="来函收到较晚，现陈述如下。")
        assert done.state == _State.REPLIED
        assert reply_is_late(done)


def test_a_reply_that_comes_while_a_proposal_waits_voids_it(world: World) -> None:
    case = notified(world)
    assert case.deadline is not None
    with time_machine.travel(_noon(case.deadline.due_on + 3 * DAY), tick=False):
        waiting = propose(actor=city(world), case=case, cancels=True, opinion="没有陈述。")
        heard = reply(actor=world.actor("manager_c"), case=waiting, text="请听取我们的意见。")
        assert (heard.state, heard.cancels) == (_State.REPLIED, None)
        with pytest.raises(Refused):
            confirm(actor=second(world), case=heard)


def test_a_reply_is_given_once_and_can_be_taken_back_before_anything_is_proposed(world: World) -> None:
    case = replied(world)
    back = withdraw_reply(actor=world.actor("manager_c"), case=case)
    assert (back.state, back.reply, back.reply_files.count()) == (_State.NOTIFIED, "", 0)
    with pytest.raises(Refused, match="期满以前不能"):
        check_heard(back)
    again = reply(actor=world.actor("manager_c"), case=back, text="重新陈述。")
    waiting = propose(actor=city(world), case=again, cancels=True, opinion="不予采纳。")
    with pytest.raises(Refused, match="已经收到"):
        reply(actor=world.actor("manager_c"), case=waiting, text="再说一遍。")


def test_the_enterprise_hears_of_a_case_when_it_is_told_and_never_sees_who_reported(world: World) -> None:
    case = opened(world)
    assert not cases_seen(world.actor("manager_c")).exists()
    draft_notice(actor=city(world), case=case)
    assert not cases_seen(world.actor("manager_c")).exists()
    send_notice(actor=city(world), case=case)
    assert cases_seen(world.actor("manager_c")).get() == case
    assert not cases_seen(world.actor("manager_d")).exists()
    shown = Act.objects.filter(case=CaseKind.CANCELLATION, case_id=case.pk, shown=True)
    assert list(shown.values_list("act", flat=True)) == ["notify"]


def test_neither_evidence_nor_drafts_show_where_the_enterprise_sees_who_looked(world: World) -> None:
    case = draft_notice(actor=city(world), case=opened(world))
    client = Client()
    sign_in(client, world.users["city_hohhot"])
    file = case.files.get()
    for address in (
        reverse("recognition:cancellation-file", args=[case.pk, file.pk]),
        reverse("recognition:cancellation-paper", args=[case.pk, "notice"]),
    ):
        assert client.get(address).status_code == 200
    assert AuditEvent.objects.filter(action="core.file.downloaded").count() == 2
    assert not looks_at(case.enterprise).filter(action="core.file.downloaded").exists()


def test_nobody_handles_an_enterprise_that_they_work_or_worked_for(world: World) -> None:
    Membership.objects.create(
        user=world.users["city_hohhot"],
        organisation=world.organisations["C"],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )
    with pytest.raises(Refused, match="应当回避"):
        opened(world)


def test_an_enterprise_without_an_account_replies_on_paper(world: World) -> None:
    enterprise = world.enterprises["C"]
    case = notified(world)
    with pytest.raises(Refused, match="有账户"):
        record_reply(actor=city(world), case=case, text="书面陈述。")
    enterprise.organisation = None
    enterprise.save(update_fields=["organisation"])
    done = record_reply(actor=city(world), case=case, text="书面陈述。", files=[received()])
    assert done.state == _State.REPLIED


def test_evidence_is_added_while_a_case_is_open(world: World) -> None:
    case = opened(world)
    add_files(actor=city(world), case=case, files=[received("补充.pdf")])
    assert case.files.count() == 2
    done = confirm(
        actor=second(world), case=propose(actor=city(world), case=case, cancels=False, opinion="查无实据。")
    )
    with pytest.raises(Refused, match="不能补充证据"):
        add_files(actor=city(world), case=done, files=[received()])


def test_officers_of_other_places_and_districts_do_not_decide(world: World) -> None:
    case = opened(world)
    for person in ("city_baotou", "district_saihan", "auditor_hohhot", "manager_c"):
        with pytest.raises(Refused):
            propose(actor=world.actor(person), case=case, cancels=False, opinion="不属实。")


def test_two_clicks_give_one_case_history(world: World) -> None:
    case = proposed(world)
    first = confirm(actor=second(world), case=case)
    again = confirm(actor=second(world), case=case)
    assert first.decision == again.decision
    acts = Act.objects.filter(case=CaseKind.CANCELLATION, case_id=case.pk, act="cancel")
    assert acts.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_confirm_at_once_one_decides() -> None:
    world = make_world()
    Membership.objects.create(
        user=world.users["district_huimin"],
        organisation=world.organisations["city_hohhot"],
        role=Role.CITY_OFFICER,
    )
    case = proposed(world)
    actors = [second(world), _as_city(world, "district_huimin")]
    outcomes: list[str] = []

    def decide(actor: Actor) -> None:
        try:
            outcomes.append(confirm(actor=actor, case=case).state)
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [_State.CANCELLED, "refused"]
    assert Cancellation.objects.get(pk=case.pk).decision is not None
    assert Act.objects.filter(case=CaseKind.CANCELLATION, case_id=case.pk, act="cancel").count() == 1


def _as_city(world: World, person: str) -> Actor:
    from tidu.accounts.identities import Identity, actor_of

    membership = Membership.objects.get(user=world.users[person], role=Role.CITY_OFFICER)
    return actor_of(world.users[person], Identity(membership))


def test_grounds_carry_their_clauses(world: World) -> None:
    rule = rule_of(title_of(world))
    assert rule is not None
    found = rule.ground(GROUND)
    assert found is not None
    assert found.cite == "监督管理/（一）/1"
