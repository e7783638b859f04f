"""A broken template of the city is said by every page that sets a paper, in the same words and to whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import application_at
from tests.recognition.expert_cases import all_submitted, drawn, submitted
from tests.recognition.published import certified
from tidu.recognition.models import Status

pytestmark = pytest.mark.django_db


def _certificate(world: World) -> list[int]:
    return [certified(world).pk]


def _submission(world: World) -> list[int]:
    return [application_at(world, Status.DISTRICT).pk, 1]


def _panel(world: World) -> list[int]:
    return [all_submitted(world).pk]


def _sheet(world: World) -> list[int]:
    drawn(world)
    return [submitted(world).pk]


@pytest.mark.parametrize(
    ("address", "person", "arguments", "template"),
    [
        ("certificate-paper", "city_hohhot", _certificate, "certificate.typ"),
        ("application-paper", "manager_c", _submission, "application.typ"),
        ("panel-summary", "city_hohhot", _panel, "expert_form.typ"),
        ("assignment-sheet", "expert_hohhot", _sheet, "expert_form.typ"),
    ],
)
def test_whoever_asks_for_a_paper_learns_what_is_wrong(  # noqa: PLR0917 - what differs from page to page
    client: Client,
    tmp_path: Path,
    settings: Settings,
    address: str,
    person: str,
    arguments: Callable[[World], list[int]],
    template: str,
) -> None:
    world = make_world()
    found = arguments(world)
    settings.DOCUMENT_TEMPLATES = tmp_path
    (tmp_path / template).write_text("#broken", encoding="utf-8")
    sign_in(client, world.users[person])
    answer = client.get(reverse(f"recognition:{address}", args=found))
    assert answer.status_code == 503
    page = answer.content.decode()
    assert f"公文模板“{template}”有错误" in page
    assert "请联系系统管理员改正模板" in page
