"""Panels: who is kept from which file, what is recorded, replacing, and moving on."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.expert_cases import (
    EXPERTS,
    all_submitted,
    assignment_of,
    declared,
    drawn,
    more_experts,
    submitted,
    waiting,
)
from tidu.accounts.actions.interests import declare_interest
from tidu.accounts.models import Ground, Membership, Organisation
from tidu.core.actor import SYSTEM, Actor
from tidu.core.refusals import Refused
from tidu.core.roles import OrganisationKind, Role
from tidu.desk.models import Notification, Task
from tidu.recognition.actions.assignments import (
    avoid,
    declare_no_conflict,
    save_sheet,
    submit_sheet,
    values_of,
)
from tidu.recognition.actions.experts import Employer, keep_profile
from tidu.recognition.actions.late_experts import overdue_assignments
from tidu.recognition.actions.panels import (
    Wish,
    conclude_panel,
    draw_missing,
    draw_panel,
    replace_expert,
)
from tidu.recognition.models import Act, Application, Assignment, CaseKind, Level, Panel, Status
from tidu.recognition.process.moving import write_act
from tidu.recognition.queries.conflicts import (
    EMPLOYER,
    GROUP,
    INTEREST,
    MEMBER,
    OFFICE,
    REASONS,
    conflict_of,
)
from tidu.recognition.queries.opinions import opinion_of
from tidu.recognition.queries.panels import is_reproducible
from tidu.recognition.queries.sheets import sheet_of
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def _kept_from(panel: Panel, expert: Membership) -> list[str]:
    found = next(iter(panel.drawing["files"].values()))["excluded"]
    return list(found.get(str(expert.pk), []))


def _ties(world: World, *, interests: str = "", **values: str) -> Membership:
    expert = world.memberships["expert_hohhot"]
    keep_profile(
        actor=world.actor("city_hohhot"),
        membership=expert,
        fields=["equipment"],
        employer=Employer(**values),
        interests=interests,
    )
    return expert


def _declare(world: World, person: str) -> None:
    declare_interest(
        actor=world.actor(person),
        person=world.users[person],
        uscc=world.enterprises["C"].uscc,
        name=world.enterprises["C"].name,
        ground=Ground.SHARES,
        since=timezone.localdate(),
    )


def test_a_former_employee_of_the_applicant_is_not_drawn(world: World) -> None:
    expert = world.memberships["expert_hohhot"]
    Membership.objects.create(
        user=expert.user,
        organisation=world.organisations["C"],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )
    panel = drawn(world, each=2)
    assert _kept_from(panel, expert) == [MEMBER]
    assert not panel.assignments.filter(expert=expert).exists()


@pytest.mark.parametrize("office", ["district_saihan", "auditor_hohhot"])
def test_whoever_could_read_the_case_in_an_office_is_not_drawn(world: World, office: str) -> None:
    expert, held = world.memberships["expert_hohhot"], world.memberships[office]
    Membership.objects.create(user=expert.user, organisation=held.organisation, role=held.role)
    panel = drawn(world, each=2)
    assert _kept_from(panel, expert) == [OFFICE]


@pytest.mark.parametrize("office", ["district_huimin", "auditor_baotou"])
def test_an_office_elsewhere_keeps_nobody_from_a_panel(world: World, office: str) -> None:
    expert, held = world.memberships["expert_hohhot"], world.memberships[office]
    Membership.objects.create(user=expert.user, organisation=held.organisation, role=held.role)
    assert _kept_from(drawn(world), expert) == []


def test_whoever_is_employed_by_the_applicant_or_has_an_interest_in_it_is_not_drawn(world: World) -> None:
    uscc = world.enterprises["C"].uscc
    expert = _ties(world, uscc=uscc, interests=f"{uscc} 持股 2%")
    panel = drawn(world, each=2)
    assert _kept_from(panel, expert) == [EMPLOYER, INTEREST]


def test_what_the_expert_declares_counts_beside_what_the_city_knows(world: World) -> None:
    _declare(world, "expert_hohhot_second")
    expert = _ties(world, name="某研究院")
    panel = drawn(world, each=1)
    assert _kept_from(panel, world.memberships["expert_hohhot_second"]) == [INTEREST]
    assert _kept_from(panel, expert) == []


def test_whoever_belongs_to_two_bodies_is_one_expert_with_all_that_is_known_of_them(world: World) -> None:
    user = world.users["expert_hohhot"]
    body = Organisation.objects.create(
        name="市中小企业评审中心",
        kind=OrganisationKind.EXPERT_BODY,
        place=world.organisations["expert_hohhot"].place,
    )
    other = Membership.objects.create(user=user, organisation=body, role=Role.EXPERT)
    panel = drawn(world)
    people = list(panel.assignments.values_list("expert__user", flat=True))
    assert len(people) == len(set(people)) == 3
    assert other.pk not in panel.drawing["pool"]
    uscc = world.enterprises["C"].uscc
    keep_profile(actor=world.actor("city_hohhot"), membership=other, fields=["equipment"], interests=uscc)
    assert not Assignment.objects.visible_to(world.actor("expert_hohhot")).exists()
    application = Application.objects.select_related("enterprise").get()
    assert conflict_of(world.memberships["expert_hohhot"], application) == REASONS[INTEREST]


@pytest.mark.parametrize(
    "ties",
    [{"group": "朔原集团"}, {"name": "内蒙古朔原实业集团有限公司"}],
    ids=["its group", "its employer"],
)
def test_the_applicants_group_is_kept_out_by_whoever_stands_behind_it(
    world: World, ties: dict[str, str]
) -> None:
    record_facts(
        actor=SYSTEM,
        enterprise=world.enterprises["C"],
        facts=[NewFact("controlling_shareholder", "内蒙古朔原实业集团有限公司")],
        source=Source.IMPORTED,
    )
    expert = _ties(world, **ties)
    assert _kept_from(drawn(world, each=2), expert) == [GROUP]


def test_enterprises_that_share_a_controller_are_one_group(world: World) -> None:
    for letter in "CD":
        record_facts(
            actor=SYSTEM,
            enterprise=world.enterprises[letter],
            facts=[NewFact("actual_controller", "布某某")],
            source=Source.IMPORTED,
        )
    expert = _ties(world, uscc=world.enterprises["D"].uscc)
    assert _kept_from(drawn(world, "C", each=2), expert) == [GROUP]


def test_whoever_acted_on_another_side_of_the_case_is_not_drawn(world: World) -> None:
    files = waiting(world)
    expert = world.actor("expert_hohhot")
    write_act(
        actor=expert,
        case=CaseKind.APPLICATION,
        case_id=files[0].pk,
        act="recommend",
        label="推荐上报",
        level=Level.DISTRICT,
    )
    panel = draw_panel(
        actor=world.actor("city_hohhot"),
        call=files[0].call,
        wish=Wish(name="", files=[files[0].pk], each=2),
    )
    assert not panel.assignments.filter(expert=world.memberships["expert_hohhot"]).exists()


def test_too_few_experts_is_refused_with_the_numbers_of_the_files(world: World) -> None:
    files = waiting(world, "C", "D")
    with pytest.raises(Refused, match="可选 3 人") as refused:
        draw_panel(
            actor=world.actor("city_hohhot"),
            call=files[0].call,
            wish=Wish(name="", files=[file.pk for file in files], each=4),
        )
    assert all(str(file) in refused.value.message for file in files)
    assert not Panel.objects.exists()


def test_two_officers_draw_once(world: World) -> None:
    panel = drawn(world)
    with pytest.raises(Refused, match="没有等待抽取专家的申报"):
        draw_panel(
            actor=world.actor("city_hohhot_second"),
            call=panel.call,
            wish=Wish(name="", files=list(Application.objects.values_list("pk", flat=True))),
        )


def test_an_officer_who_reviewed_the_case_for_the_district_does_not_draw_for_it(world: World) -> None:
    files = waiting(world)
    write_act(
        actor=world.actor("city_hohhot"),
        case=CaseKind.APPLICATION,
        case_id=files[0].pk,
        act="recommend",
        label="推荐上报",
        level=Level.DISTRICT,
    )
    with pytest.raises(Refused, match="身份办理过"):
        draw_panel(
            actor=world.actor("city_hohhot"),
            call=files[0].call,
            wish=Wish(name="", files=[files[0].pk]),
        )


def test_the_record_draws_the_same_again_and_tells_when_it_was_changed(world: World) -> None:
    more_experts(world, 4)
    panel = drawn(world, "C", "D", each=3)
    avoid(
        actor=_actor_of(world, assignment := panel.assignments.all()[0]),
        assignment=assignment,
        reason="与企业有合作",
    )
    panel.refresh_from_db()
    assert is_reproducible(panel)
    file = next(iter(panel.drawing["files"].values()))
    file["drawn"] = file["drawn"][::-1]
    assert not is_reproducible(panel)


def _actor_of(world: World, assignment: Assignment) -> Actor:
    return world.actor(assignment.expert.user.username)


def test_the_load_is_even_over_files(world: World) -> None:
    more_experts(world, 3)
    panel = drawn(world, "C", "D", each=3)
    experts = Membership.objects.filter(organisation=world.organisations["expert_hohhot"])
    held = [panel.assignments.filter(expert=expert).count() for expert in experts]
    assert max(held) - min(held) <= 1


def test_avoiding_draws_another_and_nobody_is_drawn_twice(world: World) -> None:
    more_experts(world, 1)
    panel = drawn(world, each=3)
    first = panel.assignments.all()[0]
    had = set(panel.assignments.values_list("expert_id", flat=True))
    avoid(actor=_actor_of(world, first), assignment=first, reason="与企业有合作")
    new = panel.assignments.exclude(expert_id__in=had).get()
    assert new.state == Assignment.State.ASSIGNED
    assert opinion_of(first.application).missing == 0
    avoid(actor=_actor_of(world, new), assignment=new, reason="亲属在企业任职")
    assert opinion_of(first.application).missing == 1


def test_a_conflict_that_is_declared_later_takes_the_open_file_away_at_once(world: World) -> None:
    drawn(world)
    opened = declared(world)
    _declare(world, "expert_hohhot")
    opened.refresh_from_db()
    assert opened.state == Assignment.State.AVOIDED
    assert opened.conflict == REASONS[INTEREST]
    assert not Assignment.objects.visible_to(world.actor("expert_hohhot")).exists()


def test_experts_who_came_later_fill_a_short_panel(world: World) -> None:
    panel = drawn(world)
    first = assignment_of(world)
    avoid(actor=world.actor("expert_hohhot"), assignment=first, reason="与企业有合作")
    with pytest.raises(Refused, match="仍然没有"):
        draw_missing(actor=world.actor("city_hohhot"), panel=panel)
    more_experts(world, 1)
    assert draw_missing(actor=world.actor("city_hohhot"), panel=panel) == 1
    assert opinion_of(first.application).missing == 0
    panel.refresh_from_db()
    assert is_reproducible(panel)


def test_a_panel_moves_on_what_is_whole_and_closes_with_the_last(world: World) -> None:
    panel = drawn(world, "C", "D")
    first = Application.objects.order_by("pk")[0]
    for person in EXPERTS:
        _submit_for(world, person, first)
    assert conclude_panel(actor=world.actor("city_hohhot"), panel=panel) == 1
    first.refresh_from_db()
    panel.refresh_from_db()
    assert first.status == Status.DECISION
    assert panel.state == Panel.State.OPEN
    second = Application.objects.order_by("pk")[1]
    for person in EXPERTS:
        _submit_for(world, person, second)
    conclude_panel(actor=world.actor("city_hohhot"), panel=panel)
    panel.refresh_from_db()
    assert panel.state == Panel.State.CLOSED


def _submit_for(world: World, person: str, file: Application) -> None:
    actor = world.actor(person)
    found = Assignment.objects.get(application=file, expert=world.memberships[person])
    found = declare_no_conflict(actor=actor, assignment=found)
    names = values_of(found, sheet_of(file.call))
    texts = {name: "met" for name in names if name.startswith("finding-")}
    save_sheet(
        actor=actor,
        assignment=found,
        texts={**texts, "positive": "yes", "opinion": "符合各项条件。"},
        shown={},
    )
    submit_sheet(actor=actor, assignment=found)


def test_fewer_opinions_than_wanted_go_on_with_a_reason_alone(world: World) -> None:
    panel = drawn(world)
    avoid(actor=world.actor("expert_hohhot"), assignment=assignment_of(world), reason="与企业有合作")
    for person in EXPERTS[1:]:
        submitted(world, person)
    with pytest.raises(Refused, match="请写明") as refused:
        conclude_panel(actor=world.actor("city_hohhot"), panel=panel)
    assert refused.value.field == "reason"
    assert conclude_panel(actor=world.actor("city_hohhot"), panel=panel, reason="全市没有其他可选专家") == 1


def test_after_the_limit_the_city_gets_the_task_to_replace_once(world: World) -> None:
    panel = drawn(world)
    assert panel.deadline
    assert overdue_assignments() == ""
    with time_machine.travel(panel.deadline.due_on - dt.timedelta(days=1), tick=False):
        assert "提醒专家 3 人" in overdue_assignments()
        assert overdue_assignments() == ""
    with time_machine.travel(panel.deadline.due_on + dt.timedelta(days=2), tick=False):
        overdue_assignments()
        overdue_assignments()
        task = Task.objects.get(kind="recognition.panel.replace")
        assert "3 件评审逾期未交" in task.title
        more_experts(world, 3)
        for assignment in list(panel.assignments.all()):
            replace_expert(actor=world.actor("city_hohhot"), assignment=assignment, reason="逾期未提交")
        task.refresh_from_db()
        assert task.done_at is not None
        panel.refresh_from_db()
        assert panel.deadline.due_on > timezone.localdate()
        assert overdue_assignments() == ""


def test_the_applicant_reads_nothing_of_experts(world: World) -> None:
    all_submitted(world)
    application = Application.objects.get()
    manager = _client(world, "manager_c")
    hidden = [world.users[person].name for person in EXPERTS]
    shown_acts = Act.objects.filter(case_id=application.pk, shown=True).values_list("label", "user_name")
    assert not {name for _, name in shown_acts} & set(hidden)
    texts = Notification.objects.filter(user=world.users["manager_c"]).values_list("title", "body")
    assert not any(name in text for pair in texts for text in pair for name in hidden)
    for url in ("/registry/own/looks/", f"/recognition/cases/{application.pk}/opinions/"):
        page = manager.get(url).content.decode()
        assert not any(name in page for name in hidden)


def test_the_district_reads_that_experts_acted_and_not_who_they_are(world: World) -> None:
    all_submitted(world)
    application = Application.objects.get()
    page = _client(world, "district_saihan").get(f"/recognition/reviews/{application.pk}/").content.decode()
    assert "专家提交评审意见" in page
    assert not any(world.users[person].name in page for person in EXPERTS)


def test_the_record_of_the_draw_is_a_file_without_names(world: World) -> None:
    panel = drawn(world)
    answer = _client(world, "city_hohhot").get(f"/recognition/panels/{panel.pk}/drawing.json")
    assert json.loads(answer.content)["seed"] == panel.seed
    assert not any(world.users[person].name in answer.content.decode() for person in EXPERTS)


def test_the_page_of_a_panel_needs_no_more_queries_for_more_files(world: World) -> None:
    """The page, and the list of an expert's files."""
    counts = []
    for letters in (("C",), ("C", "D")):
        panel = drawn(world, *letters, call={"title": f"通知{len(letters)}"})
        found = []
        for person, path in (
            ("city_hohhot", f"/recognition/panels/{panel.pk}/"),
            ("city_hohhot", f"/recognition/calls/{panel.call_id}/panels/"),
            ("expert_hohhot", "/recognition/assignments/"),
        ):
            client = _client(world, person)
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def _client(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client
