"""An expert's file: opened by the declaration alone, judged independently, handed in once, gone with a conflict."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.expert_cases import (
    EXPERTS,
    STATEMENT,
    all_submitted,
    assignment_of,
    declared,
    drawn,
    filled,
    submitted,
    waiting,
)
from tidu.core.audit.chain import digest_of
from tidu.core.models.audit import AuditEvent
from tidu.core.refusals import Refused
from tidu.recognition.actions.assignments import (
    avoid,
    declare_no_conflict,
    save_sheet,
    speak_for_panel,
    submit_sheet,
)
from tidu.recognition.models import (
    Act,
    Application,
    Assignment,
    ExpertProfile,
    Level,
    PanelOpinion,
    Status,
)
from tidu.recognition.queries.opinions import opinion_of
from tidu.recognition.queries.sheets import said_in

pytestmark = pytest.mark.django_db
NAME = "某市试样C科技有限公司"


@pytest.fixture
def world() -> World:
    return make_world()


def _client(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def _url(name: str, assignment: Assignment) -> str:
    return reverse(f"recognition:{name}", args=[assignment.pk])


def test_before_the_declaration_list_and_home_name_nobody(world: World) -> None:
    drawn(world)
    client = _client(world, "expert_hohhot")
    assignment = assignment_of(world)
    for path in ("/", "/desk/", "/recognition/assignments/"):
        page = client.get(path, follow=True).content.decode()
        assert NAME not in page
        assert world.enterprises["C"].uscc not in page
    assert assignment.label in client.get("/recognition/assignments/").content.decode()
    assert client.get(_url("assignment", assignment)).url == _url("assignment-declare", assignment)  # type: ignore[attr-defined]
    assert NAME in client.get(_url("assignment-declare", assignment)).content.decode()


def test_declared_the_file_opens_by_name_with_what_was_frozen(world: World) -> None:
    drawn(world)
    opened = declared(world)
    page = _client(world, "expert_hohhot").get(_url("assignment", opened)).content.decode()
    assert NAME in page
    assert "为区内四家企业供应阀组" in page
    assert "2,318.90 万元" in page
    assert "下载文件" not in page


def test_a_blind_file_never_names_the_applicant_on_any_page(world: World) -> None:
    drawn(world, blind=True)
    client = _client(world, "expert_hohhot")
    assignment = assignment_of(world)
    pages = [client.get(_url("assignment-declare", assignment)).content.decode()]
    filled(world)
    pages += [
        client.get(_url(name, assignment)).content.decode()
        for name in ("assignment", "assignment-submit", "assignment-avoid")
    ]
    pages.append(client.get("/recognition/assignments/").content.decode())
    submit_sheet(actor=world.actor("expert_hohhot"), assignment=assignment)
    pages.append(client.get(_url("assignment", assignment)).content.decode())
    assert "为区内四家企业供应阀组" in pages[1]
    for page in pages:
        for telling in (NAME, "试样C", world.enterprises["C"].uscc, "13800000000", "试样牌"):
            assert telling not in page, telling
    assert "试样C" in STATEMENT
    assert client.get(_url("assignment-sheet", assignment)).status_code == 200


def test_a_blind_panel_sees_no_page_of_a_paper(world: World) -> None:
    panel = drawn(world, blind=True)
    opened = declared(world)
    client = _client(world, "expert_hohhot")
    assert client.get(reverse("recognition:assignment-page", args=[opened.pk, 1, 1])).status_code == 404
    assert "本组盲评不出示证明材料" in client.get(_url("assignment", opened)).content.decode()
    text = _client(world, "city_hohhot").get(f"/recognition/panels/{panel.pk}/").content.decode()
    assert "不出示材料" in text
    assert "但出示证明材料" not in text


def test_where_a_blind_panel_is_shown_the_papers_they_bear_numbers_and_the_officer_is_told(
    world: World,
) -> None:
    files = waiting(world)
    client = _client(world, "city_hohhot")
    form = reverse("recognition:panel-draw", args=[files[0].call_id])
    asked = client.get(form).content.decode()
    assert 'name="evidence_shown" value="1" aria' in asked  # not chosen beforehand
    assert "等于告诉专家是哪家企业" in asked
    chosen = {"name": "", "each": "3", "files": [files[0].pk], "blind": "1", "evidence_shown": "1"}
    told = client.post(form, chosen, follow=True).content.decode()
    assert "专家在材料上看得到企业名称" in told
    assert "本组盲评，但出示证明材料" in told
    opened = declared(world)
    expert = _client(world, "expert_hohhot")
    text = expert.get(_url("assignment", opened)).content.decode()
    assert "材料 1（" in text
    assert "2025年审计报告.pdf" not in text
    answer = expert.get(reverse("recognition:assignment-page", args=[opened.pk, 1, 1]))
    assert answer.status_code == 200
    assert "Content-Disposition" not in answer


def test_a_panel_that_is_not_blind_sees_papers_as_ever(world: World) -> None:
    panel = drawn(world)
    assert (panel.blind, panel.evidence_hidden) == (False, False)


def test_an_avoided_file_is_in_no_list_count_or_page_any_more(world: World) -> None:
    drawn(world)
    opened = filled(world)
    avoid(actor=world.actor("expert_hohhot"), assignment=opened, reason="与企业有合作")
    opened.refresh_from_db()
    assert opened.opinion  # kept, and counted nowhere
    assert (opinion_of(opened.application).wanted, opinion_of(opened.application).submitted) == (2, 0)
    client = _client(world, "expert_hohhot")
    page = client.get("/recognition/assignments/").content.decode()
    assert opened.label not in page
    assert "没有分派给您的评审件" in page
    home = client.get("/desk/").content.decode()
    assert _url("assignment", opened) not in home
    assert NAME not in home
    with pytest.raises(Refused):
        save_sheet(
            actor=world.actor("expert_hohhot"), assignment=opened, texts={"opinion": "还是想写"}, shown={}
        )
    with pytest.raises(Refused):
        submit_sheet(actor=world.actor("expert_hohhot"), assignment=opened)


def test_a_conflict_on_record_refuses_the_declaration(world: World) -> None:
    drawn(world)
    assignment = assignment_of(world)
    ExpertProfile.objects.create(
        membership=world.memberships["expert_hohhot"], employer_uscc=world.enterprises["C"].uscc
    )
    with pytest.raises(Refused, match="选择回避"):
        declare_no_conflict(actor=world.actor("expert_hohhot"), assignment=assignment)
    assignment.refresh_from_db()
    assert assignment.declared_at is None


def test_nobody_reads_a_sheet_before_all_of_the_file_are_in(world: World) -> None:
    panel = drawn(world)
    submitted(world, EXPERTS[0], positive=False)
    filled(world, EXPERTS[1])
    application = Application.objects.get()
    secret = (f"意见：由 {EXPERTS[0]} 写成", f"理由：{EXPERTS[0]} 不认可", "不建议 1", "不建议认定 1")
    paths = [
        ("city_hohhot", f"/recognition/panels/{panel.pk}/"),
        ("city_hohhot", f"/recognition/cases/{application.pk}/opinions/"),
        ("city_hohhot", f"/recognition/calls/{panel.call_id}/panels/"),
        ("auditor_hohhot", f"/recognition/cases/{application.pk}/opinions/"),
        (EXPERTS[1], f"/recognition/assignments/{assignment_of(world, EXPERTS[1]).pk}/"),
    ]
    panel.chair = world.memberships[EXPERTS[1]]
    panel.save()
    paths.append((EXPERTS[1], f"/recognition/assignments/{assignment_of(world, EXPERTS[1]).pk}/panel/"))
    for person, path in paths:
        answer = _client(world, person).get(path)
        assert answer.status_code == 200, path
        assert not any(words in answer.content.decode() for words in secret), path
    opinion = opinion_of(application)
    assert (opinion.submitted, opinion.complete, opinion.positive, opinion.negative) == (1, False, 0, 0)
    assert (opinion.criteria, opinion.notes, opinion.recommends) == ((), (), None)


def test_once_all_are_in_the_spread_is_shown_and_the_chair_speaks(world: World) -> None:
    panel = all_submitted(world)
    application = Application.objects.get()
    opinion = opinion_of(application)
    assert (opinion.positive, opinion.negative, opinion.spread, opinion.divided) == (2, 1, 1, True)
    assert opinion.recommends is True
    page = (
        _client(world, "city_hohhot").get(f"/recognition/cases/{application.pk}/opinions/").content.decode()
    )
    assert f"理由：{EXPERTS[0]} 不认可" in page
    panel.chair = world.memberships[EXPERTS[1]]
    panel.save()
    chair = assignment_of(world, EXPERTS[1])
    shown = _client(world, EXPERTS[1]).get(_url("assignment-panel", chair)).content.decode()
    assert "专家 1" in shown
    assert world.users[EXPERTS[2]].name not in shown.replace(f"由 {EXPERTS[2]} 写成", "")
    with pytest.raises(Refused, match="由组长"):
        speak_for_panel(
            actor=world.actor(EXPERTS[0]),
            assignment=assignment_of(world),
            positive=False,
            opinion="不建议认定。",
        )
    speak_for_panel(
        actor=world.actor(EXPERTS[1]), assignment=chair, positive=False, opinion="经讨论，不建议认定。"
    )
    assert PanelOpinion.objects.get().made_by == world.users[EXPERTS[1]]
    assert opinion_of(application).recommends is False


def test_handing_in_twice_hands_in_once(world: World) -> None:
    drawn(world)
    found = filled(world)
    actor = world.actor("expert_hohhot")
    first = submit_sheet(actor=actor, assignment=found)
    again = submit_sheet(actor=actor, assignment=found)
    assert first.submitted_at == again.submitted_at
    event = AuditEvent.objects.get(action="recognition.assignment.submitted")
    assert event.after_digest == digest_of(said_in(first))
    assert first.opinion not in event.detail  # the record is read before all are in
    assert Act.objects.filter(act="give_opinion", level=Level.EXPERT, shown=False).count() == 1


def test_a_sheet_that_lacks_answers_is_led_back_to_each_of_them(world: World) -> None:
    drawn(world)
    opened = declared(world)
    save_sheet(
        actor=world.actor("expert_hohhot"),
        assignment=opened,
        texts={"finding-chain_advantage": "not_met", "positive": "no"},
        shown={},
    )
    client = _client(world, "expert_hohhot")
    answer = client.get(_url("assignment-submit", opened), follow=True)
    page = answer.content.decode()
    assert "评为不符合，请写明理由" in page
    assert 'href="#f-note-chain_advantage"' in page
    assert "请填写总体意见" in page
    with pytest.raises(Refused):
        submit_sheet(actor=world.actor("expert_hohhot"), assignment=opened)


def test_two_tabs_do_not_overwrite_each_other_and_nothing_typed_is_lost(world: World) -> None:
    drawn(world)
    opened = declared(world)
    client = _client(world, "expert_hohhot")
    shown = json.dumps({"opinion": "", "note-chain_advantage": ""})
    scripted = {"X-Requested-With": "autosave"}
    first = client.post(
        _url("assignment-save", opened), {"opinion": "第一页写的意见", "shown": shown}, headers=scripted
    )
    assert first.json()["errors"] == {}
    second = client.post(
        _url("assignment-save", opened),
        {"opinion": "第二页写的意见", "note-chain_advantage": "另一项", "shown": shown},
        headers=scripted,
    )
    said = second.json()
    assert "第一页写的意见" in said["errors"]["opinion"]
    assert said["shown"]["opinion"] == "第一页写的意见"
    opened.refresh_from_db()
    assert opened.opinion == "第一页写的意见"
    assert opened.judgements["chain_advantage"]["note"] == "另一项"
    plain = client.post(_url("assignment-save", opened), {"opinion": "第二页写的意见", "shown": shown})
    assert plain.status_code == 409
    assert "第二页写的意见" in plain.content.decode()
    meant = json.dumps(said["shown"])
    client.post(
        _url("assignment-save", opened), {"opinion": "第二页写的意见", "shown": meant}, headers=scripted
    )
    opened.refresh_from_db()
    assert opened.opinion == "第二页写的意见"


def test_after_the_case_has_moved_on_the_sheet_is_left_without_the_file(world: World) -> None:
    all_submitted(world)
    Application.objects.update(status=Status.DECISION)
    client = _client(world, "expert_hohhot")
    assignment = assignment_of(world)
    page = client.get(_url("assignment", assignment)).content.decode()
    assert "材料不再打开" in page
    assert "为区内四家企业供应阀组" not in page
    assert client.get(reverse("recognition:assignment-page", args=[assignment.pk, 1, 1])).status_code == 404


def test_a_colleague_who_stands_in_reviews_nothing_of_the_absent_one(world: World) -> None:
    drawn(world)
    assignment = assignment_of(world)
    colleague = world.actor("expert_hohhot_second")
    assert assignment not in Assignment.objects.visible_to(colleague)
    with pytest.raises(Refused):
        declare_no_conflict(actor=colleague, assignment=assignment)


def test_experts_of_one_body_see_nothing_of_what_the_others_do(world: World) -> None:
    drawn(world)
    filled(world, EXPERTS[2])
    submit_sheet(actor=world.actor(EXPERTS[2]), assignment=assignment_of(world, EXPERTS[2]))
    for path in ("/desk/", "/desk/messages/", "/recognition/assignments/"):
        page = _client(world, EXPERTS[0]).get(path).content.decode()
        assert world.users[EXPERTS[2]].name not in page
        assert assignment_of(world, EXPERTS[2]).label not in page
