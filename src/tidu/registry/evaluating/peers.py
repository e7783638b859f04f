"""What the middle one of the enterprises of a tier reaches in each dimension, for the picture on another one's page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tidu.policy.batch.plan import Plan
from tidu.policy.batch.profiles import CRITERIA_PER_INTEGER
from tidu.policy.batch.results import CODES
from tidu.policy.status import Status

if TYPE_CHECKING:
    import polars as pl

#: With fewer enterprises no median is shown: it would give away somebody's own figure.
FEWEST: Final = 5
_CODES: Final = 4

#: Tier held (empty: none) → dimension → median share of criteria met, and of how many enterprises.
Medians = dict[str, dict[str, tuple[float, int]]]


def medians_by_tier(result: Path, plan: Plan) -> Medians:
    """The medians of one run by the tier that enterprises hold, without those of which nothing is known."""
    import polars as pl

    axes = _shares(plan)
    if not axes:
        return {}
    found = pl.scan_parquet(result).select(
        pl.col("tier").fill_null(""), *(e.alias(n) for n, e in axes.items())
    )
    by_tier = found.group_by("tier").agg(
        *(pl.col(name).median().alias(f"m:{name}") for name in axes),
        *(pl.col(name).count().alias(f"n:{name}") for name in axes),
    )
    return {
        row["tier"]: {
            name: (round(row[f"m:{name}"], 4), row[f"n:{name}"])
            for name in axes
            if row[f"n:{name}"] >= FEWEST
        }
        for row in by_tier.collect(engine="streaming").to_dicts()
    }


def _shares(plan: Plan) -> dict[str, pl.Expr]:
    """The share of criteria met in each dimension; none where nothing is met and nothing has failed."""
    import polars as pl

    places: dict[str, list[int]] = {}
    for place, columns in enumerate(plan.criteria):
        if columns.criterion.dimension is not None:
            places.setdefault(columns.criterion.dimension, []).append(place)
    found = {}
    for name, own in places.items():
        codes = [_code(place) for place in own]
        met = pl.sum_horizontal((code == CODES[Status.MET]).cast(pl.Int32) for code in codes)
        failed = pl.any_horizontal(code == CODES[Status.NOT_MET] for code in codes)
        found[name] = pl.when((met > 0) | failed).then(met / len(own)).otherwise(None)
    return found


def _code(place: int) -> pl.Expr:
    """The status of the criterion at a place, out of its packed column."""
    import polars as pl

    index, position = divmod(place, CRITERIA_PER_INTEGER)
    code: pl.Expr = pl.col(f"profile_{index}") // _CODES**position % _CODES
    return code
