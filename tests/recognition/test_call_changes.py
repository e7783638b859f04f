"""What may be done to a published call, each with a reason; and what its end brings about."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import DAY, PACK, application_at, published_call
from tidu.core.interruptions import mark
from tidu.core.refusals import Refused
from tidu.desk.models import Notification, Task
from tidu.policy.documents.library import load_library
from tidu.recognition.actions.asked_changes import (
    CONFIRM,
    ask_to_close,
    ask_to_renew,
    ask_to_reopen,
    ask_to_withdraw,
    confirm_change,
    return_change,
)
from tidu.recognition.actions.call_changes import extend_call
from tidu.recognition.call_ticks import close_windows, warn_of_ending_rules
from tidu.recognition.models import Application, AskedChange, Call, CallChange, PackVersion, Status
from tidu.recognition.process.window import is_open, last_moment, pack_state

pytestmark = pytest.mark.django_db
_FIGURE = ("value: 1000万元, label: 上年度", "value: 800万元, label: 上年度")


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime(year, month, day, hour, minute))  # noqa: DTZ001 - made aware


def told(word: str) -> set[str]:
    return set(Notification.objects.filter(title__contains=word).values_list("user__username", flat=True))


def test_an_extension_needs_a_reason_and_a_later_end_and_is_told_to_those_concerned(world: World) -> None:
    call = published_call(world)
    application_at(world, Status.DRAFT, call=call)
    officer = world.actor("city_hohhot")
    with pytest.raises(Refused, match="理由"):
        extend_call(actor=officer, call=call, closes_at=call.closes_at + DAY, reason=" ")
    with pytest.raises(Refused, match="应晚于") as refused:
        extend_call(actor=officer, call=call, closes_at=call.closes_at - DAY, reason="太早")
    assert refused.value.field == "closes_at"
    later = call.closes_at + 5 * DAY
    extend_call(actor=officer, call=call, closes_at=later, reason="审计报告还没有出来。")
    assert Call.objects.get().closes_at == later
    change = CallChange.objects.get()
    assert (change.kind, change.reason) == ("extended", "审计报告还没有出来。")
    assert "→" in Notification.objects.filter(user=world.users["manager_c"]).get().body
    assert told("延长受理") >= {"district_saihan", "manager_c"}
    assert "manager_d" not in told("延长受理")


def test_the_second_click_on_an_extension_changes_nothing(world: World) -> None:
    call = published_call(world)
    later = call.closes_at + DAY
    for _ in range(2):
        extend_call(actor=world.actor("city_hohhot"), call=call, closes_at=later, reason="顺延一天。")
    assert CallChange.objects.count() == 1


def test_no_extension_goes_beyond_the_last_day_of_the_rule(world: World) -> None:
    call = published_call(world)
    officer = world.actor("city_hohhot")
    with pytest.raises(Refused, match="有效至 2027-04-12"):
        extend_call(actor=officer, call=call, closes_at=at(2027, 4, 13, 0, 1), reason="再等等。")
    extend_call(actor=officer, call=call, closes_at=at(2027, 4, 13), reason="到最后一天 24 时。")


def test_nothing_is_extended_once_it_has_closed(world: World) -> None:
    now = timezone.now()
    call = published_call(world, opens_at=now - 10 * DAY, closes_at=now - DAY)
    with pytest.raises(Refused, match="受理已经截止"):
        extend_call(actor=world.actor("city_hohhot"), call=call, closes_at=now + DAY, reason="再开。")


def test_an_extension_does_not_run_into_the_next_call(world: World) -> None:
    call = published_call(world)
    published_call(world, opens_at=call.closes_at + DAY, closes_at=call.closes_at + 20 * DAY)
    with pytest.raises(Refused, match="重叠"):
        extend_call(
            actor=world.actor("city_hohhot"), call=call, closes_at=call.closes_at + 2 * DAY, reason="延长。"
        )


def test_an_earlier_end_takes_a_second_officer(world: World) -> None:
    call, first = published_call(world), world.actor("city_hohhot")
    asked = ask_to_close(actor=first, call=call, reason="名额已满。")
    assert ask_to_close(actor=first, call=call, reason="名额已满。") == asked  # the second click
    assert is_open(Call.objects.get())
    assert [task.asked_by_id for task in Task.objects.open().filter(kind=CONFIRM)] == [first.user_id]
    with pytest.raises(Refused, match="由您提出"):
        confirm_change(actor=first, change=asked)
    second = world.actor("city_hohhot_second")
    for _ in range(2):
        assert not is_open(confirm_change(actor=second, change=asked))
    assert CallChange.objects.get().kind == CallChange.Kind.CLOSED
    assert not Task.objects.open().filter(kind=CONFIRM).exists()


def test_the_database_lets_nobody_confirm_their_own_asking(world: World) -> None:
    asked = ask_to_close(actor=world.actor("city_hohhot"), call=published_call(world), reason="名额已满。")
    with pytest.raises(IntegrityError), transaction.atomic():
        AskedChange.objects.update(state="done", settled_by=asked.asked_by)


def test_a_call_is_closed_early_at_a_moment_to_come(world: World) -> None:
    call, soon = published_call(world), timezone.now() + DAY
    with pytest.raises(Refused, match="应在现在以后"):
        ask_to_close(actor=world.actor("city_hohhot"), call=call, closes_at=soon + 60 * DAY, reason="早。")
    asked = ask_to_close(actor=world.actor("city_hohhot"), call=call, closes_at=soon, reason="名额已满。")
    with time_machine.travel(soon + DAY / 2, tick=False), pytest.raises(Refused, match="应在现在以后"):
        confirm_change(actor=world.actor("city_hohhot_second"), change=asked)
    confirm_change(actor=world.actor("city_hohhot_second"), change=asked)
    assert Call.objects.get().closes_at == soon


def test_what_was_asked_is_returned_with_a_reason_or_taken_back_without(world: World) -> None:
    call, first, second = published_call(world), world.actor("city_hohhot"), world.actor("city_hohhot_second")
    asked = ask_to_close(actor=first, call=call, reason="名额已满。")
    with pytest.raises(Refused, match="等待审签"):
        ask_to_withdraw(actor=second, call=call, reason="不办了。")
    with pytest.raises(Refused, match="理由"):
        return_change(actor=second, change=asked)
    return_change(actor=second, change=asked, reason="企业还在准备。")
    assert told("没有通过审签") == {"city_hohhot"}
    with pytest.raises(Refused, match="未生效"):
        confirm_change(actor=second, change=asked)
    again = ask_to_close(actor=first, call=call, reason="名额已满。")
    return_change(actor=first, change=again)
    assert is_open(Call.objects.get())
    assert not CallChange.objects.exists()


def test_what_nobody_confirmed_ends_with_the_window(world: World) -> None:
    call = published_call(world)
    asked = ask_to_close(actor=world.actor("city_hohhot"), call=call, reason="名额已满。")
    with time_machine.travel(call.closes_at, tick=False):
        close_windows()
        close_windows()
    asked.refresh_from_db()
    assert (asked.state, asked.settled_by) == (AskedChange.State.DROPPED, None)
    assert not Task.objects.open().filter(kind=CONFIRM).exists()


def withdrawn(world: World, call: Call) -> Call:
    asked = ask_to_withdraw(actor=world.actor("city_hohhot"), call=call, reason="不办了。")
    return confirm_change(actor=world.actor("city_hohhot_second"), change=asked)


def test_a_call_is_withdrawn_only_while_nobody_has_handed_in(world: World) -> None:
    call = published_call(world)
    asked = ask_to_withdraw(actor=world.actor("city_hohhot"), call=call, reason="不办了。")
    application_at(world, Status.DISTRICT, call=call)
    second = world.actor("city_hohhot_second")
    with pytest.raises(Refused, match="已有 1 家企业提交"):
        confirm_change(actor=second, change=asked)
    Application.objects.update(status=Status.WITHDRAWN)
    for _ in range(2):
        assert confirm_change(actor=second, change=asked).state == Call.State.WITHDRAWN
    assert CallChange.objects.count() == 1


def test_drafts_of_a_withdrawn_call_lapse(world: World) -> None:
    call = published_call(world)
    draft = application_at(world, Status.DRAFT, call=call)
    withdrawn(world, call)
    close_windows()
    draft.refresh_from_db()
    assert draft.status == Status.LAPSED
    assert "已经撤销" in draft.reason


def test_others_change_nothing_of_a_call(world: World) -> None:
    call = published_call(world)
    asked = ask_to_close(actor=world.actor("city_hohhot"), call=call, reason="名额已满。")
    for person in ("city_baotou", "district_saihan", "auditor_hohhot", "manager_c"):
        with pytest.raises(Refused):
            ask_to_close(actor=world.actor(person), call=call, reason="试试。")
        with pytest.raises(Refused):
            confirm_change(actor=world.actor(person), change=asked)
    assert not CallChange.objects.exists()


# ---- a window whose last day was cut short


def five_o_clock() -> dt.datetime:
    """The end of a window in thirty days."""
    day = timezone.localdate() + 30 * DAY
    return at(day.year, day.month, day.day, 17)


def test_a_window_whose_last_day_was_cut_short_may_be_extended_afterwards(world: World) -> None:
    call, officer = published_call(world, closes_at=five_o_clock()), world.actor("city_hohhot")
    draft = application_at(world, Status.DRAFT, call=call)
    mark(call.closes_at - dt.timedelta(hours=5))
    back = call.closes_at + DAY
    with time_machine.travel(back, tick=False):
        mark()
        assert close_windows() == "2 次截止提醒"
        assert "平台在" in Notification.objects.filter(title__startswith="受理已截止")[0].body
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT
        with pytest.raises(Refused, match="已经截止"):
            extend_call(actor=officer, call=call, closes_at=back + 2 * DAY, reason="平台中断。")
        with pytest.raises(Refused, match="已经过去"):
            ask_to_reopen(actor=officer, call=call, closes_at=back - DAY / 2, reason="平台中断。")
        asked = ask_to_reopen(actor=officer, call=call, closes_at=back + 2 * DAY, reason="平台中断。")
        with pytest.raises(Refused, match="由您提出"):
            confirm_change(actor=officer, change=asked)
        assert is_open(confirm_change(actor=world.actor("city_hohhot_second"), change=asked))
        assert CallChange.objects.get().kind == CallChange.Kind.EXTENDED


def test_drafts_wait_three_days_for_such_an_extension(world: World) -> None:
    call = published_call(world, closes_at=five_o_clock())
    draft = application_at(world, Status.DRAFT, call=call)
    mark(call.closes_at - dt.timedelta(hours=5))
    back = call.closes_at + DAY
    mark(back)
    with time_machine.travel(back, tick=False):
        asked = ask_to_reopen(
            actor=world.actor("city_hohhot"), call=call, closes_at=back + 9 * DAY, reason="平台中断。"
        )
    with time_machine.travel(back + 3 * DAY, tick=False):
        mark(back + dt.timedelta(minutes=30))
        close_windows()
        draft.refresh_from_db()
        assert draft.status == Status.LAPSED
        asked.refresh_from_db()
        assert asked.state == AskedChange.State.DROPPED
        with pytest.raises(Refused):
            ask_to_reopen(
                actor=world.actor("city_hohhot"), call=call, closes_at=back + 9 * DAY, reason="平台中断。"
            )


def test_an_open_call_is_not_reopened_and_a_closed_one_only_where_it_was_cut_short(world: World) -> None:
    call, officer = published_call(world, closes_at=five_o_clock()), world.actor("city_hohhot")
    later = call.closes_at + 3 * DAY
    for moment in (timezone.now(), call.closes_at + DAY):
        with time_machine.travel(moment, tick=False), pytest.raises(Refused):
            ask_to_reopen(actor=officer, call=call, closes_at=later, reason="再开。")
    assert not AskedChange.objects.exists()


def test_a_short_restart_on_the_last_day_changes_nothing(world: World) -> None:
    call = published_call(world, closes_at=five_o_clock())
    application_at(world, Status.DRAFT, call=call)
    for minutes in (300, 250, 200, 150, 100, 50, 0, -30):
        mark(call.closes_at - dt.timedelta(minutes=minutes))
    with time_machine.travel(call.closes_at + dt.timedelta(minutes=31), tick=False):
        assert close_windows().startswith("1 份草稿失效")


# ---- the window and the rule


def test_a_window_is_open_from_its_first_moment_and_closed_from_its_last(world: World) -> None:
    call = published_call(world)
    second = dt.timedelta(seconds=1)
    assert not is_open(call, call.opens_at - second)
    assert is_open(call, call.opens_at)
    assert is_open(call, call.closes_at - second)
    assert not is_open(call, call.closes_at)


def test_nothing_is_handed_in_after_the_last_day_of_the_rule(world: World) -> None:
    call = published_call(world, opens_at=at(2027, 4, 1), closes_at=at(2027, 5, 1))
    assert last_moment(call) == at(2027, 4, 13)
    assert is_open(call, at(2027, 4, 12, 23, 59))
    assert not is_open(call, at(2027, 4, 13))
    assert pack_state(call, dt.date(2027, 4, 12)).ends_in_window
    assert not pack_state(call, dt.date(2027, 4, 13)).in_force


def test_the_reading_of_the_term_moves_the_last_moment(world: World) -> None:
    call = published_call(
        world, opens_at=at(2027, 4, 1), closes_at=at(2027, 5, 1), readings={"term_end": "anniversary"}
    )
    assert last_moment(call) == at(2027, 4, 14)


def test_a_re_review_goes_on_after_its_rule_has_ended(world: World) -> None:
    call = published_call(world, kind=Call.Kind.RE_REVIEW, opens_at=at(2027, 4, 1), closes_at=at(2027, 5, 1))
    assert last_moment(call) == call.closes_at


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for packs of the place's own making."""
    monkeypatch.setenv("TIDU_PACKS", str(tmp_path))
    return tmp_path


def next_edition(folder: Path) -> None:
    """A pack that takes the place of Hohhot's from the tenth day on."""
    text = (load_library().get(PACK).folder / "pack.yaml").read_text(encoding="utf-8")
    day = timezone.localdate() + 10 * DAY
    target = folder / "hohhot-next-recognition"
    target.mkdir()
    text = text.replace(f"id: {PACK}\n", "id: hohhot-next-recognition\n", 1)
    text = text.replace("  from: 2022-04-13", f"  from: {day}", 1)
    text = text.replace(
        "until: {by: term_end, day_before: 2027-04-12, anniversary: 2027-04-13}", "until: 2040-12-31", 1
    )
    replaces = f"replaces:\n  - {{pack: {PACK}, from: {day}, cite: 第七条}}\n\ndimensions:"
    (target / "pack.yaml").write_text(text.replace("dimensions:", replaces, 1), encoding="utf-8")


def test_a_rule_that_another_replaces_in_the_window_ends_the_day_before(
    world: World, elsewhere: Path
) -> None:
    call = published_call(world)
    application_at(world, Status.DRAFT, call=call)
    next_edition(elsewhere)
    state = pack_state(call)
    assert state.replaced
    assert state.until == timezone.localdate() + 9 * DAY
    assert last_moment(call) < call.closes_at
    warn_of_ending_rules()
    assert not told("所依据的文件")  # ten days ahead it is too early


def test_officers_and_applicants_are_warned_once_that_the_rule_is_ending(
    world: World, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = published_call(world)
    application_at(world, Status.DRAFT, call=call)
    next_edition(elsewhere)
    later = timezone.now() + 5 * DAY
    monkeypatch.setattr("tidu.recognition.call_ticks.timezone.now", lambda: later)
    assert warn_of_ending_rules()
    assert told("所依据的文件") >= {"manager_c", "district_saihan", "city_hohhot", "city_hohhot_second"}
    assert not warn_of_ending_rules()


# ---- a newer version of the pack


@pytest.fixture
def replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library folder that stands in for the shipped one."""
    for pack in load_library():
        if pack.id != PACK:
            (tmp_path / pack.id).symlink_to(pack.folder)
    monkeypatch.setattr("tidu.policy.documents.library.PACKAGED", tmp_path)
    return tmp_path


def test_a_call_goes_on_under_its_frozen_pack_until_two_adopt_the_newer_one(
    world: World, replaced: Path
) -> None:
    first, second = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    call = published_call_before(world, replaced, *_FIGURE)
    assert pack_state(call).newer
    frozen = call.version_id
    asked = ask_to_renew(actor=first, call=call, reason="更正数额。")
    assert ask_to_renew(actor=first, call=call, reason="更正数额。") == asked  # the second click
    with pytest.raises(Refused, match="由您提出"):
        confirm_change(actor=first, change=asked)
    assert Call.objects.get().version_id == frozen
    renewed = confirm_change(actor=second, change=asked)
    assert confirm_change(actor=second, change=asked) == renewed
    assert renewed.version_id == asked.version_id != frozen
    assert not pack_state(renewed).newer
    assert CallChange.objects.get().kind == CallChange.Kind.RENEWED
    assert PackVersion.objects.count() == 2
    with pytest.raises(Refused, match="已经按"):
        ask_to_renew(actor=first, call=renewed, reason="更正数额。")


def test_what_is_confirmed_is_the_version_that_was_asked_for(world: World, replaced: Path) -> None:
    call = published_call_before(world, replaced, *_FIGURE)
    asked = ask_to_renew(actor=world.actor("city_hohhot"), call=call, reason="更正数额。")
    pack = replaced / PACK / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("800万元", "700万元"), encoding="utf-8")
    with pytest.raises(Refused, match="版本又变了"):
        confirm_change(actor=world.actor("city_hohhot_second"), change=asked)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      days: 5\n      day_kind", "      days: 7\n      day_kind"),
        _FIGURE,
    ],
    ids=["another way", "another figure"],
)
def test_once_somebody_has_handed_in_only_the_same_way_may_follow(
    world: World, replaced: Path, old: str, new: str
) -> None:
    call = published_call_before(world, replaced, old, new)
    application_at(world, Status.DISTRICT, call=call)
    with pytest.raises(Refused, match="程序或条件不同"):
        ask_to_renew(actor=world.actor("city_hohhot"), call=call, reason="新版。")


def published_call_before(world: World, folder: Path, old: str, new: str) -> Call:
    """A published call, and then another version of its pack in the library."""
    shipped = Path(__file__).resolve().parents[2] / "src" / "tidu" / "packs" / PACK
    (folder / PACK).symlink_to(shipped)
    call = published_call(world)
    (folder / PACK).unlink()
    text = (shipped / "pack.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / PACK).mkdir()
    (folder / PACK / "pack.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return Call.objects.select_related("version").get(pk=call.pk)


# ---- the end


def test_what_closed_lapses_is_told_once_and_is_put_away(world: World) -> None:
    call = published_call(world)
    draft = application_at(world, Status.DRAFT, call=call)
    handed_in = application_at(world, Status.DISTRICT, call=call, letter="D")
    assert close_windows() == ""
    Call.objects.update(closes_at=timezone.now() - dt.timedelta(minutes=1))
    assert close_windows() == "1 份草稿失效，2 次截止提醒"
    assert close_windows() == ""
    draft.refresh_from_db()
    assert draft.status == Status.LAPSED
    assert told("受理已截止") == {"city_hohhot", "city_hohhot_second"}
    assert Call.objects.get().state == Call.State.PUBLISHED
    handed_in.status, handed_in.ended_at = Status.NOT_RECOMMENDED, timezone.now()
    handed_in.save()
    assert close_windows() == "1 份通知办结"
    assert Call.objects.get().state == Call.State.FINISHED
