"""What an enterprise is told once its case is over: why, how to object, applying again, what it lacks, whom to ask."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import DAY, PACK, TIER, application_at, published_call
from tests.recognition.life_cases import campaign_running, proposed, title_of
from tests.recognition.published import public_notice
from tidu.core.figures import day
from tidu.recognition.actions.cancellation_decisions import confirm
from tidu.recognition.models import Application, Cancellation, Status
from tidu.registry.models import Title

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def page(world: World, address: str, person: str = "manager_c") -> str:
    client = Client()
    sign_in(client, world.users[person])
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def progress(world: World, application: Application) -> str:
    return page(world, reverse("recognition:progress", args=[application.pk]))


def closed(world: World, status: Status) -> Application:
    """A case that is over, to a call that has closed."""
    now = timezone.now()
    call = published_call(world, opens_at=now - 40 * DAY, closes_at=now - 10 * DAY)
    return application_at(world, status, call=call)


@pytest.mark.parametrize(
    "status", [Status.NOT_RECOMMENDED, Status.NOT_RECOGNISED, Status.WITHDRAWN, Status.LAPSED]
)
def test_whoever_was_refused_or_gave_up_reads_how_it_goes_on(world: World, status: Status) -> None:
    words = progress(world, closed(world, status))
    assert "办理已经结束" not in words
    assert "发布新的通知时，会告诉贵企业的负责人" in words
    assert "同一份通知每家企业只办理一次" not in words
    assert reverse("registry:own-match", args=[PACK, TIER]) in words
    assert "0471-0000000" in words
    refused = status in {Status.NOT_RECOMMENDED, Status.NOT_RECOGNISED}
    assert ("名单要公示 5 天，公示期内可以提出" in words) == refused
    assert ("赛罕区" in words.split('id="next"')[1]) == (status == Status.NOT_RECOMMENDED)
    assert "。。" not in words


def test_what_was_given_up_is_begun_anew_while_the_window_is_open(world: World) -> None:
    words = progress(world, application_at(world, Status.WITHDRAWN))
    assert "前可以重新开始" in words
    assert "再次申报" not in words
    assert "0471-0000000" in words


def test_a_call_that_is_open_is_named_with_its_end(world: World) -> None:
    application = closed(world, Status.NOT_RECOGNISED)
    other = published_call(world, title="2026年度第二批申报通知")
    words = progress(world, application)
    assert "《2026年度第二批申报通知》正在受理" in words
    assert "去申报" in words
    application_at(world, Status.DISTRICT, call=other)
    assert "去申报" not in progress(world, application)


def test_one_to_come_is_named_with_its_beginning_and_the_own_one_is_answered_once(world: World) -> None:
    application = application_at(world, Status.NOT_RECOMMENDED)
    assert "同一份通知每家企业只办理一次" in progress(world, application)
    now = timezone.now()
    published_call(world, title="2027年度第一批申报通知", opens_at=now + 40 * DAY, closes_at=now + 70 * DAY)
    assert "开始受理" in progress(world, application)


def test_while_the_list_is_published_the_way_to_object_is_shown(world: World) -> None:
    notice = public_notice(world, letters="D")
    application = application_at(world, Status.NOT_RECOGNISED, call=notice.call)
    words = progress(world, application)
    assert reverse("recognition:notice", args=[notice.pk]) in words
    type(notice).objects.update(
        published_at=timezone.now() - 9 * DAY, ends_at=timezone.now() - dt.timedelta(hours=1)
    )
    assert "对拟认定名单有异议" not in progress(world, application)


def test_a_title_that_was_taken_away_says_so_until_when_nobody_applies_again(world: World) -> None:
    application = application_at(world, Status.RECOGNISED)
    case = proposed(world)
    Application.objects.update(title=Title.objects.get())
    assert "称号有效期内" in progress(world, application)
    confirm(actor=world.actor("city_hohhot_second"), case=case)
    Cancellation.objects.update(barred_until=timezone.localdate() + 300 * DAY)
    until = timezone.localdate() + 300 * DAY
    address = reverse("recognition:cancellation", args=[case.pk])
    for words in (progress(world, application), page(world, address)):
        assert f"{day(until)} 以前（含当日）不得再次申报，{day(until + DAY)} 起可以" in words
        assert "离条件还差多少" not in words
    assert "曾获认定，称号已取消" in progress(world, application)
    assert address in progress(world, application)
    assert "称号有效期内" not in progress(world, application)


def test_a_re_review_that_failed_says_how_the_title_stands(world: World) -> None:
    title_of(world)
    call = campaign_running(world)
    application = Application.objects.get(call=call, enterprise=world.enterprises["C"])
    Application.objects.filter(pk=application.pk).update(
        status=Status.NOT_RECOGNISED,
        reason="主导产品收入占比不足。",
        number="T0001",
        receipt="receipt",
        submitted_at=timezone.now(),
        ended_at=timezone.now(),
    )
    words = progress(world, application)
    assert "现在有效。没有通过或者没有参加复核的，先告知企业、听取陈述和申辩" in words
    assert "不用再次申报" not in words
