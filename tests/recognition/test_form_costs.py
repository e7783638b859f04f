"""What filling in costs: in the last minutes of a call everybody opens and saves the form at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import published_call
from tests.recognition.filling import paper, say, state
from tidu.core import criterion_words
from tidu.policy.assess.wording import Names
from tidu.policy.documents.criteria import Criterion
from tidu.recognition.actions.applying import start_application
from tidu.recognition.applying.questions import questions_of
from tidu.recognition.models import Application

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def application(world: World) -> Application:
    return start_application(actor=world.actor("manager_c"), call=published_call(world))


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    sign_in(client, world.users["manager_c"])
    return client


def _url(application: Application, part: str) -> str:
    return reverse("recognition:application-section", args=[application.pk, part])


def test_a_page_of_the_form_costs_the_same_however_much_is_filled_in(
    world: World, application: Application, browser: Client
) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(_url(application, "basic")).status_code == 200
        counts.append(len(caught))
        state(world)
        say(world, application)
        for kind in ("audit_report", "business_licence"):
            paper(world, kind)
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 15


def test_a_save_costs_the_same_however_much_the_part_asks(application: Application, browser: Client) -> None:
    """A browser sends every control of a part; what nobody changed is compared, not asked for one by one."""
    counts = []
    for part in questions_of(application.call).parts:
        fields = {judged.control: "" for judged in part.judged} | {item.name: "" for item in part.controls}
        with CaptureQueriesContext(connection) as caught:
            answer = browser.post(
                _url(application, part.id), fields | {"shown": "{}"}, headers={"X-Requested-With": "autosave"}
            )
        assert answer.status_code == 200
        counts.append((len(part.judged) > 0, len(caught)))
    assert len(set(counts)) == len(dict(counts)), counts
    assert max(number for _, number in counts) <= 24


def test_each_condition_is_put_into_words_once_for_a_page(
    application: Application, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(criterion: Criterion, names: Names, base_year: int) -> str:
        asked.append(criterion.id)
        return words(criterion, names, base_year)

    words = criterion_words.asked
    monkeypatch.setattr(criterion_words, "asked", counted)
    assert browser.get(_url(application, "basic")).status_code == 200
    assert asked
    assert len(asked) == len(set(asked))
