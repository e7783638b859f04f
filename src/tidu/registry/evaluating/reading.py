"""The facts that a plan reads, of every enterprise of a place, as one parquet file of exact columns.

The database joins the facts of one enterprise into one text, so that a hundred thousand enterprises cross into Python
as so many rows; Polars takes the texts apart. Enterprises come in portions, each read by one statement: memory holds
one portion, and no enterprise is seen half changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.policy.assess.facts import Facts
from tidu.policy.assess.wording import Names
from tidu.policy.batch.plan import Plan
from tidu.policy.batch.source import Source, staged_source
from tidu.policy.quantities import Kind
from tidu.registry.models import Enterprise, EnterpriseStatus, Title
from tidu.registry.queries.facts import recognitions_of

if TYPE_CHECKING:
    import polars as pl

PORTION: Final = 20_000
#: What results are counted by, beside the verdicts.
CARRIED: Final = ("enterprise", "district", "industry", "tier")
_FACT, _FIELD = "\x1e", "\x1f"

Progress = Callable[[int, int], None]


def enterprises_of(place: Jurisdiction) -> Any:  # noqa: ANN401 - a queryset, narrowed further by its callers
    """The enterprises on the books of a place."""
    on_books = Enterprise.objects.filter(status=EnterpriseStatus.ACTIVE)
    match place.level:
        case PlaceLevel.NATION:
            return on_books
        case PlaceLevel.REGION:
            return on_books.filter(city__parent=place)
        case PlaceLevel.CITY:
            return on_books.filter(city=place)
        case _:
            return on_books.filter(district=place)


def read_registry(
    place: Jurisdiction, plan: Plan, names: Names, folder: Path, progress: Progress
) -> tuple[Source, int]:
    """Write what ``plan`` reads of all enterprises of ``place`` into ``folder``; gives the source and how many."""
    import pyarrow.parquet as pq

    keys = list(enterprises_of(place).order_by("pk").values_list("pk", flat=True))
    file = folder / "registry.parquet"
    writer = None
    try:
        for start in range(0, len(keys), PORTION) if keys else [0]:
            portion = keys[start : start + PORTION]
            table = _portion(place, portion, plan, names).to_arrow()
            writer = writer or pq.ParquetWriter(file, table.schema)
            writer.write_table(table)
            progress(start + len(portion), len(keys))
    finally:
        if writer is not None:
            writer.close()
    return staged_source(file, list(plan.schema), CARRIED), len(keys)


def _portion(place: Jurisdiction, keys: Sequence[int], plan: Plan, names: Names) -> pl.DataFrame:
    """The columns of some enterprises, in the order of their keys."""
    import polars as pl

    stated = [key for key in plan.schema if not key.startswith("holds_")]
    rows = _joined(place, keys, stated, names)
    frame = pl.DataFrame(
        rows,
        orient="row",
        schema={
            "i:0": pl.Int64,
            "i:1": pl.String,
            "i:2": pl.String,
            "i:3": pl.String,
            "area": pl.String,
            "facts": pl.String,
        },
    )
    facts = (
        frame.select("i:0", pl.col("facts").str.split(_FACT))
        .explode("facts")
        .drop_nulls()
        .select("i:0", pl.col("facts").str.split_exact(_FIELD, 1).struct.rename_fields(["key", "value"]))
        .unnest("facts")
        .filter(pl.col("key").is_in(stated))
    )
    wide = facts.pivot(on="key", index="i:0", values="value") if facts.height else facts.select("i:0")
    frame = frame.join(wide, on="i:0", how="left", maintain_order="left")
    typed = [
        _typed(key, dtype, present=key in wide.columns) for key, dtype in plan.schema.items() if key in stated
    ]
    frame = frame.select("i:0", "i:1", "i:2", "i:3", *typed)
    return frame.with_columns(_held(frame["i:0"].to_list(), plan))


def _joined(
    place: Jurisdiction, keys: Sequence[int], stated: Sequence[str], names: Names
) -> list[tuple[Any, ...]]:
    """Key, district, industry, tier, area and all chosen facts, joined, of the enterprises with these keys.

    Both databases know the statement but for the names of two functions. ``keys`` are a run of the place's own, so that
    a range and the place say which enterprises are meant.
    """
    if not keys:
        return []
    indicators = {key: names.indicator(key) for key in stated}
    ids = sorted({found.id for found in indicators.values() if found is not None})
    years = sorted(
        {int(key.rpartition("_")[2]) for key, found in indicators.items() if found and key != found.id}
    )
    join, char = ("string_agg", "chr") if connection.vendor == "postgresql" else ("group_concat", "char")
    value = "f.value"
    if any(found is not None and found.kind is Kind.TEXT for found in indicators.values()):
        value = f"replace(replace(f.value, {char}(30), ' '), {char}(31), ' ')"
    of_place, place_codes = _of_place(place)
    statement = f"""
        SELECT e.id, e.district_id, e.industry, e.tier, coalesce(e.district_id, e.city_id),
               {join}(f.indicator || CASE WHEN f.year > 0 THEN '_' || CAST(f.year AS varchar(4)) ELSE '' END
                      || {char}(31) || {value}, {char}(30))
        FROM registry_enterprise e
        LEFT JOIN registry_fact f ON f.enterprise_id = e.id AND f.chosen
             AND f.indicator IN ({_marks(ids)}) AND f.year IN ({_marks([0, *years])})
        WHERE e.id >= %s AND e.id <= %s AND {of_place}
        GROUP BY e.id ORDER BY e.id
    """  # noqa: S608 - made of constants and placeholders
    with connection.cursor() as cursor:
        cursor.execute(statement, [*ids, 0, *years, keys[0], keys[-1], *place_codes])
        wanted = set(keys)
        return [row for row in cursor.fetchall() if row[0] in wanted]


def _of_place(place: Jurisdiction) -> tuple[str, list[str]]:
    """The condition that an enterprise ``e`` is of the place, with its parameters."""
    match place.level:
        case PlaceLevel.NATION:
            return "1 = 1", []
        case PlaceLevel.REGION:
            return "e.city_id IN (SELECT code FROM core_jurisdiction WHERE parent_id = %s)", [place.code]
        case PlaceLevel.CITY:
            return "e.city_id = %s", [place.code]
        case _:
            return "e.district_id = %s", [place.code]


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _typed(key: str, dtype: str, *, present: bool) -> pl.Expr:
    """The column of an input in its exact type; a place of registration that nobody stated is where it is listed."""
    import polars as pl

    text = pl.col(key) if present else pl.lit(None, pl.String)
    if key == "registered_area":
        text = pl.coalesce(text, pl.col("area"))
    match dtype:
        case "int64":
            column = text.cast(pl.Int64)
        case "float64":
            column = text.cast(pl.Float64)
        case "boolean":
            column = text == "yes"
        case "date":
            column = text.str.to_date("%Y-%m-%d")
        case _:
            column = text
    return column.alias(key)


def _held(keys: Sequence[int], plan: Plan) -> list[pl.Series]:
    """The columns ``holds_…``: read from the titles by the function that reads them for one enterprise."""
    import polars as pl

    tiers, day = plan.tier.titles, plan.moment.as_of
    if not tiers:
        return []
    held = {pk: Facts(recognitions=recognitions_of(titles)).on(day, tiers) for pk, titles in _titles(keys)}
    nothing: dict[str, bool] = {}
    return [
        pl.Series(name, [held.get(pk, nothing).get(name) for pk in keys], pl.Boolean)
        for name in (f"holds_{tier}" for tier in tiers)
    ]


def _titles(keys: Sequence[int]) -> Iterator[tuple[int, list[Title]]]:
    if not keys:
        return
    rows = Title.objects.filter(enterprise_id__gte=keys[0], enterprise_id__lte=keys[-1]).order_by(
        "enterprise_id"
    )
    for pk, titles in groupby(rows.iterator(), key=lambda title: title.enterprise_id):
        yield pk, list(titles)
