"""Who confirms, confirms what they have looked at: what a colleague has changed meanwhile is shown first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition import deciding_cases, life_cases
from tests.recognition.cases import application_at, draft_call, published_call
from tests.recognition.published import public_notice
from tidu.recognition.actions import proposals
from tidu.recognition.actions.asked_changes import ask_to_close, ask_to_withdraw, return_change
from tidu.recognition.actions.cancellation_decisions import propose, return_proposal
from tidu.recognition.actions.objections import assign_objection, propose_finding, return_finding
from tidu.recognition.models import Call, Cancellation, Objection, Proposal, Status

pytestmark = pytest.mark.django_db
CITE = "申报条件/基本条件/03"
MEANWHILE = "内容有了变动"


@pytest.fixture
def world() -> World:
    return make_world()


def _confirmed_late(world: World, name: str, pk: int, meanwhile: Callable[[], object], **given: str) -> str:
    """What an officer reads who has opened the page, and confirms after something happened ``meanwhile``."""
    client, address = Client(), reverse(f"recognition:{name}", args=[pk])
    sign_in(client, world.users["city_hohhot_second"])
    page = client.get(address).content.decode()
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found, page
    meanwhile()
    late = client.post(address, {"seen": found[1], **given})
    assert late.status_code == 422
    return str(late.content.decode())


def test_a_title_is_not_cancelled_by_whoever_saw_that_it_should_stay(world: World) -> None:
    case, first = life_cases.proposed(world, cancels=False), world.actor("city_hohhot")

    def turned() -> None:
        return_proposal(actor=first, case=case, reason="重新研究。")
        propose(actor=first, case=case, cancels=True, opinion="情节严重，应当取消。")

    shown = _confirmed_late(world, "cancellation-confirm", case.pk, turned)
    assert MEANWHILE in shown
    assert "情节严重，应当取消。" in shown
    case.refresh_from_db()
    assert case.state == Cancellation.State.PROPOSED


def test_a_call_is_not_withdrawn_by_whoever_saw_that_it_should_close(world: World) -> None:
    call, first = published_call(world), world.actor("city_hohhot")
    asked = ask_to_close(actor=first, call=call, reason="名额已满。")

    def turned() -> None:
        return_change(actor=first, change=asked)
        ask_to_withdraw(actor=first, call=call, reason="政策调整。")

    assert MEANWHILE in _confirmed_late(world, "call-change-confirm", call.pk, turned)
    call.refresh_from_db()
    assert call.state == Call.State.PUBLISHED


def test_a_call_is_not_signed_as_it_was_before(world: World) -> None:
    call = draft_call(world, state=Call.State.APPROVAL)

    def turned() -> None:  # taken back, changed and sent again
        Call.objects.filter(pk=call.pk).update(quota=7)

    assert MEANWHILE in _confirmed_late(world, "call-approve", call.pk, turned)
    call.refresh_from_db()
    assert call.state == Call.State.APPROVAL


def test_an_objection_is_not_upheld_by_whoever_saw_that_it_should_not(world: World) -> None:
    first, second = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    notice = public_notice(world)
    objection = Objection.objects.create(
        item=notice.items.all()[0], text="营业收入不符。", code_digest="0" * 64, named=False
    )
    assign_objection(actor=first, objection=objection, colleague=world.memberships["city_hohhot"])
    propose_finding(actor=first, objection=objection, upholds=False, finding="一致。", reply="数据一致。")

    def turned() -> None:
        return_finding(actor=second, objection=objection, reason="请再核实。")
        propose_finding(
            actor=first,
            objection=objection,
            upholds=True,
            finding="不一致。",
            reply="数据不一致。",
            cite=CITE,
        )

    assert MEANWHILE in _confirmed_late(
        world, "objection-decide", objection.pk, turned, reason="营业收入不足。"
    )
    objection.refresh_from_db()
    assert objection.state == Objection.State.PROPOSED


def test_a_list_is_not_confirmed_as_it_was_before(world: World) -> None:
    case, first = application_at(world, Status.DECISION), world.actor("city_hohhot")
    proposal = deciding_cases.proposed(world, case.call)

    def turned() -> None:
        proposals.return_proposal(actor=first, proposal=proposal, reason="重新研究。")
        again = Proposal.objects.get(pk=proposal.pk)
        proposals.propose(
            actor=first,
            proposal=again,
            meeting_no="2026年第13次党组会",
            meeting_on=proposal.meeting_on,
            minutes=None,
        )

    assert MEANWHILE in _confirmed_late(world, "proposal-confirm", proposal.pk, turned)
    case.refresh_from_db()
    assert case.status == Status.DECISION


def test_what_stayed_as_it_was_is_confirmed_at_once_and_twice_is_once(world: World) -> None:
    case, client = life_cases.proposed(world, cancels=False), Client()
    address = reverse("recognition:cancellation-confirm", args=[case.pk])
    sign_in(client, world.users["city_hohhot_second"])
    found = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    assert found
    for _ in range(2):
        assert client.post(address, {"seen": found[1]}).status_code == 302
