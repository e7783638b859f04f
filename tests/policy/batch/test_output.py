"""What a result file holds besides numbers: cells that nothing executes, days before 1900, times with their zone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from tidu.policy.batch.output import export, neutral


def _nothing(*_: object) -> None:
    pass


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_a_text_that_a_spreadsheet_would_execute_gets_an_apostrophe(sign: str) -> None:
    assert neutral(f"{sign}HYPERLINK(A1)") == f"'{sign}HYPERLINK(A1)"


def test_negative_numbers_stay_numbers() -> None:
    assert neutral("-12.50%") == "-12.50%"


def test_days_before_1900_and_times_with_a_zone_are_written_as_text(tmp_path: Path) -> None:
    source, target = tmp_path / "in.parquet", tmp_path / "out.xlsx"
    zone = dt.timezone(dt.timedelta(hours=8))
    pl.DataFrame(
        {
            "founded": [dt.date(1899, 12, 31), dt.date(1900, 1, 1)],
            "seen": [dt.datetime(2026, 1, 2, 3, 4, tzinfo=zone)] * 2,
        }
    ).write_parquet(source)
    export(source, target, _nothing)
    rows = list(load_workbook(target)["结果"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["1899-12-31", dt.datetime(1900, 1, 1)]  # noqa: DTZ001 - workbooks know no zones
    assert str(rows[0][1]).startswith("2026-01-0")
