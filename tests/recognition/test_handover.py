"""A draft outlives the stay of its writer: a colleague goes on with it, on the record; somebody else still checks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import PACK, TIER, application_at
from tidu.accounts.models import Membership
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.recognition.actions.calls import approve_call, save_call, send_for_approval, start_call
from tidu.recognition.actions.proposals import add_arrived, open_proposal
from tidu.recognition.models import Call, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def _leave(world: World, person: str) -> None:
    Membership.objects.filter(user=world.users[person]).update(ended_at=timezone.now())


def test_a_colleague_goes_on_with_the_call_of_a_writer_who_has_left(world: World) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    second = world.actor("city_hohhot_second")
    with pytest.raises(Refused, match="请由拟稿人修改"):
        save_call(actor=second, call=call, values={"quota": 10})
    _leave(world, "city_hohhot")
    held = save_call(actor=second, call=call, values={"quota": 10})
    assert held.written_by == world.users["city_hohhot_second"]
    assert AuditEvent.objects.filter(action="recognition.call.taken_over").count() == 1
    sent = send_for_approval(actor=second, call=held)
    with pytest.raises(Refused, match="拟稿人不能审签"):
        approve_call(actor=second, call=sent)


def test_the_page_offers_the_draft_to_whoever_goes_on(world: World) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    client = Client()
    sign_in(client, world.users["city_hohhot_second"])
    address = reverse("recognition:call", args=[call.pk])
    assert "修改草稿" not in client.get(address).content.decode()
    _leave(world, "city_hohhot")
    words = client.get(address).content.decode()
    assert "修改草稿" in words
    assert "接手拟稿" in words
    assert client.get(reverse("recognition:call-edit", args=[call.pk])).status_code == 200
    Call.objects.filter(pk=call.pk).update(state=Call.State.APPROVAL)
    assert "审签发布" in client.get(address).content.decode()


def test_a_colleague_goes_on_with_a_proposal(world: World) -> None:
    case = application_at(world, Status.DECISION)
    proposal = open_proposal(actor=world.actor("city_hohhot"), call=case.call)
    second = world.actor("city_hohhot_second")
    with pytest.raises(Refused, match="由本人修改"):
        add_arrived(actor=second, proposal=proposal)
    _leave(world, "city_hohhot")
    add_arrived(actor=second, proposal=proposal)
    proposal.refresh_from_db()
    assert proposal.proposed_by == world.users["city_hohhot_second"]
    assert AuditEvent.objects.filter(action="recognition.proposal.taken_over").count() == 1
