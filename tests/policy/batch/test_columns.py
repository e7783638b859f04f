"""Columns as a parquet file types them become exact facts, alike on every engine."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tidu.policy.batch.columns import code_books, convert, convertible, extents
from tidu.policy.batch.engines import Engine
from tidu.policy.batch.source import parquet_schema
from tidu.policy.batch.steps import SOURCE, Step
from tidu.policy.batch.units import UNITS
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Quantity

NAN, INF = float("nan"), float("inf")


def quantity(kind: str, **more: object) -> Quantity:
    return Quantity.model_validate({"id": "a", "label": "某项", "help": "某项", "kind": kind, **more})


COUNT = quantity("count", unit="人", minimum=0)
MONEY = quantity("money", minimum=0)
CENTRE = quantity("choice", choices={"none": "没有", "national": "国家级"})
# name: column, what it is, its unit, the values that must come out; a refused value comes out as "refused"
COLUMNS: dict[str, tuple[pa.Array, Quantity, str, list[Any]]] = {
    "whole yuan": (pa.array([1, None, -3, 10**15], pa.int64()), MONEY, "", [100, None, "refused", "refused"]),
    "thousands": (pa.array([7, 0, None, -1], pa.int32()), MONEY, "万元", [7_000_000, 0, None, "refused"]),
    "yuan as floats": (
        pa.array([1234.56, NAN, INF, 0.1 + 0.2]),
        quantity("money"),
        "",
        [123456, None, "refused", 30],
    ),
    "too many decimals": (pa.array([1.234, 1.23, None, 0.0]), MONEY, "", ["refused", 123, None, 0]),
    "floats of wan": (
        pa.array([1.2345678, None, -1.0, 1e12]),
        MONEY,
        "万元",
        [1234568, None, "refused", "refused"],
    ),
    "decimals": (
        pa.array(
            [Decimal("1.25"), None, Decimal("90000000000001.23"), Decimal("-0.01")], pa.decimal128(18, 2)
        ),
        MONEY,
        "",
        [125, None, 9000000000000123, "refused"],
    ),
    "finer decimals": (
        pa.array([Decimal("1.2500"), None, Decimal("1.2345"), Decimal(3)], pa.decimal128(18, 4)),
        MONEY,
        "",
        [125, None, "refused", 300],
    ),
    "people": (pa.array([3.0, 2.5, None, NAN]), COUNT, "", [3, "refused", None, None]),
    "percent": (pa.array([12.5, None, INF, 0.0]), quantity("ratio"), "%", [0.125, None, "refused", 0.0]),
    "months": (pa.array([24, 30, None, 0], pa.int8()), quantity("years"), "月", [2.0, 2.5, None, 0.0]),
    "times": (
        pa.array([1_704_236_400_000, None, None, None], pa.timestamp("ms")),
        quantity("date"),
        "",
        [dt.date(2024, 1, 2), None, None, None],
    ),
    "ones and zeros": (
        pa.array([1, 0, 2, None], pa.int8()),
        quantity("yes_no"),
        "",
        [True, False, "refused", None],
    ),
    "options": (pa.array(["none", "国家级", "x", None]), CENTRE, "", ["none", "national", "refused", None]),
    "areas": (
        pa.array(["150102", " 150203 ", "1501", None]),
        quantity("area"),
        "",
        ["150102", "150203", "refused", None],
    ),
    "areas as numbers": (
        pa.array([150102, 12, None, 1501021]),
        quantity("area"),
        "",
        ["150102", "refused", None, "refused"],
    ),
    "industries": (
        pa.array(["C3091", "c30", "3091", "Z1"]),
        quantity("industry"),
        "",
        ["C3091", "C30", "refused", "refused"],
    ),
}


@pytest.fixture(params=[True, False], ids=["with code books", "row by row"])
def booked(request: pytest.FixtureRequest) -> bool:
    found: bool = request.param
    return found


def test_every_engine_reads_columns_alike(engine: Engine, tmp_path: Path, *, booked: bool) -> None:
    file = tmp_path / "columns.parquet"
    pq.write_table(pa.table({name: column for name, (column, *_) in COLUMNS.items()}), file)
    import ibis

    schema = parquet_schema(file)
    table = ibis.table(schema, name=SOURCE)
    known = extents(file)
    text = {name: what for name, (_, what, *_) in COLUMNS.items() if schema[name].is_string()}
    books = code_books(file, text) if booked else {}
    selected: dict[str, Any] = {}
    for name, (_, what, unit, _) in COLUMNS.items():
        assert convertible(what.kind, schema[name])
        value, refused = convert(table[name], what, UNITS[unit], known.get(name), books.get(name))
        selected[name] = value
        selected[f"refused {name}"] = ibis.literal(False) if refused is None else refused
    rows = engine.fetch(file, [Step(SOURCE, table.select(**selected))])
    for name, (column, what, _, expected) in COLUMNS.items():
        found = ["refused" if row[f"refused {name}"] else row[name] for row in rows]
        wanted = (
            expected if booked or not schema[name].is_string() else unwritten(column.to_pylist(), expected)
        )
        assert found == [pytest.approx(value) if isinstance(value, float) else value for value in wanted], (
            name
        )
        assert all(row[name] is None for row in rows if row[f"refused {name}"]), what.kind


def unwritten(raw: list[Any], expected: list[Any]) -> list[Any]:
    """Row by row nothing is rewritten: what is not in its exact form is refused."""
    return [code if code in {text, None} else "refused" for text, code in zip(raw, expected, strict=True)]


def test_statistics_of_the_file_prove_that_no_value_is_out_of_range(tmp_path: Path) -> None:
    file = tmp_path / "proven.parquet"
    pq.write_table(pa.table({"a": pa.array([1, 5, None]), "f": pa.array([1.0, NAN, 2.0])}), file)
    known = extents(file)
    assert (known["a"].least, known["a"].greatest) == (1, 5)
    assert "f" not in known, "statistics of floats pass over NaN and prove nothing"


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("money", pa.array(["1,000"])),
        ("yes_no", pa.array(["是"])),
        ("date", pa.array(["2024-01-01"])),
        ("area", pa.array([True])),
    ],
)
def test_text_that_must_be_read_is_not_left_to_an_engine(kind: str, column: pa.Array, tmp_path: Path) -> None:
    file = tmp_path / "text.parquet"
    pq.write_table(pa.table({"a": column}), file)
    assert not convertible(Kind(kind), parquet_schema(file)["a"])
