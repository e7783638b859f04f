"""A job acts for whoever started it, and for nobody who has left meanwhile."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from tests.access.world import HOHHOT, SAIHAN, World, make_world
from tidu.accounts.job_actors import may_still_act
from tidu.accounts.models import Delegation, Membership, Organisation, User
from tidu.core.actor import Actor
from tidu.core.jobs import JobRun, job_kind, start
from tidu.core.jobs.kinds import KINDS
from tidu.core.jobs.worker import drain
from tidu.core.models.jobs import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_person_in_office_may_act(world: World) -> None:
    assert may_still_act(world.actor("city_baotou"))


def test_a_disabled_person_or_an_ended_role_may_not(world: World) -> None:
    officer, editor = world.actor("city_baotou"), world.actor("editor_a")
    User.objects.filter(username="city_baotou").update(is_active=False)
    Membership.objects.filter(user__username="editor_a").update(ended_at=timezone.now())
    assert not may_still_act(officer)
    assert not may_still_act(editor)
    assert not may_still_act(Actor(user_id=10**9, name="无此人"))


def test_a_person_whose_organisation_has_moved_may_not_act_for_the_former_place(world: World) -> None:
    officer = world.actor("city_baotou")
    Organisation.objects.filter(pk=officer.organisation_number).update(place=HOHHOT)
    assert not may_still_act(officer)


def test_whoever_stands_in_may_act_as_long_as_they_stand_in(world: World) -> None:
    own = world.actor("city_hohhot")
    lent = Actor(
        user_id=own.user_id,
        name=own.name,
        role=own.role,
        membership_id=world.memberships["district_saihan"].pk,
        place=SAIHAN,
    )
    assert not may_still_act(lent)
    today = timezone.localdate()
    delegation = Delegation.objects.create(
        membership=world.memberships["district_saihan"],
        delegate=world.users["city_hohhot"],
        first_day=today,
        last_day=today,
        reason="出差",
    )
    assert may_still_act(lent)
    day = today - dt.timedelta(days=1)
    Delegation.objects.filter(pk=delegation.pk).update(first_day=day, last_day=day)
    assert not may_still_act(lent)


def test_a_job_of_somebody_who_left_is_not_done_and_says_so(world: World) -> None:
    done: list[str] = []

    @job_kind("test.left", label="测试")
    def work(run: JobRun) -> dict[str, Any]:
        done.append(run.actor.name)
        return {}

    try:
        stays = start(actor=world.actor("city_baotou"), kind="test.left", title="试")
        leaves = start(actor=world.actor("editor_a"), kind="test.left", title="试")
        User.objects.filter(username="editor_a").update(is_active=False)
        drain()
    finally:
        KINDS.pop("test.left")
    for job in (stays, leaves):
        job.refresh_from_db()
    assert (stays.state, leaves.state, done) == (JobState.DONE, JobState.FAILED, ["city_baotou"])
    assert "发起人已停用" in leaves.fault
