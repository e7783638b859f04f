"""What officers see of calls: the list with its counts, the form that keeps what it can, the page with its clauses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import DAY, PACK, TIER, application_at, draft_call, published_call
from tidu.recognition.actions.calls import send_for_approval, start_call
from tidu.recognition.calling.pages import state_of
from tidu.recognition.forms.calls import MomentField
from tidu.recognition.models import Call, Status

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


@pytest.fixture
def client_of(world: World) -> As:
    """A signed-in browser of a person."""

    def made(person: str) -> Client:
        client = Client()
        sign_in(client, world.users[person])
        return client

    return made


def sent_form(client: Client, call: Call, **more: str) -> dict[str, object]:
    """Everything that the form of a draft holds, as a browser would send it."""
    page = client.get(reverse("recognition:call-edit", args=[call.pk]))
    form = page.context["form"]
    values: dict[str, object] = {"seen": page.context["mark"]}
    for name in form.fields:
        value = form[name].value()
        if value not in {None, False} if not isinstance(value, list) else True:
            values[name] = value
    return values | more


def test_the_list_counts_what_was_begun_and_handed_in(world: World, client_of: As) -> None:
    call = published_call(world)
    application_at(world, Status.DRAFT, call=call)
    application_at(world, Status.DISTRICT, call=call, letter="D")
    rows = client_of("city_hohhot").get(reverse("recognition:calls")).context["rows"]
    [(_call, state, _window, tally)] = rows
    assert state.word == "受理中"
    assert (tally.started, tally.handed_in) == (1, 1)
    [(_call, _state, _window, own)] = (
        client_of("district_saihan").get(reverse("recognition:calls")).context["rows"]
    )
    assert (own.started, own.handed_in) == (1, 0)


@pytest.mark.parametrize("person", ["city_hohhot", "district_saihan", "auditor_hohhot"])
def test_the_list_asks_as_often_at_one_row_as_at_many(world: World, client_of: As, person: str) -> None:
    client = client_of(person)
    application_at(world, Status.DISTRICT, call=published_call(world))
    client.get(reverse("recognition:calls"))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(reverse("recognition:calls"))
        return len(found)

    one = asked()
    for number in range(1, 25):
        published_call(
            world,
            opens_at=timezone.now() + number * 40 * DAY,
            closes_at=timezone.now() + (number * 40 + 9) * DAY,
        )
    assert asked() == one


def test_districts_and_auditors_see_published_calls_only(world: World, client_of: As) -> None:
    draft = draft_call(world)
    for person in ("district_saihan", "auditor_hohhot", "city_baotou"):
        client = client_of(person)
        assert not client.get(reverse("recognition:calls")).context["rows"]
        assert client.get(reverse("recognition:call", args=[draft.pk])).status_code == 404


def test_what_cannot_be_read_is_pointed_out_and_the_rest_is_kept(world: World, client_of: As) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    client = client_of("city_hohhot")
    address = reverse("recognition:call-edit", args=[call.pk])
    answer = client.post(address, sent_form(client, call, quota="30", closes_at="下个月"))
    assert answer.status_code == 422
    assert "2026-12-31 17:30" in answer.content.decode()
    kept = Call.objects.get()
    assert kept.quota == 30
    assert kept.closes_at == call.closes_at
    assert "不超过30家" in kept.body
    assert "不超过30家" in answer.context["form"]["body"].value()


def test_the_list_of_faults_names_the_field_of_each(world: World, client_of: As) -> None:
    call, client = draft_call(world), client_of("city_hohhot")
    sent = sent_form(client, call, year="1999", quota="-3") | {"d-district": "0"}
    answer = client.post(reverse("recognition:call-edit", args=[call.pk]), sent)
    said = [fault.text for fault in answer.context["summary"]]
    assert sorted(said) == ["区县审核的天数：不能小于 1。", "名额：不能小于 1。", "年度：不能小于 2000。"]


def test_the_citys_home_shows_the_calls_under_way_and_where_their_applications_stand(
    world: World, client_of: As
) -> None:
    call = published_call(world)
    application_at(world, Status.DISTRICT, call=call)
    page = client_of("city_hohhot").get(reverse("desk:home")).content.decode()
    assert "正在办理的批次" in page
    assert f"{Status.DISTRICT.label} 1" in page
    assert reverse("recognition:consolidated", args=[call.pk]) in page


def test_the_writer_is_led_back_from_the_signing_to_what_the_call_waits_for(
    world: World, client_of: As
) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    send_for_approval(actor=world.actor("city_hohhot"), call=call)
    answer = client_of("city_hohhot").get(reverse("recognition:call-approve", args=[call.pk]), follow=True)
    assert "您是拟稿人，不能审签自己写的通知" in answer.content.decode()


def test_materials_readings_and_limits_are_the_officers_to_set(world: World, client_of: As) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    client = client_of("city_hohhot")
    fields = sent_form(
        client,
        call,
        **{
            "m-business_licence": "left_out",
            "m-audit_report": "wanted",
            "n-audit_report": "近三年的。",
            "x-kind-1": "truth_declaration",
            "r-notice_days": "working",
            "d-district": "7",
            "u-district": "calendar",
        },
    )
    assert client.post(reverse("recognition:call-edit", args=[call.pk]), fields).status_code == 302
    kept = Call.objects.get()
    rows = {row["kind"]: row for row in kept.materials}
    assert "business_licence" not in rows
    assert rows["audit_report"] == {"kind": "audit_report", "required": False, "note": "近三年的。"}
    assert rows["truth_declaration"]["required"] is True
    assert kept.readings == {"notice_days": "working"}
    assert (kept.limits["district"]["days"], kept.limits["district"]["day_kind"]) == (7, "calendar")
    page = client.get(reverse("recognition:call", args=[call.pk])).content.decode()
    assert "有 1 处读法与通常不同" in page
    assert "由申报通知设定" in page


def test_what_is_missing_keeps_a_draft_from_being_sent_and_says_where(world: World, client_of: As) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    client = client_of("city_hohhot")
    fields = sent_form(client, call, contacts="", act="send")
    answer = client.post(reverse("recognition:call-edit", args=[call.pk]), fields)
    assert answer.status_code == 422
    assert "请填写联系方式" in answer.content.decode()
    assert Call.objects.get().state == Call.State.DRAFT
    fields = sent_form(client, call, contacts="市工信局 0471-0000000", act="send")
    assert client.post(reverse("recognition:call-edit", args=[call.pk]), fields).status_code == 302
    assert Call.objects.get().state == Call.State.APPROVAL


def test_what_keeps_a_draft_from_being_sent_is_said_while_it_is_written(world: World, client_of: As) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    client = client_of("city_hohhot")
    address = reverse("recognition:call-edit", args=[call.pk])
    assert "送审以前要改" not in client.get(address).content.decode()
    published_call(world)
    page = client.get(address)
    assert page.status_code == 200
    assert "送审以前要改 1 处" in page.content.decode()
    assert '<a href="#id_opens_at">与《' in page.content.decode()


def test_a_draft_open_in_two_windows_keeps_the_first_save(world: World, client_of: As) -> None:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    client = client_of("city_hohhot")
    address = reverse("recognition:call-edit", args=[call.pk])
    first, second = sent_form(client, call, quota="10"), sent_form(client, call, quota="20")
    assert client.post(address, first).status_code == 302
    answer = client.post(address, second)
    assert answer.status_code == 422
    assert "另一个窗口" in answer.content.decode()
    assert Call.objects.get().quota == 10


def test_a_city_without_a_policy_of_its_own_is_told_so(client_of: As) -> None:
    page = client_of("city_baotou").get(reverse("recognition:call-new")).content.decode()
    assert "现在没有可以据以发通知的政策" in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2026-12-31 17:30", "2026-12-31 17:30"),
        ("2026年12月31日17时30分", "2026-12-31 17:30"),
        ("２０２６／１２／３１　１７：３０", "2026-12-31 17:30"),
        ("2026-12-31T17:30", "2026-12-31 17:30"),
        ("2026.1.5 9点", "2026-01-05 09:00"),
        ("2026-12-31 24:00", "2027-01-01 00:00"),
    ],
)
def test_a_moment_is_read_as_people_write_it(typed: str, shown: str) -> None:
    moment = MomentField().clean(typed)
    assert moment is not None
    assert f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" == shown


@pytest.mark.parametrize("typed", ["0001-01-01 00:00", "9999-12-31 24:00", "2026-02-30 09:00"])
def test_a_moment_that_no_clock_holds_is_no_moment(typed: str) -> None:
    with pytest.raises(ValidationError, match="没有这个时间"):
        MomentField().clean(typed)


def test_the_state_of_a_call_is_read_from_the_clock(world: World) -> None:
    call = published_call(world)
    assert state_of(call, call.opens_at - DAY).word == "待受理"
    last_day = state_of(call, call.closes_at - DAY / 2)
    assert last_day.due is not None
    assert (last_day.due.value, last_day.due.text) == ("soon", "还剩 12 小时")
    assert state_of(call, call.closes_at).word == "已截止，办理中"
