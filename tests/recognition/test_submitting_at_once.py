"""Two connections at one moment: submitting twice, submitting while the call is closed, saving in two tabs."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from tests.access.world import World, make_world
from tests.recognition.at_once import at_once
from tests.recognition.cases import published_call
from tests.recognition.filling import ready_application
from tidu.core.refusals import Refused
from tidu.recognition.actions import submitting
from tidu.recognition.actions.applying import start_application
from tidu.recognition.actions.filling import save_part
from tidu.recognition.actions.lapsing import lapse_drafts
from tidu.recognition.actions.submitting import submit_application
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import Act, Application, Call, Statement, Status, Submission
from tidu.registry.models import TypedText
from tidu.registry.own.saving import Typed

pytestmark = pytest.mark.django_db(transaction=True)


def _prepared() -> tuple[World, Application]:
    world = make_world()
    return world, ready_application(world, published_call(world))


def test_a_double_submit_is_one_submission() -> None:
    world, application = _prepared()
    actor = world.actor("manager_c")

    def submit() -> object:
        return submit_application(actor=actor, application=application, declared_by="某法人").pk

    outcomes = at_once(submit, submit)
    assert len(set(outcomes)) == 1, outcomes
    assert Submission.objects.count() == 1
    assert Act.objects.filter(act="submit").count() == 1


@pytest.mark.parametrize("moment", ["filled", "content_of"])
def test_submitting_and_closing_have_one_order(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call is closed while a submission is under way, before it holds the call or after: one comes first."""
    world, application = _prepared()
    actor = world.actor("manager_c")
    inside = threading.Event()
    real = getattr(submitting, moment)

    def slow(*given: object, **more: object) -> object:
        inside.set()
        threading.Event().wait(0.4)
        return real(*given, **more)

    monkeypatch.setattr(submitting, moment, slow)
    closed_at = []

    def submit() -> object:
        return submit_application(actor=actor, application=application, declared_by="某法人").submitted_at

    def close() -> object:
        inside.wait(10)
        with transaction.atomic():
            held = Call.objects.select_for_update().get(pk=application.call_id)
            held.closes_at = timezone.now()
            held.save(update_fields=["closes_at"])
            closed_at.append(held.closes_at)
        return None

    submitted, _ = at_once(submit, close)
    application.refresh_from_db()
    if isinstance(submitted, Refused):
        assert application.status == Status.DRAFT
        assert not Submission.objects.exists()
    else:
        assert submitted < closed_at[0]  # type: ignore[operator]
        assert application.status == Status.DISTRICT


def test_two_who_lapse_at_once_end_a_draft_once() -> None:
    _, application = _prepared()
    call = application.call
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now())
    outcomes = at_once(lambda: lapse_drafts(call), lambda: lapse_drafts(call))
    assert sorted(outcomes) == [0, 1]  # type: ignore[type-var]
    assert Act.objects.filter(act="lapse").count() == 1


def test_two_who_start_at_once_have_one_application() -> None:
    world = make_world()
    call = published_call(world)
    actors = [world.actor("manager_c"), world.actor("editor_c")]
    outcomes = at_once(
        *[lambda actor=actor: start_application(actor=actor, call=call).pk for actor in actors]
    )
    assert len(set(outcomes)) == 1, outcomes
    assert Application.objects.count() == 1


def test_of_two_tabs_that_save_at_once_neither_text_is_lost() -> None:
    world = make_world()
    application = start_application(actor=world.actor("manager_c"), call=published_call(world))
    part = questions_of(application.call).part("specialised")
    assert part is not None
    name = "statement-chain_advantage"

    def save(person: str, text: str) -> Callable[[], object]:
        actor = world.actor(person)
        return lambda: save_part(
            actor=actor, application=application, part=part, typed=Typed({name: text}, {name: ""})
        )

    at_once(save("manager_c", "甲写的"), save("editor_c", "乙写的"))
    assert {Statement.objects.get().text, TypedText.objects.get().text} == {"甲写的", "乙写的"}
