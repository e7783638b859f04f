"""The page of an enterprise: figures with sources, conflicts, matches, a past day; what officers enter; files."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import openpyxl
import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.actor import SYSTEM
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.registry.actions.daily import expire_answers, refresh_if_a_day_began
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.actions.standing import add_incident, add_title, end_title
from tidu.registry.models import Enterprise, Fact, IntellectualProperty, Source, Title
from tidu.registry.models.standing import IncidentField, Level, Severity, TitleState
from tidu.registry.queries.facts import facts_of

pytestmark = pytest.mark.django_db
TODAY = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
PROFILE = "registry:enterprise"


@pytest.fixture(autouse=True)
def _on_one_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=True):
        yield


@pytest.fixture
def world() -> World:
    world = make_world()
    _state(world, Source.DECLARED, NewFact("revenue", 86_132_000_00, 2025, basis="12月监测自报"))
    _state(
        world,
        Source.AUDITED,
        NewFact("revenue", 84_310_000_00, 2025, basis="审计报告", stated_on=dt.date(2026, 3, 28)),
        NewFact("revenue", 73_056_000_00, 2024),
        NewFact("net_profit", 7_412_000_00, 2025),
        NewFact("registered_area", "150203"),
        NewFact("industry_code", "C3985"),
        NewFact("employees", 221, 2025),
    )
    return world


def _state(world: World, source: Source, *facts: NewFact) -> None:
    record_facts(actor=SYSTEM, enterprise=world.a, facts=facts, source=source)


def _client(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def _page(
    world: World,
    person: str,
    name: str = PROFILE,
    query: str = "",
    arguments: Mapping[str, object] = MappingProxyType({}),
) -> str:
    own = {"pk": world.a.pk} if name.startswith("registry:enterprise") else {}
    response = _client(world, person).get(f"{reverse(name, kwargs={**own, **arguments})}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_figures_with_growth_and_both_sides_of_a_conflict(world: World) -> None:
    page = _page(world, "city_baotou")
    assert "8,431.00" in page
    assert "＋15.40%" in page
    assert "2025 年营业收入：2 个来源不一致，相差 182.20 万元（2.16%）" in page
    assert "8,613.20 万元" in page
    assert "审计报告" in page


def test_every_rule_in_force_for_the_place_is_matched_and_no_other(world: World) -> None:
    page = _page(world, "city_baotou")
    matches = page.split('id="matches"')[1].split("</section>")[0]
    assert "专精特新中小企业" in matches
    assert "呼和浩特" not in matches


def test_a_match_is_told_criterion_by_criterion(world: World) -> None:
    rule = {"pack": "national-2026-gradient", "tier": "srdi"}
    page = _page(world, "city_baotou", "registry:enterprise-match", arguments=rule)
    assert "逐条结论" in page
    assert "预评估不等于认定" in page


@pytest.mark.parametrize(
    ("pack", "tier"),
    [
        ("hohhot-2022-recognition", "municipal_srdi"),
        ("no-such-pack", "srdi"),
        ("national-2026-gradient", "x"),
    ],
)
def test_a_rule_that_does_not_bind_the_place_is_not_found(world: World, pack: str, tier: str) -> None:
    address = reverse("registry:enterprise-match", args=[world.a.pk, pack, tier])
    assert _client(world, "city_baotou").get(address).status_code == 404


def test_a_past_day_is_shown_as_it_was_known_then(world: World) -> None:
    page = _page(world, "city_baotou", query="?known=2026-01-31")
    assert "这是 2026-01-31 当天结束时所知的情况" in page
    assert "8,431.00" not in page


@pytest.mark.parametrize("typed", ["2027-01-01", "昨天", "1990-01-01"])
def test_a_day_that_cannot_be_shown_is_told(world: World, typed: str) -> None:
    assert "现在显示的是今天。" in _page(world, "city_baotou", query=f"?known={typed}")


def test_the_history_of_a_value_shows_every_record_with_who_made_it(world: World) -> None:
    officer = world.actor("city_baotou")
    record_facts(
        actor=officer, enterprise=world.a, facts=[NewFact("revenue", 1_0000_00, 2025)], source=Source.IMPORTED
    )
    arguments: dict[str, object] = {"indicator": "revenue", "year": 2025}
    page = _page(world, "city_baotou", "registry:enterprise-fact", arguments=arguments)
    assert page.count('data-label="来源"') == 3
    assert "city_baotou" in page
    own = _page(world, "manager_a", "registry:own-fact", arguments=arguments)
    assert officer.organisation in own
    assert "city_baotou" not in own


def test_an_enterprise_sees_the_same_page_without_the_names_of_officers(world: World) -> None:
    add_title(
        actor=world.actor("city_baotou"),
        enterprise=world.a,
        name="某称号",
        level=Level.MUNICIPAL,
        recognised_on=dt.date(2025, 3, 1),
    )
    assert "city_baotou" in _page(world, "district_kundulun")
    own = _page(world, "manager_a", "registry:own-profile")
    assert "登记称号" in own
    assert "city_baotou" not in own
    assert reverse("registry:enterprise-fact-correct", args=[world.a.pk]) not in own


def test_an_auditor_reads_and_finds_nothing_to_change(world: World) -> None:
    page = _page(world, "auditor_baotou")
    assert "更正数据" not in page
    assert "登记称号" not in page


def test_listed_property_is_counted_beside_what_is_stated_and_never_over_it(world: World) -> None:
    _state(world, Source.DECLARED, NewFact("invention_patents", 5))
    IntellectualProperty.objects.create(
        enterprise=world.a, kind="invention", number="ZL1", name="一种磁材", granted_on=dt.date(2024, 1, 1)
    )
    assert "清单 1 项，填报 5 项" in _page(world, "city_baotou")
    assert facts_of(world.a).values["invention_patents"] == 5


def test_the_page_costs_as_many_queries_however_much_is_known(world: World) -> None:
    client = _client(world, "city_baotou")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(PROFILE, args=[world.a.pk])).status_code == 200
        return len(seen)

    queries()
    few = queries()
    _state(
        world,
        Source.IMPORTED,
        *(NewFact("revenue", year * 1_0000_00, year) for year in range(1990, 2026)),
        *(NewFact("rd_expense", year * 1_00, year) for year in range(1990, 2026)),
    )
    for number in range(20):
        add_title(
            actor=SYSTEM,
            enterprise=world.a,
            name=f"称号{number}",
            level=Level.OTHER,
            recognised_on=dt.date(2025, 3, 1),
        )
    assert queries() == few


# ---- files


def test_matches_are_downloaded_as_pdf_and_as_workbook_on_the_record(world: World) -> None:
    client = _client(world, "manager_a")
    pdf = client.get(reverse("registry:own-matches"))
    document = pypdfium2.PdfDocument(pdf.content)
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert "政策匹配结果" in text
    assert world.a.uscc in text
    book = client.get(reverse("registry:own-matches-workbook"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert sheet.max_row > 20
    exported = AuditEvent.objects.filter(action="core.export.made", enterprise_id=world.a.pk)
    assert exported.count() == 2


# ---- what officers enter


def test_a_correction_needs_a_ground_and_stands_beside_what_an_auditor_found(world: World) -> None:
    client = _client(world, "district_kundulun")
    address = f"{reverse('registry:enterprise-fact-correct', args=[world.a.pk])}?indicator=revenue&year=2025"
    refused = client.post(address, {"value": "8,000.00"})
    assert refused.status_code == 422
    assert "请填写更正的依据" in refused.content.decode()
    done = client.post(address, {"value": "8000万元", "reason": "对照纳税申报表", "stated_on": "2026-05-01"})
    assert done.status_code == 302
    stated = Fact.objects.get(enterprise=world.a, indicator="revenue", source=Source.IMPORTED)
    assert (stated.value, stated.chosen) == (str(80_000_000_00), False)
    assert stated.recorded_by == world.users["district_kundulun"]
    assert "对照纳税申报表" in stated.basis


@pytest.mark.parametrize(
    "query", ["?indicator=uscc", "?indicator=contact_phone", "?indicator=nothing&year=2025"]
)
def test_what_is_no_fact_is_not_offered_for_correction(world: World, query: str) -> None:
    page = _page(world, "city_baotou", "registry:enterprise-fact-correct", query)
    assert "先选要更正的一项" in page


def test_a_title_raises_the_tier_until_it_is_taken_away(world: World) -> None:
    client = _client(world, "city_baotou")
    fields = {
        "tier": "srdi",
        "level": "municipal",
        "authority": "自治区工信厅",
        "document_no": "〔2025〕1号",
        "basis": "new",
        "recognised_on": "2025-9-18",
        "valid_until": "2028年9月17日",
    }
    address = reverse("registry:enterprise-title-add", args=[world.a.pk])
    assert client.post(address, fields).status_code == 302
    title = Title.objects.get(enterprise=world.a)
    assert (title.name, title.level, title.valid_until) == (
        "“专精特新”中小企业",
        "provincial",
        dt.date(2028, 9, 17),
    )
    assert Enterprise.objects.get(pk=world.a.pk).tier == "srdi"
    again = client.post(address, fields)
    assert (again.status_code, "已经登记过" in again.content.decode()) == (422, True)
    end = reverse("registry:enterprise-title-end", args=[world.a.pk, title.pk])
    assert client.post(end, {"state": "revoked", "ended_on": "2026-11-01"}).status_code == 422
    fields = {"state": "revoked", "ended_on": "2026-11-01", "reason": "〔2026〕9号，提供虚假材料"}
    assert client.post(end, fields).status_code == 302
    assert Enterprise.objects.get(pk=world.a.pk).tier == ""
    assert facts_of(world.a).on(dt.date(2026, 11, 1), ["srdi"])["holds_srdi"] is False
    assert facts_of(world.a).on(dt.date(2026, 10, 31), ["srdi"])["holds_srdi"] is True


def test_a_title_cannot_end_before_it_began(world: World) -> None:
    title = add_title(
        actor=SYSTEM, enterprise=world.a, name="某称号", level=Level.OTHER, recognised_on=dt.date(2025, 3, 1)
    )
    with pytest.raises(Refused, match="早于认定日期"):
        end_title(
            actor=SYSTEM, title=title, state=TitleState.REVOKED, ended_on=dt.date(2025, 2, 1), reason="查实"
        )


@pytest.mark.parametrize(
    ("field", "severity", "answered"),
    [
        (IncidentField.SAFETY, Severity.GRAVE, {"major_incident", "larger_incident_three_years"}),
        (IncidentField.ENVIRONMENT, Severity.SERIOUS, {"larger_incident_three_years"}),
        (IncidentField.QUALITY, Severity.MINOR, set()),
        (IncidentField.TAX, Severity.GRAVE, set()),
    ],
)
def test_an_incident_answers_the_questions_that_it_is_about(
    world: World, field: IncidentField, severity: Severity, answered: set[str]
) -> None:
    add_incident(
        actor=world.actor("city_baotou"),
        enterprise=world.a,
        field=field,
        severity=severity,
        happened_on=dt.date(2025, 6, 1),
        title="某事故",
        authority="应急管理局",
    )
    values = facts_of(world.a).values
    asked = {"major_incident", "larger_incident_three_years"}
    assert {name for name in asked if values.get(name) is True} == answered


def test_an_answer_about_three_years_is_withdrawn_when_they_are_over(world: World) -> None:
    add_incident(
        actor=SYSTEM,
        enterprise=world.a,
        field=IncidentField.SAFETY,
        severity=Severity.MAJOR,
        happened_on=dt.date(2024, 1, 10),
        title="某事故",
        authority="应急管理局",
    )
    assert expire_answers(dt.date(2027, 1, 9)) == 0
    assert expire_answers(dt.date(2027, 1, 10)) == 1
    values = facts_of(world.a).values
    assert ("larger_incident_three_years" in values, values["major_incident"]) == (False, True)


def test_a_title_lapses_from_the_list_with_the_day(world: World) -> None:
    add_title(
        actor=SYSTEM,
        enterprise=world.a,
        name="“专精特新”中小企业",
        tier="srdi",
        level=Level.PROVINCIAL,
        recognised_on=dt.date(2023, 11, 21),
        valid_until=dt.date(2026, 11, 20),
    )
    refresh_if_a_day_began(dt.date(2026, 11, 20))
    assert Enterprise.objects.get(pk=world.a.pk).tier == "srdi"
    assert refresh_if_a_day_began(dt.date(2026, 11, 21))[0] == 1
    assert Enterprise.objects.get(pk=world.a.pk).tier == ""
    assert refresh_if_a_day_began(dt.date(2026, 11, 21)) == (0, 0)
