"""The worklist and the page of a review: what a reviewer sees, saves and sends, with scripts and without."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import SAIHAN, World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import application_at, published_call
from tests.recognition.district_cases import accept_all, filled_case, paper_of, submit_again
from tidu.core.models import AuditEvent
from tidu.core.uscc import check_characters
from tidu.recognition.models import Application, CriterionFinding, Inquiry, Recommendation, Status, Submission
from tidu.recognition.queries.reviewing import criteria_of
from tidu.registry.models import DuplicateProposal, Enterprise, Evidence, Incident

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def case(world: World) -> Application:
    return filled_case(world)


def _client(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


@pytest.fixture
def client(world: World) -> Client:
    return _client(world, "district_saihan")


def _get(client: Client, name: str, *args: Any, **query: str) -> Any:  # noqa: ANN401 - an answer with its context
    return client.get(reverse(f"recognition:{name}", args=args), query)


def _post(client: Client, name: str, *args: Any, **fields: str) -> Any:  # noqa: ANN401 - as above
    return client.post(reverse(f"recognition:{name}", args=args), fields)


def _late(case: Application) -> None:
    assert case.deadline is not None
    case.deadline.due_on = timezone.localdate() - DAY
    case.deadline.save()


# ---- the worklist


def test_the_list_is_of_ones_own_place_and_says_what_is_late(world: World, case: Application) -> None:
    application_at(world, Status.DISTRICT, letter="D", call=case.call)
    _late(case)
    page = _get(_client(world, "district_saihan"), "reviews")
    assert [row.name for row in page.context["rows"]] == [case.enterprise.name]
    assert page.context["rows"][0].left.value == "over"
    assert page.context["rows"][0].verdict == "needs_review"
    assert "待审核 1 件，其中 1 件已逾期" in page.content.decode()


def test_the_city_reads_the_same_list_of_all_its_districts(world: World, case: Application) -> None:
    application_at(world, Status.DISTRICT, letter="D", call=case.call)
    page = _get(_client(world, "city_hohhot"), "reviews")
    assert len(page.context["rows"]) == 2
    assert "批量推荐" not in page.content.decode()
    only = _get(_client(world, "city_hohhot"), "reviews", place=SAIHAN)
    assert [row.name for row in only.context["rows"]] == [case.enterprise.name]


def test_filters_leave_what_they_say(world: World, case: Application, client: Client) -> None:
    other = published_call(world, batch_name="2026年度第二批")
    second = filled_case(world, call=other)
    submit_again(second, revenue="2,400.00 万元")
    assert len(_get(client, "reviews").context["rows"]) == 2
    for query in ({"call": str(other.pk)}, {"only": "changed"}, {"q": second.number or ""}):
        rows = _get(client, "reviews", **query).context["rows"]
        assert [row.pk for row in rows] == [second.pk], query
    _late(case)
    assert [row.pk for row in _get(client, "reviews", only="overdue").context["rows"]] == [case.pk]
    assert _get(client, "reviews", q="没有这家").context["rows"] == []
    assert _get(client, "reviews", tab="ended").context["rows"] == []


def test_whoever_waits_for_the_enterprise_is_on_another_tab(case: Application, client: Client) -> None:
    _post(client, "review-ask", case.pk, reason="合同原件在哪里？")
    assert _get(client, "reviews").context["rows"] == []
    waiting = _get(client, "reviews", tab="waiting").context["rows"]
    assert [(row.state, row.left.value) for row in waiting] == [("等待企业答复", "stop")]


def test_the_nearest_deadline_comes_first(world: World, case: Application, client: Client) -> None:
    second = filled_case(world, call=published_call(world))
    _late(second)
    assert [row.pk for row in _get(client, "reviews").context["rows"]] == [second.pk, case.pk]


def test_a_file_holds_exactly_the_rows_that_are_seen(world: World, case: Application, client: Client) -> None:
    filled_case(world, call=published_call(world, batch_name="2026年度第二批"))
    url = f"{reverse('recognition:reviews-act')}?tab=todo&call={case.call_id}"
    answer = client.post(url, {"act": "xlsx", "all": "1"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[2] for row in rows[1:]] == [case.number]
    assert AuditEvent.objects.filter(action="core.export.made", subject_label="申报审核清单").exists()


def test_a_list_costs_the_same_for_one_and_for_a_hundred(world: World, case: Application) -> None:
    readers = {name: _client(world, name) for name in ("district_saihan", "city_hohhot", "auditor_hohhot")}
    one = {name: _cost(client) for name, client in readers.items()}
    _many(case)
    assert {name: _cost(client) for name, client in readers.items()} == one
    page = _get(readers["district_saihan"], "reviews", tab="all")
    assert page.context["list"].total == 101
    assert len(page.context["rows"]) == 20


def _cost(client: Client) -> int:
    _get(client, "reviews")
    with CaptureQueriesContext(connection) as queries:
        _get(client, "reviews", tab="all")
    return len(queries)


def test_the_page_of_a_case_costs_the_same_with_many_acts_and_questions(
    case: Application, world: World, client: Client
) -> None:
    def cost() -> int:
        _get(client, "review", case.pk)
        with CaptureQueriesContext(connection) as queries:
            _get(client, "review", case.pk)
        return len(queries)

    _post(client, "review-ask", case.pk, reason="合同原件在哪里？")
    before = cost()
    accept_all(world.actor("district_saihan"), case)
    for number in range(8):
        _post(client, "review-ask", case.pk, reason=f"第 {number} 个问题")
    assert cost() == before


def _many(case: Application) -> None:
    content = case.submissions.get(number=1).content
    for number in range(100):
        enterprise = Enterprise.objects.create(
            uscc=check_characters(f"91150105MA0P{number:04d}"),
            name=f"某区试样{number}有限公司",
            city_id=case.enterprise.city_id,
            district_id=SAIHAN,
        )
        made = Application.objects.create(
            call=case.call,
            enterprise=enterprise,
            district_id=SAIHAN,
            status=Status.DISTRICT,
            stage="district",
            number=f"M{number:04d}",
            submitted_at=timezone.now(),
            deadline=case.deadline,
        )
        Submission.objects.create(
            application=made,
            number=1,
            submitted_by_name="某人",
            submitted_at=timezone.now(),
            pack_digest="0" * 64,
            content=content,
            digest="0" * 64,
        )


def test_several_are_recommended_with_a_result_for_each(
    world: World, case: Application, client: Client
) -> None:
    accept_all(world.actor("district_saihan"), case)
    second = filled_case(world, call=published_call(world))
    asked = _post(client, "reviews-act", act="recommend", all="1")
    assert asked.status_code == 200
    assert f"还有 {len(criteria_of(second.call))} 项没有审核" in asked.content.decode()
    picked = {"picked": [str(case.pk), str(second.pk)]}
    url = reverse("recognition:reviews-recommend")
    empty = client.post(url, picked)
    assert empty.status_code == 422
    fields = {**picked, "opinion": "同意推荐", "document_no": "赛工信〔2026〕8号"}
    assert client.post(url, {**fields, "despite": "yes"}).status_code == 422
    done = client.post(url, {**fields, "despite": "yes", "because": "已当面核对"})
    words = done.content.decode()
    assert "推荐了 1 件，1 件没有推荐" in words
    assert "项条件没有审核" in words
    case.refresh_from_db()
    second.refresh_from_db()
    assert (case.status, second.status) == (Status.EXPERTS, Status.DISTRICT)


# ---- the page


def test_the_page_shows_every_condition_with_its_clause_and_what_is_handed_in(
    case: Application, client: Client
) -> None:
    page = _get(client, "review", case.pk)
    words = page.content.decode()
    for criterion in criteria_of(case.call):
        assert f'id="c-{criterion.id}"' in words
        assert criterion.label in words
    assert "为区内四家企业供应阀组" in words
    assert "审计报告" in words
    assert "2,318.90 万元，要求 ≥ 1,000 万元" in words
    papers = words.partition("rv-files")[2].partition("</details>")[0]
    assert "正在看“审计报告”</summary>" in papers
    assert "<h3>上年度营业收入</h3>" in papers
    assert "逾期未审结的" in words
    assert 'class="td-clause"' in words


def test_a_finding_is_saved_without_reload_and_the_bar_counts_on(case: Application, client: Client) -> None:
    url = reverse("recognition:review-finding", args=[case.pk])
    fields = {"criterion": "revenue", "finding": "accepted", "note": ""}
    answer = client.post(url, fields, headers={"HX-Request": "true"})
    words = answer.content.decode()
    assert 'id="s-revenue"' in words
    assert "已审 1／19" in words
    assert "还有 <b>18 项</b>未审" in words
    refused = client.post(url, {"criterion": "revenue", "note": "x"}, headers={"HX-Request": "true"})
    assert "请选择认可、不认可或存疑" in refused.content.decode()


def test_a_finding_is_saved_without_scripts_too(case: Application, client: Client) -> None:
    answer = _post(client, "review-finding", case.pk, criterion="revenue", finding="rejected", note="不足")
    assert answer["Location"].endswith("#c-revenue")
    assert CriterionFinding.objects.get().note == "不足"


def test_what_is_settled_is_accepted_at_once_and_the_rest_stays_to_be_looked_at(
    case: Application, client: Client
) -> None:
    submit_again(case, revenue="2,400.00 万元")
    judged = {item.id for item in criteria_of(case.call) if item.question}
    page = _get(client, "review", case.pk)
    wanted = {item.id for item in criteria_of(case.call)} - judged - {"revenue"}
    assert f"一并认可 {len(wanted)} 项" in page.content.decode()
    _post(client, "review-accept", case.pk)
    last = case.submissions.order_by("-number")[0]
    found = CriterionFinding.objects.filter(submission=last)
    assert {item.criterion for item in found} == wanted
    assert {item.finding for item in found} == {"accepted"}
    page = _get(client, "review", case.pk)
    assert page.context["settled"] == 0
    assert {row.id for row in page.context["rows"]} == judged | {"revenue"}
    events = AuditEvent.objects.filter(action="recognition.finding.saved")
    assert events.filter(detail__contains='"together"').count() == len(wanted)


def test_what_has_a_finding_is_not_accepted_over_it(case: Application, client: Client) -> None:
    _post(client, "review-finding", case.pk, criterion="growth", finding="doubted")
    _post(client, "review-accept", case.pk)
    assert CriterionFinding.objects.get(application=case, criterion="growth").finding == "doubted"


def test_reasons_noted_with_the_conditions_are_collected_for_the_return(
    case: Application, client: Client
) -> None:
    _post(client, "review-finding", case.pk, criterion="revenue", finding="rejected", note="缺审计报告附注")
    _post(client, "review-finding", case.pk, criterion="brand", finding="doubted", note="证书看不清")
    page = _get(client, "review-return", case.pk)
    assert page.context["asked"]["given"] == "1. 上年度营业收入：缺审计报告附注\n2. 市级以上品牌：证书看不清"
    done = _post(client, "review-return", case.pk, reason=page.context["asked"]["given"])
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.status == Status.RETURNED


def test_without_such_notes_the_return_begins_with_what_is_missing(case: Application, client: Client) -> None:
    judged = [item for item in criteria_of(case.call) if item.question and item.id != "chain_advantage"]
    given = _get(client, "review-return", case.pk).context["asked"]["given"]
    assert given.splitlines() == [f"{n}. {item.label}：没有自述" for n, item in enumerate(judged, 1)]


def test_the_difference_to_the_submission_before_is_shown(case: Application, client: Client) -> None:
    submit_again(case, revenue="2,400.00 万元", statement="为五家企业供应阀组。")
    words = _get(client, "review", case.pk).content.decode()
    assert "<del>2,318.90 万元</del>" in words
    assert "<ins>2,400.00 万元</ins>" in words
    assert "有变化" in words


def test_only_frozen_papers_are_shown_and_none_is_downloaded(case: Application, client: Client) -> None:
    later = paper_of(case.enterprise, "后来上传的.pdf")
    Evidence.objects.filter(kind="audit_report").exclude(pk=later.pk).update(withdrawn_at=timezone.now())
    words = _get(client, "review", case.pk).content.decode()
    assert "后来上传的" not in words
    picture = _get(client, "review-paper", case.pk, 1, 1)
    assert picture["Content-Type"] == "image/png"
    assert "attachment" not in picture.get("Content-Disposition", "")
    assert _get(client, "review-paper", case.pk, 2, 1).status_code == 404


def test_the_viewer_comes_alone_where_only_it_is_asked_for(case: Application, client: Client) -> None:
    answer = client.get(
        reverse("recognition:review", args=[case.pk]), headers={"HX-Request": "true", "HX-Target": "evidence"}
    )
    assert answer.content.decode().lstrip().startswith('<section class="card td-viewer"')


def test_what_the_system_finds_odd_stands_beside_the_case(case: Application, client: Client) -> None:
    near = Enterprise.objects.create(
        uscc=check_characters("91150105MA0QX001"),
        name="某市试样Ｃ科技公司",
        city_id=case.enterprise.city_id,
        district_id=SAIHAN,
    )
    first, second = sorted((case.enterprise, near), key=lambda item: item.pk)
    DuplicateProposal.objects.create(first=first, second=second, score=95)
    Incident.objects.create(
        enterprise=case.enterprise,
        field="environment",
        severity="minor",
        happened_on=timezone.localdate() - 30 * DAY,
        title="未按要求公开环境信息",
        authority="某生态环境局",
    )
    paper_of(near)
    words = _get(client, "review", case.pk).content.decode()
    assert "系统提示 3 处" in words
    assert "某市试样Ｃ科技公司" in words
    assert "未按要求公开环境信息" in words
    assert "材料完全相同" in words


def test_a_decided_case_offers_nothing_more(case: Application, world: World, client: Client) -> None:
    accept_all(world.actor("district_saihan"), case)
    _post(client, "review-recommend", case.pk, opinion="同意推荐", despite="yes", because="已当面核对")
    assert Recommendation.objects.get().opinion.startswith("同意推荐（推荐时有 3 项没有自述")
    words = _get(client, "review", case.pk).content.decode()
    assert "提问（停表）" not in words
    assert "同意推荐" in words
    assert _get(client, "review-ask", case.pk).status_code == 302
    late = _post(client, "review-ask", case.pk, reason="合同原件在哪里？")
    assert late.status_code == 422
    assert Inquiry.objects.count() == 0


def test_a_refused_recommendation_keeps_what_was_typed(case: Application, client: Client) -> None:
    page = _post(client, "review-recommend", case.pk, opinion="同意推荐", document_no="赛工信〔2026〕8号")
    words = page.content.decode()
    assert page.status_code == 422
    assert "还有 19 项条件没有审核" in words
    assert "同意推荐</textarea>" in words
    assert "赛工信〔2026〕8号" in words


def test_not_recommending_offers_the_rejected_conditions(case: Application, client: Client) -> None:
    assert "还没有审核为“不认可”的条件" in _get(client, "review-refuse", case.pk).content.decode()
    _post(client, "review-finding", case.pk, criterion="revenue", finding="rejected", note="918 万元")
    page = _get(client, "review-refuse", case.pk)
    assert [choice.value for choice in page.context["asked"]["choices"]] == ["revenue"]
    done = _post(client, "review-refuse", case.pk, criterion="revenue", reason="营业收入不足")
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.status == Status.NOT_RECOMMENDED


def test_reading_a_case_is_on_the_record_of_its_enterprise(case: Application, client: Client) -> None:
    _get(client, "review", case.pk)
    viewed = AuditEvent.objects.filter(action="registry.enterprise.viewed", enterprise_id=case.enterprise_id)
    assert viewed.count() == 1


def test_the_home_page_of_the_district_counts_what_waits(case: Application, client: Client) -> None:
    _late(case)
    words = client.get(reverse("desk:home")).content.decode()
    assert "待审申报" in words
    assert "已逾期 1 件" in words
    assert "本批进度" in words
