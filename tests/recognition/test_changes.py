"""Changes of an enterprise that holds a title: reported in time or late, looked into, decided."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from tests.access.world import HUIMIN, World, make_world
from tests.recognition.life_cases import DAY, change_paper, looked_into, reported, title_of
from tidu.core.calendar import current_calendar
from tidu.core.models import Jurisdiction
from tidu.core.refusals import Refused
from tidu.desk.models import Task
from tidu.policy.documents.route import span_of
from tidu.recognition.actions.changes import (
    DECIDE,
    OPINION,
    decide_change,
    draft_decision,
    give_opinion,
    report_change,
    withdraw_change,
)
from tidu.recognition.models import Cancellation, ChangeReport
from tidu.recognition.queries.title_lists import changes_seen
from tidu.recognition.queries.title_rules import CHANGE_REFUSED, end_of_span, rule_of
from tidu.registry.models import Fact, Title
from tidu.registry.models.standing import TitleState

pytestmark = pytest.mark.django_db
_State = ChangeReport.State


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def decided(world: World, change: ChangeReport, *, accepted: bool, cite: str = "") -> ChangeReport:
    actor = world.actor("city_hohhot")
    drafted = draft_decision(actor=actor, change=change, accepted=accepted, decision="理由充分。", cite=cite)
    return decide_change(actor=actor, change=drafted, accepted=accepted, decision="理由充分。", cite=cite)


def test_an_accepted_name_goes_into_the_record_and_the_title_goes_on(world: World) -> None:
    enterprise = world.enterprises["C"]
    former = enterprise.name
    change = decided(world, looked_into(world), accepted=True)
    enterprise.refresh_from_db()
    assert change.state == _State.ACCEPTED
    assert enterprise.name == "某市新名C科技股份有限公司"
    world.organisations["C"].refresh_from_db()
    assert world.organisations["C"].name == enterprise.name
    assert Title.objects.get(pk=change.title_id).state == TitleState.HELD
    assert change.document is not None
    assert change.document.number
    assert former in str(change.document.words)
    fact = Fact.objects.get(enterprise=enterprise, indicator="name", chosen=True)
    assert fact.document_no == change.document.number


def test_of_two_officers_at_once_the_document_says_what_was_decided(world: World) -> None:
    first, second = world.actor("city_hohhot"), world.actor("city_hohhot_second")
    change = draft_decision(
        actor=first, change=looked_into(world), accepted=True, decision="主营业务没有变化。"
    )
    draft_decision(actor=second, change=change, accepted=False, decision="重组以后不再符合条件。")
    change = decide_change(actor=first, change=change, accepted=True, decision="主营业务没有变化。")
    assert change.state == _State.ACCEPTED
    assert change.document is not None
    assert "主营业务没有变化" in str(change.document.words)
    assert "不再符合" not in str(change.document.words)


def test_a_move_within_the_city_changes_the_district(world: World) -> None:
    change = reported(
        world, kind=ChangeReport.Kind.MOVE, after="", new_place=Jurisdiction.objects.get(pk=HUIMIN)
    )
    assert change.before == "赛罕区"
    change = give_opinion(
        actor=world.actor("district_saihan"), change=change, positive=True, opinion="已迁出。"
    )
    decided(world, change, accepted=True)
    world.enterprises["C"].refresh_from_db()
    assert world.enterprises["C"].district_id == HUIMIN


def test_the_silent_document_gives_three_months_and_says_that_they_are_ours(world: World) -> None:
    rule = rule_of(title_of(world))
    assert rule is not None
    assert rule.changes_silent
    assert rule.change_due(dt.date(2026, 1, 31), current_calendar()) == dt.date(2026, 4, 30)
    assert rule.change_due(dt.date(2023, 11, 30), current_calendar()) == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("written", "start", "last"),
    [
        ("3个月", dt.date(2025, 11, 29), dt.date(2026, 2, 28)),
        ("1年", dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
        ("10个工作日", dt.date(2026, 9, 25), dt.date(2026, 10, 15)),
        ("30日", dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    ],
)
def test_limits_end_as_they_are_written(written: str, start: dt.date, last: dt.date) -> None:
    assert end_of_span(span_of(written), start, current_calendar()) == last


def test_the_last_day_is_in_time_and_the_next_is_late(world: World) -> None:
    happened = timezone.localdate() - 5 * DAY
    due = span_of("3个月").end_of_limit(happened)
    with time_machine.travel(_noon(due), tick=False):
        assert not reported(world, days_ago=(due - happened).days).late
    with time_machine.travel(_noon(due + DAY), tick=False):
        late = reported(world, letter="D", days_ago=(due + DAY - happened).days)
        assert late.late
        assert late.due_on == due


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def test_a_refused_change_opens_a_case_in_which_the_enterprise_is_heard(world: World) -> None:
    change = decided(world, looked_into(world, positive=False), accepted=False, cite="监督管理/（一）")
    assert change.state == _State.REFUSED
    case = Cancellation.objects.get()
    assert (case.change, case.origin, case.ground) == (change, Cancellation.Origin.CHANGE, CHANGE_REFUSED)
    assert Title.objects.get(pk=change.title_id).state == TitleState.HELD
    assert case.state == Cancellation.State.OPENED


def test_a_report_goes_from_the_enterprise_to_the_district_to_the_city(world: World) -> None:
    change = reported(world)
    assert Task.objects.open().get(kind=OPINION).organisation == world.organisations["district_saihan"]
    for person in ("district_huimin", "city_hohhot", "city_baotou", "manager_d"):
        with pytest.raises(Refused):
            give_opinion(actor=world.actor(person), change=change, positive=True, opinion="同意。")
    with pytest.raises(Refused, match="不能同意延续称号"):
        decide_change(actor=world.actor("city_hohhot"), change=change, accepted=True, decision="同意。")
    give_opinion(actor=world.actor("district_saihan"), change=change, positive=True, opinion="属实。")
    assert Task.objects.open().get(kind=DECIDE).organisation == world.organisations["city_hohhot"]
    assert not Task.objects.open().filter(kind=OPINION).exists()


def test_opinion_and_decision_need_their_reasons(world: World) -> None:
    change = reported(world)
    with pytest.raises(Refused, match="理由"):
        give_opinion(actor=world.actor("district_saihan"), change=change, positive=True, opinion=" ")


def test_a_withdrawn_report_is_not_decided_and_officers_do_not_read_it(world: World) -> None:
    change = withdraw_change(actor=world.actor("manager_c"), change=reported(world))
    assert change.state == _State.WITHDRAWN
    assert not Task.objects.open().filter(subject_id=str(change.pk)).exists()
    assert not changes_seen(world.actor("city_hohhot")).exists()
    assert changes_seen(world.actor("manager_c")).exists()
    again = reported(world)
    assert again.state == _State.REPORTED


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"evidence": []}, "证明材料"),
        ({"after": "  "}, "变更后"),
        ({"days_ago": -1}, "晚于今天"),
        ({"days_ago": 2000}, "取得称号以前"),
    ],
)
def test_a_report_that_cannot_be_is_refused(world: World, more: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        reported(world, **more)  # type: ignore[arg-type] # as the parameters give it


def test_the_same_kind_is_reported_once_at_a_time(world: World) -> None:
    reported(world)
    with pytest.raises(Refused, match="还没有审定"):
        reported(world)


def test_evidence_of_another_enterprise_proves_nothing(world: World) -> None:
    with pytest.raises(Refused, match="重新选择"):
        reported(world, evidence=[change_paper(world, "D")])


def test_an_editor_does_not_report(world: World) -> None:
    with pytest.raises(Refused):
        report_change(
            actor=world.actor("editor_c"),
            title=title_of(world),
            kind=ChangeReport.Kind.OTHER,
            happened_on=timezone.localdate(),
            after="其他",
            evidence=[change_paper(world)],
        )
