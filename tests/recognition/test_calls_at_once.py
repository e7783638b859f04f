"""Two at one moment: two clicks on a new call, two officers who publish, two calls for one title, two ticks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.at_once import at_once
from tests.recognition.cases import DAY, PACK, TIER, application_at, published_call
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused
from tidu.desk.models import Notification
from tidu.recognition.actions.calls import approve_call, save_call, send_for_approval, start_call
from tidu.recognition.call_ticks import close_windows
from tidu.recognition.calling.proposing import CallValues
from tidu.recognition.models import Act, Call, CaseKind, Status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    """Hohhot with its people."""
    return make_world()


def test_two_clicks_on_a_new_call_make_one_draft(world: World) -> None:
    officer = world.actor("city_hohhot")

    def click() -> Call:
        return start_call(actor=officer, pack=PACK, tier=TIER)

    first, second = at_once(click, click)
    assert first == second
    assert Call.objects.count() == 1


def test_two_clicks_on_approval_give_one_number(world: World) -> None:
    first, second = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    call = send_for_approval(actor=first, call=start_call(actor=first, pack=PACK, tier=TIER))

    def click() -> Call:
        return approve_call(actor=second, call=call)

    assert {getattr(item, "pk", item) for item in at_once(click, click)} == {call.pk}
    assert OfficialDocument.objects.filter(state=OfficialDocument.State.ISSUED).count() == 1
    assert (
        Notification.objects.filter(key=f"call-{call.pk}-published", user=world.users["manager_c"]).count()
        == 1
    )


def test_of_two_calls_for_one_title_that_overlap_one_is_published(world: World) -> None:
    first, second = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    one = send_for_approval(actor=first, call=start_call(actor=first, pack=PACK, tier=TIER))
    draft = start_call(actor=second, pack=PACK, tier=TIER)
    values: CallValues = {"opens_at": one.opens_at, "closes_at": one.closes_at}
    other = send_for_approval(actor=second, call=save_call(actor=second, call=draft, values=values))
    outcomes = at_once(
        lambda: approve_call(actor=second, call=one), lambda: approve_call(actor=first, call=other)
    )
    assert sum(isinstance(item, Refused) for item in outcomes) == 1
    assert Call.objects.filter(state=Call.State.PUBLISHED).count() == 1


def test_two_ticks_at_once_close_a_call_once(world: World) -> None:
    now = timezone.now()
    call = published_call(world, opens_at=now - 10 * DAY, closes_at=now + DAY)
    draft = application_at(world, Status.DRAFT, call=call)
    Call.objects.update(closes_at=now - dt.timedelta(minutes=1))
    at_once(close_windows, close_windows)
    draft.refresh_from_db()
    assert draft.status == Status.LAPSED
    assert Act.objects.filter(case=CaseKind.APPLICATION, case_id=draft.pk, act="lapse").count() == 1
    told = Notification.objects.filter(title__startswith="受理已截止", user=world.users["city_hohhot"])
    assert told.count() == 1
    assert Call.objects.get().state == Call.State.FINISHED
