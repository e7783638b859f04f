"""Following a case: the picture of the process, questions and answers, who reads what was handed in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import application_at, published_call
from tests.recognition.filling import ready_application, state
from tests.recognition.published import public_notice
from tidu.core.calendar import start_deadline
from tidu.core.models.deadlines import DayUnit
from tidu.core.moments import end
from tidu.core.refusals import Refused
from tidu.recognition.actions.inquiries import answer_inquiry
from tidu.recognition.actions.submitting import resubmit_application, submit_application
from tidu.recognition.models import (
    Application,
    Call,
    Inquiry,
    Notice,
    Status,
    Submission,
)
from tidu.recognition.process.moving import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> Call:
    return published_call(world)


def browser(world: World, person: str = "manager_c") -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def hand_in(world: World, application: Application, *, person: str = "manager_c", **more: bool) -> Submission:
    return submit_application(
        actor=world.actor(person), application=application, declared_by="某法人", **more
    )


def return_it(world: World, application: Application, reason: str = "缺审计报告附注") -> None:
    case = take(
        actor=world.actor("district_saihan"),
        application=application,
        act="return",
        reason=reason,
        cite="申报条件/基本条件/03",
    )
    case.move()


def test_an_answer_lets_the_reviewers_clock_go_on(world: World, call: Call) -> None:
    application = ready_application(world, call)
    hand_in(world, application)
    case = take(
        actor=world.actor("district_saihan"), application=application, act="ask", reason="增速怎么算的？"
    )
    inquiry = Inquiry.objects.create(
        application=application,
        criterion="growth",
        text="增速怎么算的？",
        asked_by=world.users["district_saihan"],
        deadline=start_deadline(length=3, unit=DayUnit.WORKING),
    )
    case.move()
    client = browser(world, "editor_c")
    page = client.get(reverse("recognition:progress", args=[application.pk])).content.decode()
    assert "审核人有问题，等您答复" in page
    assert "增速怎么算的？" in page
    url = reverse("recognition:inquiry-answer", args=[application.pk, inquiry.pk])
    assert client.post(url, {"answer": " "}).status_code == 422
    assert client.post(url, {"answer": "按算术平均"}).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.answer == "按算术平均"
    application.refresh_from_db()
    assert application.deadline is not None
    assert application.deadline.stopped_on is None
    assert client.post(url, {"answer": "再答一次"}).status_code == 422
    with pytest.raises(Refused, match="已经答复过"):
        answer_inquiry(actor=world.actor("manager_c"), inquiry=inquiry, answer="别的")


def test_the_progress_shows_holder_limit_and_consequence_and_names_nobody(world: World, call: Call) -> None:
    application = ready_application(world, call)
    hand_in(world, application)
    return_it(world, application)
    state(world)
    resubmit_application(actor=world.actor("manager_c"), application=application, declared_by="某法人")
    page = browser(world).get(reverse("recognition:progress", args=[application.pk])).content.decode()
    assert "第 2 步，共 6 步" in page
    assert "公示 5 日" in page
    assert "时限 10 个工作日" in page
    assert "自动上报市级督办" in page
    assert "缺审计报告附注" in page
    assert "district_saihan" not in page
    assert 'class="td-clause"' in page


@pytest.mark.parametrize("status", [status for status in Status if status != Status.DRAFT])
def test_every_status_has_a_progress_page(world: World, status: Status) -> None:
    application = application_at(world, status)
    answer = browser(world).get(reverse("recognition:progress", args=[application.pk]))
    assert answer.status_code == 200


def test_during_the_notice_the_progress_says_until_when(world: World) -> None:
    notice = public_notice(world, letters="C")
    words = _page(world, "C", notice)
    assert "公示还有" in words
    assert f"{end(notice.ends_at)} 期满" in words
    assert reverse("recognition:notice", args=[notice.pk]) in words
    now, hour = timezone.now(), dt.timedelta(hours=1)
    over = public_notice(world, letters="D", published_at=now - 150 * hour, ends_at=now - hour)
    assert "已期满" in _page(world, "D", over)


def _page(world: World, letter: str, notice: Notice) -> str:
    address = reverse("recognition:progress", args=[notice.items.get().application_id])
    return browser(world, f"manager_{letter.lower()}").get(address).content.decode()


def test_what_was_handed_in_is_read_by_its_reviewers_alone(world: World, call: Call) -> None:
    application = ready_application(world, call)
    hand_in(world, application)
    url = reverse("recognition:submission", args=[application.pk, 1])
    found = {
        person: browser(world, person).get(url).status_code
        for person in (
            "district_saihan",
            "city_hohhot",
            "auditor_hohhot",
            "district_huimin",
            "manager_d",
            "expert_hohhot",
        )
    }
    assert found == {
        "district_saihan": 200,
        "city_hohhot": 200,
        "auditor_hohhot": 200,
        "district_huimin": 404,
        "manager_d": 404,
        "expert_hohhot": 404,
    }
