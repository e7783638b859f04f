"""The district's review: findings on every condition, questions that stop the clock, return, recommendation or none."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import KNOWING, application_at
from tests.recognition.district_cases import accept_all
from tidu.accounts.models import Membership
from tidu.core.actor import Actor
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task, TaskState
from tidu.recognition.actions.inquiries import answer_inquiry, ask_applicant, close_unanswered
from tidu.recognition.actions.reviewing import (
    not_recommend,
    recommend,
    recommend_several,
    return_for_correction,
    save_finding,
)
from tidu.recognition.models import (
    Act,
    Application,
    CriterionFinding,
    Inquiry,
    Level,
    Recommendation,
    Stage,
    Status,
)
from tidu.recognition.process.following import ANSWER
from tidu.recognition.process.moving import write_act
from tidu.recognition.queries.reviewing import criteria_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def case(world: World) -> Application:
    return application_at(world, Status.DISTRICT)


@pytest.fixture
def officer(world: World) -> Actor:
    return world.actor("district_saihan")


def test_a_finding_is_saved_at_once_and_saying_it_again_replaces_it(
    case: Application, officer: Actor
) -> None:
    save_finding(actor=officer, application=case, criterion="revenue", finding="doubted", note="缺审计报告")
    save_finding(actor=officer, application=case, criterion="revenue", finding="accepted")
    found = CriterionFinding.objects.get(application=case)
    assert (found.finding, found.note) == ("accepted", "")
    assert Act.objects.filter(act="review").count() == 1


@pytest.mark.parametrize(("criterion", "finding"), [("revenue", "fine"), ("weather", "accepted")])
def test_what_is_no_finding_is_refused(
    case: Application, officer: Actor, criterion: str, finding: str
) -> None:
    with pytest.raises(Refused):
        save_finding(actor=officer, application=case, criterion=criterion, finding=finding)


@pytest.mark.parametrize("person", ["district_huimin", "city_hohhot", "manager_c", "expert_hohhot"])
def test_nobody_else_says_anything_of_a_condition(world: World, case: Application, person: str) -> None:
    with pytest.raises(Refused):
        save_finding(actor=world.actor(person), application=case, criterion="revenue", finding="accepted")


def test_no_recommendation_before_every_condition_has_a_finding(case: Application, officer: Actor) -> None:
    first = criteria_of(case.call)[0]
    save_finding(actor=officer, application=case, criterion=first.id, finding="accepted")
    with pytest.raises(Refused, match=r"还有 \d+ 项条件没有审核"):
        recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)
    case.refresh_from_db()
    assert case.status == Status.DISTRICT


def test_a_rejected_condition_needs_a_word_before_a_recommendation(case: Application, officer: Actor) -> None:
    accept_all(officer, case)
    save_finding(actor=officer, application=case, criterion="brand", finding="rejected")
    with pytest.raises(Refused, match="不认可的条件要写说明"):
        recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)
    save_finding(actor=officer, application=case, criterion="brand", finding="rejected", note="另有品牌证书")
    recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)


def test_a_recommendation_leads_on_and_leaves_opinion_number_and_history(
    case: Application, officer: Actor
) -> None:
    accept_all(officer, case)
    recommend(
        actor=officer, application=case, opinion="同意推荐", despite=KNOWING, document_no="赛工信〔2026〕8号"
    )
    again = recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)
    case.refresh_from_db()
    assert (case.status, case.stage) == (Status.EXPERTS, Stage.EXPERTS)
    assert again.status == Status.EXPERTS
    made = Recommendation.objects.get(application=case)
    assert (made.positive, made.document_no) == (True, "赛工信〔2026〕8号")
    assert Act.objects.filter(act="recommend").count() == 1


def test_a_recommendation_without_opinion_is_refused(case: Application, officer: Actor) -> None:
    accept_all(officer, case)
    with pytest.raises(Refused, match="请写明推荐上报的理由"):
        recommend(actor=officer, application=case, opinion=" ")


def test_not_recommending_rests_on_a_condition_that_was_rejected(case: Application, officer: Actor) -> None:
    with pytest.raises(Refused, match="请选择一项审核为“不认可”的条件"):
        not_recommend(actor=officer, application=case, criterion="revenue", reason="营业收入不足")
    save_finding(actor=officer, application=case, criterion="revenue", finding="rejected", note="918 万元")
    not_recommend(actor=officer, application=case, criterion="revenue", reason="营业收入不足")
    case.refresh_from_db()
    assert (case.status, case.reason) == (Status.NOT_RECOMMENDED, "营业收入不足")
    assert case.cite == "申报条件/基本条件/03"
    assert case.ended_at is not None
    told = Notification.objects.get(user__username="manager_c", topic="申报进展")
    assert told.body == "营业收入不足"


def _stands(case: Application) -> bool:
    """Whether the reviewer's clock is stopped."""
    return Application.objects.filter(pk=case.pk, deadline__stopped_on__isnull=False).exists()


def test_a_question_stops_the_clock_until_the_last_one_is_answered(
    world: World, case: Application, officer: Actor
) -> None:
    first = ask_applicant(actor=officer, application=case, text="合同原件在哪里？", criterion="revenue")
    second = ask_applicant(actor=officer, application=case, text="产品是哪一种？")
    assert _stands(case)
    manager = world.actor("manager_c")
    answer_inquiry(actor=manager, inquiry=first, answer="已补在材料里。")
    assert _stands(case)
    answer_inquiry(actor=manager, inquiry=second, answer="阀组。")
    assert not _stands(case)
    assert not Task.objects.filter(kind="recognition.application.answer", state=TaskState.OPEN).exists()


def test_the_same_question_pressed_twice_is_asked_once(case: Application, officer: Actor) -> None:
    for _ in range(2):
        ask_applicant(actor=officer, application=case, text="合同原件在哪里？")
    assert Inquiry.objects.count() == 1


def test_an_answer_is_given_once(world: World, case: Application, officer: Actor) -> None:
    asked = ask_applicant(actor=officer, application=case, text="合同原件在哪里？")
    manager = world.actor("editor_c")
    with pytest.raises(Refused, match="请填写答复"):
        answer_inquiry(actor=manager, inquiry=asked, answer=" ")
    answer_inquiry(actor=manager, inquiry=asked, answer="在附件三。")
    answer_inquiry(actor=manager, inquiry=asked, answer="在附件三。")
    with pytest.raises(Refused, match="已经答复过"):
        answer_inquiry(actor=manager, inquiry=asked, answer="在附件四。")
    assert Act.objects.filter(act="answer").count() == 1


@pytest.mark.parametrize("person", ["manager_d", "district_saihan", "city_hohhot"])
def test_nobody_else_answers(world: World, case: Application, officer: Actor, person: str) -> None:
    asked = ask_applicant(actor=officer, application=case, text="合同原件在哪里？")
    with pytest.raises(Refused):
        answer_inquiry(actor=world.actor(person), inquiry=asked, answer="在附件三。")


def test_while_a_question_is_open_nothing_is_concluded(
    world: World, case: Application, officer: Actor
) -> None:
    accept_all(officer, case)
    asked = ask_applicant(actor=officer, application=case, text="合同原件在哪里？")
    with pytest.raises(Refused, match="等待企业答复"):
        recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)
    save_finding(actor=officer, application=case, criterion="revenue", finding="rejected", note="不足")
    with pytest.raises(Refused, match="等待企业答复"):
        not_recommend(actor=officer, application=case, criterion="revenue", reason="营业收入不足")
    answer_inquiry(actor=world.actor("manager_c"), inquiry=asked, answer="在附件三。")
    recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)


def test_a_question_whose_limit_is_over_is_closed_and_the_clock_goes_on(
    case: Application, officer: Actor
) -> None:
    asked = ask_applicant(actor=officer, application=case, text="合同原件在哪里？")
    assert close_unanswered(application=case) == 0
    assert asked.deadline is not None
    asked.deadline.due_on = timezone.localdate() - DAY
    asked.deadline.save()
    assert close_unanswered(application=case) == 1
    assert close_unanswered(application=case) == 0
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("逾期未答复", None)
    case.refresh_from_db()
    assert case.deadline is not None
    assert case.deadline.stopped_on is None
    assert Act.objects.get(act="unanswered").level == Level.SYSTEM


def test_a_return_stops_the_clock_starts_the_correction_and_takes_up_the_questions(
    case: Application, officer: Actor
) -> None:
    asked = ask_applicant(actor=officer, application=case, text="合同原件在哪里？")
    with pytest.raises(Refused, match="请写明退回补正的理由"):
        return_for_correction(actor=officer, application=case, reason="")
    return_for_correction(actor=officer, application=case, reason="1. 营业执照：看不清")
    case.refresh_from_db()
    asked.refresh_from_db()
    assert (case.status, case.stage) == (Status.RETURNED, Stage.DISTRICT)
    assert case.deadline is not None
    assert case.deadline.stopped_on is not None
    assert case.correction is not None
    assert asked.answered_at is not None
    # The applicant's task of answering has ended by it, and does not say by whom.
    assert Task.objects.get(kind=ANSWER).state == TaskState.DONE
    assert Task.objects.get(kind=ANSWER).done_by is None


def test_of_two_officers_the_second_finds_the_case_decided(
    world: World, case: Application, officer: Actor
) -> None:
    accept_all(officer, case)
    recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)
    second = world.actor("district_saihan_second")
    with pytest.raises(Refused, match="现在是“专家评审中”"):
        return_for_correction(actor=second, application=case, reason="缺页")
    with pytest.raises(Refused, match="不能再改审核意见"):
        save_finding(actor=second, application=case, criterion="revenue", finding="rejected")
    assert Recommendation.objects.count() == 1


def test_nobody_reviews_an_enterprise_that_they_worked_for(
    world: World, case: Application, officer: Actor
) -> None:
    Membership.objects.create(
        user=world.users["district_saihan"],
        organisation=world.organisations["C"],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )
    for act in (
        lambda: save_finding(actor=officer, application=case, criterion="revenue", finding="accepted"),
        lambda: ask_applicant(actor=officer, application=case, text="合同原件在哪里？"),
        lambda: return_for_correction(actor=officer, application=case, reason="缺页"),
    ):
        with pytest.raises(Refused, match="应当回避"):
            act()


def test_whoever_has_judged_a_condition_does_not_act_on_another_level(
    world: World, case: Application, officer: Actor
) -> None:
    save_finding(actor=officer, application=case, criterion="revenue", finding="accepted")
    assert Act.objects.get(act="review").level == Level.DISTRICT
    write_act(
        actor=world.actor("district_saihan_second"),
        case="application",  # type: ignore[arg-type] # the value of the choice
        case_id=case.pk,
        act="select",
        label="列入拟认定名单",
        level=Level.CITY,
    )
    with pytest.raises(Refused, match="您曾以市级身份办理过这件事项"):
        return_for_correction(actor=world.actor("district_saihan_second"), application=case, reason="缺页")


def test_where_a_place_has_no_bureau_the_city_reviews(world: World, case: Application) -> None:
    with pytest.raises(Refused):
        ask_applicant(actor=world.actor("city_hohhot"), application=case, text="合同原件在哪里？")
    bureau = world.organisations["district_saihan"]
    bureau.is_active = False
    bureau.save()
    ask_applicant(actor=world.actor("city_hohhot"), application=case, text="合同原件在哪里？")


def test_several_are_recommended_row_by_row_and_each_failure_says_why(world: World, officer: Actor) -> None:
    whole = application_at(world, Status.DISTRICT)
    accept_all(officer, whole)
    elsewhere = application_at(world, Status.DISTRICT, letter="D", call=whole.call)
    results = recommend_several(
        actor=officer, applications=[whole, elsewhere], opinion="同意推荐", despite=KNOWING
    )
    assert [bool(item.fault) for item in results] == [False, True]
    whole.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (whole.status, elsewhere.status) == (Status.EXPERTS, Status.DISTRICT)
