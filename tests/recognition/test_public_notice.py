"""A public notice: nothing but name, code, district and level; its period to the hour; its paper."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.access.world import World, make_world
from tests.recognition.cases import published_call
from tests.recognition.published import public_notice
from tidu.recognition.models import Call, CallChange, Notice
from tidu.recognition.public.windows import Window
from tidu.registry.models import Contact

pytestmark = pytest.mark.django_db
#: Mobile numbers, ID numbers and mail addresses: none of them may stand on a public page.
PERSONAL = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?![\dA-Z])|[\w.]+@[\w.]+\.\w+")


@pytest.fixture
def world() -> World:
    return make_world()


def _page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"recognition:{name}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_notice_shows_four_things_of_an_enterprise_and_nothing_else(client: Client, world: World) -> None:
    notice = public_notice(world)
    for item in notice.items.select_related("application__enterprise"):
        Contact.objects.create(
            enterprise=item.application.enterprise, name="王小二", phone="13800001234", email="w@example.com"
        )
    for name, args in (
        ("notice", (notice.pk,)),
        ("notices", ()),
        ("objection-new", (notice.pk,)),
        ("feed", ()),
    ):
        page = _page(client, name, *args)
        assert "王小二" not in page
        assert PERSONAL.search(re.sub(r"<script.*?</script>|tag:[^<]*", "", page, flags=re.DOTALL)) is None
    page = _page(client, "notice", notice.pk)
    cells = re.findall(r'<t[hd][^>]*data-label="([^"]+)"', page)
    assert set(cells) == {"信用代码", "推荐地", "级别"}
    assert all(item.uscc in page and item.name in page for item in notice.items.all())


def test_what_was_published_stays_when_the_enterprise_is_renamed(client: Client, world: World) -> None:
    notice = public_notice(world)
    before = notice.items.all()[0].name
    world.enterprises["C"].name = "某市改名科技有限公司"
    world.enterprises["C"].save()
    page = _page(client, "notice", notice.pk)
    assert before in page
    assert "某市改名科技有限公司" not in page


def test_names_are_text_and_never_markup(client: Client, world: World) -> None:
    world.enterprises["C"].name = "<img src=x onerror=alert(1)>公司"
    world.enterprises["C"].save()
    notice = public_notice(world)
    Notice.objects.update(title="<script>alert(1)</script>公示")
    for name, args in (("notice", (notice.pk,)), ("notices", ()), ("objection-new", (notice.pk,))):
        page = _page(client, name, *args)
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_the_list_is_searched(client: Client, world: World) -> None:
    notice = public_notice(world)
    first, second = notice.items.all()
    page = _page(client, "notice", notice.pk, q=first.uscc[-6:])
    assert "找到 1 家，共 2 家" in page
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert (first.name in table, second.name in table) == (True, False)
    assert "没有与“没有这家”相符的企业" in _page(client, "notice", notice.pk, q="没有这家")
    assert "<script>" not in _page(client, "notice", notice.pk, q="<script>alert(1)</script>" * 50)


def test_the_end_is_read_from_the_clock(client: Client, world: World) -> None:
    notice = public_notice(world)
    with time_machine.travel(notice.ends_at - dt.timedelta(minutes=30), tick=False):
        page = _page(client, "notice", notice.pk)
        assert "不到 1 小时" in page
        assert "24:00" in page
        assert "提交异议并取得回执码" in page
    with time_machine.travel(notice.ends_at, tick=False):
        page = _page(client, "notice", notice.pk)
        assert "公示已结束" in page
        assert "提交异议并取得回执码" not in page


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (dt.timedelta(days=3, hours=8, minutes=59), "3 天 8 小时"),
        (dt.timedelta(days=3), "3 天"),
        (dt.timedelta(hours=5, minutes=1), "5 小时"),
        (dt.timedelta(seconds=1), "不到 1 小时"),
        (dt.timedelta(days=30, hours=3), "30 天"),
        (dt.timedelta(days=-1), "不到 1 小时"),
    ],
)
def test_what_is_left_is_said_in_full_hours(left: dt.timedelta, words: str) -> None:
    now = timezone.now()
    assert Window("run", "", now - dt.timedelta(days=1), now + left, now).words == words


def test_a_withdrawn_call_says_so_and_shows_what_was_changed(client: Client, world: World) -> None:
    call = published_call(world)
    CallChange.objects.create(
        call=call, kind="withdrawn", reason="文件修订，另行通知", made_by=world.users["city_hohhot"]
    )
    Call.objects.filter(pk=call.pk).update(state=Call.State.WITHDRAWN)
    page = _page(client, "public-call", call.pk)
    assert "已撤销" in page
    assert "文件修订，另行通知" in page
    assert "登录后申报" not in page
    assert world.users["city_hohhot"].name not in page


@pytest.mark.parametrize("state", [Call.State.DRAFT, Call.State.APPROVAL])
def test_what_is_not_published_is_not_there(client: Client, world: World, state: str) -> None:
    call = published_call(world)
    Call.objects.filter(pk=call.pk).update(state=state)
    for name in ("public-call", "public-call-document"):
        assert client.get(reverse(f"recognition:{name}", args=[call.pk])).status_code == 404
    assert call.title not in _page(client, "public-calls")
    assert call.title not in _page(client, "feed")


def test_lists_cost_as_many_queries_for_thirty_as_for_one(
    client: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    call = published_call(world)
    notice = public_notice(world, call=call)
    counts = []
    for more in (0, 30):
        for _ in range(more):
            public_notice(world, letters="", call=call)
            Call.objects.filter(pk=call.pk).first()
        for name, args in (("notices", ()), ("public-calls", ()), ("notice", (notice.pk,)), ("feed", ())):
            with django_assert_max_num_queries(9) as asked:
                _page(client, name, *args)
            counts.append((name, len(asked)))
    assert counts[:4] == counts[4:]
