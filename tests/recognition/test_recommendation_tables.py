"""Recommendation tables: what is recommended and not yet listed, issued once with a number, as page, file, paper."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.access.world import SAIHAN, World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import KNOWING, published_call
from tests.recognition.district_cases import accept_all, filled_case
from tidu.core.actor import Actor
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused
from tidu.desk.models import Notification
from tidu.recognition.actions.recommendation_tables import draft_table, issue_table
from tidu.recognition.actions.reviewing import not_recommend, recommend, save_finding
from tidu.recognition.models import Application, Call, Recommendation, RecommendationTable
from tidu.recognition.queries.recommending import print_of, unlisted_in
from tidu.registry.models import Enterprise

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    # A second enterprise in the same district, so that one is recommended and the other not.
    Enterprise.objects.filter(pk=made.enterprises["D"].pk).update(district=SAIHAN)
    made.enterprises["D"].refresh_from_db()
    return made


@pytest.fixture
def officer(world: World) -> Actor:
    return world.actor("district_saihan")


@pytest.fixture
def call(world: World) -> Call:
    return published_call(world)


def _yes(world: World, officer: Actor, call: Call) -> Application:
    case = filled_case(world, call=call)
    accept_all(officer, case)
    recommend(actor=officer, application=case, opinion="条件符合，同意推荐", despite=KNOWING)
    return case


def _no(world: World, officer: Actor, call: Call) -> Application:
    case = filled_case(world, letter="D", call=call)
    save_finding(actor=officer, application=case, criterion="revenue", finding="rejected", note="不足")
    not_recommend(actor=officer, application=case, criterion="revenue", reason="上年度营业收入不足")
    return case


def _seen(call: Call) -> str:
    return print_of(list(unlisted_in(call, SAIHAN)))


def test_an_issued_table_has_a_number_and_links_what_it_lists(
    world: World, officer: Actor, call: Call
) -> None:
    _yes(world, officer, call)
    _no(world, officer, call)
    table = draft_table(actor=officer, call=call)
    issued = issue_table(actor=officer, table=table, seen=_seen(call))
    document = issued.document
    assert document.state == OfficialDocument.State.ISSUED
    assert document.number
    assert set(Recommendation.objects.values_list("table", flat=True)) == {table.pk}
    words = json.dumps(document.words, ensure_ascii=False)
    assert "推荐 1 家，不予推荐 1 家" in words
    assert "条件符合，同意推荐" in words
    assert "上年度营业收入不足" in words
    told = Notification.objects.filter(user=world.users["city_hohhot"], title__contains="报送推荐汇总表")
    assert told.count() == 1


def test_drafting_twice_makes_one_draft_and_issuing_twice_one_number(
    world: World, officer: Actor, call: Call
) -> None:
    _yes(world, officer, call)
    first = draft_table(actor=officer, call=call)
    seen = _seen(call)
    again = draft_table(actor=world.actor("district_saihan_second"), call=call)
    assert first.pk == again.pk
    one = issue_table(actor=officer, table=first, seen=seen)
    two = issue_table(actor=officer, table=first, seen=seen)
    assert one.document.number == two.document.number
    assert RecommendationTable.objects.count() == 1


def test_what_came_later_goes_into_the_next_table(world: World, officer: Actor, call: Call) -> None:
    _yes(world, officer, call)
    first = draft_table(actor=officer, call=call)
    issue_table(actor=officer, table=first, seen=_seen(call))
    with pytest.raises(Refused, match="没有还没列入汇总表的审核结论"):
        draft_table(actor=officer, call=call)
    _no(world, officer, call)
    second = draft_table(actor=officer, call=call)
    issue_table(actor=officer, table=second, seen=_seen(call))
    assert Recommendation.objects.filter(table=second).count() == 1
    numbers = OfficialDocument.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2]


def test_a_list_that_has_changed_since_it_was_looked_at_is_not_issued(
    world: World, officer: Actor, call: Call
) -> None:
    _yes(world, officer, call)
    table, seen = draft_table(actor=officer, call=call), _seen(call)
    _no(world, officer, call)
    with pytest.raises(Refused, match="名单在您查看之后有变化"):
        issue_table(actor=officer, table=table, seen=seen)
    assert not Recommendation.objects.filter(table__isnull=False).exists()


@pytest.mark.parametrize("person", ["district_huimin", "city_hohhot", "manager_c", "expert_hohhot"])
def test_nobody_else_drafts_or_issues(world: World, officer: Actor, call: Call, person: str) -> None:
    _yes(world, officer, call)
    table = draft_table(actor=officer, call=call)
    with pytest.raises(Refused):
        draft_table(actor=world.actor(person), call=call)
    with pytest.raises(Refused):
        issue_table(actor=world.actor(person), table=table, seen=_seen(call))


def _client(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def test_the_pages_lead_from_the_list_to_the_issued_paper(world: World, officer: Actor, call: Call) -> None:
    _yes(world, officer, call)
    _no(world, officer, call)
    client, where = _client(world, "district_saihan"), {"call": call.pk, "district": SAIHAN}
    listed = client.get(reverse("recognition:recommendation-tables"))
    assert [row["unlisted"] for row in listed.context["page"]] == [2]
    client.post(reverse("recognition:recommendation-table-draft", kwargs=where))
    page = client.get(reverse("recognition:recommendation-table", kwargs=where))
    assert "推荐 1 家，不予推荐 1 家" in page.content.decode()
    table = RecommendationTable.objects.get()
    city = _client(world, "city_hohhot")
    paper = reverse("recognition:recommendation-table-document", args=[table.pk, "docx"])
    assert city.get(paper).status_code == 404
    client.post(
        reverse("recognition:recommendation-table-issue", args=[table.pk]), {"seen": page.context["print"]}
    )
    table.refresh_from_db()
    shown = client.get(reverse("recognition:recommendation-table", kwargs=where)).content.decode()
    assert table.document.number in shown
    assert city.get(paper).status_code == 200


def test_the_workbook_holds_what_the_page_shows(world: World, officer: Actor, call: Call) -> None:
    _yes(world, officer, call)
    _no(world, officer, call)
    url = reverse("recognition:recommendation-table-workbook", args=[call.pk, SAIHAN])
    answer = _client(world, "district_saihan").get(url)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [(row[4], row[5]) for row in rows[1:]] == [
        ("推荐", "条件符合，同意推荐（推荐时有 3 项没有自述，仍予推荐的理由：资料已当面核对。）"),
        ("不予推荐", "上年度营业收入不足"),
    ]
