"""The pages of titles: constant queries, filters that hold, what each person finds, and the way through by clicks."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import HOHHOT, SAIHAN, World, make_world
from tests.accounts.signing_in import sign_in
from tests.core.files.sample_files import pdf
from tests.recognition.life_cases import (
    DAY,
    TIER,
    campaign_running,
    change_paper,
    list_made,
    notified,
    opened,
    proposed,
    replied,
    reported,
    title_of,
)
from tidu.core.audit.exports import exports_with
from tidu.core.uscc import check_characters
from tidu.recognition.models import Cancellation, ChangeReport
from tidu.recognition.queries.title_rules import rule_of
from tidu.registry.actions.standing import add_incident
from tidu.registry.models import Enterprise, Title
from tidu.registry.models.standing import IncidentField, Level, Severity

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def client_of(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def page(client: Client, name: str, *arguments: object, query: str = "") -> str:
    response = client.get(f"{reverse(f'recognition:{name}', args=arguments)}{query}")
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def many_titles(number: int) -> None:
    """Titles of so many further enterprises."""
    today = timezone.localdate()
    enterprises = Enterprise.objects.bulk_create(
        Enterprise(
            uscc=check_characters(f"91150105MA0L{place:04d}"),
            name=f"某市第{place}科技有限公司",
            city_id=HOHHOT,
            district_id=SAIHAN,
        )
        for place in range(number)
    )
    Title.objects.bulk_create(
        Title(
            enterprise=enterprise,
            tier=TIER,
            name="市级“专精特新”中小企业",
            level=Level.MUNICIPAL,
            recognised_on=today - 300 * DAY,
            valid_until=today + (200 + place) * DAY,
        )
        for place, enterprise in enumerate(enterprises)
    )


@pytest.mark.parametrize("person", ["city_hohhot", "district_saihan"])
def test_the_list_of_titles_asks_as_often_for_one_as_for_a_hundred(world: World, person: str) -> None:
    title_of(world)
    client = client_of(world, person)
    page(client, "titles")
    with CaptureQueriesContext(connection) as few:
        page(client, "titles")
    many_titles(100)
    with CaptureQueriesContext(connection) as many:
        assert "共 101 条" in page(client, "titles")
    assert len(many) == len(few)


def test_lists_of_reports_cases_and_campaigns_ask_a_constant_number_of_times(world: World) -> None:
    client = client_of(world, "city_hohhot")
    names = ("changes", "cancellations", "campaigns", "recommendations")
    reported(world)
    opened(world)
    list_made(world)
    counts = {}
    for name in names:
        page(client, name)
        with CaptureQueriesContext(connection) as few:
            page(client, name)
        counts[name] = len(few)
    reported(world, letter="D")
    opened(world, letter="D")
    list_made(world)
    for name in names[:2] + names[3:]:
        with CaptureQueriesContext(connection) as more:
            page(client, name)
        assert len(more) == counts[name], name


def test_the_page_of_a_campaign_asks_a_constant_number_of_times(world: World) -> None:
    many_titles(3)
    Title.objects.update(valid_until=timezone.localdate() + 30 * DAY)
    call = campaign_running(world)
    client = client_of(world, "city_hohhot")
    page(client, "campaign", call.pk)
    with CaptureQueriesContext(connection) as few:
        page(client, "campaign", call.pk)
    assert len(few) < 45


def test_filters_find_titles_by_state_work_and_end(world: World) -> None:
    title_of(world)
    title_of(world, letter="D", days_left=400)
    opened(world)
    client = client_of(world, "city_hohhot")
    for query in ("?state=soon", "?work=case", f"?place={SAIHAN}", "?q=试样C"):
        text = page(client, "titles", query=query)
        assert "试样C" in text, query
        assert "试样D" not in text.split("<tbody>")[1], query
    assert "没有符合筛选条件" in page(client, "titles", query="?state=cancelled")
    year = (timezone.localdate() + 400 * DAY).year
    assert "试样D" in page(client, "titles", query=f"?ends={year}")


def test_the_export_holds_the_rows_of_the_list(world: World) -> None:
    title_of(world)
    title_of(world, letter="D", days_left=400)
    client = client_of(world, "city_hohhot")
    response = client.get(reverse("recognition:titles-export", args=["csv"]) + "?state=soon")
    lines = b"".join(response.streaming_content).decode().strip().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert "试样C" in lines[1]


def test_both_lists_begin_with_what_is_valid(world: World) -> None:
    held = title_of(world, days_left=30)
    Title.objects.create(
        enterprise=held.enterprise,
        tier="innovative",
        name="创新型中小企业",
        level=Level.PROVINCIAL,
        recognised_on=held.recognised_on + 400 * DAY,
        valid_until=timezone.localdate() - DAY,
    )
    for person, name in (("city_hohhot", "titles"), ("manager_c", "own-titles")):
        text = page(client_of(world, person), name).split("<tbody>")[-1]
        assert text.index("有效，还有 30 天") < text.index("已届满"), person


def test_an_enterprise_sees_its_title_its_duties_and_the_clause(world: World) -> None:
    campaign_running(world)
    text = page(client_of(world, "manager_c"), "own-titles")
    assert "市级“专精特新”中小企业" in text
    assert "3个月内报告" in text
    assert "为本平台的默认期限" in text
    assert "监督管理（三）" in text
    assert "去办理复核" in text


def test_a_change_is_reported_looked_into_and_decided_by_clicks(world: World) -> None:
    title = title_of(world)
    paper = change_paper(world)
    fields = {
        "kind": "name",
        "happened_on": (timezone.localdate() - 3 * DAY).isoformat(),
        "after": "内蒙古新名科技股份有限公司",
        "evidence": [str(paper.pk)],
    }
    enterprise = client_of(world, "manager_c")
    bad = enterprise.post(
        reverse("recognition:change-new", args=[title.pk]), {**fields, "happened_on": "昨天"}
    )
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "日期请写成" in bad.content.decode()
    nobody_s = enterprise.post(
        reverse("recognition:change-new", args=[title.pk]), {**fields, "evidence": ["9" * 30]}
    )
    assert nobody_s.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    enterprise.post(reverse("recognition:change-new", args=[title.pk]), fields)
    change = ChangeReport.objects.get()
    client_of(world, "district_saihan").post(
        reverse("recognition:change-opinion", args=[change.pk]), {"positive": "yes", "opinion": "属实。"}
    )
    city = client_of(world, "city_hohhot")
    assert "区县意见" in page(city, "change", change.pk)
    refused = city.post(
        reverse("recognition:change-decide", args=[change.pk]), {"accepted": "no", "decision": "不同意。"}
    )
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    city.post(
        reverse("recognition:change-decide", args=[change.pk]), {"accepted": "yes", "decision": "同意。"}
    )
    world.enterprises["C"].refresh_from_db()
    assert world.enterprises["C"].name == "内蒙古新名科技股份有限公司"
    told = page(enterprise, "change", change.pk)
    assert "称号延续" in told
    assert "city_hohhot" not in told
    assert "district_saihan" not in told


def test_a_case_goes_its_way_by_clicks_and_the_enterprise_reads_no_name(world: World) -> None:
    title = title_of(world)
    incident = add_incident(
        actor=world.actor("city_hohhot"),
        enterprise=world.enterprises["C"],
        field=IncidentField.TAX,
        severity=Severity.SERIOUS,
        happened_on=dt.date(2026, 3, 1),
        title="偷税",
        authority="赛罕区税务局",
        document_no="赛税罚〔2026〕3号",
    )
    city, second = client_of(world, "city_hohhot"), client_of(world, "city_hohhot_second")
    address = f"{reverse('recognition:cancellation-new')}?incident={incident.pk}"
    assert "赛税罚〔2026〕3号" in city.get(address).content.decode()
    city.post(
        address,
        {
            "origin": "incident",
            "ground": "tax_fraud",
            "incident": str(incident.pk),
            "facts": "偷税，已受处罚。",
            "files": SimpleUploadedFile("处罚决定.pdf", pdf()),
        },
    )
    case = Cancellation.objects.get()
    assert (case.title, case.incident, case.files.count()) == (title, incident, 1)
    city.post(reverse("recognition:cancellation-draft", args=[case.pk]))
    city.post(reverse("recognition:cancellation-notify", args=[case.pk]))
    enterprise = client_of(world, "manager_c")
    text = page(enterprise, "cancellation", case.pk)
    assert "陈述和申辩" in text
    assert "处罚决定.pdf" not in text
    enterprise.post(reverse("recognition:cancellation-reply", args=[case.pk]), {"text": "已补缴税款。"})
    city.post(
        reverse("recognition:cancellation-propose", args=[case.pk]),
        {"cancels": "yes", "opinion": "补缴不影响认定。"},
    )
    own = city.post(reverse("recognition:cancellation-confirm", args=[case.pk]))
    assert "由您提出" in own.content.decode()
    second.post(reverse("recognition:cancellation-confirm", args=[case.pk]))
    case.refresh_from_db()
    assert case.state == Cancellation.State.CANCELLED
    told = page(enterprise, "cancellation", case.pk)
    assert "已取消称号" in told
    assert "city_hohhot" not in told


@pytest.mark.parametrize("make", [opened, notified, replied, proposed])
def test_every_person_of_a_case_reads_the_clause(world: World, make: object) -> None:
    case = make(world)  # type: ignore[operator] # one of the cases above
    for person in ("city_hohhot", "city_hohhot_second", "district_saihan", "auditor_hohhot"):
        assert "监督管理（一）1" in page(client_of(world, person), "cancellation", case.pk)


def test_a_recommendation_is_asked_for_and_read(world: World) -> None:
    client = client_of(world, "city_hohhot")
    address = reverse("recognition:recommendation-new")
    bad = client.post(
        address, {"held_tier": TIER, "on": timezone.localdate().isoformat(), "against": "figures"}
    )
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "至少选一项指标" in bad.content.decode()
    found = list_made(world)
    text = page(client, "recommendation", found.pk)
    assert world.enterprises["C"].name in text
    assert "待补充不算不符合" in text
    response = client.get(reverse("recognition:recommendation-xlsx", args=[found.pk]))
    assert response["Content-Type"].endswith("sheet")
    assert exports_with(world.enterprises["C"].pk).exists()


@pytest.mark.usefixtures("world")
def test_rules_of_a_page_of_titles_are_found_without_queries() -> None:
    many_titles(30)
    titles = list(Title.objects.select_related("enterprise", "application__call"))
    with CaptureQueriesContext(connection) as caught:
        assert all(rule_of(title) is not None for title in titles)
    assert len(caught) == 0
