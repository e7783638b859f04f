"""What an officer has to avoid is not theirs to see: on no page, in no file, task or message, and never silently."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import application_at, published_call
from tests.recognition.deciding_cases import many, proposed
from tests.recognition.district_cases import filled_case
from tests.recognition.expert_cases import EXPERTS, all_submitted, drawn, submitted, waiting
from tests.recognition.life_cases import campaign_draft, list_made, opened, reported, title_of
from tests.recognition.life_cases import proposed as proposed_case
from tidu.accounts.actions.interests import ask_to_end, declare_interest, end_interest
from tidu.accounts.models import Ground, Interest, Membership
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task
from tidu.recognition.actions.campaigns import leave_out
from tidu.recognition.actions.cancellation_decisions import return_proposal
from tidu.recognition.actions.panels import Wish, conclude_panel, draw_panel, name_chair
from tidu.recognition.actions.proposals import open_proposal
from tidu.recognition.actions.recommendation_tables import draft_table
from tidu.recognition.actions.recommendations import draft_list, issue_list
from tidu.recognition.models import (
    Application,
    Assignment,
    Cancellation,
    CaseKind,
    ChangeReport,
    Level,
    Panel,
    Recommendation,
    Status,
)
from tidu.recognition.process.bureaus import reviewer_of
from tidu.recognition.process.holding import check_person_for_all
from tidu.recognition.process.moving import take, write_act
from tidu.recognition.queries.avoidance import avoided_in

pytestmark = pytest.mark.django_db
NAME = "某市试样C科技有限公司"
OTHER = "某市试样D科技有限公司"
KEPT = "对您不显示"


@pytest.fixture
def world() -> World:
    return make_world()


def former(world: World, *persons: str, letter: str = "C") -> None:
    """Let these persons have been employed at an enterprise once."""
    for person in persons:
        Membership.objects.create(
            user=world.users[person],
            organisation=world.organisations[letter],
            role=Role.ENTERPRISE_EDITOR,
            ended_at=timezone.now(),
        )


def page(world: World, person: str, name: str, *args: object, query: str = "", status: int = 200) -> str:
    client = Client()
    sign_in(client, world.users[person])
    answer = client.get(f"{reverse(f'recognition:{name}', args=args)}?{query}")
    assert answer.status_code == status, (person, name, answer.status_code)
    return answer.content.decode() if status == 200 else ""


def interested(world: World, *persons: str, letter: str = "C") -> None:
    """Let these persons have declared an interest in the enterprise."""
    for person in persons:
        declare_interest(
            actor=world.actor(person),
            person=world.users[person],
            uscc=world.enterprises[letter].uscc,
            name=world.enterprises[letter].name,
            ground=Ground.FAMILY,
            since=timezone.localdate(),
        )


@pytest.mark.parametrize("tie", [former, interested])
@pytest.mark.parametrize("person", ["city_hohhot_second", "district_saihan", "auditor_hohhot"])
def test_the_case_of_a_former_employer_or_of_an_interest_is_nowhere(
    world: World, person: str, tie: Callable[..., None]
) -> None:
    application = filled_case(world)
    assert page(world, person, "review", application.pk)
    tie(world, person)
    for name, args in (
        ("review", (application.pk,)),
        ("review-paper", (application.pk, 1, 1)),
        ("submission", (application.pk, 1)),
        ("opinions", (application.pk,)),
    ):
        if person != "district_saihan" or name != "opinions":
            page(world, person, name, *args, status=404)
    assert not Application.objects.visible_to(world.actor(person)).exists()
    assert page(world, "city_hohhot", "review", application.pk)


@pytest.mark.parametrize("query", ["", "tab=all", "q=试样C", "tab=all&q=试样C"])
def test_the_list_of_reviews_says_how_many_are_kept_back(world: World, query: str) -> None:
    filled_case(world)
    former(world, "district_saihan")
    text = page(world, "district_saihan", "reviews", query=query)
    assert NAME not in text
    assert world.enterprises["C"].uscc not in text
    assert "另有 1 件申报对您不显示" in text
    assert "由同事办理" in text
    assert KEPT not in page(world, "district_saihan_second", "reviews")


def test_an_interest_that_is_declared_takes_effect_at_once_and_until_it_is_ended(world: World) -> None:
    application, person = filled_case(world), "district_saihan"
    actor = world.actor(person)
    interested(world, person)
    assert "另有 1 件申报对您不显示" in page(world, person, "reviews")
    with pytest.raises(Refused, match="近亲属任职或持股"):
        take(actor=actor, application=application, act="recommend")
    interest = Interest.objects.get()
    ask_to_end(actor=actor, interest=interest, reason="亲属已离职")
    page(world, person, "review", application.pk, status=404)
    end_interest(actor=world.actor("security_administrator_hohhot"), interest=interest, reason="已核对")
    assert page(world, person, "review", application.pk)


@pytest.mark.parametrize("tie", [former, interested])
@pytest.mark.parametrize("whose", ["district_saihan", "district_saihan_second"])
def test_whoever_stands_in_neither_sees_nor_handles_what_either_of_the_two_avoids(
    world: World, whose: str, tie: Callable[..., None]
) -> None:
    application = filled_case(world)
    actor = world.standing_in("district_saihan_second", "district_saihan")
    assert application in Application.objects.visible_to(actor)
    tie(world, whose)
    assert application not in Application.objects.visible_to(actor)
    assert avoided_in(actor, Application.objects.all()).number == 1
    with pytest.raises(Refused, match="应当回避"):
        take(actor=actor, application=application, act="recommend")
    with pytest.raises(Refused, match="应当回避"):
        check_person_for_all(actor=actor, applications=[application], level=Level.DISTRICT)


def test_whoever_stands_in_does_not_continue_what_the_colleague_did_on_the_other_side(world: World) -> None:
    application = filled_case(world)
    write_act(
        actor=world.actor("district_saihan"),
        case=CaseKind.APPLICATION,
        case_id=application.pk,
        act="consult",
        label="评审",
        level=Level.EXPERT,
    )
    actor = world.standing_in("district_saihan_second", "district_saihan")
    for check in (
        lambda: take(actor=actor, application=application, act="recommend"),
        lambda: check_person_for_all(actor=actor, applications=[application], level=Level.DISTRICT),
    ):
        with pytest.raises(Refused, match="委托您代理的district_saihan曾以专家"):
            check()


def test_an_enterprise_without_an_account_is_avoided_by_its_code(world: World) -> None:
    case = opened(world)
    world.enterprises["C"].organisation = None
    world.enterprises["C"].save(update_fields=["organisation"])
    interested(world, "city_hohhot_second")
    assert Cancellation.objects.visible_to(world.actor("city_hohhot")).filter(pk=case.pk).exists()
    assert not Cancellation.objects.visible_to(world.actor("city_hohhot_second")).exists()
    assert not Task.objects.visible_to(world.actor("city_hohhot_second")).filter(about_uscc__gt="").exists()


def test_where_everybody_has_to_avoid_a_case_the_page_says_what_to_do(world: World) -> None:
    filled_case(world)
    former(world, "district_saihan")
    interested(world, "district_saihan_second")
    text = page(world, "district_saihan", "reviews")
    assert "有申报没有人可以办理" in text
    assert "由安全管理员授予“区县审核岗”角色" in text


def test_the_consolidated_table_and_its_file_leave_the_row_out_and_say_so(world: World) -> None:
    call = published_call(world)
    for letter in ("C", "D"):
        application_at(world, Status.DISTRICT, letter=letter, call=call)
    former(world, "city_hohhot")
    text = page(world, "city_hohhot", "consolidated", call.pk)
    assert NAME not in text
    assert OTHER in text
    assert "另有 1 件申报对您不显示" in text
    client = Client()
    sign_in(client, world.users["city_hohhot"])
    answer = client.get(reverse("recognition:consolidated-export", args=[call.pk, "csv"]))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [row[1] for row in rows[1:]] == [OTHER, ""]
    assert rows[-1][0] == "另有 1 件，您应当回避，没有列入"


def test_a_panel_shows_neither_the_file_nor_who_was_drawn_for_it(world: World) -> None:
    panel = drawn(world, "C", "D")
    experts = [world.users[person].name for person in EXPERTS]
    former(world, "city_hohhot_second", letter="D")
    former(world, "city_hohhot_second")
    text = page(world, "city_hohhot_second", "panel", panel.pk)
    assert not any(name in text for name in (NAME, OTHER, *experts, panel.seed))
    assert "另有 2 件申报对您不显示" in text
    page(world, "city_hohhot_second", "panel-drawing", panel.pk, status=404)
    listed = page(world, "city_hohhot_second", "panels", panel.call_id)
    assert "另有 2 件申报对您不显示" in listed
    assignment = panel.assignments.all()[0]
    page(world, "city_hohhot_second", "assignment-replace", assignment.pk, status=404)
    assert not Assignment.objects.visible_to(world.actor("city_hohhot_second")).exists()
    with pytest.raises(Refused, match="应当回避"):
        name_chair(actor=world.actor("city_hohhot_second"), panel=panel, expert=assignment.expert)


def test_files_to_draw_for_are_kept_back_and_cannot_be_drawn(world: World) -> None:
    files = waiting(world, "C", "D")
    former(world, "city_hohhot")
    text = page(world, "city_hohhot", "panel-draw", files[0].call_id)
    assert NAME not in text
    assert OTHER in text
    assert "另有 1 件申报对您不显示" in text
    with pytest.raises(Refused, match="没有等待抽取专家的申报"):
        draw_panel(
            actor=world.actor("city_hohhot"), call=files[0].call, wish=Wish(name="", files=[files[0].pk])
        )


def test_whoever_avoids_a_file_concludes_the_others_and_a_colleague_the_rest(world: World) -> None:
    panel = drawn(world, "C", "D", each=1)
    experts = {row.application.enterprise.name: row.expert.user.username for row in panel.assignments.all()}
    if len(set(experts.values())) == 2:  # the draw evens the load out, so each has one
        for person in experts.values():
            submitted(world, person)
    former(world, "city_hohhot")
    assert conclude_panel(actor=world.actor("city_hohhot"), panel=panel) == 1
    assert Application.objects.get(enterprise__name=NAME).status == Status.EXPERTS
    assert Panel.objects.get().state == Panel.State.OPEN
    assert conclude_panel(actor=world.actor("city_hohhot_second"), panel=panel) == 1
    assert Panel.objects.get().state == Panel.State.CLOSED


def test_the_summary_of_a_panel_says_that_a_file_is_left_out(world: World) -> None:
    panel = all_submitted(world)
    former(world, "auditor_hohhot")
    client = Client()
    sign_in(client, world.users["auditor_hohhot"])
    assert client.get(reverse("recognition:panel-summary", args=[panel.pk])).status_code == 200
    text = page(world, "auditor_hohhot", "panel", panel.pk)
    assert NAME not in text
    assert "建议认定 2" not in text


def test_a_list_for_the_meeting_is_kept_from_whoever_avoids_one_of_its_cases(world: World) -> None:
    application = application_at(world, Status.DECISION)
    many(world, 2, call=application.call)
    proposal = proposed(world, application.call)
    former(world, "city_hohhot_second", "auditor_hohhot")
    for person in ("city_hohhot_second", "auditor_hohhot"):
        for name, args in (
            ("proposal", (proposal.pk,)),
            ("proposal-document", (proposal.pk, "pdf")),
            ("proposal-minutes", (proposal.pk,)),
        ):
            page(world, person, name, *args, status=404)
    text = page(world, "city_hohhot_second", "consolidated", application.call_id)
    assert "名单里有您应当回避的企业" in text
    assert reverse("recognition:proposal", args=[proposal.pk]) not in text
    with pytest.raises(Refused, match="应当回避") as refused:
        open_proposal(actor=world.actor("city_hohhot_second"), call=application.call)
    assert NAME not in refused.value.message


def test_a_recommendation_table_is_neither_read_nor_made_by_whoever_avoids_a_row(world: World) -> None:
    application = application_at(world, Status.EXPERTS)
    many(world, 1, Status.EXPERTS, call=application.call)
    Recommendation.objects.create(
        application=application, positive=True, opinion="同意", made_by=world.users["district_saihan"]
    )
    draft = draft_table(actor=world.actor("district_saihan"), call=application.call)
    former(world, "district_saihan_second")
    text = page(
        world, "district_saihan_second", "recommendation-table", application.call_id, draft.district_id
    )
    assert NAME not in text
    assert "另有 1 件申报对您不显示" in text
    page(world, "district_saihan_second", "recommendation-table-document", draft.pk, "pdf", status=404)
    with pytest.raises(Refused, match="应当回避"):
        draft_table(actor=world.actor("district_saihan_second"), call=application.call)


@pytest.mark.parametrize("tie", [former, interested])
def test_neither_task_nor_message_tells_of_the_case(world: World, tie: Callable[..., None]) -> None:
    tie(world, "district_saihan_second")
    application = filled_case(world)
    assert reviewer_of(application).organisation == world.organisations["district_saihan"]
    Application.objects.filter(pk=application.pk).update(status=Status.RETURNED)
    take(actor=world.actor("manager_c"), application=application, act="resubmit").move()
    task = Task.objects.get(kind="recognition.application.review")
    assert NAME in task.title
    assert task in Task.objects.visible_to(world.actor("district_saihan"))
    assert task not in Task.objects.visible_to(world.actor("district_saihan_second"))
    told = set(Notification.objects.filter(task=task).values_list("user__username", flat=True))
    assert told == {"district_saihan"}
    client = Client()
    sign_in(client, world.users["district_saihan_second"])
    assert NAME not in client.get(reverse("desk:home")).content.decode()


@pytest.mark.parametrize(("make", "model"), [(opened, Cancellation), (reported, ChangeReport)])
def test_neither_a_case_about_a_title_nor_a_report_of_a_change_is_read(
    world: World, make: Callable[[World], Any], model: type[Cancellation | ChangeReport]
) -> None:
    row = make(world)
    one, many_of = ("cancellation", "cancellations") if model is Cancellation else ("change", "changes")
    former(world, "city_hohhot_second")
    page(world, "city_hohhot_second", one, row.pk, status=404)
    text = page(world, "city_hohhot_second", many_of)
    assert NAME not in text
    assert "另有 1 件" in text
    assert "对您不显示" in text
    assert row not in model.objects.visible_to(world.actor("city_hohhot_second"))
    work = {Cancellation: "case", ChangeReport: "change"}[model]
    assert NAME in page(world, "city_hohhot", "titles", query=f"state=&work={work}")
    assert NAME not in page(world, "city_hohhot_second", "titles", query=f"state=&work={work}")
    assert page(world, "city_hohhot", one, row.pk)


def test_how_a_former_employers_review_goes_is_not_told_and_its_title_not_left_out(world: World) -> None:
    title = title_of(world)
    title_of(world, letter="D")
    call = campaign_draft(world)
    former(world, "city_hohhot")
    text = page(world, "city_hohhot", "campaign", call.pk)
    assert NAME in text  # that it holds a title is public
    assert "您应当回避，由同事办理" in text
    with pytest.raises(Refused, match="应当回避"):
        leave_out(actor=world.actor("city_hohhot"), call=call, title_id=title.pk, reason="不需要复核")


def test_the_home_page_tells_nothing_of_what_colleagues_did_about_the_enterprise(world: World) -> None:
    former(world, "city_hohhot_second")
    opened(world)  # by city_hohhot, of the same bureau
    for person, seen in (("city_hohhot", True), ("city_hohhot_second", False)):
        client = Client()
        sign_in(client, world.users[person])
        assert (NAME in client.get(reverse("desk:home")).content.decode()) is seen


def test_what_is_kept_back_costs_no_more_queries_for_more_cases(world: World) -> None:
    few, more = published_call(world), published_call(world)
    many(world, 1, call=few)
    many(world, 60, call=more)
    former(world, "city_hohhot")
    client = Client()
    sign_in(client, world.users["city_hohhot"])
    counts = []
    for call in (few, more):
        application_at(world, Status.EXPERTS, call=call)
        url = reverse("recognition:consolidated", args=[call.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert "另有 1 件申报对您不显示" in client.get(url).content.decode()
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1


def test_nobody_drafts_or_issues_a_list_of_recommendations_that_names_what_they_have_to_avoid(
    world: World,
) -> None:
    found = list_made(world)
    former(world, "city_hohhot_second")
    with pytest.raises(Refused, match="应当回避"):
        draft_list(actor=world.actor("city_hohhot_second"), found=found)
    drafted = draft_list(actor=world.actor("city_hohhot"), found=found)
    with pytest.raises(Refused, match="应当回避"):
        issue_list(actor=world.actor("city_hohhot_second"), found=drafted)


def test_no_event_or_work_of_colleagues_names_an_enterprise_that_is_to_be_avoided(world: World) -> None:
    former(world, "city_hohhot_second")
    case = proposed_case(world)
    return_proposal(actor=world.actor("city_hohhot"), case=case, reason="再核实。")
    client = Client()
    sign_in(client, world.users["city_hohhot_second"])
    for page in ("desk:home", "core:jobs"):
        assert NAME not in client.get(reverse(page)).content.decode()
