"""Objections: received from anybody while the notice runs, protected, decided by two, blocking one enterprise alone."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import application_at, published_call
from tests.recognition.deciding_cases import PDF, end_period, many, on_notice
from tidu.accounts.models import Membership
from tidu.core.files.kinds import FileRefused
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task, TaskState
from tidu.recognition.actions.notices import recall_notice
from tidu.recognition.actions.objections import (
    DECIDE,
    assign_objection,
    decide_objection,
    propose_finding,
    receive_objection,
    return_finding,
)
from tidu.recognition.actions.recognising import draft_recognition, issue_recognition
from tidu.recognition.models import Act, NoticeItem, Objection, Status
from tidu.recognition.queries.objections import objection_by_code
from tidu.recognition.queries.recognising import recognisable

pytestmark = pytest.mark.django_db
TEXT = "该企业近两年营业收入没有增长，请核实审计报告。"
CITE = "申报条件/基本条件/03"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    return make_world()


def noticed(world: World) -> NoticeItem:
    """C on notice."""
    return on_notice(world, application_at(world, Status.DECISION).call).items.get()


def received(item: NoticeItem, **more: object) -> Objection:
    code = receive_objection(item=item, **{"text": TEXT, "named": False, **more})  # type: ignore[arg-type]
    found = objection_by_code(code)
    assert found is not None
    return found


def looked_into(world: World, objection: Objection, *, upholds: bool) -> Objection:
    """Assigned to ``city_hohhot``, who proposes."""
    actor = world.actor("city_hohhot")
    assign_objection(actor=actor, objection=objection, colleague=world.memberships["city_hohhot"])
    return propose_finding(
        actor=actor,
        objection=objection,
        upholds=upholds,
        finding="调取审计报告核对，2025 年收入低于 2024 年。" if upholds else "审计报告与申报一致。",
        reply="已核实，感谢反映。",
        cite=CITE if upholds else "",
    )


def test_an_objection_gives_a_code_of_which_only_a_digest_is_kept(world: World) -> None:
    code = receive_objection(item=noticed(world), text=TEXT, named=False)
    found = Objection.objects.get()
    assert code.replace("-", "") not in str(found.__dict__)
    assert objection_by_code(code.lower().replace("-", " ")) == found
    assert objection_by_code("AAAA-BBBB-CCCC-DDDD") is None


def test_text_and_sender_are_sealed_in_the_database(world: World) -> None:
    received(noticed(world), named=True, name="某行业协会", phone="13800000000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, sender_name, sender_phone FROM recognition_objection")
        kept = " ".join(cursor.fetchone())
    assert "审计报告" not in kept
    assert "某行业协会" not in kept
    assert "13800000000" not in kept


def test_an_anonymous_objection_keeps_neither_name_nor_address(world: World) -> None:
    found = received(noticed(world), named=False, name="张某", phone="13800000000", address="203.0.113.7")
    assert (found.sender_name, found.sender_phone) == ("", "")
    event = AuditEvent.objects.get(action="recognition.objection.received")
    assert (event.address, event.enterprise_id) == ("", None)


def test_no_event_about_an_objection_shows_where_enterprises_see_who_looked(world: World) -> None:
    objection = looked_into(world, received(noticed(world)), upholds=False)
    decide_objection(actor=world.actor("city_hohhot_second"), objection=objection)
    events = AuditEvent.objects.filter(action__startswith="recognition.objection.")
    assert {event.enterprise_id for event in events} == {None}
    assert not Act.objects.filter(label__contains="异议").exists()
    assert not Notification.objects.filter(user=world.users["manager_c"], title__contains="异议").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "太短"}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"named": True, "name": "", "phone": "1"}, "name"),
        ({"named": True, "name": "某人", "phone": ""}, "phone"),
    ],
)
def test_an_objection_says_what_is_wrong_and_who_to_answer(
    world: World, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        received(noticed(world), **given)
    assert refused.value.field == field
    assert not Objection.objects.exists()


def test_evidence_is_checked_like_any_upload(world: World) -> None:
    item = noticed(world)
    good = SimpleUploadedFile("审计报告.pdf", PDF, "application/pdf")
    assert received(item, files=[good]).files.get().file.name == "异议材料 1.pdf"
    with pytest.raises(FileRefused):
        received(item, files=[SimpleUploadedFile("x.pdf", b"<script>", "application/pdf")])
    assert Objection.objects.count() == 1


def test_objections_are_taken_until_the_last_second_and_no_longer(world: World) -> None:
    item = noticed(world)
    ends_at = item.notice.ends_at
    with patch("django.utils.timezone.now", return_value=ends_at - SECOND):
        received(item)
    with (
        patch("django.utils.timezone.now", return_value=ends_at),
        pytest.raises(Refused, match="公示已经结束"),
    ):
        receive_objection(item=item, text=TEXT, named=False)


def test_an_objection_becomes_a_task_of_the_city_within_its_limit(world: World) -> None:
    objection = received(noticed(world))
    task = Task.objects.get(kind=DECIDE)
    assert task.role == Role.CITY_OFFICER
    assert task.deadline == objection.deadline
    assert objection.deadline is not None
    assert (objection.deadline.length, objection.deadline.unit) == (15, "working")
    decide_objection(
        actor=world.actor("city_hohhot_second"), objection=looked_into(world, objection, upholds=False)
    )
    task.refresh_from_db()
    objection.deadline.refresh_from_db()
    assert task.state == TaskState.DONE
    assert objection.deadline.closed_at is not None


def test_an_open_objection_holds_up_its_enterprise_alone(world: World) -> None:
    call = published_call(world)
    application_at(world, Status.DECISION, call=call)
    many(world, 2, call=call)
    notice = on_notice(world, call)
    item = notice.items.get(name__contains="试样C")
    objection = received(item)
    end_period(notice)
    assert recognisable(notice).count() == 2
    first, second = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    issue_recognition(actor=second, recognition=draft_recognition(actor=first, call=call))
    item.application.refresh_from_db()
    assert item.application.status == Status.NOTICE
    decide_objection(actor=second, objection=looked_into(world, objection, upholds=False))
    issue_recognition(actor=second, recognition=draft_recognition(actor=first, call=call))
    item.application.refresh_from_db()
    assert item.application.status == Status.RECOGNISED


def test_an_upheld_objection_ends_the_application_and_tells_why_but_not_who(world: World) -> None:
    item = noticed(world)
    objection = looked_into(
        world, received(item, named=True, name="某竞争企业", phone="13800000000"), upholds=True
    )
    end_period(item.notice)  # decidable after the period as well
    decide_objection(
        actor=world.actor("city_hohhot_second"), objection=objection, reason="2025 年营业收入低于 2024 年。"
    )
    application = item.application
    application.refresh_from_db()
    assert application.status == Status.NOT_RECOGNISED
    assert (application.reason, application.cite) == ("2025 年营业收入低于 2024 年。", CITE)
    assert application.result is not None
    said = str(application.result.words) + " ".join(
        f"{told.title}{told.body}" for told in Notification.objects.filter(user=world.users["manager_c"])
    )
    assert "2025 年营业收入低于 2024 年。" in said
    assert "某竞争企业" not in said
    assert TEXT not in said


def test_an_upheld_objection_needs_words_for_the_enterprise(world: World) -> None:
    objection = looked_into(world, received(noticed(world)), upholds=True)
    with pytest.raises(Refused, match="理由"):
        decide_objection(actor=world.actor("city_hohhot_second"), objection=objection)
    objection.refresh_from_db()
    assert objection.state == Objection.State.PROPOSED


def test_nobody_decides_their_own_finding(world: World) -> None:
    objection = looked_into(world, received(noticed(world)), upholds=False)
    with pytest.raises(Refused, match="另一位同事"):
        decide_objection(actor=world.actor("city_hohhot"), objection=objection)


def test_only_whoever_it_was_assigned_to_proposes(world: World) -> None:
    objection = received(noticed(world))
    actor = world.actor("city_hohhot")
    assign_objection(actor=actor, objection=objection, colleague=world.memberships["city_hohhot_second"])
    told = Notification.objects.filter(user=world.users["city_hohhot_second"], topic="异议核查")
    assert told.exists()
    with pytest.raises(Refused, match="没有分派给您"):
        propose_finding(
            actor=actor, objection=objection, upholds=False, finding="核对一致。", reply="已核实。"
        )


def test_an_upheld_finding_names_a_condition_of_the_call(world: World) -> None:
    objection = received(noticed(world))
    actor = world.actor("city_hohhot")
    assign_objection(actor=actor, objection=objection, colleague=world.memberships["city_hohhot"])
    with pytest.raises(Refused) as refused:
        propose_finding(
            actor=actor,
            objection=objection,
            upholds=True,
            finding="不一致。",
            reply="已核实。",
            cite="瞎编/1",
        )
    assert refused.value.field == "cite"


def test_a_finding_can_be_sent_back(world: World) -> None:
    objection = looked_into(world, received(noticed(world)), upholds=False)
    task = Task.objects.open().get(kind=DECIDE)
    assert task.asked_by == world.users["city_hohhot"]
    return_finding(
        actor=world.actor("city_hohhot_second"), objection=objection, reason="请再核对 2024 年数据"
    )
    objection.refresh_from_db()
    assert (objection.state, objection.returned_reason) == (
        Objection.State.ASSIGNED,
        "请再核对 2024 年数据",
    )
    task.refresh_from_db()
    assert task.asked_by is None


def test_colleagues_who_work_for_the_enterprise_keep_away(world: World) -> None:
    objection = received(noticed(world))
    Membership.objects.create(
        user=world.users["city_hohhot_second"],
        organisation=world.organisations["C"],
        role=Role.ENTERPRISE_EDITOR,
    )
    with pytest.raises(Refused, match="应当回避"):
        assign_objection(
            actor=world.actor("city_hohhot"),
            objection=objection,
            colleague=world.memberships["city_hohhot_second"],
        )


def test_an_officer_who_worked_for_the_enterprise_does_not_find_what_is_said_against_it(world: World) -> None:
    received(noticed(world))
    assert Objection.objects.visible_to(world.actor("city_hohhot_second")).exists()
    Membership.objects.create(
        user=world.users["city_hohhot_second"],
        organisation=world.organisations["C"],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )
    assert not Objection.objects.visible_to(world.actor("city_hohhot_second")).exists()
    assert Objection.objects.visible_to(world.actor("city_hohhot")).exists()


@pytest.mark.parametrize("person", ["city_baotou", "district_saihan", "manager_c", "expert_hohhot"])
def test_nobody_else_finds_an_objection(world: World, person: str) -> None:
    objection = received(noticed(world))
    assert not Objection.objects.visible_to(world.actor(person)).exists()
    with pytest.raises(Refused, match="找不到"):
        assign_objection(
            actor=world.actor(person), objection=objection, colleague=world.memberships["city_hohhot"]
        )


def test_an_objection_to_a_recalled_notice_still_holds_its_enterprise_up(world: World) -> None:
    item = noticed(world)
    objection = received(item)
    recall_notice(actor=world.actor("city_hohhot"), notice=item.notice, reason="名称有误。")
    from tidu.recognition.actions.notices import publish_notice

    anew = end_period(publish_notice(actor=world.actor("city_hohhot"), proposal=item.notice.proposal))
    assert not recognisable(anew).exists()
    decide_objection(
        actor=world.actor("city_hohhot_second"), objection=looked_into(world, objection, upholds=False)
    )
    assert recognisable(anew).count() == 1


def test_an_objection_is_upheld_only_while_its_list_is_on_notice(world: World) -> None:
    item = noticed(world)
    objection = looked_into(world, received(item), upholds=True)
    recall_notice(actor=world.actor("city_hohhot"), notice=item.notice, reason="名称有误。")
    with pytest.raises(Refused, match="重新公示以后确认"):
        decide_objection(actor=world.actor("city_hohhot_second"), objection=objection, reason="收入下降。")
