"""Imports and names that look alike: officers, within their own organisation and place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import OFFICERS, World
from tests.registry.importing.tables import small_import
from tidu.core.uscc import check_characters
from tidu.registry.models import DuplicateProposal, Enterprise
from tidu.registry.models.imports import ImportState

_CITY = frozenset({"city_baotou"})
_BOTH_OF_A = frozenset({"city_baotou"})


def _import(world: World, state: ImportState) -> Mapping[str, Any]:
    return {"pk": small_import(world.actor("city_baotou"), state).pk}


def _checked(world: World) -> Mapping[str, Any]:
    return _import(world, ImportState.CHECKED)


def _done(world: World) -> Mapping[str, Any]:
    return _import(world, ImportState.DONE)


def _pair(world: World) -> Mapping[str, Any]:
    """A and an enterprise of another district of the same city: the city alone sees both."""
    other = Enterprise.objects.create(
        uscc=check_characters("91150204MA0TT18X"),
        name="某市试样甲科技有限责任公司",
        core_name="试样甲",
        city_id="150200",
        district_id="150204",
    )
    first, second = sorted((world.a.pk, other.pk))
    return {"pk": DuplicateProposal.objects.create(first_id=first, second_id=second, score=95).pk}


ROWS: list[Row | Elsewhere] = [
    Row("registry:imports", may=OFFICERS),
    Row("registry:imports", method="POST", may=OFFICERS, answers=frozenset({422})),
    Row("registry:import-template", may=OFFICERS, arguments=lambda _: {"kind": "figures"}),
    Row("registry:import", may=_CITY, arguments=_checked),
    Row("registry:import-marked", may=_CITY, arguments=_done),
    Row("registry:import-faulty", may=_CITY, arguments=_done),
    Row("registry:import-start", method="POST", may=_CITY, arguments=_checked, answers=frozenset({302})),
    Row("registry:import-discard", method="POST", may=_CITY, arguments=_checked, answers=frozenset({302})),
    Row("registry:import-undo", may=_CITY, arguments=_done),
    Row("registry:import-undo", method="POST", may=_CITY, arguments=_done, answers=frozenset({302})),
    Row("registry:duplicates", may=OFFICERS),
    Row(
        "registry:duplicate-decide",
        method="POST",
        may=_BOTH_OF_A,
        arguments=_pair,
        fields=lambda _: {"verdict": "different"},
        answers=frozenset({302}),
    ),
]
