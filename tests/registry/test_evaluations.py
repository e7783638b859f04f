"""Evaluating the registry, on the pages: starting, following, reading, narrowing, exporting, comparing."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.world import BAOTOU, KUNDULUN, World, make_world
from tests.accounts.signing_in import sign_in
from tests.registry.asking import AS_OF, evaluated
from tidu.core.actor import SYSTEM
from tidu.core.jobs.worker import drain
from tidu.core.models import AuditEvent, Job
from tidu.core.refusals import Refused
from tidu.core.uscc import check_characters
from tidu.policy.documents.library import load_library
from tidu.policy.quantities import Value
from tidu.registry.actions.evaluations import start_evaluation
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Enterprise, Evaluation, EvaluationResult, Fact, Source, Title

pytestmark = pytest.mark.django_db

#: Everything that 专精特新 of 2026 asks for, met.
GOOD: dict[tuple[str, int], Value] = {
    ("independent_legal_person", 0): True,
    ("industry_code", 0): "C3985",
    ("employees", 2025): 80,
    ("revenue", 2025): 3_000_000_000,
    ("revenue", 2024): 2_500_000_000,
    ("total_assets", 2025): 4_000_000_000,
    ("abnormal_operation_list", 0): False,
    ("serious_dishonesty_list", 0): False,
    ("prohibited_product", 0): False,
    ("larger_incident_three_years", 0): False,
    ("environment_violation", 0): False,
    ("tax_evasion", 0): False,
    ("data_fabrication", 0): False,
    ("niche_years", 0): 6.0,
    ("main_business_revenue", 2025): 2_900_000_000,
    ("total_liabilities", 2025): 1_200_000_000,
    ("rd_expense", 2025): 300_000_000,
    ("rd_expense", 2024): 250_000_000,
    ("class1_ip_in_use", 0): 5,
    ("market_position_high", 0): True,
    ("development_score", 2025): 88.0,
}


def know(enterprise: Enterprise, *, without: tuple[str, ...] = (), **changes: Value) -> None:
    """Let everything good be known of an enterprise, but for what is left out or said otherwise."""
    record_facts(
        actor=SYSTEM,
        enterprise=enterprise,
        facts=[
            NewFact(indicator, changes.get(indicator, value), year)
            for (indicator, year), value in GOOD.items()
            if indicator not in without
        ],
        source=Source.IMPORTED,
    )
    Title.objects.get_or_create(
        enterprise=enterprise,
        tier="innovative",
        name="创新型中小企业",
        level="provincial",
        recognised_on=dt.date(2025, 5, 1),
        defaults={"valid_until": dt.date(2028, 4, 30)},
    )


@pytest.fixture
def world() -> World:
    """A meets everything; B lacks one number; C is of another city."""
    world = make_world()
    know(world.enterprises["A"])
    know(world.enterprises["B"], without=("development_score",))
    know(world.enterprises["C"])
    return world


def officer(world: World, person: str = "city_baotou") -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def many(numbers: range) -> None:
    """More enterprises of A's district, each lacking the same."""
    enterprises = Enterprise.objects.bulk_create(
        Enterprise(
            uscc=check_characters(f"91159922MA{place:06}".replace("I", "J")),
            name=f"试样{place:03}",
            city_id=BAOTOU,
            district_id=KUNDULUN,
        )
        for place in numbers
    )
    Fact.objects.bulk_create(
        Fact(
            enterprise=item,
            indicator="tax_evasion",
            value="no",
            source=Source.DECLARED,
            chosen=True,
            recorded_at=item.created_at,
        )
        for item in enterprises
    )


def test_a_run_is_started_followed_and_read(world: World) -> None:
    client = officer(world)
    page = client.get(reverse("registry:evaluations")).content.decode()
    assert "还没有做过评估" in page
    given = {"offer": "national-2026-gradient/srdi", "as_of": "2026-06-30", "base_year": ""}
    answer = client.post(reverse("registry:evaluation-start"), given)
    run = Evaluation.objects.get()
    assert answer["Location"] == reverse("registry:evaluation", args=[run.pk])
    assert "排队中" in client.get(answer["Location"]).content.decode()
    drain()
    page = client.get(answer["Location"]).content.decode()
    run.refresh_from_db()
    assert run.state == Evaluation.State.DONE
    assert (run.enterprises, run.counts["status"]) == (2, {"met": 1, "unknown": 1})
    assert (run.base_year, run.as_of, run.in_force) == (2025, AS_OF, True)
    assert "昆都仑区" in page
    assert "平台结果页" in page, "the document that B lacks"
    assert "/policies/national-2026-gradient/" in page, "criteria show their clause"
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"registry.evaluation.started", "registry.evaluation.finished"} <= actions


def test_a_second_click_finds_the_run_that_is_under_way(world: World) -> None:
    client = officer(world)
    given = {"offer": "national-2026-gradient/srdi", "as_of": "2026-06-30"}
    first = client.post(reverse("registry:evaluation-start"), given)
    second = client.post(reverse("registry:evaluation-start"), given)
    assert first["Location"] == second["Location"]
    assert (Evaluation.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"offer": "nothing/srdi", "as_of": "2026-06-30"}, "请选择要对照的政策"),
        ({"offer": "hohhot-2022-recognition/municipal_srdi", "as_of": "2026-06-30"}, "不适用于本地"),
        ({"offer": "national-2026-gradient/innovative", "as_of": "2026-06-30"}, "不认定所选的称号"),
        ({"offer": "national-2026-gradient/srdi", "as_of": "下周"}, "评估日写作"),
        ({"offer": "national-2026-gradient/srdi", "as_of": "1900-01-01"}, "评估日应在"),
        ({"offer": "national-2026-gradient/srdi", "as_of": "2026-06-30", "base_year": "26"}, "四位数字"),
        (
            {"offer": "national-2026-gradient/srdi", "as_of": "2026-06-30", "base_year": "2030"},
            "基准年度应在",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_what_was_typed(
    world: World, given: dict[str, str], words: str
) -> None:
    answer = officer(world).post(reverse("registry:evaluation-start"), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert given["as_of"] in answer.content.decode()
    assert not Evaluation.objects.exists()


def test_nobody_but_officers_starts_a_run(world: World) -> None:
    pack = load_library().get("national-2026-gradient")
    for person in ("auditor_baotou", "tax_baotou", "manager_a", "system_administrator"):
        with pytest.raises(Refused):
            start_evaluation(actor=world.actor(person), pack=pack, tier="srdi", as_of=AS_OF)


def test_a_district_evaluates_its_own_enterprises(world: World) -> None:
    run = evaluated(world, "district_kundulun")
    assert run.place_id == KUNDULUN
    assert set(run.results.values_list("enterprise", flat=True)) == {world.a.pk}


def test_the_list_is_narrowed_by_verdict_distance_criterion_document_and_name(world: World) -> None:
    run, client = evaluated(world), officer(world)
    address = reverse("registry:evaluation-results", args=[run.pk])

    def names(query: str) -> set[str]:
        page = client.get(f"{address}?{query}").content.decode()
        return {letter for letter, item in world.enterprises.items() if item.name in page}

    assert names("") == {"A", "B"}
    assert names("status=met") == {"A"}
    assert names("short=1") == {"B"}
    assert names("document=any") == names("document=platform_screenshot") == {"B"}
    assert names("criterion=development_score&as=met") == {"A"}
    assert names("criterion=development_score") == {"B"}
    assert names("district=150204") == {"B"}
    assert names("q=" + world.enterprises["B"].uscc) == {"B"}
    assert names("status=not_met") == set()
    page = client.get(f"{address}?short=1").content.decode()
    assert "专精特新发展评价得分（待补充）" in page


def test_an_enterprise_that_moved_away_is_not_shown_any_more(world: World) -> None:
    run, client = evaluated(world), officer(world)
    Enterprise.objects.filter(pk=world.a.pk).update(city="150100", district="150105")
    page = client.get(reverse("registry:evaluation-results", args=[run.pk])).content.decode()
    assert world.a.name not in page


def test_the_export_holds_what_is_seen_and_is_recorded(world: World) -> None:
    Enterprise.objects.filter(pk=world.enterprises["B"].pk).update(name="=1+1有限公司")
    run, client = evaluated(world), officer(world)
    address = reverse("registry:evaluation-act", args=[run.pk])
    answer = client.post(f"{address}?short=1", {"act": "xlsx", "all": "1"})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)  # type: ignore[attr-defined,union-attr]
    assert len(rows) == 2
    assert rows[1][0] == "'=1+1有限公司"
    assert rows[1][6] == "平台结果页"
    event = AuditEvent.objects.filter(action="core.export.made").latest("number")
    assert event.subject_id == str(run.pk)
    picked = EvaluationResult.objects.get(run=run, enterprise=world.a)
    answer = client.post(address, {"act": "xlsx", "picked": [picked.pk]})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)  # type: ignore[attr-defined,union-attr]
    assert [row[0] for row in rows[1:]] == [world.a.name]


def test_nothing_picked_is_said(world: World) -> None:
    run, client = evaluated(world), officer(world)
    answer = client.post(reverse("registry:evaluation-act", args=[run.pk]), {"act": "xlsx"}, follow=True)
    assert "还没有选中企业" in answer.content.decode()


def test_two_runs_are_compared_with_what_turned(world: World) -> None:
    first = evaluated(world)
    record_facts(
        actor=SYSTEM,
        enterprise=world.enterprises["B"],
        facts=[NewFact("development_score", 90.0, 2025), NewFact("tax_evasion", value=True)],
        source=Source.IMPORTED,
    )
    second, client = evaluated(world), officer(world)
    address = reverse("registry:evaluation-compare", args=[second.pk])
    page = client.get(address).content.decode()
    assert world.enterprises["B"].name in page
    assert world.a.name not in page
    assert "专精特新发展评价得分：待补充 → 符合" in page
    assert "近三年没有偷税等违法行为：符合 → 不符合" in page
    assert client.get(f"{address}?from=met").content.decode().count(world.enterprises["B"].name) == 0
    assert client.get(reverse("registry:evaluation-compare", args=[first.pk])).status_code == 404
    assert client.get(f"{address}?with={second.pk}").status_code == 404


def test_an_auditor_reads_and_exports_but_starts_nothing(world: World) -> None:
    run, client = evaluated(world), officer(world, "auditor_baotou")
    assert "发起评估" not in client.get(reverse("registry:evaluations")).content.decode()
    assert client.get(reverse("registry:evaluation", args=[run.pk])).status_code == 200


def test_a_pack_that_has_gone_is_said_in_words(world: World) -> None:
    run = start_evaluation(
        actor=world.actor("city_baotou"),
        pack=load_library().get("national-2026-gradient"),
        tier="srdi",
        as_of=AS_OF,
    )
    Evaluation.objects.filter(pk=run.pk).update(pack="gone-2020")
    drain()
    page = officer(world).get(reverse("registry:evaluation", args=[run.pk])).content.decode()
    assert "已经不在政策库里" in page
    assert "失败" in officer(world).get(reverse("registry:evaluations")).content.decode()


@pytest.mark.parametrize("person", ["district_kundulun", "city_baotou"])
def test_pages_cost_as_many_queries_for_a_hundred_as_for_one(world: World, person: str) -> None:
    client = officer(world, person)
    evaluated(world, person)
    many(range(1))
    few = evaluated(world, person)
    many(range(1, 101))
    more = evaluated(world, person)

    def queries(name: str, run: Evaluation) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(name, args=[run.pk])).status_code == 200
        return len(caught)

    for name in ("registry:evaluation", "registry:evaluation-results", "registry:evaluation-compare"):
        queries(name, few)
        assert queries(name, few) == queries(name, more)

    def list_queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("registry:evaluations"))
        return len(caught)

    before = list_queries()
    for _ in range(5):
        evaluated(world, person)
    assert list_queries() == before
