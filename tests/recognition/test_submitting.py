"""Handing in: the check, the freeze, the receipt, the correction, and what lapses."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import DAY, published_call
from tests.recognition.filling import WAN, paper, ready_application, state
from tidu.core.actor import SYSTEM
from tidu.core.audit.chain import digest_of
from tidu.core.models import Job
from tidu.core.refusals import Refused
from tidu.policy.status import Status as Outcome
from tidu.recognition.actions.applying import start_application, withdraw_application
from tidu.recognition.actions.filling import attach_evidence, save_part
from tidu.recognition.actions.lapsing import lapse_corrections, lapse_drafts
from tidu.recognition.actions.papers import paper_of
from tidu.recognition.actions.submitting import resubmit_application, submit_application
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import (
    Act,
    Application,
    Call,
    CriterionFinding,
    Finding,
    Stage,
    Status,
    Submission,
    SubmissionPaper,
)
from tidu.recognition.process.moving import take
from tidu.recognition.queries.differences import difference
from tidu.recognition.queries.submissions import read_submission
from tidu.registry.actions.evidence import withdraw_evidence
from tidu.registry.own.saving import Typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> Call:
    return published_call(world)


def browser(world: World, person: str = "manager_c") -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def hand_in(world: World, application: Application, *, person: str = "manager_c", **more: bool) -> Submission:
    return submit_application(
        actor=world.actor(person), application=application, declared_by="某法人", **more
    )


def return_it(world: World, application: Application, reason: str = "缺审计报告附注") -> None:
    case = take(
        actor=world.actor("district_saihan"),
        application=application,
        act="return",
        reason=reason,
        cite="申报条件/基本条件/03",
    )
    case.move()


# ---- handing in


def test_a_submission_is_numbered_timed_frozen_and_passed_on(world: World, call: Call) -> None:
    application = ready_application(world, call)
    submission = hand_in(world, application)
    application.refresh_from_db()
    assert application.status == Status.DISTRICT
    assert application.stage == Stage.DISTRICT
    assert re.fullmatch(r"HH2026-1-0001", application.number or "")
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", application.receipt)
    assert application.submitted_at == submission.submitted_at
    assert submission.digest == digest_of(submission.content)
    assert submission.pack_digest == call.version_id
    content = read_submission(Submission.objects.get(pk=submission.pk))
    assert content.intact
    assert content.status is Outcome.NEEDS_REVIEW
    assert content.declared_by == "某法人"
    revenue = content.criterion("revenue")
    assert revenue is not None
    assert (revenue.shown, revenue.status) == ("2,318.00 万元", Outcome.MET)
    assert {fact.shown for fact in content.facts_of("growth")} == {
        "1,842.00 万元",
        "2,036.00 万元",
        "2,318.00 万元",
    }
    assert content.statements["chain_advantage"].startswith("在产业链")
    assert [item.letter for item in content.branches_of("market_rank")] == ["甲", "乙"]
    assert Job.objects.filter(kind="recognition.submission.paper").count() == 1


def test_numbers_of_a_call_follow_each_other(world: World, call: Call) -> None:
    for letter, district in (("C", "赛罕区"), ("D", "回民区")):
        hand_in(world, ready_application(world, call, letter), person=f"manager_{letter.lower()}")
        assert Application.objects.get(enterprise=world.enterprises[letter]).district.name == district
    numbers = Application.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["HH2026-1-0001", "HH2026-1-0002"]


def test_two_clicks_hand_in_once(world: World, call: Call) -> None:
    application = ready_application(world, call)
    assert hand_in(world, application).pk == hand_in(world, application).pk
    assert Act.objects.filter(act="submit").count() == 1


def test_an_editor_cannot_hand_in(world: World, call: Call) -> None:
    application = ready_application(world, call)
    with pytest.raises(Refused, match="只有企业负责人"):
        hand_in(world, application, person="editor_c")
    url = reverse("recognition:application-submit", args=[application.pk])
    assert browser(world, "editor_c").get(url).status_code == 404
    assert browser(world, "editor_c").post(url, {"true": "yes"}).status_code == 404
    page = browser(world, "editor_c").get(reverse("recognition:application-preview", args=[application.pk]))
    assert "由企业负责人提交" in page.content.decode()


def test_nothing_is_handed_in_at_the_closing_moment_or_later(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = ready_application(world, call)
    closes = call.closes_at.replace(microsecond=0)
    Call.objects.filter(pk=call.pk).update(closes_at=closes)
    real = timezone.now

    def at(moment: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(closes)
    with pytest.raises(Refused, match="截止"):
        hand_in(world, application)
    at(closes - dt.timedelta(seconds=1))
    assert hand_in(world, application).submitted_at == closes - dt.timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", real)


def test_before_the_window_nothing_is_handed_in(world: World, call: Call) -> None:
    application = ready_application(world, call)
    Call.objects.filter(pk=call.pk).update(opens_at=timezone.now() + dt.timedelta(seconds=30))
    with pytest.raises(Refused, match="还没有开始受理"):
        hand_in(world, application)


def test_nobody_hands_in_under_a_rule_that_has_ended(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = ready_application(world, call)
    Call.objects.filter(pk=call.pk).update(closes_at=dt.datetime(2027, 5, 1, tzinfo=dt.UTC))
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2027, 4, 20, tzinfo=dt.UTC))
    with pytest.raises(Refused, match="已届满"):
        hand_in(world, application)


def test_what_is_not_met_is_refused_with_reason_and_clause(world: World, call: Call) -> None:
    application = ready_application(world, call, registered_on=timezone.localdate())
    with pytest.raises(Refused, match=r"登记注册满两年（呼和浩特市认定办法“申报条件/基本条件/01”）"):
        hand_in(world, application, accept_not_met=True)
    assert not Submission.objects.exists()
    page = browser(world).get(reverse("recognition:application-submit", args=[application.pk]))
    assert "条件不符合：登记注册满两年" in page.content.decode()


def test_where_the_pack_lets_it_through_a_warning_must_be_acknowledged(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidu.recognition.applying import readiness
    from tidu.recognition.process.rules import recognition_of as real

    application = ready_application(world, call, registered_on=timezone.localdate())

    def lenient(found: Call) -> object:
        document = real(found)
        assert document.procedure is not None
        return document.model_copy(
            update={"procedure": document.procedure.model_copy(update={"not_met": "warn"})}
        )

    monkeypatch.setattr(readiness, "recognition_of", lenient)
    with pytest.raises(Refused, match="确认仍要提交的，请勾选"):
        hand_in(world, application)
    content = read_submission(hand_in(world, application, accept_not_met=True))
    assert content.accepted_not_met == ("registered_two_years",)


def test_what_is_unknown_is_named_and_must_be_acknowledged(world: World, call: Call) -> None:
    application = ready_application(world, call, quality_system_certified=None)
    with pytest.raises(Refused, match="质量管理体系认证"):
        hand_in(world, application)
    content = read_submission(hand_in(world, application, accept_unknown=True))
    assert content.accepted_unknown == ("quality_system",)
    assert content.status is Outcome.UNKNOWN


def test_required_materials_must_be_there(world: World) -> None:
    call = published_call(world, materials=[{"kind": "audit_report", "required": True, "note": ""}])
    application = ready_application(world, call)
    with pytest.raises(Refused, match="缺必须提交的材料：年度审计报告"):
        hand_in(world, application)
    report = paper(world, "audit_report", year=2025)
    attach_evidence(
        actor=world.actor("manager_c"), application=application, criterion="revenue", evidence=[report]
    )
    withdraw_evidence(actor=world.actor("manager_c"), evidence=report)
    with pytest.raises(Refused, match="年度审计报告"):
        hand_in(world, application)
    again = paper(world, "audit_report", year=2025)
    attach_evidence(actor=world.actor("manager_c"), application=application, criterion="", evidence=[again])
    content = read_submission(hand_in(world, application))
    assert [item.present for item in content.materials] == [True]
    assert [item.sha256 for item in content.whole] == [again.file.sha256]


def test_a_text_that_waits_to_be_put_right_holds_up_the_submission(world: World, call: Call) -> None:
    application = ready_application(world, call)
    part = questions_of(call).part("basic")
    assert part is not None
    save_part(
        actor=world.actor("manager_c"),
        application=application,
        part=part,
        typed=Typed({"revenue_2025": "两千多"}, {"revenue_2025": "2,318.00"}),
    )
    with pytest.raises(Refused, match="“基本条件”有 1 处填写还没有存下"):
        hand_in(world, application)


def test_a_withdrawn_application_is_not_handed_in(world: World, call: Call) -> None:
    application = ready_application(world, call)
    withdraw_application(actor=world.actor("manager_c"), application=application)
    with pytest.raises(Refused, match="已撤回"):
        hand_in(world, application)


# ---- frozen


def test_nothing_later_changes_what_was_handed_in(world: World, call: Call) -> None:
    report = paper(world, "audit_report", year=2025)
    application = ready_application(world, call)
    submission = hand_in(world, application)
    before = json.dumps(Submission.objects.get(pk=submission.pk).content, sort_keys=True)
    state(world, revenue=1 * WAN)
    withdraw_evidence(actor=world.actor("manager_c"), evidence=report)
    Call.objects.filter(pk=call.pk).update(readings={"growth_mean": "compound"})
    frozen = Submission.objects.get(pk=submission.pk)
    assert json.dumps(frozen.content, sort_keys=True) == before
    page = browser(world).get(reverse("recognition:submission", args=[application.pk, 1])).content.decode()
    assert "2,318.00 万元" in page
    assert "内容自提交起没有改动" in page
    assert report.file.name in page


# ---- the pages


def test_the_declaration_is_asked_for_and_the_receipt_follows(world: World, call: Call) -> None:
    application = ready_application(world, call)
    client = browser(world)
    url = reverse("recognition:application-submit", args=[application.pk])
    refused = client.post(url, {"declared_by": "某法人"})
    assert refused.status_code == 422
    assert "请先勾选真实性声明" in refused.content.decode()
    nameless = client.post(url, {"true": "yes", "declared_by": " "})
    assert nameless.status_code == 422
    done = client.post(url, {"true": "yes", "declared_by": "某法人"}, follow=True)
    page = done.content.decode()
    application.refresh_from_db()
    assert str(application.number) in page
    assert application.receipt in page
    assert application.submissions.get().digest in page
    again = client.post(url, {"true": "yes", "declared_by": "某法人"}, follow=True)
    assert again.status_code == 200
    assert application.submissions.count() == 1


def test_the_paper_is_made_at_once_where_it_is_asked_for_before_the_job(world: World, call: Call) -> None:
    application = ready_application(world, call)
    submission = hand_in(world, application)
    answer = browser(world).get(reverse("recognition:application-paper", args=[application.pk, 1]))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    made = SubmissionPaper.objects.get()
    assert paper_of(actor=SYSTEM, submission=submission) == made.file
    assert SubmissionPaper.objects.count() == 1


def test_the_whole_application_can_be_read_before_it_is_handed_in(world: World, call: Call) -> None:
    application = ready_application(world, call)
    page = browser(world).get(reverse("recognition:application-preview", args=[application.pk]))
    text = page.content.decode()
    assert "请通读一遍，再提交" in text
    assert "2,318.00 万元" in text
    assert "我们多年专注这一产品" in text
    assert not Submission.objects.exists()


# ---- correction


def test_a_correction_is_the_next_submission_and_tells_what_differs(world: World, call: Call) -> None:
    application = ready_application(world, call, quality_system_certified=None)
    first = hand_in(world, application, accept_unknown=True)
    CriterionFinding.objects.create(
        application=application,
        submission=first,
        criterion="quality_system",
        finding=Finding.DOUBTED,
        note="请补证书",
        found_by=world.users["district_saihan"],
    )
    return_it(world, application)
    client = browser(world)
    page = client.get(reverse("recognition:application-section", args=[application.pk, "refined"]))
    text = page.content.decode()
    assert "缺审计报告附注" in text
    assert "请补证书" in text
    assert "逾期未补正的，视为放弃" in text
    state(world)
    certificate = paper(world, "management_certificate")
    attach_evidence(
        actor=world.actor("manager_c"),
        application=application,
        criterion="quality_system",
        evidence=[certificate],
    )
    second = resubmit_application(
        actor=world.actor("manager_c"), application=application, declared_by="某法人"
    )
    application.refresh_from_db()
    assert (application.status, second.number) == (Status.DISTRICT, 2)
    assert application.submitted_at == first.submitted_at
    assert application.number == "HH2026-1-0001"
    found = difference(first, second)
    assert [(item.key, item.before, item.after) for item in found.facts] == [
        ("quality_system_certified", "", "是")
    ]
    assert [effect.words for effect in found.facts[0].effects] == ["质量管理体系认证：待补充 → 符合"]
    assert [item.evidence.name for item in found.evidence] == [certificate.file.name]
    assert found.words == "更改数据 1 项，增加材料 1 份；机器预判由“待补充”变为“待人工评判”。"
    assert found.changed_criteria == {"quality_system"}
    shown = client.get(reverse("recognition:submission", args=[application.pk, 2])).content.decode()
    assert "待补充 → 符合" in shown


def test_a_correction_that_is_late_is_refused_and_lapses(world: World, call: Call) -> None:
    application = ready_application(world, call)
    hand_in(world, application)
    return_it(world, application)
    assert lapse_corrections() == 0
    application.refresh_from_db()
    correction = application.correction
    assert correction is not None
    type(correction).objects.filter(pk=correction.pk).update(due_on=timezone.localdate() - DAY)
    with pytest.raises(Refused, match="补正期限是"):
        resubmit_application(actor=world.actor("manager_c"), application=application, declared_by="某法人")
    assert lapse_corrections() == 1
    assert lapse_corrections() == 0
    application.refresh_from_db()
    assert application.status == Status.LAPSED
    assert "视为放弃" in application.reason


def test_drafts_lapse_when_the_window_is_over_and_not_before(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    assert lapse_drafts(call) == 0
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now())
    assert lapse_drafts(call) == 1
    assert lapse_drafts(call) == 0
    application.refresh_from_db()
    assert application.status == Status.LAPSED
    assert "没有提交" in application.reason
