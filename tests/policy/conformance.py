"""Reads ``conformance.yaml`` for the test of every evaluator: rules checked, facts typed as a table types them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tidu.policy
from tidu.policy.language.check import check_condition
from tidu.policy.language.compile import Moment
from tidu.policy.language.extents import area_extent, industry_extent
from tidu.policy.language.parse import parse_rule
from tidu.policy.language.scope import Scope, Symbol
from tidu.policy.language.terms import Condition
from tidu.policy.quantities import Kind, Value
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.values import parse_value
from tidu.policy.vocabulary.yaml_source import read_yaml

FILE = Path(tidu.policy.__file__).with_name("conformance.yaml")
DATA: dict[str, Any] = read_yaml(FILE).data
_NO_NUMBERS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


@dataclass(frozen=True)
class ConformanceCase:
    """One example: a checked rule, flat facts (NaN and infinity kept as a table would hold them), and the status."""

    rule: str
    condition: Condition
    moment: Moment
    values: dict[str, Any]
    expect: Status

    @property
    def usable(self) -> dict[str, Any]:
        """The facts after loading: what is no number is missing."""
        return {key: value for key, value in self.values.items() if not _is_no_number(value)}


def _is_no_number(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def inputs() -> dict[str, Symbol]:
    """The names the examples use, as symbols of the checker."""
    return {
        name: Symbol(
            quantity(name).type, name, per_year=body.get("per_year", False), judged=body.get("judged", False)
        )
        for name, body in DATA["inputs"].items()
    }


def quantity(name: str) -> Quantity:
    """The description of one input."""
    body = DATA["inputs"][name]
    choices = {choice: choice for choice in body.get("choices", [])}
    return Quantity(
        id=name,
        label=name,
        help=name,
        kind=Kind(body["kind"]),
        unit=body.get("unit"),
        choices=choices,
        ordered=body.get("ordered", False),
    )


def scope() -> Scope:
    """Everything in view of the examples."""
    return Scope(inputs(), area=area_extent, industry=industry_extent)


def cases() -> Iterator[ConformanceCase]:
    """Every example of the file."""
    view = scope()
    for body in DATA["cases"]:
        as_of = dt.date.fromisoformat(body.get("as_of", "2026-06-30"))
        moment = Moment(as_of, body.get("base_year", as_of.year - 1))
        values = {key: _typed(key, raw) for key, raw in body["facts"].items()}
        condition = check_condition(parse_rule(body["rule"]), view)
        yield ConformanceCase(body["rule"], condition, moment, values, Status(body["expect"]))


def _typed(key: str, raw: object) -> Value:
    if raw in _NO_NUMBERS:
        return _NO_NUMBERS[str(raw)]
    name = key if key in DATA["inputs"] else key.rpartition("_")[0]
    return parse_value(raw, quantity(name))
