"""A conflict that comes up after the declaration closes the file, keeps what was begun, and flags what is in."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.expert_cases import (
    EXPERTS,
    all_submitted,
    assignment_of,
    declared,
    drawn,
    filled,
    more_experts,
    submitted,
)
from tidu.accounts.actions.interests import declare_interest
from tidu.accounts.models import Ground, Interest, Membership
from tidu.core.models.audit import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task
from tidu.recognition.actions.assignments import save_sheet, speak_for_panel, submit_sheet
from tidu.recognition.actions.conflicts import end_all_conflicts
from tidu.recognition.actions.panels import conclude_panel, replace_expert
from tidu.recognition.escalation_ticks import remind_experts
from tidu.recognition.models import Act, Application, Assignment, ExpertProfile, PanelOpinion
from tidu.recognition.queries.assignments import counted, own_assignments
from tidu.recognition.queries.conflicts import INTEREST, MEMBER, REASONS
from tidu.recognition.queries.opinions import opinion_of
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Source

pytestmark = pytest.mark.django_db
NAME = "某市试样C科技有限公司"
How = Callable[[World], None]


@pytest.fixture
def world() -> World:
    return make_world()


def hired(world: World, person: str = EXPERTS[0]) -> None:
    """It comes out that the expert has worked for the applicant."""
    Membership.objects.create(
        user=world.users[person],
        organisation=world.organisations["C"],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )


def interested(world: World, person: str = EXPERTS[0]) -> None:
    """An interest is on record, put there by another way than the expert's page."""
    ExpertProfile.objects.update_or_create(
        membership=world.memberships[person],
        defaults={"conflicts": [{"uscc": world.enterprises["C"].uscc, "note": "持股"}]},
    )


def said_so(world: World, person: str = EXPERTS[0]) -> None:
    """The expert declares it on their account; what is done about it at once is tested below."""
    Interest.objects.create(
        person=world.users[person],
        uscc=world.enterprises["C"].uscc,
        name=NAME,
        ground=Ground.SHARES,
        since=timezone.localdate(),
        declared_by=world.users[person],
    )


def grouped(world: World, person: str = EXPERTS[0]) -> None:
    """The expert's group turns out to stand behind the applicant."""
    ExpertProfile.objects.update_or_create(
        membership=world.memberships[person], defaults={"group": "朔原集团有限公司"}
    )
    record_facts(
        actor=world.actor("city_hohhot"),
        enterprise=world.enterprises["C"],
        facts=[NewFact("controlling_shareholder", "内蒙古朔原集团有限公司")],
        source=Source.IMPORTED,
    )


def client_of(world: World, person: str = EXPERTS[0]) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


@pytest.mark.parametrize("how", [hired, interested, said_so])
def test_an_open_file_is_gone_at_once_from_page_list_and_count(world: World, how: How) -> None:
    drawn(world)
    begun = filled(world)
    actor = world.actor(EXPERTS[0])
    assert counted(actor).open == 1
    how(world)
    assert counted(actor).open == 0
    assert not own_assignments(actor).exists()
    client = client_of(world)
    assert begun.label not in client.get(reverse("recognition:assignments")).content.decode()
    assert client.get(reverse("recognition:assignment-page", args=[begun.pk, 1, 1])).status_code == 404
    assert client.post(reverse("recognition:assignment-submit", args=[begun.pk])).status_code == 404
    for act in (
        lambda: save_sheet(actor=actor, assignment=begun, texts={"opinion": "还是想写"}, shown={}),
        lambda: submit_sheet(actor=actor, assignment=begun),
    ):
        with pytest.raises(Refused, match="已不在您的名下"):
            act()


@pytest.mark.parametrize(("how", "reason"), [(hired, MEMBER), (interested, INTEREST), (said_so, INTEREST)])
def test_at_its_door_the_file_is_closed_recorded_and_drawn_anew(world: World, how: How, reason: str) -> None:
    panel = drawn(world)
    begun = filled(world)
    more_experts(world, 1)
    how(world)
    assert client_of(world).get(reverse("recognition:assignment", args=[begun.pk])).status_code == 404
    begun.refresh_from_db()
    assert (begun.state, begun.conflict) == (Assignment.State.AVOIDED, REASONS[reason])
    assert begun.opinion == f"意见：由 {EXPERTS[0]} 写成。"  # kept, and counted nowhere
    opinion = opinion_of(Application.objects.get())
    assert (opinion.wanted, opinion.submitted, opinion.missing) == (3, 0, 0)
    assert panel.assignments.filter(expert=world.memberships["more_expert_0"]).exists()
    event = AuditEvent.objects.get(action="recognition.assignment.conflicted")
    assert json.loads(event.detail)["reason"] == REASONS[reason]
    assert Act.objects.filter(act="conflict", shown=False, user=None).count() == 1
    told = set(
        Notification.objects.filter(title__contains="应当回避").values_list("user__username", flat=True)
    )
    assert told
    assert EXPERTS[0] not in told
    assert Notification.objects.filter(user=world.users["city_hohhot"], title__contains="换了专家").exists()
    texts = Notification.objects.exclude(topic="待办").values_list("title", "body")
    assert not any(NAME in text for pair in texts for text in pair)
    assert client_of(world).get(reverse("recognition:assignment", args=[begun.pk])).status_code == 404
    assert AuditEvent.objects.filter(action="recognition.assignment.conflicted").count() == 1


def test_a_declaration_on_the_account_ends_open_files_in_the_same_moment(world: World) -> None:
    drawn(world)
    begun = filled(world)
    declare_interest(
        actor=world.actor(EXPERTS[0]),
        person=world.users[EXPERTS[0]],
        uscc=world.enterprises["C"].uscc,
        name=NAME,
        ground=Ground.ADVICE,
        since=timezone.localdate(),
    )
    begun.refresh_from_db()
    assert (begun.state, begun.conflict) == (Assignment.State.AVOIDED, REASONS[INTEREST])


def test_the_tick_closes_what_nobody_has_touched_before_anybody_is_reminded(world: World) -> None:
    drawn(world)
    declared(world)
    grouped(world)
    assert "1 件评审的专家应当回避" in remind_experts()
    assert assignment_of(world).state == Assignment.State.AVOIDED
    assert remind_experts() == ""


def test_a_sheet_that_is_in_is_flagged_and_counts_until_it_is_replaced(world: World) -> None:
    panel = all_submitted(world)
    speaker = next(row for row in panel.assignments.order_by("pk") if row.expert_id == panel.chair_id)
    speak_for_panel(
        actor=world.actor(speaker.expert.user.username),
        assignment=speaker,
        positive=True,
        opinion="经讨论，建议认定。",
    )
    flagged = next(person for person in EXPERTS if world.memberships[person].pk != panel.chair_id)
    hired(world, flagged)
    assert end_all_conflicts() == 1
    assert end_all_conflicts() == 0
    sheet = assignment_of(world, flagged)
    assert (sheet.state, sheet.conflict) == (Assignment.State.SUBMITTED, REASONS[MEMBER])
    assert AuditEvent.objects.filter(action="recognition.assignment.flagged").count() == 1
    opinion = opinion_of(sheet.application)
    assert (opinion.complete, opinion.submitted, opinion.flagged) == (True, 3, 1)
    # the city: a task, the page, and no conclusion without a word
    assert Task.objects.open().filter(kind="recognition.panel.replace").count() == 1
    city = client_of(world, "city_hohhot")
    text = city.get(reverse("recognition:panel", args=[panel.pk])).content.decode()
    assert "有 1 份已交的意见，专家应当回避" in text
    assert reverse("recognition:assignment-replace", args=[sheet.pk]) in text
    with pytest.raises(Refused, match="请先更换") as refused:
        conclude_panel(actor=world.actor("city_hohhot"), panel=panel)
    assert refused.value.field == "reason"
    # the chair: told without a name
    chair = client_of(world, speaker.expert.user.username)
    said = chair.get(reverse("recognition:assignment-panel", args=[speaker.pk])).content.decode()
    assert "其中 1 份意见的专家，提交以后被查出应当回避" in said
    message = Notification.objects.get(user=speaker.expert.user, title__contains="应当回避")
    assert world.users[flagged].name not in f"{message.title}{message.body}"
    # the expert: nothing more
    assert (
        client_of(world, flagged).get(reverse("recognition:assignment", args=[sheet.pk])).status_code == 404
    )
    # replaced: kept, counted no more, the panel speaks anew
    more_experts(world, 1)
    replace_expert(actor=world.actor("city_hohhot"), assignment=sheet, reason="应当回避")
    sheet.refresh_from_db()
    assert sheet.state == Assignment.State.REPLACED
    assert sheet.opinion
    assert opinion_of(sheet.application).complete is False
    assert not PanelOpinion.objects.exists()
    assert not Task.objects.open().filter(kind="recognition.panel.replace").exists()


def test_a_flagged_sheet_goes_on_with_a_reason(world: World) -> None:
    panel = all_submitted(world)
    hired(world)
    with pytest.raises(Refused, match="请先更换"):  # found by itself, whenever the next tick would have come
        conclude_panel(actor=world.actor("city_hohhot"), panel=panel)
    assert assignment_of(world).conflict == REASONS[MEMBER]
    assert conclude_panel(actor=world.actor("city_hohhot"), panel=panel, reason="没有其他可选专家") == 1


def test_a_sheet_that_is_in_and_free_of_conflict_cannot_be_replaced(world: World) -> None:
    drawn(world)
    with pytest.raises(Refused, match="不能更换专家"):
        replace_expert(actor=world.actor("city_hohhot"), assignment=submitted(world), reason="意见不合适")


def test_what_is_asked_of_conflicts_does_not_grow_with_the_files(world: World) -> None:
    counts, expert = [], world.actor(EXPERTS[0])
    for letters in (("C",), ("C", "D")):
        drawn(world, *letters, call={"title": f"通知{len(letters)}"})
        counted(expert)
        with CaptureQueriesContext(connection) as asked:
            counted(expert)
        counts.append(len(asked))
    assert counts[0] == counts[1]
