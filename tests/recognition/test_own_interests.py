"""What experts say of themselves: where they work on their page, their interests in the register of all."""

from __future__ import annotations

from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.expert_cases import declared, drawn
from tidu.accounts.actions.interests import declare_interest
from tidu.accounts.models import Ground, Interest
from tidu.core.refusals import Refused
from tidu.core.uscc import check_characters
from tidu.recognition.actions.experts import Employer, declare_employer, keep_profile
from tidu.recognition.models import Assignment
from tidu.recognition.queries.conflicts import EMPLOYER, REASONS
from tidu.recognition.queries.experts import described, experts_seen

pytestmark = pytest.mark.django_db
EXPERT: Final = "expert_hohhot"
UNKNOWN: Final = check_characters("91150203MA0TDT8X")


@pytest.fixture
def world() -> World:
    return make_world()


def interested(world: World, person: str = EXPERT, note: str = "") -> Interest:
    return declare_interest(
        actor=world.actor(person),
        person=world.users[person],
        uscc=world.enterprises["C"].uscc,
        name=world.enterprises["C"].name,
        ground=Ground.FAMILY,
        since=timezone.localdate(),
        note=note,
    )


def page(world: World, person: str, name: str, *args: object) -> str:
    client = Client()
    sign_in(client, world.users[person])
    return client.get(reverse(f"recognition:{name}", args=args)).content.decode()


def test_the_experts_page_shows_what_the_register_holds_and_leads_there(world: World) -> None:
    assert "没有申报" in page(world, EXPERT, "own-interests")
    interested(world)
    text = page(world, EXPERT, "own-interests")
    assert world.enterprises["C"].uscc in text
    assert "近亲属任职或持股" in text
    assert reverse("accounts:interests") in text


def test_the_officer_reads_how_many_an_expert_has_declared_and_not_which(world: World) -> None:
    membership = world.memberships[EXPERT]
    assert "没有在账号里申报过" in page(world, "city_hohhot", "expert", membership.pk)
    interested(world, note="姐姐持股")
    uscc = world.enterprises["C"].uscc
    for name, args in (("expert", (membership.pk,)), ("experts", ())):
        text = page(world, "city_hohhot", name, *args)
        assert uscc not in text
        assert "姐姐持股" not in text
    assert "申报了 1 家有利害关系的企业" in page(world, "city_hohhot", "expert", membership.pk)
    keep_profile(
        actor=world.actor("city_hohhot"),
        membership=membership,
        fields=[],
        interests=f"{uscc} 持股\n{world.enterprises['D'].uscc}",
    )
    rows = experts_seen(world.actor("city_hohhot"))
    with CaptureQueriesContext(connection) as queries:
        found = {item.membership.pk: item.interests for item in described(rows)}
    assert len(queries) == 3  # the experts, their interests, their work
    assert found[membership.pk] == 2  # known from both sides it is one
    assert found[world.memberships["expert_hohhot_second"].pk] == 0


def test_where_an_expert_says_they_work_takes_the_open_file_away_at_once(world: World) -> None:
    drawn(world)
    opened = declared(world)
    employer = Employer(name="某研究院", uscc=world.enterprises["C"].uscc)
    assert declare_employer(actor=world.actor(EXPERT), employer=employer) == 1
    opened.refresh_from_db()
    assert (opened.state, opened.conflict) == (Assignment.State.AVOIDED, REASONS[EMPLOYER])
    with pytest.raises(Refused, match="代理人不能代为申报"):
        declare_employer(actor=world.standing_in("expert_hohhot_second", EXPERT), employer=employer)
