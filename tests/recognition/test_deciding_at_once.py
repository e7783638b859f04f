"""Two at one moment: two officers confirm, publish, issue; an enterprise withdraws, a stranger objects meanwhile."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.at_once import at_once
from tests.recognition.cases import application_at, published_call
from tests.recognition.deciding_cases import confirmed, end_period, many, on_notice, proposed
from tidu.core.models import DocumentSeries, OfficialDocument
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.recognition.actions.deciding import confirm_proposal
from tidu.recognition.actions.notices import publish_notice
from tidu.recognition.actions.objections import receive_objection
from tidu.recognition.actions.proposals import open_proposal
from tidu.recognition.actions.recognising import draft_recognition, issue_recognition
from tidu.recognition.models import Act, Application, Call, Notice, Objection, Proposal, Status
from tidu.recognition.process.clocks import start_limit
from tidu.recognition.process.moving import take
from tidu.recognition.queries.recognising import ready
from tidu.registry.models import Title

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "该企业近两年营业收入没有增长，请核实审计报告。"


@pytest.fixture
def world() -> World:
    """Hohhot with its people."""
    return make_world()


@pytest.fixture
def call(world: World) -> Call:
    """Four applications before the decision."""
    call = published_call(world)
    application_at(world, Status.DECISION, call=call)
    many(world, 3, call=call)
    return call


def _third(world: World) -> None:
    from tidu.accounts.models import Membership, User

    world.users["third"] = User.objects.create_user("third", name="third")
    world.memberships["third"] = Membership.objects.create(
        user=world.users["third"], organisation=world.organisations["city_hohhot"], role=Role.CITY_OFFICER
    )


def test_two_officers_confirm_once(world: World, call: Call) -> None:
    _third(world)
    proposal = proposed(world, call)
    actors = [world.actor("city_hohhot_second"), world.actor("third")]
    outcomes = at_once(
        *[lambda actor=actor: confirm_proposal(actor=actor, proposal=proposal) for actor in actors]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Proposal", "Refused"]
    assert Act.objects.filter(act="select").count() == 4
    assert Application.objects.filter(status=Status.SELECTED).count() == 4


def test_two_officers_begin_one_list(world: World, call: Call) -> None:
    actors = [world.actor("city_hohhot"), world.actor("city_hohhot_second")]
    outcomes = at_once(*[lambda actor=actor: open_proposal(actor=actor, call=call).pk for actor in actors])
    assert len(set(outcomes)) == 1, outcomes
    assert Proposal.objects.count() == 1


def test_a_withdrawal_and_a_confirmation_have_one_order(world: World, call: Call) -> None:
    proposal = proposed(world, call)
    application = Application.objects.get(enterprise=world.enterprises["C"])

    def withdraw() -> object:
        from django.db import transaction

        with transaction.atomic():
            return take(actor=world.actor("manager_c"), application=application, act="withdraw").move()

    confirmation, withdrawal = at_once(
        lambda: confirm_proposal(actor=world.actor("city_hohhot_second"), proposal=proposal), withdraw
    )
    application.refresh_from_db()
    assert isinstance(confirmation, Refused) != isinstance(withdrawal, Refused)
    expected = Status.WITHDRAWN if isinstance(confirmation, Refused) else Status.SELECTED
    assert application.status == expected


def test_publishing_twice_at_once_is_one_notice_with_one_number(world: World, call: Call) -> None:
    proposal = confirmed(world, call)
    actors = [world.actor("city_hohhot"), world.actor("city_hohhot_second")]
    outcomes = at_once(
        *[lambda actor=actor: publish_notice(actor=actor, proposal=proposal).pk for actor in actors]
    )
    assert len(set(outcomes)) == 1, outcomes
    assert Notice.objects.count() == 1
    issued = OfficialDocument.objects.filter(sequence__isnull=False)
    assert issued.count() == DocumentSeries.objects.get().last == 1


def test_two_officers_issue_one_recognition(world: World, call: Call) -> None:
    _third(world)
    end_period(on_notice(world, call))
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    actors = [world.actor("city_hohhot_second"), world.actor("third")]
    outcomes = at_once(
        *[lambda actor=actor: issue_recognition(actor=actor, recognition=recognition) for actor in actors]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["RecognitionDocument", "Refused"]
    assert Title.objects.count() == 4


def test_an_objection_of_the_last_second_comes_before_recognition(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recognition that begins as the period ends waits for the objection that is being taken in, and sees it."""
    notice = on_notice(world, call)
    item = notice.items.get(name__contains="试样C")
    end_period(notice)
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    Notice.objects.filter(pk=notice.pk).update(ends_at=timezone.now() + dt.timedelta(seconds=3))
    item.refresh_from_db()
    inside = threading.Event()
    real = start_limit

    def slow(*given: object) -> object:
        inside.set()
        threading.Event().wait(3.5)  # the period ends while the objection holds its lock
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("tidu.recognition.actions.objections.start_limit", slow)

    def recognise() -> object:
        inside.wait(10)
        return issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition)

    received, outcome = at_once(lambda: receive_objection(item=item, text=TEXT, named=False), recognise)
    assert isinstance(received, str)
    assert isinstance(outcome, Refused)
    assert Objection.objects.open().count() == 1
    assert not Title.objects.exists()
    assert ready(call).count() == 3


def test_recognition_and_an_objection_after_the_end_do_not_meet(world: World, call: Call) -> None:
    notice = on_notice(world, call)
    item = notice.items.get(name__contains="试样C")
    end_period(notice)
    recognition = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    item.refresh_from_db()
    outcomes = at_once(
        lambda: issue_recognition(actor=world.actor("city_hohhot_second"), recognition=recognition),
        lambda: receive_objection(item=item, text=TEXT, named=False),
    )
    assert [type(outcome).__name__ for outcome in outcomes] == ["RecognitionDocument", "Refused"]
    assert not Objection.objects.exists()
