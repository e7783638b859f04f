"""Every act in every state by everybody: done by those whose it is where it belongs, and by nobody anywhere else.

The tables are written out once more by hand, as in ``test_walks``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.cases import KNOWING, application_at, published_call
from tests.recognition.filling import paper
from tests.recognition.life_cases import looked_into, notified, opened, proposed, replied, reported
from tests.recognition.test_walks import MAY, PERSONS, WAY
from tidu.accounts.models import Membership
from tidu.core.actor import SYSTEM, Actor
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.recognition.actions.applying import start_application, withdraw_application
from tidu.recognition.actions.cancellation_decisions import confirm
from tidu.recognition.actions.changes import decide_change, withdraw_change
from tidu.recognition.actions.escalating import escalate_applications
from tidu.recognition.actions.filling import attach_evidence, detach_evidence, save_part
from tidu.recognition.actions.inquiries import answer_inquiry, ask_applicant, close_overdue_inquiries
from tidu.recognition.actions.lapsing import lapse_corrections, lapse_drafts
from tidu.recognition.actions.panels import Wish, draw_panel
from tidu.recognition.actions.proposals import open_proposal
from tidu.recognition.actions.recognising import draft_recognition
from tidu.recognition.actions.reviewing import (
    not_recommend,
    recommend,
    return_for_correction,
    save_finding,
)
from tidu.recognition.actions.submitting import resubmit_application, submit_application
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import (
    FINAL,
    GIVEN_UP,
    HANDED_IN,
    Act,
    Application,
    Attachment,
    Cancellation,
    CaseKind,
    ChangeReport,
    CriterionFinding,
    Inquiry,
    Statement,
    Status,
    Submission,
)
from tidu.recognition.process.cancelling import CANCELLATION_TABLE
from tidu.recognition.process.changes import CHANGE_TABLE
from tidu.recognition.process.life_moving import take_life
from tidu.recognition.process.moving import take
from tidu.recognition.process.transitions import TRANSITIONS
from tidu.registry.own.saving import Typed

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

_CITY: Final = frozenset({"city_hohhot", "city_hohhot_second"})
_DISTRICT: Final = frozenset({"district_saihan", "district_saihan_second"})
_MANAGER: Final = frozenset({"manager_c"})
_WAY: Final = {*WAY, ("district", "unanswered"), ("notice", "recall")}
_MAY: Final = {**MAY, "unanswered": frozenset({"system"}), "recall": _CITY}

CHANGES: Final = {
    ("reported", "withdraw"): _MANAGER,
    ("decision", "withdraw"): _MANAGER,
    ("reported", "opinion"): _DISTRICT,
    ("decision", "accept"): _CITY,
    ("decision", "refuse"): _CITY,
}
CANCELLATIONS: Final = {
    **{(state, "add_file"): _CITY for state in ("opened", "notified", "replied", "proposed")},
    ("opened", "notify"): _CITY,
    **{(state, "reply"): _MANAGER for state in ("notified", "replied", "proposed")},
    **{(state, "record_reply"): _CITY for state in ("notified", "replied", "proposed")},
    ("replied", "withdraw_reply"): _MANAGER,
    **{(state, "propose"): _CITY for state in ("opened", "notified", "replied")},
    **{("proposed", act): _CITY for act in ("return", "cancel", "drop")},
}


@pytest.fixture
def world() -> World:
    """Two cities with everybody in them."""
    return make_world()


def _allowed(begin: Callable[[], object]) -> bool:
    """Whether an act may be begun an hour from now; what it has locked is let go."""
    later = timezone.now() + dt.timedelta(hours=1)  # what was just done is no second click any more
    try:
        with transaction.atomic(), time_machine.travel(later, tick=False):
            begin()
            transaction.set_rollback(True)
    except Refused:
        return False
    return True


def test_the_tables_here_name_every_act() -> None:
    assert set(_MAY) == set(TRANSITIONS)
    assert {act for _, act in CHANGES} | {"report"} == set(CHANGE_TABLE)
    assert {act for _, act in CANCELLATIONS} | {"open"} == set(CANCELLATION_TABLE)


@pytest.mark.parametrize("status", Status)
def test_an_application_moves_by_those_whose_turn_it_is_alone(world: World, status: Status) -> None:
    application = application_at(world, status)
    for act in TRANSITIONS:
        for person in PERSONS:
            actor = SYSTEM if person == "system" else world.actor(person)
            done = _allowed(lambda: take(actor=actor, application=application, act=act, reason="有理由"))  # noqa: B023
            assert done == ((status, act) in _WAY and person in _MAY[act]), (status, act, person)


def _change_at(world: World, state: ChangeReport.State) -> ChangeReport:
    state_of = ChangeReport.State
    if state == state_of.REPORTED:
        return reported(world)
    if state == state_of.WITHDRAWN:
        return withdraw_change(actor=world.actor("manager_c"), change=reported(world))
    change = looked_into(world)
    if state == state_of.DECISION:
        return change
    return decide_change(
        actor=world.actor("city_hohhot"),
        change=change,
        accepted=state == state_of.ACCEPTED,
        decision="已核实。",
    )


@pytest.mark.parametrize("state", ChangeReport.State)
def test_a_change_report_moves_by_those_whose_turn_it_is_alone(
    world: World, state: ChangeReport.State
) -> None:
    change = _change_at(world, state)
    assert change.state == state
    for act in CHANGE_TABLE:
        for person in PERSONS:
            actor = SYSTEM if person == "system" else world.actor(person)
            done = _allowed(lambda: _life(actor, change, act))  # noqa: B023
            assert done == (person in CHANGES.get((state, act), ())), (state, act, person)


def _cancellation_at(world: World, state: Cancellation.State) -> Cancellation:
    state_of = Cancellation.State
    made: dict[str, Callable[[World], Cancellation]] = {
        state_of.OPENED: opened,
        state_of.NOTIFIED: notified,
        state_of.REPLIED: replied,
        state_of.PROPOSED: proposed,
    }
    if state in made:
        return made[state](world)
    case = proposed(world, cancels=state == state_of.CANCELLED)
    return confirm(actor=world.actor("city_hohhot_second"), case=case)


@pytest.mark.parametrize("state", Cancellation.State)
def test_a_cancellation_moves_by_those_whose_turn_it_is_alone(
    world: World, state: Cancellation.State
) -> None:
    case = _cancellation_at(world, state)
    assert case.state == state
    for act in CANCELLATION_TABLE:
        for person in PERSONS:
            actor = SYSTEM if person == "system" else world.actor(person)
            done = _allowed(lambda: _life(actor, case, act))  # noqa: B023
            assert done == (person in CANCELLATIONS.get((state, act), ())), (state, act, person)


def _life(actor: Actor, row: ChangeReport | Cancellation, act: str) -> None:
    take_life(actor=actor, row=row, act=act, reason="有理由")  # type: ignore[type-var]


def test_nobody_looks_into_a_change_and_decides_it(world: World) -> None:
    """Neither as another office of the same person, nor where the city speaks in the district's stead."""
    both = world.memberships["district_saihan"]
    Membership.objects.create(
        user=both.user, organisation=world.organisations["city_hohhot"], role=Role.CITY_OFFICER
    )
    change = looked_into(world)
    world.memberships["both"] = Membership.objects.get(user=both.user, role=Role.CITY_OFFICER)
    world.users["both"], world.organisations["both"] = both.user, world.organisations["city_hohhot"]
    for accepted in (True, False):
        with pytest.raises(Refused, match="曾以区县身份办理过"):
            decide_change(actor=world.actor("both"), change=change, accepted=accepted, decision="同意。")


# ---- what was handed in or has ended


def _everything_of(case: Application) -> dict[str, object]:
    """All that is kept of a case."""
    return {
        "row": Application.objects.filter(pk=case.pk).values().get(),
        "submissions": list(Submission.objects.filter(application=case).values()),
        "statements": list(Statement.objects.filter(application=case).values("criterion", "text")),
        "attachments": list(Attachment.objects.filter(application=case).values("criterion", "evidence")),
        "findings": list(CriterionFinding.objects.filter(application=case).values("criterion", "finding")),
        "inquiries": list(Inquiry.objects.filter(application=case).values("text", "answer")),
        "acts": list(Act.objects.filter(case=CaseKind.APPLICATION, case_id=case.pk).values("act")),
    }


def _deeds(world: World, case: Application) -> dict[str, Callable[[], object]]:
    """What people and the system may try with a case, each by the right person."""
    manager, district, city = (world.actor(name) for name in ("manager_c", "district_saihan", "city_hohhot"))
    part = questions_of(case.call).part("specialised")
    assert part is not None
    proof = paper(world, "audit_report", year=2025)
    asked = Inquiry.objects.create(application=case, text="？", asked_by=world.users["district_saihan"])
    attached = Attachment.objects.create(application=case, criterion="growth", evidence=proof)
    typed = Typed({"statement-chain_advantage": "改过的自述"}, {"statement-chain_advantage": ""})
    return {
        "save": lambda: save_part(actor=manager, application=case, part=part, typed=typed),
        "attach": lambda: attach_evidence(
            actor=manager, application=case, criterion="revenue", evidence=[proof]
        ),
        "detach": lambda: detach_evidence(actor=manager, application=case, attachment=attached.pk),
        "submit": lambda: submit_application(
            actor=manager, application=case, declared_by="某法人", accept_not_met=True, accept_unknown=True
        ),
        "resubmit": lambda: resubmit_application(
            actor=manager, application=case, declared_by="某法人", accept_not_met=True, accept_unknown=True
        ),
        "answer": lambda: answer_inquiry(actor=manager, inquiry=asked, answer="补答。"),
        "withdraw": lambda: withdraw_application(actor=manager, application=case),
        "start": lambda: start_application(actor=manager, call=case.call),
        "find": lambda: save_finding(
            actor=district, application=case, criterion="revenue", finding="rejected", note="改"
        ),
        "ask": lambda: ask_applicant(actor=district, application=case, text="为什么？"),
        "return": lambda: return_for_correction(actor=district, application=case, reason="缺页"),
        "recommend": lambda: recommend(actor=district, application=case, opinion="同意", despite=KNOWING),
        "refuse": lambda: not_recommend(actor=district, application=case, criterion="revenue", reason="不符"),
        "draw": lambda: draw_panel(actor=city, call=case.call, wish=Wish("组", [case.pk], each=1)),
        "list": lambda: open_proposal(actor=city, call=case.call),
        "recognise": lambda: draft_recognition(actor=city, call=case.call),
        "lapse": lambda: (lapse_drafts(case.call), lapse_corrections()),
        "time": lambda: (close_overdue_inquiries(), escalate_applications()),
    }


@pytest.mark.parametrize("status", sorted(FINAL))
def test_nothing_that_anybody_does_changes_a_case_that_has_ended(world: World, status: Status) -> None:
    case = application_at(world, status, call=published_call(world))
    deeds = _deeds(world, case)
    before = _everything_of(case)
    for name, deed in deeds.items():
        with suppress(Refused), transaction.atomic():
            deed()
        assert _everything_of(case) == before, name
    assert (Application.objects.count() > 1) == (status in GIVEN_UP)  # begun anew, beside it


@pytest.mark.parametrize("status", sorted(HANDED_IN - FINAL - {Status.RETURNED}))
def test_nothing_that_was_handed_in_is_changed_by_its_applicant(world: World, status: Status) -> None:
    case = application_at(world, status, call=published_call(world))
    deeds = _deeds(world, case)
    before = _everything_of(case)
    for name in ("save", "attach", "detach", "submit", "resubmit", "start"):
        with suppress(Refused):
            deeds[name]()
        assert _everything_of(case) == before, name
