"""Runs over the registry and questions to departments for tests, made by the actions that make them in life."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.access.world import World
from tests.accounts.signing_in import sign_in
from tidu.core.jobs.worker import drain
from tidu.core.roles import Role
from tidu.policy.documents.library import load_library
from tidu.registry.actions.confirmations import send_confirmation
from tidu.registry.actions.evaluations import start_evaluation
from tidu.registry.models import ConfirmationItem, ConfirmationList, Evaluation

NUMBER = "某税函〔2026〕9号"
AS_OF = dt.date(2026, 6, 30)
QUESTIONS = ("tax_and_credit_good", "tax_evasion")


def evaluated(
    world: World, person: str = "city_baotou", *, tier: str = "srdi", as_of: dt.date = AS_OF
) -> Evaluation:
    """A finished run of the person's bureau against the national rules of 2026."""
    run = start_evaluation(
        actor=world.actor(person), pack=load_library().get("national-2026-gradient"), tier=tier, as_of=as_of
    )
    drain()
    run.refresh_from_db()
    return run


def asked(
    world: World, *letters: str, questions: tuple[str, ...] = QUESTIONS, title: str = "纳税情况"
) -> ConfirmationList:
    """A list that Baotou's bureau sent to its tax department about enterprises of the world."""
    tax = world.organisations["tax_baotou"]
    tax.confirms = ["tax"]
    tax.save(update_fields=["confirms"])
    assert world.actor("tax_baotou").has(Role.DEPARTMENT_OFFICER)
    return send_confirmation(
        actor=world.actor("city_baotou"),
        department=tax,
        enterprises=[world.enterprises[letter].pk for letter in letters or ("A", "B")],
        questions=questions,
        title=title,
        working_days=10,
    )


def client_of(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def item(batch: ConfirmationList, world: World, letter: str, question: str) -> ConfirmationItem:
    return batch.items.get(enterprise=world.enterprises[letter], indicator=question)


def post(client: Client, name: str, batch: ConfirmationList, **fields: Any) -> Any:  # noqa: ANN401 - a test client's
    """What a page of the list answers."""
    return client.post(reverse(f"registry:{name}", args=[batch.pk]), fields)
