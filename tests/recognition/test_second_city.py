"""A pack of another city runs the whole way with no code changed: its own steps, limits, notice and refusals."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.utils import timezone

from tests.recognition.second_city import HANGZHOU, PACKS, YUHANG, SecondCity
from tidu.core.calendar import current_calendar
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused
from tidu.policy.vocabulary.places import look_again
from tidu.recognition.actions.asked_changes import ask_to_close, confirm_change
from tidu.recognition.actions.cancellation_decisions import confirm
from tidu.recognition.actions.cancellation_decisions import propose as propose_cancellation
from tidu.recognition.actions.cancellation_replies import reply
from tidu.recognition.actions.cancellations import draft_notice, open_cancellation, send_notice
from tidu.recognition.actions.reviewing import return_for_correction
from tidu.recognition.consolidated_table import columns_for
from tidu.recognition.models import Cancellation, Stage, Status, TitleCertificate
from tidu.recognition.process.rules import route_of_call
from tidu.registry.models import Title
from tidu.registry.models.standing import TitleState

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> SecondCity:
    """The city, with its pack named by the environment as an outside city's would be."""
    monkeypatch.setenv("TIDU_PACKS", str(PACKS))
    look_again()
    return SecondCity.made()


def test_an_application_goes_from_the_call_to_the_certificate_without_experts(city: SecondCity) -> None:
    city.add("甲")
    city.add("乙", YUHANG)
    call = city.call()
    assert call.place_id == HANGZHOU
    for name in ("甲", "乙"):
        assert city.apply(name, call).status == Status.DISTRICT
        moved = city.recommend(name, call)
        assert (moved.status, moved.stage) == (Status.DECISION, Stage.DECISION)
    asked = ask_to_close(actor=city.people["city"], call=call, reason="都已提交。")
    confirm_change(actor=city.people["city_second"], change=asked)
    notice = city.decide(call, against=frozenset({"乙"}))
    (material,) = OfficialDocument.objects.filter(kind="meeting_material")
    assert "专家" not in json.dumps(material.words, ensure_ascii=False)
    assert "专家意见" not in {column.label for column in columns_for(route_of_call(call))}
    last = timezone.localdate(notice.ends_at - dt.timedelta(microseconds=1))
    assert current_calendar().working_days_between(timezone.localdate(), last) == 7
    with pytest.raises(Refused):
        city.recognise(call)
    with time_machine.travel(notice.ends_at, tick=True):
        city.recognise(call)
    recognised, other = city.of("甲", call), city.of("乙", call)
    assert recognised.status == Status.RECOGNISED
    assert (other.status, other.reason) == (Status.NOT_RECOGNISED, "集体审定认为成长潜力不足。")
    title = Title.objects.get()
    assert title.name == "杭州市“新雏鹰”企业"
    assert TitleCertificate.objects.get().title == title


def test_whoever_plainly_misses_a_condition_is_warned_and_may_hand_in(city: SecondCity) -> None:
    city.add("丙", rd_staff=2)
    call = city.call()
    with pytest.raises(Refused):
        city.apply("丙", call)
    assert city.apply("丙", call, accept_not_met=True).status == Status.DISTRICT


def test_limits_are_those_of_the_pack(city: SecondCity) -> None:
    city.add("丁")
    call = city.call()
    application = city.apply("丁", call)
    assert application.deadline is not None
    assert (application.deadline.length, application.deadline.unit) == (7, "working")
    returned = return_for_correction(
        actor=city.people["binjiang"], application=application, reason="请补研发人员名单。"
    )
    assert returned.correction is not None
    assert (returned.correction.length, returned.correction.unit) == (7, "calendar")
    assert call.limits["district"]["cite"] == "认定程序/区县初审"
    assert call.limits["inquiry"]["cite"] == ""


@time_machine.travel(dt.datetime(2025, 12, 1, 2, tzinfo=dt.UTC), tick=True)
def test_a_third_call_in_a_year_is_refused(city: SecondCity) -> None:
    start = timezone.make_aware(dt.datetime(2026, 1, 10, 9))  # noqa: DTZ001 - made aware
    city.call(start, days=20)
    city.call(start + 60 * DAY, days=20)
    with pytest.raises(Refused, match=r"2026 年已经组织了 2 次.*不超过 2 次"):
        city.call(start + 120 * DAY, days=20)
    city.call(start.replace(year=2027), days=20)


def test_a_title_is_revoked_on_a_ground_of_the_pack_after_a_reply(city: SecondCity) -> None:
    city.add("戊")
    call = city.call()
    city.apply("戊", call)
    city.recommend("戊", call)
    notice = city.decide(call)
    with time_machine.travel(notice.ends_at, tick=True):
        city.recognise(call)
        first, second = city.people["city"], city.people["city_second"]
        case = open_cancellation(
            actor=first,
            title=Title.objects.get(),
            origin=Cancellation.Origin.REPORT,
            ground="gone",
            facts="企业已迁出本市，登记机关变更记录可查。",
        )
        draft_notice(actor=first, case=case)
        case = send_notice(actor=second, case=case)
        assert case.deadline is not None
        assert (case.deadline.length, case.deadline.unit) == (15, "calendar")
        reply(actor=city.people["manager_戊"], case=case, text="情况属实，没有异议。")
        propose_cancellation(actor=first, case=case, cancels=True, opinion="事实清楚，取消称号。")
        confirm(actor=second, case=case)
    assert Title.objects.get().state == TitleState.REVOKED
