"""Whoever has to avoid an enterprise reads of it in the registry, and changes nothing about it there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.accounts.actions.interests import declare_interest
from tidu.accounts.models import Ground, Membership, Organisation
from tidu.accounts.ties import ties_of
from tidu.core.actor import Actor
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.policy.vocabulary.vocabulary import load_vocabulary
from tidu.registry.actions.claims import accept_claim, refuse_claim
from tidu.registry.actions.confirmations import save_answers, send_confirmation, submit_answers
from tidu.registry.actions.enterprises import change_status, rename_enterprise, set_clusters
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.actions.imports import decide_duplicate
from tidu.registry.actions.standing import add_incident, add_title, end_title, settle_incident
from tidu.registry.importing.scope import Scope
from tidu.registry.models import (
    Claim,
    ConfirmationItem,
    ConfirmationList,
    DuplicateProposal,
    Enterprise,
    EnterpriseStatus,
    Incident,
    Source,
    Title,
)
from tidu.registry.models.standing import IncidentField, Level, Severity, TitleState
from tidu.registry.queries.confirmations import questions_for

pytestmark = pytest.mark.django_db
WORDS = "近亲属任职或持股"
TODAY = dt.date(2026, 3, 1)


@pytest.fixture
def world() -> World:
    return make_world()


def interested(world: World, person: str, letter: str = "A") -> Actor:
    declare_interest(
        actor=world.actor(person),
        person=world.users[person],
        uscc=world.enterprises[letter].uscc,
        name=world.enterprises[letter].name,
        ground=Ground.FAMILY,
        since=timezone.localdate(),
    )
    return world.actor(person)


def client_of(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def title_of(enterprise: Enterprise) -> Title:
    return Title.objects.create(
        enterprise=enterprise, name="某称号", level=Level.MUNICIPAL, recognised_on=TODAY
    )


def incident_of(enterprise: Enterprise) -> Incident:
    return Incident.objects.create(
        enterprise=enterprise,
        field=IncidentField.TAX,
        severity=Severity.MINOR,
        happened_on=TODAY,
        title="某事",
        authority="某局",
    )


def claim_of(world: World) -> Claim:
    return Claim.objects.create(
        user=world.users["person_without_role"],
        enterprise=world.enterprises["A"],
        stated_name=world.enterprises["A"].name,
        stated_place_id=world.enterprises["A"].district_id,
    )


ACTS: dict[str, Callable[[World, Actor], object]] = {
    "correct": lambda world, actor: record_facts(
        actor=actor,
        enterprise=world.enterprises["A"],
        facts=[NewFact("main_business", "某业务")],
        source=Source.IMPORTED,
    ),
    "rename": lambda world, actor: rename_enterprise(
        actor=actor, enterprise=world.enterprises["A"], name="别的名称", basis="变更"
    ),
    "status": lambda world, actor: change_status(
        actor=actor, enterprise=world.enterprises["A"], status=EnterpriseStatus.CLOSED, reason="注销"
    ),
    "clusters": lambda world, actor: set_clusters(
        actor=actor, enterprise=world.enterprises["A"], clusters=[]
    ),
    "title": lambda world, actor: add_title(
        actor=actor,
        enterprise=world.enterprises["A"],
        name="某称号",
        level=Level.MUNICIPAL,
        recognised_on=TODAY,
    ),
    "title ended": lambda world, actor: end_title(
        actor=actor,
        title=title_of(world.enterprises["A"]),
        state=TitleState.REVOKED,
        ended_on=timezone.localdate(),
        reason="取消",
    ),
    "incident": lambda world, actor: add_incident(
        actor=actor,
        enterprise=world.enterprises["A"],
        field=IncidentField.TAX,
        severity=Severity.MINOR,
        happened_on=TODAY,
        title="某事",
        authority="某局",
    ),
    "incident settled": lambda world, actor: settle_incident(
        actor=actor, incident=incident_of(world.enterprises["A"]), settled_on=TODAY, note="已整改"
    ),
    "claim": lambda world, actor: accept_claim(actor=actor, claim=claim_of(world)),
    "claim refused": lambda world, actor: refuse_claim(actor=actor, claim=claim_of(world), reason="不符"),
    "duplicate": lambda world, actor: decide_duplicate(
        actor=actor,
        proposal=DuplicateProposal.objects.create(
            first=world.enterprises["A"], second=world.enterprises["B"], score=90
        ),
        verdict=DuplicateProposal.Verdict.DIFFERENT,
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_act_of_an_officer_reaches_an_enterprise_that_they_avoid(world: World, act: str) -> None:
    with pytest.raises(Refused, match=WORDS):
        ACTS[act](world, interested(world, "district_kundulun"))


@pytest.mark.parametrize("whose", ["district_saihan", "district_saihan_second"])
def test_whoever_stands_in_avoids_what_either_of_the_two_has_to(world: World, whose: str) -> None:
    interested(world, whose, "C")
    actor = world.standing_in("district_saihan_second", "district_saihan")
    ground = "委托您代理的同事应当回避" if whose == "district_saihan" else WORDS
    with pytest.raises(Refused, match=ground):
        rename_enterprise(actor=actor, enterprise=world.enterprises["C"], name="别的名称", basis="变更")
    assert Scope.of(actor).avoided.ground(world.enterprises["C"]) == ground
    assert ties_of(world.actor("district_saihan_second")).ground(world.enterprises["C"]) == (
        "" if whose == "district_saihan" else WORDS
    )


def test_the_page_is_read_without_its_buttons_and_says_why(world: World) -> None:
    client = client_of(world, "district_kundulun")
    page = reverse("registry:enterprise", args=[world.enterprises["A"].pk])
    assert "更正数据" in client.get(page).content.decode()
    interested(world, "district_kundulun")
    text = client.get(page).content.decode()
    assert f"您应当回避这家企业：{WORDS}" in text
    for verb in ("更正数据", "登记称号", "登记事故与处罚", "更改状态"):
        assert f">{verb}<" not in text
    for name in ("enterprise-title-add", "enterprise-status", "enterprise-incident-add"):
        answer = client.get(reverse(f"registry:{name}", args=[world.enterprises["A"].pk]))
        assert answer["Location"] == page
    assert WORDS in client.get(page).content.decode()
    colleague = client_of(world, "city_baotou").get(page).content.decode()
    assert "更正数据" in colleague
    assert WORDS not in colleague


def test_a_claim_is_shown_and_left_to_a_colleague(world: World) -> None:
    interested(world, "district_kundulun")
    text = (
        client_of(world, "district_kundulun")
        .get(reverse("registry:claim", args=[claim_of(world).pk]))
        .content.decode()
    )
    assert f"您应当回避这家企业（{WORDS}）" in text
    assert "通过认领" not in text


def test_rows_of_an_import_are_refused_for_whoever_formerly_worked_there_too(world: World) -> None:
    actor = interested(world, "district_kundulun")
    Membership.objects.create(
        user=world.users["district_kundulun"],
        organisation=world.organisations["B"],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )
    avoided = Scope.of(actor).avoided
    assert [avoided.ground(world.enterprises[letter]) for letter in "ABC"] == [WORDS, "任职或曾任职", ""]


def asked(world: World) -> ConfirmationList:
    department = world.organisations["tax_baotou"]
    Organisation.objects.filter(pk=department.pk).update(confirms=list(load_vocabulary().confirmers))
    department.refresh_from_db()
    return send_confirmation(
        actor=world.actor("city_baotou"),
        department=department,
        enterprises=[world.enterprises[letter].pk for letter in "AB"],
        questions=[questions_for(department)[0].id],
        title="核实",
        working_days=5,
    )


def test_a_department_officer_answers_the_rest_and_leaves_the_enterprise_to_a_colleague(world: World) -> None:
    batch = asked(world)
    items = {item.enterprise_id: item for item in ConfirmationItem.objects.all()}
    own = items[world.enterprises["A"].pk]
    actor = interested(world, "tax_baotou")
    text = client_of(world, "tax_baotou").get(reverse("registry:confirmation", args=[batch.pk]))
    assert f"您应当回避（{WORDS}），由同事答复" in text.content.decode()
    assert f'name="a-{own.pk}"' not in text.content.decode()
    save_answers(actor=actor, batch=batch, answers={own.pk: "yes"}, rest=dict.fromkeys(batch.questions, "no"))
    assert {item.enterprise_id: item.answer for item in ConfirmationItem.objects.all()} == {
        world.enterprises["A"].pk: "",
        world.enterprises["B"].pk: "no",
    }
    ConfirmationItem.objects.filter(pk=own.pk).update(answer="yes")  # a colleague has written it
    assert submit_answers(actor=actor, batch=batch, document_no="函〔2026〕1号", stated_on=TODAY) == 1


def test_nobody_asks_departments_about_an_enterprise_that_they_avoid(world: World) -> None:
    interested(world, "city_baotou", "B")
    with pytest.raises(Refused, match="试样B科技有限公司"):
        asked(world)
