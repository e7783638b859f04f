"""Starting an application and filling it in: who may, what is asked, nothing typed lost, nothing overwritten."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import HUIMIN, World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import DAY, PACK, application_at, published_call
from tests.recognition.filling import paper, ready_application, say
from tests.recognition.life_cases import title_of
from tidu.core.actor import SYSTEM
from tidu.core.models import Deadline
from tidu.core.refusals import Refused
from tidu.policy.status import Status as Outcome
from tidu.recognition.actions.applying import start_application, withdraw_application
from tidu.recognition.actions.filling import save_part
from tidu.recognition.actions.lapsing import lapse_corrections
from tidu.recognition.applying.filled import filled
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import Application, Attachment, Call, Cancellation, Presence, Statement, Status
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.actions.standing import end_title
from tidu.registry.models import Fact, Source, Title, TypedText
from tidu.registry.models.standing import TitleState
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


def _url(application: Application, part: str) -> str:
    return reverse("recognition:application-section", args=[application.pk, part])


def _save(
    client: Client,
    application: Application,
    part: str,
    texts: dict[str, str],
    shown: dict[str, str],
    **more: str,
) -> dict[str, Any]:
    answer = client.post(
        _url(application, part),
        texts | {"shown": json.dumps(shown)} | more,
        headers={"X-Requested-With": "autosave"},
    )
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


# ---- starting


def test_two_clicks_start_one_application(world: World, call: Call) -> None:
    client = browser(world)
    for _ in range(2):
        client.post(reverse("recognition:application-start", args=[call.pk]))
    assert Application.objects.filter(call=call).count() == 1


def test_the_list_offers_calls_and_says_why_not(world: World, call: Call) -> None:
    published_call(world, districts=[HUIMIN], title="只面向回民区的通知")
    page = browser(world).get(reverse("recognition:applications")).content.decode()
    assert "现在有 2 份通知受理申报" in page
    assert page.count("applications/start/") == 1
    assert reverse("recognition:application-start", args=[call.pk]) in page
    assert "不受理赛罕区的申报" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens_at": 1}, "还没有开始受理"),
        ({"closes_at": -1}, "受理已经截止"),
        ({"state": Call.State.WITHDRAWN}, "已撤销"),
        ({"districts": [HUIMIN]}, "不受理赛罕区"),
    ],
)
def test_a_call_that_does_not_take_it_refuses_with_the_reason(
    world: World, call: Call, change: dict[str, Any], said: str
) -> None:
    for name, value in change.items():
        moved = timezone.now() + value * dt.timedelta(hours=1) if isinstance(value, int) else value
        setattr(call, name, moved)
    call.save()
    with pytest.raises(Refused, match=said):
        start_application(actor=world.actor("manager_c"), call=call)
    assert not Application.objects.exists()


def test_a_title_that_was_taken_away_bars_until_the_day(world: World, call: Call) -> None:
    enterprise = world.enterprises["C"]
    title = Title.objects.create(
        enterprise=enterprise,
        tier="municipal_srdi",
        name="某称号",
        level="municipal",
        recognised_on="2023-01-01",
        state=TitleState.REVOKED,
        ended_on="2024-01-01",
    )
    bar = Cancellation.objects.create(
        enterprise=enterprise,
        title=title,
        organisation=world.organisations["city_hohhot"],
        origin="report",
        ground="false_statement",
        ground_label="弄虚作假、虚报数据",
        cite="监督管理/（一）/1",
        pack=PACK,
        facts="查实",
        state=Cancellation.State.CANCELLED,
        barred_until=timezone.localdate() + DAY,
        decided_at=timezone.now(),
    )
    with pytest.raises(Refused, match=r"弄虚作假.*监督管理/（一）/1.*不得再次申报"):
        start_application(actor=world.actor("manager_c"), call=call)
    later = Cancellation.objects.filter(pk=bar.pk)
    later.update(pack="hohhot-2030-recognition")  # the same title under another edition
    with pytest.raises(Refused, match="不得再次申报"):
        start_application(actor=world.actor("manager_c"), call=call)
    Title.objects.filter(pk=title.pk).update(tier="little_giant")  # another title of another document
    first = start_application(actor=world.actor("manager_c"), call=call)
    withdraw_application(actor=world.actor("manager_c"), application=first)
    later.update(pack=PACK, barred_until=timezone.localdate() - DAY)
    assert start_application(actor=world.actor("manager_c"), call=call).status == Status.DRAFT


@pytest.mark.parametrize("ended", [Status.WITHDRAWN, Status.LAPSED])
def test_what_was_given_up_may_be_followed_by_another_with_what_was_written(
    world: World, call: Call, ended: Status
) -> None:
    manager = world.actor("manager_c")
    first = application_at(world, Status.RETURNED, call=call)
    proof = paper(world, "audit_report", year=2025)
    Attachment.objects.create(application=first, criterion="revenue", evidence=proof)
    Statement.objects.create(application=first, criterion="chain_advantage", text="配套三家整车厂")
    if ended == Status.WITHDRAWN:
        withdraw_application(actor=manager, application=first)
    else:
        assert first.correction is not None
        Deadline.objects.filter(pk=first.correction.pk).update(
            started_on="2026-01-05", due_on=timezone.localdate() - DAY
        )
        assert lapse_corrections() == 1
    first.refresh_from_db()
    frozen = (first.status, first.number, first.ended_at, first.reason)
    second = start_application(actor=manager, call=call)
    assert (second.pk != first.pk, second.status, second.number) == (True, Status.DRAFT, None)
    assert second.statements.get().text == "配套三家整车厂"
    assert second.attachments.filter(criterion="revenue", evidence=proof).exists()
    assert start_application(actor=manager, call=call) == second
    first.refresh_from_db()
    assert frozen == (ended, first.number, first.ended_at, first.reason)
    assert first.statements.count() == first.submissions.count() == 1


@pytest.mark.parametrize("judged", [Status.NOT_RECOMMENDED, Status.NOT_RECOGNISED, Status.RECOGNISED])
def test_what_was_judged_is_not_begun_anew(world: World, call: Call, judged: Status) -> None:
    first = application_at(world, judged, call=call)
    assert start_application(actor=world.actor("manager_c"), call=call) == first


def test_the_pages_offer_to_begin_anew_while_the_window_is_open(world: World, call: Call) -> None:
    first = application_at(world, Status.LAPSED, call=call)
    client = browser(world)
    progress = reverse("recognition:progress", args=[first.pk])
    assert "重新申报" in client.get(progress).content.decode()
    assert "开始申报" in client.get(reverse("recognition:applications")).content.decode()
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now())
    assert "重新申报" not in client.get(progress).content.decode()
    with pytest.raises(Refused, match="受理已经截止"):
        start_application(actor=world.actor("manager_c"), call=call)


def test_documents_at_hand_are_put_where_they_prove_something(world: World, call: Call) -> None:
    known = paper(world, "management_certificate")
    paper(world, "audit_report", year=2019)  # of no year that the call looks at
    application = start_application(actor=world.actor("manager_c"), call=call)
    assert [(item.criterion, item.evidence_id) for item in application.attachments.all()] == [
        ("quality_system", known.pk)
    ]


# ---- what is asked


def test_figures_are_asked_for_the_years_of_the_base_year(world: World) -> None:
    early = published_call(world, base_year=2024)
    names = {control.name for control in questions_of(early).controls}
    assert {"revenue_2022", "revenue_2023", "revenue_2024", "employees_2024"} <= names
    assert "revenue_2025" not in names
    assert "registered_area" not in names


def test_everything_that_people_judge_asks_for_a_statement(call: Call) -> None:
    assert {judged.id for judged in questions_of(call).judged} == {
        "chain_advantage",
        "refined_management",
        "distinctive_product",
        "sustained_innovation",
    }


def test_a_complete_form_leaves_only_judgements(world: World, call: Call) -> None:
    now = filled(ready_application(world, call))
    assert now.assessment.status is Outcome.NEEDS_REVIEW
    assert not now.unknown
    assert not now.unsaid


# ---- saving


def test_figures_and_statements_save_themselves_and_say_when(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    client = browser(world)
    answer = _save(
        client,
        application,
        "specialised",
        {"niche_years": "6", "statement-chain_advantage": "配套三家整车厂\r\n第二行"},
        {"niche_years": "", "statement-chain_advantage": ""},
    )
    assert answer["saved_at"]
    assert answer["shown"]["statement-chain_advantage"] == "配套三家整车厂\n第二行"
    assert Fact.objects.get(enterprise=world.enterprises["C"], indicator="niche_years").value == "6.0"
    live = client.get(reverse("recognition:application-live", args=[application.pk, "specialised"]))
    assert 'id="live-niche_years"' in live.content.decode()
    assert "符合" in live.content.decode()


def test_two_tabs_overwrite_nothing_unseen(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    name = "statement-chain_advantage"
    _save(browser(world, "editor_c"), application, "specialised", {name: "同事写的"}, {name: ""})
    mine = browser(world)
    answer = _save(mine, application, "specialised", {name: "我写的"}, {name: ""})
    assert Statement.objects.get().text == "同事写的"
    assert "改过" in answer["errors"][name]
    assert "同事写的" in answer["said"][name]
    page = mine.get(_url(application, "specialised")).content.decode()
    assert ">我写的</textarea>" in page
    again = _save(mine, application, "specialised", {name: "我写的"}, {name: "我写的"}, keep=name)
    assert again["errors"] == {}
    assert Statement.objects.get().text == "我写的"
    assert not TypedText.objects.exists()


def test_of_two_statements_the_standing_one_can_be_taken(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    name = "statement-chain_advantage"
    client = browser(world)
    _save(client, application, "specialised", {name: "先写的"}, {name: ""})
    _save(client, application, "specialised", {name: "后写的"}, {name: ""})
    client.post(
        _url(application, "specialised"),
        {name: "后写的", "shown": json.dumps({name: "后写的"}), "set": f"{name}=先写的"},
    )
    assert Statement.objects.get().text == "先写的"
    assert not TypedText.objects.exists()


def test_a_text_that_is_too_long_is_kept_beside_its_field(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    name = "statement-chain_advantage"
    answer = _save(browser(world), application, "specialised", {name: "长" * 2001}, {name: ""})
    assert "最多 2000 个字" in answer["errors"][name]
    assert not Statement.objects.exists()
    assert TypedText.objects.get().text == "长" * 2001


def test_an_ended_session_says_so_and_the_page_keeps_what_was_typed(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    answer = Client().post(
        _url(application, "basic"), {"revenue_2025": "1"}, headers={"X-Requested-With": "autosave"}
    )
    assert answer.status_code == 302  # autosave.js keeps the draft and asks to sign in
    page = browser(world).get(_url(application, "basic")).content.decode()
    assert "data-autosave" in page


def test_a_question_that_the_page_asks_by_itself_does_not_keep_the_session(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    client = browser(world)
    session = client.session
    session["clock"] = {"began": session["clock"]["began"] - 300, "seen": session["clock"]["seen"] - 300}
    session.save()
    before = client.session["clock"]
    url = reverse("recognition:application-presence", args=[application.pk])
    assert client.post(url, {"part": "basic"}, headers={"X-Idle": "1"}).status_code == 200
    assert client.session["clock"] == before


def test_people_see_who_else_is_there(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    url = reverse("recognition:application-presence", args=[application.pk])
    browser(world, "editor_c").post(url, {"part": "basic"})
    assert "editor_c正在编辑这一节" in browser(world).post(url, {"part": "basic"}).content.decode()
    assert Presence.objects.count() == 2
    with CaptureQueriesContext(connection) as caught:
        client = browser(world)
    with CaptureQueriesContext(connection) as caught:
        client.post(url, {"part": "basic"})
    assert len(caught) <= 10


def test_only_drafts_and_returned_applications_are_filled_in(world: World, call: Call) -> None:
    application = application_at(world, Status.DISTRICT, call=call)
    part = questions_of(call).parts[1]
    with pytest.raises(Refused, match="已提交的内容不能再改"):
        save_part(actor=world.actor("manager_c"), application=application, part=part, typed=Typed({}, {}))
    answer = browser(world).post(
        _url(application, "basic"), {"shown": "{}"}, headers={"X-Requested-With": "autosave"}
    )
    assert answer.status_code == 409
    assert "不能再改" in answer.json()["message"]


def test_a_closed_window_ends_the_filling(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now())
    with pytest.raises(Refused, match="不在受理时间内"):
        say(world, application)


@pytest.mark.parametrize(
    "person", ["manager_d", "city_hohhot", "district_saihan", "expert_hohhot", "auditor_hohhot"]
)
def test_a_draft_is_the_enterprises_own_business(world: World, call: Call, person: str) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    client = browser(world, person)
    for name in ("application", "application-preview", "progress", "application-materials"):
        assert client.get(reverse(f"recognition:{name}", args=[application.pk])).status_code == 404, name


def test_the_list_costs_the_same_for_one_application_and_for_many(world: World) -> None:
    client = browser(world)
    counts = []
    for number in (1, 15):
        for _ in range(number):
            application_at(world, Status.DISTRICT, call=published_call(world))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("recognition:applications")).status_code == 200
        counts.append(len(caught))
    assert len(set(counts)) == 1, counts


def test_whoever_holds_the_title_waits_for_its_re_review(world: World, call: Call) -> None:
    title = title_of(world)
    with pytest.raises(Refused, match="到期由市工信部门组织复核"):
        start_application(actor=world.actor("manager_c"), call=call)
    end_title(
        actor=world.actor("city_hohhot"),
        title=title,
        state=TitleState.REVOKED,
        ended_on=timezone.localdate(),
        reason="取消",
    )
    assert start_application(actor=world.actor("manager_c"), call=call).status == Status.DRAFT


def test_what_was_judged_before_does_not_decide_this_call(world: World, call: Call) -> None:
    application = start_application(actor=world.actor("manager_c"), call=call)
    record_facts(
        actor=SYSTEM,
        enterprise=application.enterprise,
        facts=[NewFact("chain_advantage", value=False)],
        source=Source.CONFIRMED,
    )
    assert filled(application).assessment.criterion("chain_advantage").status is Outcome.NEEDS_REVIEW
