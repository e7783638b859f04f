"""What a submission leaves open is named before anybody recommends over it, and stays in the record as open."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import KNOWING, application_at, published_call
from tests.recognition.district_cases import accept_all, filled_case
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.recognition.actions.reviewing import Despite, recommend, recommend_several
from tidu.recognition.models import Act, Application, Recommendation, Status
from tidu.recognition.queries.open_points import Lack, counted, open_points, open_points_of
from tidu.recognition.queries.reviewing import criteria_of
from tidu.recognition.queries.submissions import read_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    sign_in(client, world.users["district_saihan"])
    return client


def _case(world: World, letter: str = "C", **change: dict[str, Any]) -> Application:
    """A case in which everything is in order, but for ``change``: rows of the verdict, or parts of it."""
    call = published_call(world)
    content: dict[str, Any] = {
        "enterprise": {"name": "某企业", "uscc": world.enterprises[letter].uscc},
        "facts": [{"key": "revenue_2025", "label": "2025 年营业收入", "value": "1", "source": "declared"}],
        "statements": {item.id: "见材料。" for item in criteria_of(call) if item.question},
        "materials": [{"kind": "audit_report", "required": True, "present": True}],
        "evidence": [{"id": 1, "criterion": "revenue", "kind": "audit_report"}],
        "verdict": {
            "status": "met",
            "criteria": [
                {
                    "id": item.id,
                    "label": item.label,
                    "status": "needs_review" if item.question else "met",
                    "cite": item.cite,
                    "keys": ["revenue_2025"] if item.id in {"revenue", "growth"} else [],
                    **change.get(item.id, {}),
                }
                for item in criteria_of(call)
            ],
        },
    }
    content |= {name: value for name, value in change.items() if name in content}
    return application_at(world, Status.DISTRICT, letter=letter, call=call, content=content)


def _lacks(case: Application) -> dict[str, Lack]:
    points = open_points(case.call, read_submission(case.submissions.get()))
    return {item.id: item.lack for item in points}


def test_a_whole_submission_leaves_nothing_open(world: World) -> None:
    case = _case(world)
    assert _lacks(case) == {}
    accept_all(world.actor("district_saihan"), case)
    recommend(actor=world.actor("district_saihan"), application=case, opinion="同意推荐")
    assert Recommendation.objects.get().opinion == "同意推荐"


def test_each_condition_is_named_by_what_it_lacks_most(world: World) -> None:
    case = _case(
        world,
        brand={"status": "unknown", "missing": ["市级品牌"]},
        growth={"status": "not_met"},
        statements={"chain_advantage": "  "},
        evidence={},
    )
    lacks = _lacks(case)
    assert lacks["brand"] is Lack.UNKNOWN
    assert lacks["growth"] is Lack.NOT_MET
    assert lacks["chain_advantage"] is Lack.UNSAID
    assert lacks["revenue"] is Lack.BARE
    assert "quality_system" not in lacks  # the call asks for no certificate


def test_what_a_department_has_confirmed_needs_no_document(world: World) -> None:
    confirmed = [{"key": "revenue_2025", "label": "2025 年营业收入", "value": "1", "source": "confirmed"}]
    case = _case(world, facts=confirmed, evidence={})  # type: ignore[arg-type] # plain data
    assert "revenue" not in _lacks(case)


def test_nobody_recommends_over_what_is_open_without_saying_so(world: World) -> None:
    case, officer = _case(world, brand={"status": "unknown"}), world.actor("district_saihan")
    accept_all(officer, case)
    with pytest.raises(Refused, match="有 1 项待补充：市级以上品牌（待补充，申报条件/具体条件/特色化）"):
        recommend(actor=officer, application=case, opinion="同意推荐")
    with pytest.raises(Refused, match="请写明仍要推荐的理由"):
        recommend(actor=officer, application=case, opinion="同意推荐", despite=Despite(" "))
    with pytest.raises(Refused, match="请缩短"):
        recommend(actor=officer, application=case, opinion="好" * 490, despite=KNOWING)
    assert not Recommendation.objects.exists()
    recommend(actor=officer, application=case, opinion="同意推荐", despite=Despite("品牌文件正在换发。"))
    said = "同意推荐（推荐时有 1 项待补充，仍予推荐的理由：品牌文件正在换发。）"
    assert Recommendation.objects.get().opinion == said
    assert Act.objects.get(act="recommend").reason == said
    event = AuditEvent.objects.get(action="recognition.application.recommend")
    assert json.loads(event.detail)["open"] == {"brand": "unknown"}


def test_of_several_those_with_open_points_are_refused_unless_it_is_said(world: World) -> None:
    whole, officer = _case(world), world.actor("district_saihan")
    lacking = _case(world, brand={"status": "unknown"})
    for case in (whole, lacking):
        accept_all(officer, case)
    points = open_points_of([whole, lacking])
    assert (counted(points[whole.pk]), counted(points[lacking.pk])) == ("", "1 项待补充")
    results = recommend_several(actor=officer, applications=[whole, lacking], opinion="同意推荐")
    assert [item.fault[:15] for item in results] == ["", "这一件有 1 项待补充：市级以"]
    again = recommend_several(actor=officer, applications=[lacking], opinion="同意推荐", despite=KNOWING)
    assert [item.fault for item in again] == [""]


def test_the_page_names_every_open_point_with_its_clause_before_the_button(
    world: World, client: Client
) -> None:
    case = _case(world, brand={"status": "unknown", "missing": ["市级品牌"]})
    accept_all(world.actor("district_saihan"), case)
    words = client.get(reverse("recognition:review", args=[case.pk])).content.decode()
    opens = words[words.index('id="open-points"') :]
    assert "1 项待补充" in words
    assert "待补充（市级品牌）" in opens
    assert 'class="td-clause"' in opens[: opens.index("despite")]
    url = reverse("recognition:review-recommend", args=[case.pk])
    refused = client.post(url, {"opinion": "同意推荐"})
    assert refused.status_code == 422
    assert "请勾选确认并写明理由" in refused.content.decode()
    kept = client.post(url, {"opinion": "同意推荐", "despite": "yes"}).content.decode()
    assert 'name="despite" value="yes" checked' in kept
    assert client.post(url, {"opinion": "同意推荐", "despite": "yes", "because": "已核对"}).status_code == 302


def test_the_question_before_several_says_which_have_open_points(world: World, client: Client) -> None:
    filled_case(world)
    asked = client.post(reverse("recognition:reviews-act"), {"act": "recommend", "all": "1"}).content.decode()
    assert "选中的申报里有 1 件带着没有落实的条件" in asked
    assert "有 3 项没有自述" in asked
