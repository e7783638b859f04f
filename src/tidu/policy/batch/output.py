"""Results as the file that was asked for: parquet as it is, CSV and workbooks with cells that nothing executes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tidu.policy.errors import InputError, Problem

SUFFIXES: Final = (".csv", ".xlsx", ".parquet")
#: Rows of a worksheet, less its heading.
MOST_WORKSHEET_ROWS: Final = 2**20 - 1
_BATCH: Final = 50_000
#: What a spreadsheet program would take for a formula, unless it is simply a number; East Asian editions also take the
#: full-width signs.
_FORMULA: Final = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
#: Workbooks count days from here; what is earlier is written as text.
_FIRST_WORKBOOK_DAY: Final = dt.date(1900, 1, 1)
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?([eE][+-]?[0-9]+)?%?")


def check_output(path: Path, source: Path) -> None:
    """Raises :class:`InputError` for a format that is not written, a folder that is not there, or the source itself."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            Problem(
                f"不能写“{path.suffix or path.name}”格式", path.name, remedy=f"可用：{'、'.join(SUFFIXES)}"
            )
        )
    if not path.parent.is_dir():
        raise InputError(Problem("文件夹不存在", str(path.parent), remedy="先建好文件夹，或换一个位置"))
    if path.exists() and path.samefile(source):
        raise InputError(Problem("结果不能写回原表", path.name, remedy="换一个文件名"))


def export(result: Path, target: Path, progress: Callable[[str, int, int | None], None]) -> None:
    """Write the parquet file ``result`` as CSV or as a workbook.

    Raises :class:`InputError` for more rows than a worksheet has.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(result)
    total = file.metadata.num_rows
    names = file.schema_arrow.names
    rows = _rows(file, lambda done: progress("写出结果", done, total))
    if target.suffix.lower() == ".csv":
        _write_csv(target, names, rows)
        return
    if total > MOST_WORKSHEET_ROWS:
        remedy = "结果改用 .csv 或 .parquet"
        raise InputError(
            Problem(f"{total} 行超过工作表的最大行数 {MOST_WORKSHEET_ROWS}", target.name, remedy=remedy)
        )
    _write_workbook(target, names, rows)


def neutral(value: Any) -> Any:
    """``value``, with an apostrophe before a text that a spreadsheet program would execute. Numbers stay numbers."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _rows(file: Any, progress: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    done = 0
    for batch in file.iter_batches(batch_size=_BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)
        done += batch.num_rows
        progress(done)


def _write_csv(target: Path, names: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    """UTF-8 with a byte order mark, so that office programs show Chinese."""
    import csv

    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([neutral(name) for name in names])
        for row in rows:
            writer.writerow([_csv_text(value) for value in row])


def _csv_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict | bytes):
        return neutral(str(value))
    return neutral(value)


def _workbook_day(value: dt.date) -> bool:
    day = value.date() if isinstance(value, dt.datetime) else value
    return day >= _FIRST_WORKBOOK_DAY


def _write_workbook(target: Path, names: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(str(target), options) as workbook:
        sheet = workbook.add_worksheet("结果")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        bold = workbook.add_format({"bold": True})
        for position, name in enumerate(names):
            sheet.write_string(0, position, str(neutral(name)), bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for position, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, dt.datetime) and value.tzinfo is not None:
                    sheet.write_string(number, position, value.isoformat())  # workbooks know no time zones
                elif isinstance(value, dt.date) and _workbook_day(value):
                    sheet.write_datetime(number, position, value, day)
                elif isinstance(value, bool | int | float):
                    sheet.write(number, position, value)
                else:
                    sheet.write_string(number, position, str(neutral(str(value)))[:32_767])
