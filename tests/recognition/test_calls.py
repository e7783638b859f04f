"""A call from the first draft to its publication, and who may do what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.access.world import HOHHOT, SAIHAN, World, make_world
from tests.recognition.cases import DAY, PACK, TIER, published_call
from tidu.core.models import OfficialDocument
from tidu.core.models.audit import AuditEvent
from tidu.core.refusals import Refused
from tidu.desk.models import Notification, Task
from tidu.desk.queries import tasks
from tidu.recognition.actions.calls import (
    APPROVE,
    approve_call,
    discard_call,
    mark_of,
    return_call,
    save_call,
    send_for_approval,
    start_call,
)
from tidu.recognition.calling import proposing
from tidu.recognition.calling.checking import faults_of
from tidu.recognition.models import Call, PackVersion
from tidu.recognition.process.rules import limit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def started(world: World) -> Call:
    return start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)


def sent(world: World) -> Call:
    return send_for_approval(actor=world.actor("city_hohhot"), call=started(world))


def test_a_new_call_is_filled_from_its_pack_and_can_be_sent_as_it_is(world: World) -> None:
    call = started(world)
    assert "呼和浩特市“专精特新”中小企业认定管理办法" in call.body
    assert "BG-2022-03" in call.body
    assert call.base_year == call.year - 1
    assert {"audit_report", "business_licence"} <= {row["kind"] for row in call.materials}
    assert call.limits["district"]["cite"] == ""
    assert call.document is not None
    assert call.document.state == OfficialDocument.State.DRAFT
    assert send_for_approval(actor=world.actor("city_hohhot"), call=call).state == Call.State.APPROVAL


def test_two_clicks_on_a_new_call_give_one_draft(world: World) -> None:
    assert started(world) == started(world)
    assert Call.objects.count() == 1


def test_a_call_needs_a_pack_of_the_own_place_that_is_in_force(world: World) -> None:
    for person, pack, tier in (
        ("city_baotou", PACK, TIER),
        ("city_hohhot", "national-2026-gradient", "srdi"),
        ("city_hohhot", "hohhot-2021-support", "municipal_srdi"),
    ):
        with pytest.raises(Refused, match="由本市认定"):
            start_call(actor=world.actor(person), pack=pack, tier=tier)
    with pytest.raises(Refused, match="市级经办岗"):
        start_call(actor=world.actor("district_saihan"), pack=PACK, tier=TIER)


def test_a_draft_is_kept_incomplete_but_not_sent(world: World) -> None:
    call = started(world)
    officer = world.actor("city_hohhot")
    saved = save_call(actor=officer, call=call, values={"title": "", "contacts": ""})
    assert saved.title == ""
    with pytest.raises(Refused, match="另有 1 处") as refused:
        send_for_approval(actor=officer, call=saved)
    assert refused.value.field == "title"


def test_the_text_follows_the_settings_until_somebody_writes_it(world: World) -> None:
    officer, call = world.actor("city_hohhot"), started(world)
    call = save_call(actor=officer, call=call, values={"quota": 30, "body": call.body})
    assert "本次认定不超过30家" in call.body
    call = save_call(actor=officer, call=call, values={"body": "自己写的正文。"})
    call = save_call(actor=officer, call=call, values={"quota": 20, "body": "自己写的正文。"})
    assert call.body == "自己写的正文。"
    call = save_call(actor=officer, call=call, values={}, renew_text=True)
    assert "本次认定不超过20家" in call.body


def test_a_draft_changed_in_another_window_is_not_overwritten(world: World) -> None:
    officer, call = world.actor("city_hohhot"), started(world)
    seen = mark_of(call)
    save_call(actor=officer, call=call, values={"quota": 10}, seen=seen)
    with pytest.raises(Refused, match="另一个窗口"):
        save_call(actor=officer, call=call, values={"quota": 12}, seen=seen)
    assert Call.objects.get().quota == 10


def test_only_the_writer_changes_a_draft(world: World) -> None:
    call = started(world)
    with pytest.raises(Refused, match="拟稿人修改"):
        save_call(actor=world.actor("city_hohhot_second"), call=call, values={"quota": 1})
    with pytest.raises(Refused, match="市级经办岗"):
        save_call(actor=world.actor("district_saihan"), call=call, values={"quota": 1})
    with pytest.raises(Refused, match="找不到"):
        save_call(actor=world.actor("city_baotou"), call=call, values={"quota": 1})


def test_the_writer_does_not_approve_their_own_call(world: World) -> None:
    call = sent(world)
    with pytest.raises(Refused, match="拟稿人不能审签"):
        approve_call(actor=world.actor("city_hohhot"), call=call)
    assert Call.objects.get().state == Call.State.APPROVAL


def test_a_call_that_was_sent_is_a_colleagues_to_do(world: World) -> None:
    task = Task.objects.open().get(kind=APPROVE, subject_id=str(sent(world).pk))
    writer, colleague = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    assert [task in tasks(who, tab="todo") for who in (writer, colleague)] == [False, True]
    assert [task in tasks(who, tab="asked") for who in (writer, colleague)] == [True, False]


def test_approving_freezes_the_pack_sets_every_limit_and_numbers_the_notice(world: World) -> None:
    call = sent(world)
    approve_call(actor=world.actor("city_hohhot_second"), call=call)
    published = Call.objects.select_related("document", "version").get()
    assert published.state == Call.State.PUBLISHED
    assert PackVersion.objects.get().pk == published.version_id
    assert limit_of(published, "district") == published.limits["district"]
    assert published.document is not None
    assert published.document.state == OfficialDocument.State.ISSUED
    assert published.document.number.endswith("1号")
    assert not Task.objects.open().filter(kind=APPROVE).exists()
    assert AuditEvent.objects.filter(action="recognition.call.published", subject_id=str(call.pk)).exists()


def test_those_who_are_called_hear_of_it_once(world: World) -> None:
    call = sent(world)
    approve_call(actor=world.actor("city_hohhot_second"), call=call)
    told = set(
        Notification.objects.filter(key=f"call-{call.pk}-published").values_list("user__username", flat=True)
    )
    assert told == {"district_saihan", "district_saihan_second", "district_huimin", "manager_c", "manager_d"}


def test_a_call_for_one_district_tells_that_district_alone(world: World) -> None:
    officer = world.actor("city_hohhot")
    call = save_call(actor=officer, call=started(world), values={"districts": [SAIHAN]})
    send_for_approval(actor=officer, call=call)
    approve_call(actor=world.actor("city_hohhot_second"), call=call)
    told = set(
        Notification.objects.filter(key=f"call-{call.pk}-published").values_list("user__username", flat=True)
    )
    assert told == {"district_saihan", "district_saihan_second", "manager_c"}


def test_two_clicks_on_approval_publish_once(world: World) -> None:
    call, second = sent(world), world.actor("city_hohhot_second")
    first = approve_call(actor=second, call=call)
    again = approve_call(actor=second, call=call)
    assert again.published_at == first.published_at
    assert OfficialDocument.objects.filter(state=OfficialDocument.State.ISSUED).count() == 1


def test_a_call_goes_back_with_a_reason_and_is_sent_again(world: World) -> None:
    call, second = sent(world), world.actor("city_hohhot_second")
    with pytest.raises(Refused, match="退回的理由"):
        return_call(actor=second, call=call)
    return_call(actor=second, call=call, reason="名额请写明。")
    assert Notification.objects.filter(user=world.users["city_hohhot"], body="名额请写明。").exists()
    officer = world.actor("city_hohhot")
    save_call(actor=officer, call=call, values={"quota": 30})
    again = send_for_approval(actor=officer, call=call)
    assert again.state == Call.State.APPROVAL
    assert return_call(actor=officer, call=call).state == Call.State.DRAFT  # taken back, no reason needed


def test_a_draft_is_thrown_away_and_a_published_call_never(world: World) -> None:
    officer, call = world.actor("city_hohhot"), started(world)
    discard_call(actor=officer, call=call)
    assert not Call.objects.exists()
    published = published_call(world)
    with pytest.raises(Refused, match="已发布"):
        discard_call(actor=officer, call=published)


def test_a_call_under_a_rule_that_has_ended_is_refused(world: World) -> None:
    late = timezone.make_aware(dt.datetime(2027, 4, 20, 9, 0))  # noqa: DTZ001 - made aware
    call = save_call(
        actor=world.actor("city_hohhot"),
        call=started(world),
        values={"opens_at": late, "closes_at": late + 20 * DAY, "year": 2027, "base_year": 2026},
    )
    with pytest.raises(Refused, match=r"有效至 2027-04-12.*开始受理那天") as refused:
        send_for_approval(actor=world.actor("city_hohhot"), call=call)
    assert refused.value.field == "pack"


def test_two_calls_for_one_title_are_not_open_at_once(world: World) -> None:
    call = started(world)
    published_call(world)
    with pytest.raises(Refused, match="受理时间重叠"):
        send_for_approval(actor=world.actor("city_hohhot"), call=call)


def test_a_district_outside_the_city_cannot_be_called(world: World) -> None:
    officer = world.actor("city_hohhot")
    call = save_call(actor=officer, call=started(world), values={"districts": [SAIHAN, "150203"]})
    with pytest.raises(Refused, match="不属于本市"):
        send_for_approval(actor=officer, call=call)
    assert call.place_id == HOHHOT


def test_a_new_call_opens_after_those_that_are_there(world: World) -> None:
    other = published_call(world)
    call = started(world)
    assert call.opens_at > other.closes_at
    assert timezone.localtime(call.opens_at).time() == dt.time(9, 0)
    assert not faults_of(call)


def test_a_new_call_waits_for_a_year_with_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "calls_a_year", lambda _pack, _tier: 1)
    published_call(world, opens_at=timezone.now() - 30 * DAY, closes_at=timezone.now() - DAY)
    call = started(world)
    assert timezone.localtime(call.opens_at).year == timezone.localdate().year + 1
    assert call.batch_name == f"{timezone.localdate().year + 1}年度第一批"
