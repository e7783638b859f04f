"""Two at one moment, and the tasks that stand afterwards: one for everything that waits, none for what does not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from tests.access.world import World, make_world
from tests.recognition.at_once import at_once
from tests.recognition.cases import application_at, published_call
from tests.recognition.expert_cases import EXPERTS as REVIEWERS
from tests.recognition.expert_cases import drawn, filled, submitted
from tidu.core.audit.recording import record
from tidu.core.models import Deadline
from tidu.core.roles import Role
from tidu.desk.actions import notify, open_task
from tidu.desk.models import Task
from tidu.recognition.actions.applying import withdraw_application
from tidu.recognition.actions.assignments import submit_sheet
from tidu.recognition.actions.late_experts import overdue_assignments
from tidu.recognition.actions.panels import conclude_panel
from tidu.recognition.models import Application, Call, Panel, Status
from tidu.recognition.process.following import DECIDE, EXPERTS
from tidu.recognition.process.moving import take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    """Hohhot with its people."""
    return make_world()


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both have done everything before their record, where the database lets two write at once."""
    gate = threading.Barrier(2)

    def late(**given: Any) -> object:  # noqa: ANN401 - as it is called
        with suppress(threading.BrokenBarrierError):
            gate.wait(2)
        return record(**given)

    monkeypatch.setattr("tidu.recognition.process.moving.record", late)


def _task(world: World, call: Call, kind: str) -> None:
    open_task(
        actor=world.actor("city_hohhot"),
        kind=kind,
        title="待办",
        url="/",
        organisation=call.organisation,
        role=Role.CITY_OFFICER,
        subject=call,
    )


def _withdrawal(world: World, letter: str, application: Application) -> Callable[[], object]:
    actor = world.actor(f"manager_{letter.lower()}")
    return lambda: withdraw_application(actor=actor, application=application).status


@pytest.mark.usefixtures("meet")
@pytest.mark.parametrize(("status", "kind"), [(Status.DECISION, DECIDE), (Status.EXPERTS, EXPERTS)])
def test_no_task_is_left_when_the_last_two_leave_at_once(world: World, status: Status, kind: str) -> None:
    call = published_call(world)
    cases = {letter: application_at(world, status, letter=letter, call=call) for letter in "CD"}
    _task(world, call, kind)
    outcomes = at_once(*[_withdrawal(world, letter, case) for letter, case in cases.items()])
    assert outcomes == [Status.WITHDRAWN, Status.WITHDRAWN]
    assert not Task.objects.open().filter(kind=kind).exists()


@pytest.mark.usefixtures("meet")
def test_the_task_stands_when_one_comes_as_the_last_one_leaves(world: World) -> None:
    call = published_call(world)
    leaving = application_at(world, Status.DECISION, letter="C", call=call)
    coming = application_at(world, Status.EXPERTS, letter="D", call=call)
    _task(world, call, DECIDE)
    _task(world, call, EXPERTS)
    officer = world.actor("city_hohhot")

    def come() -> object:
        with transaction.atomic():
            return take(actor=officer, application=coming, act="conclude").move().status

    outcomes = at_once(_withdrawal(world, "C", leaving), come)
    assert outcomes == [Status.WITHDRAWN, Status.DECISION]
    assert Task.objects.open().filter(kind=DECIDE).count() == 1
    assert not Task.objects.open().filter(kind=EXPERTS).exists()


def test_nobody_is_asked_to_replace_experts_of_a_panel_that_is_just_closed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tick has seen that a sheet is missing; it comes, and the panel is closed, before the tick goes on."""
    panel = drawn(world)
    for person in REVIEWERS[:2]:
        submitted(world, person)
    last = filled(world, REVIEWERS[2])
    assert panel.deadline is not None
    Deadline.objects.filter(pk=panel.deadline.pk).update(started_on="2026-01-05", due_on="2026-01-19")

    def close() -> None:
        try:
            submit_sheet(actor=world.actor(REVIEWERS[2]), assignment=last)
            conclude_panel(actor=world.actor("city_hohhot"), panel=panel)
        finally:
            connection.close()

    closing = threading.Thread(target=close)

    def late(**given: Any) -> int:  # noqa: ANN401 - as it is called
        if closing.ident is None:
            closing.start()
            closing.join(6)  # it waits for the tick, or is done
        return notify(**given)

    monkeypatch.setattr(f"{overdue_assignments.__module__}.notify", late)
    overdue_assignments()
    closing.join(30)
    panel.refresh_from_db()
    assert panel.state == Panel.State.CLOSED
    assert not Task.objects.open().filter(kind="recognition.panel.replace").exists()
