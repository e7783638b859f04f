"""Who may open what: one row for every address of the site. The test fails on an address without a row.

Each part of the site keeps its rows in a file of its own as ``ROWS``; this package joins them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.access.world import World

Arguments = Callable[[World], Mapping[str, Any]]


def nothing(_: World) -> Mapping[str, Any]:
    """An address without arguments, or a POST without fields."""
    return {}


@dataclass(frozen=True, slots=True)
class Row:
    """An address, and the persons of the world for whom it exists.

    ``may`` are answered with one of ``answers``; every other signed-in person with 404, and a visitor is sent to the
    sign-in page. ``public`` pages are for everybody. ``arguments`` makes the objects that the address names (they
    belong to enterprise A or to the organisation of those who may) and gives its keyword arguments; ``fields`` is what
    is posted. ``method`` is the one that the row is about: an address that takes several has a row for each.
    """

    name: str
    may: frozenset[str] = frozenset()
    method: str = "GET"
    public: bool = False
    arguments: Arguments = nothing
    fields: Arguments = nothing
    query: Mapping[str, str] = field(default_factory=dict)
    answers: frozenset[int] = frozenset({200, 302})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An address that has tests of its own for who may open it; ``why`` says which and why no row can."""

    name: str
    why: str


def all_rows() -> list[Row | Elsewhere]:
    """The rows of every part."""
    found: list[Row | Elsewhere] = []
    for module in pkgutil.iter_modules(__path__):
        found += importlib.import_module(f"{__name__}.{module.name}").ROWS
    return found
