"""Made-up enterprises, the same for every contender: a seeded generator, some values of every column missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED: Final = 20260630
CHUNK: Final = 500_000
AREAS: Final = np.array(
    ["150102", "150103", "150104", "150105", "150121", "150172", "150202", "150203", "150271", "110101"]
)
CENTRES: Final = np.array(["none", "municipal", "provincial", "national"])


def write_companies(path: Path, rows: int) -> None:
    """``rows`` enterprises as parquet: per-year money in whole 元, codes as text, counts, yes/no and a date."""
    rng = np.random.default_rng(SEED)
    writer = None
    for start in range(0, rows, CHUNK):
        table = _chunk(rng, start, min(CHUNK, rows - start))
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None
    writer.close()


def _chunk(rng: np.random.Generator, start: int, rows: int) -> pa.Table:
    def column(values: np.typing.NDArray[Any], missing: float, kind: pa.DataType | None = None) -> pa.Array:
        return pa.array(values, kind, mask=rng.random(rows) < missing)

    revenue = np.exp(rng.normal(16.5, 1.5, rows)).round()
    columns: dict[str, pa.Array] = {
        "name": pa.array([f"示例企业{number}" for number in range(start, start + rows)])
    }
    for year in (2023, 2024, 2025):
        columns[f"revenue_{year}"] = column(revenue.astype(np.int64), 0.05)
        if year < 2025:
            revenue = (revenue * rng.normal(1.12, 0.2, rows)).clip(0).round()
    share = rng.random(rows)
    columns["main_product_revenue_2025"] = column((revenue * share).round().astype(np.int64), 0.08)
    days = rng.integers(9_131, 20_450, rows).astype("int32")  # 1995 to 2025
    columns["registered_on"] = column(days, 0.02, pa.int32()).cast(pa.date32())
    columns["registered_area"] = column(AREAS[rng.integers(0, len(AREAS), rows)], 0.03)
    for name, share_true in (("tax_and_credit_good", 0.9), ("major_incident", 0.05), ("bad_record", 0.05)):
        columns[name] = column(rng.random(rows) < share_true, 0.04)
    columns["niche_years"] = column((rng.random(rows) * 12).round(1), 0.1)
    for name, low, high in (
        ("rank_national", 1, 200),
        ("rank_regional", 1, 40),
        ("invention_patents", 0, 3),
        ("pct_published", 0, 2),
        ("utility_models", 0, 6),
        ("software_copyrights", 0, 5),
        ("standards", 0, 2),
    ):
        columns[name] = column(rng.integers(low, high, rows), 0.15)
    columns["rd_centre"] = column(CENTRES[rng.choice(4, rows, p=[0.6, 0.25, 0.1, 0.05])], 0.1)
    return pa.table(columns)


if __name__ == "__main__":
    write_companies(Path(sys.argv[1]), int(sys.argv[2]))
