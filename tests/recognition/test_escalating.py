"""Limits that are over: the declared consequence, once for each, whatever has changed since, by one or two at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import KNOWING, application_at, published_call
from tests.recognition.district_cases import accept_all, filled_case
from tidu.core.calendar import start_deadline
from tidu.core.models import AuditEvent, Deadline, OfficialDocument
from tidu.core.models.deadlines import DayUnit
from tidu.core.refusals import Refused
from tidu.core.ticks import run_due
from tidu.desk.actions import open_task
from tidu.desk.models import Notification
from tidu.desk.reminders import remind
from tidu.recognition.actions.escalating import (
    escalate_applications,
    escalate_changes,
    escalate_objections,
)
from tidu.recognition.actions.inquiries import ask_applicant
from tidu.recognition.actions.reviewing import recommend, return_for_correction
from tidu.recognition.models import (
    Act,
    Application,
    CaseKind,
    ChangeReport,
    Notice,
    NoticeItem,
    Objection,
    Proposal,
    Status,
)
from tidu.recognition.process.bureaus import reviewer_of
from tidu.recognition.process.clocks import start_limit
from tidu.recognition.process.following import REVIEW
from tidu.registry.models import Title

DAY = dt.timedelta(days=1)
MORNING = dt.time(9)


@pytest.fixture
def world() -> World:
    return make_world()


def _end(deadline: Deadline | None) -> None:
    """The limit began long ago and is over since yesterday at the latest."""
    assert deadline is not None
    deadline.started_on, deadline.due_on = timezone.localdate() - 90 * DAY, timezone.localdate() - DAY
    deadline.save(update_fields=["started_on", "due_on"])


def _told(person: str, topic: str = "催办") -> list[str]:
    found = Notification.objects.filter(user__username=person, topic=topic)
    return list(found.order_by("id").values_list("title", flat=True))


@pytest.mark.django_db
def test_a_review_beyond_its_limit_comes_before_the_city_once(world: World) -> None:
    case = application_at(world, Status.DISTRICT)
    assert escalate_applications() == 0
    _end(case.deadline)
    assert escalate_applications() == 1
    assert escalate_applications() == 0
    assert _told("city_hohhot") == [f"赛罕区审核逾期：{case.enterprise.name}"]
    line = Act.objects.get(case=CaseKind.APPLICATION, case_id=case.pk, act="escalate")
    assert "自动上报市级督办" in line.reason
    assert not line.shown
    case.refresh_from_db()
    assert case.escalated_at is not None
    assert case.status == Status.DISTRICT


@pytest.mark.django_db
def test_nothing_is_escalated_while_the_clock_stands_or_once_it_is_done(world: World) -> None:
    officer = world.actor("district_saihan")
    asked = filled_case(world)
    _end(asked.deadline)
    ask_applicant(actor=officer, application=asked, text="合同原件在哪里？")
    returned = filled_case(world, call=published_call(world))
    _end(returned.deadline)
    return_for_correction(actor=officer, application=returned, reason="缺页")
    done = filled_case(world, call=published_call(world))
    accept_all(officer, done)
    _end(done.deadline)
    recommend(actor=officer, application=done, opinion="同意推荐", despite=KNOWING)
    assert escalate_applications() == 0


@pytest.mark.django_db
def test_the_next_stage_has_a_limit_and_an_escalation_of_its_own(world: World) -> None:
    officer, case = world.actor("district_saihan"), filled_case(world)
    accept_all(officer, case)
    _end(case.deadline)
    assert escalate_applications() == 1
    recommend(actor=officer, application=case, opinion="同意推荐", despite=KNOWING)
    assert escalate_applications() == 0
    case.refresh_from_db()
    _end(case.deadline)
    assert escalate_applications() == 1
    assert [line.before for line in Act.objects.filter(act="escalate").order_by("id")] == [
        "district",
        "experts",
    ]


@pytest.mark.django_db
def test_a_decision_beyond_its_limit_is_one_message_for_all_of_the_call(world: World) -> None:
    call = published_call(world)
    for letter in "CD":
        _end(application_at(world, Status.DECISION, letter=letter, call=call).deadline)
    assert escalate_applications() == 2
    assert _told("city_hohhot") == [f"研究决定逾期：{call}"]
    assert Act.objects.filter(act="escalate").count() == 2


@pytest.mark.django_db
def test_the_holder_is_reminded_once_at_three_days_and_once_afterwards(world: World) -> None:
    """The task of a review is opened with its deadline, so that the desk reminds of it."""
    officer, case = world.actor("district_saihan"), filled_case(world)
    return_for_correction(actor=officer, application=case, reason="缺页")
    case.refresh_from_db()
    case.status, case.stage = Status.DISTRICT, "district"
    case.save()
    holder = reviewer_of(case)
    assert case.deadline is not None
    case.deadline.stopped_on = None
    case.deadline.due_on = timezone.localdate() + DAY
    case.deadline.save()
    open_task(
        actor=officer,
        kind=REVIEW,
        title="审核申报",
        url="/",
        organisation=holder.organisation,
        role=holder.role,
        subject=case,
        deadline=case.deadline,
    )
    now = timezone.make_aware(dt.datetime.combine(timezone.localdate(), MORNING))
    for _ in range(2):
        remind(now)
    assert len(_told("district_saihan_second")) == 1
    _end(case.deadline)
    for _ in range(2):
        remind(now)
    assert len(_told("district_saihan_second", "逾期")) == 1


def _objection(world: World) -> Objection:
    case = application_at(world, Status.NOTICE)
    document = OfficialDocument.objects.create(
        kind="notice", title="公示", organisation_id=case.call.organisation_id, issuer="某局", place="150100"
    )
    proposal = Proposal.objects.create(call=case.call, proposed_by=world.users["city_hohhot"])
    now = timezone.now()
    notice = Notice.objects.create(
        call=case.call,
        proposal=proposal,
        title="公示",
        document=document,
        published_at=now,
        days=5,
        unit=DayUnit.CALENDAR,
        first_day_counts=False,
        starts_on=now.date(),
        last_day=now.date() + 5 * DAY,
        ends_at=now + 6 * DAY,
        cite="认定程序/4",
        published_by=world.users["city_hohhot"],
    )
    item = NoticeItem.objects.create(
        notice=notice,
        application=case,
        number=1,
        name=case.enterprise.name,
        uscc=case.enterprise.uscc,
        district="赛罕区",
    )
    return Objection.objects.create(
        item=item,
        text="数据不实",
        named=False,
        code_digest="0" * 64,
        deadline=start_limit(case.call, "objection"),
    )


@pytest.mark.django_db
def test_an_objection_and_a_change_beyond_their_limits_are_told_once_each(world: World) -> None:
    objection = _objection(world)
    enterprise = world.enterprises["C"]
    title = Title.objects.create(
        enterprise=enterprise, name="专精特新", level="municipal", recognised_on=dt.date(2025, 1, 1)
    )
    change = ChangeReport.objects.create(
        enterprise=enterprise,
        title=title,
        kind="name",
        happened_on=dt.date(2026, 1, 1),
        before="甲",
        after="乙",
        deadline=start_deadline(length=15, unit=DayUnit.WORKING),
    )
    assert (escalate_objections(), escalate_changes()) == (0, 0)
    _end(objection.deadline)
    _end(change.deadline)
    assert (escalate_objections(), escalate_changes()) == (1, 1)
    assert (escalate_objections(), escalate_changes()) == (0, 0)
    assert len(_told("city_hohhot")) == 2
    assert Act.objects.filter(case=CaseKind.CHANGE, case_id=change.pk, act="escalate").count() == 1
    assert AuditEvent.objects.filter(action="recognition.objection.escalate").count() == 1


@pytest.mark.django_db
def test_the_ticks_do_it_all_and_say_so(world: World) -> None:
    _end(application_at(world, Status.DISTRICT).deadline)
    said = {item.name: item for item in run_due()}
    assert said["recognition.limits.authorities"].said == "1 件申报逾期上报"
    assert not any(item.failed for item in said.values())
    again = {item.name: item.said for item in run_due()}
    assert again["recognition.limits.authorities"] == ""


def _at_once(work: Callable[[], int], times: int = 2) -> list[int]:
    """What several threads get that begin at the same moment."""
    start, results = threading.Barrier(times), []

    def run() -> None:
        try:
            start.wait()
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_escalate_once() -> None:
    world = make_world()
    _end(application_at(world, Status.DISTRICT).deadline)
    assert sorted(_at_once(escalate_applications)) == [0, 1]
    assert Act.objects.filter(act="escalate").count() == 1
    assert len(_told("city_hohhot")) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_decides() -> None:
    world = make_world()
    case = filled_case(world)
    accept_all(world.actor("district_saihan"), case)
    people = iter(("district_saihan", "district_saihan_second"))
    turn = threading.Lock()

    def act() -> int:
        with turn:
            person = next(people)
        try:
            if person == "district_saihan":
                recommend(actor=world.actor(person), application=case, opinion="同意推荐", despite=KNOWING)
            else:
                return_for_correction(actor=world.actor(person), application=case, reason="缺页")
        except Refused:
            return 0
        return 1

    assert sorted(_at_once(act)) == [0, 1]
    held = Application.objects.get(pk=case.pk)
    moves = Act.objects.filter(case_id=case.pk, act__in=("recommend", "return"))
    assert [line.after for line in moves] == [held.status]
