"""The city's table: what it says, what its filters leave, what its file holds, and how much it asks the database."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import application_at, published_call
from tests.recognition.deciding_cases import many, on_notice
from tidu.core.models import AuditEvent
from tidu.recognition.actions.objections import receive_objection
from tidu.recognition.models import Application, Call, Objection, Status
from tidu.recognition.queries.consolidated import verdicts_of

pytestmark = pytest.mark.django_db
TEXT = "该企业近两年营业收入没有增长，请核实。"


@pytest.fixture
def world() -> World:
    return make_world()


def seated(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def table(client: Client, call: Call, query: str = "") -> str:
    response = client.get(f"{reverse('recognition:consolidated', args=[call.pk])}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def exported(client: Client, call: Call, query: str = "") -> list[list[str]]:
    url = reverse("recognition:consolidated-export", args=[call.pk, "csv"])
    response = client.get(f"{url}?{query}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_the_table_shows_machine_district_and_objections(world: World) -> None:
    call = published_call(world)
    many(world, 2, call=call, failing=[1])
    item = on_notice(world, call).items.first()
    assert item is not None
    receive_objection(item=item, text=TEXT, named=False)
    text = table(seated(world, "city_hohhot"), call)
    assert "符合 12，不符合 1" in text
    assert "赛工信〔2026〕8号" in text
    assert "1 件，1 件未办结" in text
    assert "未获认定" in text


def test_a_step_is_over_only_when_nothing_can_come_to_it_any_more(world: World) -> None:
    call = published_call(world)
    application_at(world, Status.DECISION, letter="C", call=call)
    late = application_at(world, Status.DISTRICT, letter="D", call=call)

    def steps() -> list[tuple[str, str]]:
        page = seated(world, "city_hohhot").get(reverse("recognition:consolidated", args=[call.pk]))
        return [(step.note, step.state) for step in page.context["steps"]]

    assert steps()[:3] == [("1 件", "now"), ("现在没有", "todo"), ("1 件", "now")]
    Application.objects.filter(pk=late.pk).update(status=Status.DECISION)
    assert steps()[0] == ("现在没有", "todo")
    with time_machine.travel(call.closes_at + timedelta(days=1)):
        assert steps()[:3] == [("已办完", "done"), ("已办完", "done"), ("2 件", "now")]


def test_a_draft_is_not_in_the_table(world: World) -> None:
    call = published_call(world)
    application_at(world, Status.DRAFT, letter="C", call=call)
    application_at(world, Status.DECISION, letter="D", call=call)
    text = table(seated(world, "city_hohhot"), call)
    assert "试样D" in text
    assert "试样C" not in text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 4),
        ("verdict=not_met", 1),
        ("verdict=needs_review", 2),
        ("recommended=yes", 3),
        ("recommended=none", 1),
        ("status=district", 1),
        ("status=district&status=decision", 4),
        ("place=150105", 4),
        ("place=150103", 4),  # no application there: not offered, so not applied
        ("objection=open", 0),
        ("q=试样C", 1),
        ("q=T0", 4),
    ],
)
def test_the_file_holds_exactly_what_the_filters_leave(world: World, query: str, number: int) -> None:
    call = published_call(world)
    many(world, 3, call=call, failing=[0])
    application_at(world, Status.DISTRICT, letter="C", call=call)
    client = seated(world, "city_hohhot")
    assert f"共 {number} 条" in table(client, call, query)
    rows = exported(client, call, query)
    assert len(rows) == number + 1


def test_the_workbook_says_the_same_as_the_csv_and_is_recorded(world: World) -> None:
    call = published_call(world)
    many(world, 3, call=call)
    client = seated(world, "city_hohhot")
    url = reverse("recognition:consolidated-export", args=[call.pk, "xlsx"])
    content = b"".join(client.get(f"{url}?sort=-name").streaming_content)  # type: ignore[attr-defined]
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == exported(client, call, "sort=-name")
    assert AuditEvent.objects.filter(action="core.export.made").count() == 2


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("person", ["city_hohhot", "auditor_hohhot"])
def test_the_number_of_queries_does_not_grow(world: World, person: str) -> None:
    few, more = published_call(world), published_call(world)
    many(world, 1, call=few)
    many(world, 100, call=more, failing=range(0, 100, 7))
    for item in on_notice(world, more).items.all()[:30]:
        Objection.objects.create(item=item, text=TEXT, named=False, code_digest=f"{item.pk:064d}")
    on_notice(world, few)
    client = seated(world, person)
    for name in ("consolidated", "recognise"):
        at_few, at_more = (
            queries(client, reverse(f"recognition:{name}", args=[call.pk])) for call in (few, more)
        )
        assert at_more <= at_few + 2, name  # what one row has not, such as an objection, is asked for once
    proposals = [call.proposals.get().pk for call in (few, more)]
    at_few, at_more = (queries(client, reverse("recognition:proposal", args=[pk])) for pk in proposals)
    assert at_more <= at_few + 1


def test_the_list_of_objections_asks_as_much_at_one_as_at_a_hundred(world: World) -> None:
    call = published_call(world)
    many(world, 1, call=call)
    item = on_notice(world, call).items.get()
    client, url = seated(world, "city_hohhot"), reverse("recognition:objections")
    receive_objection(item=item, text=TEXT, named=False)
    one = queries(client, url)
    Objection.objects.bulk_create(
        Objection(item=item, text=TEXT, named=False, code_digest=f"{number:064d}") for number in range(100)
    )
    assert queries(client, url) == one


def test_the_verdict_is_that_of_the_last_submission(world: World) -> None:
    application = many(world, 1)[0]
    first = application.submissions.get()
    content = {**first.content, "verdict": {"status": "met", "counts": "符合 17"}}
    application.submissions.create(
        number=2,
        submitted_by=first.submitted_by,
        submitted_by_name="企业管理员",
        submitted_at=first.submitted_at,
        pack_digest=first.pack_digest,
        content=content,
        digest="0" * 64,
    )
    verdict, counts = verdicts_of([application.pk])[application.pk]
    assert (verdict, counts) == ("met", "符合 17")
