"""Evaluating the registry, and questions to departments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import AUDITOR_OF_A, AUDITORS, OFFICERS, World
from tests.registry.asking import asked, evaluated
from tidu.registry.actions.confirmations import save_answers, submit_answers
from tidu.registry.models import ConfirmationList

_CITIES = frozenset({"city_baotou", "city_hohhot", "city_hohhot_second"})
_CITY = frozenset({"city_baotou"})
_TAX = frozenset({"tax_baotou"})
_RUN_READERS = _CITY | AUDITOR_OF_A
_LIST_READERS = _CITY | _TAX | AUDITOR_OF_A
_DEPARTMENTS = frozenset({"tax_baotou", "tax_hohhot"})


def _run(world: World) -> Mapping[str, Any]:
    return {"pk": evaluated(world).pk}


def _compared(world: World) -> Mapping[str, Any]:
    evaluated(world)
    return {"pk": evaluated(world).pk}


def _list(world: World) -> Mapping[str, Any]:
    return {"pk": asked(world).pk}


def _answered(world: World) -> Mapping[str, Any]:
    batch = asked(world)
    actor = world.actor("tax_baotou")
    save_answers(actor=actor, batch=batch, answers={item.pk: "no" for item in batch.items.all()})
    submit_answers(actor=actor, batch=batch, document_no="某函〔2026〕1号", stated_on=batch.created_at.date())
    return {"pk": batch.pk}


def _answers(_: World) -> Mapping[str, Any]:
    batch = ConfirmationList.objects.latest("pk")
    return {f"a-{item.pk}": "no" for item in batch.items.all()}


ROWS: list[Row | Elsewhere] = [
    Row("registry:evaluations", may=OFFICERS | AUDITORS),
    Row(
        "registry:evaluation-start",
        method="POST",
        may=OFFICERS,
        fields=lambda _: {"offer": "national-2026-gradient/srdi", "as_of": "2026-06-30"},
        answers=frozenset({302}),
    ),
    Row("registry:evaluation", may=_RUN_READERS, arguments=_run),
    Row("registry:evaluation-results", may=_RUN_READERS, arguments=_run),
    Row(
        "registry:evaluation-act",
        method="POST",
        may=_RUN_READERS,
        arguments=_run,
        fields=lambda _: {"act": "xlsx", "all": "1"},
        answers=frozenset({200}),
    ),
    Row(
        "registry:evaluation-act",
        method="POST",
        may=_CITY,
        arguments=_run,
        fields=lambda _: {"act": "confirm", "all": "1"},
        answers=frozenset({302}),
    ),
    Row("registry:evaluation-compare", may=_RUN_READERS, arguments=_compared),
    Row("registry:confirmations", may=_CITIES | _DEPARTMENTS | AUDITORS),
    Row("registry:confirmation-new", may=_CITIES, answers=frozenset({302})),
    Row("registry:confirmation", may=_LIST_READERS, arguments=_list),
    Row("registry:confirmation-workbook", may=_LIST_READERS, arguments=_list),
    Row("registry:confirmation-withdraw", may=_CITY, arguments=_list),
    Row(
        "registry:confirmation-withdraw",
        method="POST",
        may=_CITY,
        arguments=_list,
        fields=lambda _: {"reason": "名单有误"},
        answers=frozenset({302}),
    ),
    Row(
        "registry:confirmation-close", method="POST", may=_CITY, arguments=_answered, answers=frozenset({302})
    ),
    Row(
        "registry:confirmation-save",
        method="POST",
        may=_TAX,
        arguments=_list,
        fields=_answers,
        answers=frozenset({302}),
    ),
    Row("registry:confirmation-submit", method="POST", may=_TAX, arguments=_list, answers=frozenset({422})),
    Row("registry:confirmation-upload", method="POST", may=_TAX, arguments=_list, answers=frozenset({422})),
]
