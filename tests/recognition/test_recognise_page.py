"""The page of recognition says what is missing before anybody can be recognised, and until when."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import published_call
from tests.recognition.deciding_cases import confirmed, end_period, many, on_notice
from tidu.core.moments import end
from tidu.recognition.actions.objections import receive_objection
from tidu.recognition.actions.recognising import draft_recognition, issue_recognition
from tidu.recognition.models import Call, Objection

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    sign_in(client, world.users["city_hohhot"])
    return client


def page(client: Client, call: Call) -> str:
    answer = client.get(reverse("recognition:recognise", args=[call.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_before_the_meeting_it_names_the_step_that_waits(world: World, client: Client) -> None:
    call = published_call(world)
    many(world, 2, call=call)
    shown = page(client, call)
    assert "还没有企业走到认定" in shown
    assert "2 件等待研究决定" in shown
    assert "拟定认定方案" in shown
    confirmed(world, call)
    assert "2 件拟认定，等待公示" in page(client, call)


def test_while_the_notice_runs_it_says_until_when_and_how_many_wait(world: World, client: Client) -> None:
    call = published_call(world)
    many(world, 3, call=call)
    notice = on_notice(world, call)
    receive_objection(item=notice.items.order_by("number")[0], text="专利不是企业自己的。", named=False)
    shown = page(client, call)
    assert "公示还没有期满" in shown
    assert f">{end(notice.ends_at)}</time>" in shown
    assert "3 家公示至" in shown
    assert "有异议没有办结" in shown
    assert reverse("recognition:objection", args=[Objection.objects.get().pk]) in shown
    assert "拟定认定文件</button>" not in shown


def test_after_it_those_with_an_open_objection_wait_and_the_others_go_on(
    world: World, client: Client
) -> None:
    call = published_call(world)
    many(world, 2, call=call)
    notice = on_notice(world, call)
    first, second = notice.items.order_by("number")
    receive_objection(item=first, text="专利不是企业自己的。", named=False)
    end_period(notice)
    shown = page(client, call)
    listed, missing = shown.split("还差什么")
    assert second.name in listed
    assert first.name in missing
    assert "公示还没有期满" not in shown
    drafted = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    issue_recognition(actor=world.actor("city_hohhot_second"), recognition=drafted)
    assert "还有异议没有办结" in page(client, call)


def test_where_everybody_is_recognised_it_says_so(world: World, client: Client) -> None:
    call = published_call(world)
    assert "还没有等待认定的申报" in page(client, call)
    many(world, 1, call=call)
    end_period(on_notice(world, call))
    drafted = draft_recognition(actor=world.actor("city_hohhot"), call=call)
    issue_recognition(actor=world.actor("city_hohhot_second"), recognition=drafted)
    shown = page(client, call)
    assert "可以认定的都已经认定" in shown
    assert "还差什么" not in shown


def test_a_hundred_on_notice_cost_as_many_queries_as_one(world: World, client: Client) -> None:
    counts = []
    for number in (1, 100):
        call = published_call(world, batch_name=f"第{number}批")
        many(world, number, call=call)
        on_notice(world, call)
        page(client, call)
        with CaptureQueriesContext(connection) as asked:
            page(client, call)
        counts.append(len(asked))
    assert counts[0] == counts[1]
