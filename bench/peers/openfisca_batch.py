"""The eleven criteria in OpenFisca: variables with formulas over arrays in memory.

OpenFisca has no missing value, 32-bit integers and 32-bit floats. Statuses are codes (0 not met, 1 met, 2
unknown), absent figures are NaN, absent counts −1; dates and codes are numbers, made while loading. 32-bit
floats may decide a row at a boundary otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.peers.hand_polars import CRITERIA

#: NumPy arrays, OpenFisca's population and period: neither library types what its formulas are given.
Array = Any
Population = Any
Period = Any
Formula = Callable[..., Array]

Enterprise = build_entity(key="enterprise", plural="enterprises", label="企业", is_person=True)
PERIOD: Final = "2025"
REAL: Final = ("revenue_2023", "revenue_2024", "revenue_2025", "main_product_revenue_2025", "niche_years")
WHOLE: Final = (
    "registered_on",
    "city",
    "tax_and_credit_good",
    "major_incident",
    "bad_record",
    "rank_national",
    "rank_regional",
    "invention_patents",
    "pct_published",
    "utility_models",
    "software_copyrights",
    "standards",
    "rd_centre",
)
_CUTOFF: Final = (dt.date(2024, 6, 30) - dt.date(1970, 1, 1)).days
_FAR: Final = 2**30


def _decided(test: Array, known: Array) -> Array:
    """0, 1 or 2 from a test and whether it can be made."""
    return np.where(known, test, 2)


def _at_least(value: Array, limit: float) -> Array:
    return _decided(value >= limit, value >= 0)


def _either(*codes: Array) -> Array:
    met = np.logical_or.reduce([code == 1 for code in codes])
    open_ = np.logical_or.reduce([code == 2 for code in codes])
    return np.where(met, 1, np.where(open_, 2, 0))


def _formulas() -> dict[str, Formula]:
    def read(enterprise: Population, period: Period, name: str) -> Array:
        return enterprise(name, period)

    def growth(enterprise: Population, period: Period, _parameters: object = None) -> Array:
        first, second, last = (read(enterprise, period, f"revenue_{year}") for year in (2023, 2024, 2025))
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = ((second / first - 1.0) + (last / second - 1.0)) / 2
        known = (first > 0) & (second > 0) & ~np.isnan(last)
        return _decided(mean >= np.float32(0.1), known)

    def share(enterprise: Population, period: Period, _parameters: object = None) -> Array:
        part, whole = (
            read(enterprise, period, "main_product_revenue_2025"),
            read(enterprise, period, "revenue_2025"),
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = part / whole
        return _decided(ratio >= np.float32(0.5), (whole != 0) & ~np.isnan(ratio))

    def rank(enterprise: Population, period: Period, _parameters: object = None) -> Array:
        nation, region = read(enterprise, period, "rank_national"), read(enterprise, period, "rank_regional")
        return _either(_decided(nation <= 20, nation >= 0), _decided(region <= 10, region >= 0))

    def innovation(enterprise: Population, period: Period, _parameters: object = None) -> Array:
        models, software = (
            read(enterprise, period, "utility_models"),
            read(enterprise, period, "software_copyrights"),
        )
        return _either(
            _at_least(read(enterprise, period, "invention_patents"), 1),
            _at_least(read(enterprise, period, "pct_published"), 1),
            _decided(models + software >= 3, (models >= 0) & (software >= 0)),
            _at_least(read(enterprise, period, "standards"), 1),
            _at_least(read(enterprise, period, "rd_centre"), 1),
        )

    def status(enterprise: Population, period: Period, _parameters: object = None) -> Array:
        codes = [read(enterprise, period, f"c_{name}") for name in CRITERIA]
        failed = np.logical_or.reduce([code == 0 for code in codes])
        open_ = np.logical_or.reduce([code == 2 for code in codes])
        return np.where(failed, 0, np.where(open_, 2, 1))

    def yes(name: str, *, wanted: int) -> Formula:
        def formula(enterprise: Population, period: Period, _parameters: object = None) -> Array:
            value = read(enterprise, period, name)
            return _decided(value == wanted, value >= 0)

        return formula

    def least(name: str, limit: float) -> Formula:
        return lambda enterprise, period, _parameters=None: _at_least(read(enterprise, period, name), limit)

    def registered(enterprise: Population, period: Period, _parameters: object = None) -> Array:
        day = read(enterprise, period, "registered_on")
        return _decided(day <= _CUTOFF, day < _FAR)

    return {
        "c_registered_two_years": registered,
        "c_registered_in_city": yes("city", wanted=1),
        "c_tax_and_credit_good": yes("tax_and_credit_good", wanted=1),
        "c_no_major_incident": yes("major_incident", wanted=0),
        "c_no_bad_record": yes("bad_record", wanted=0),
        "c_revenue": least("revenue_2025", 10_000_000),
        "c_growth": growth,
        "c_niche_two_years": least("niche_years", 2),
        "c_main_product_share": share,
        "c_market_rank": rank,
        "c_innovation_outcome": innovation,
        "verdict": status,
    }


def system() -> TaxBenefitSystem:
    """The variables, made once."""
    made = TaxBenefitSystem([Enterprise])
    for name in REAL:
        made.add_variable(_variable(name, float, None))
    for name in WHOLE:
        made.add_variable(_variable(name, int, None))
    for name, formula in _formulas().items():
        made.add_variable(_variable(name, int, formula))
    return made


def _variable(name: str, kind: type, formula: Formula | None) -> type[Variable]:
    body: dict[str, Any] = {
        "value_type": kind,
        "entity": Enterprise,
        "definition_period": YEAR,
        "label": name,
    }
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def load(path: Path) -> dict[str, Array]:
    """The arrays that OpenFisca computes with, from the same parquet file."""
    import pyarrow.compute as pc

    table = pq.read_table(
        path, columns=[*REAL, "registered_area", *[name for name in WHOLE if name != "city"]]
    )
    arrays: dict[str, Array] = {name: table[name].to_numpy().astype(np.float32) for name in REAL}
    city = pc.starts_with(table["registered_area"], "1501").cast("int32")
    arrays["city"] = pc.fill_null(city, -1).to_numpy().astype(np.int32)
    centres = pc.index_in(table["rd_centre"], pa.array(["none", "municipal", "provincial", "national"]))
    for name in WHOLE:
        if name == "city":
            continue
        column = centres if name == "rd_centre" else table[name].cast("int32")
        arrays[name] = (
            pc.fill_null(column, _FAR if name == "registered_on" else -1).to_numpy().astype(np.int32)
        )
    return arrays


def counts(made: TaxBenefitSystem, arrays: dict[str, Array]) -> dict[str, int]:
    """Counts by criterion and status."""
    rows = len(arrays["city"])
    simulation = SimulationBuilder().build_default_simulation(made, count=rows)
    for name, values in arrays.items():
        simulation.set_input(name, PERIOD, values)
    found = {"rows": rows}
    for name, variable in [("status", "verdict"), *((name, f"c_{name}") for name in CRITERIA)]:
        codes = simulation.calculate(variable, PERIOD)
        found[f"met {name}"] = int((codes == 1).sum())
        found[f"unknown {name}"] = int((codes == 2).sum())
    return found
