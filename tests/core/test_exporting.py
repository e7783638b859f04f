"""Workbooks: as long as a list may be, in memory that does not grow with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

from openpyxl import load_workbook

from tidu.core.exporting import Cell, workbook

HEADS = ("序号", "企业名称")


def rows(number: int) -> Iterator[tuple[Cell, ...]]:
    return ((place, f"某市试样{place}科技有限公司") for place in range(number))


def peak(number: int) -> int:
    tracemalloc.start()
    try:
        workbook("企业名单", HEADS, rows(number)).close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_workbook_takes_no_more_memory_than_a_short_one() -> None:
    peak(10)  # what is imported and kept
    assert peak(8000) - peak(2000) < 100_000  # a buffer is full by then


def test_every_row_is_in_the_one_sheet() -> None:
    with workbook("企业名单", HEADS, rows(1200)) as file:
        sheet = load_workbook(file, read_only=True)["企业名单"]
        found = list(sheet.iter_rows(values_only=True))
    assert found[0] == HEADS
    assert found[-1] == (1199, "某市试样1199科技有限公司")
    assert len(found) == 1201
