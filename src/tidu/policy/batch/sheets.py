"""Tables as people keep them: CSV in UTF-8 or GB 18030, and workbooks, with limits that keep hostile files out.

Yields rows with the numbers a person sees in a spreadsheet program (the first row is 1).
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tidu.policy.batch.archives import safe_copy
from tidu.policy.batch.cells import cell_text
from tidu.policy.errors import InputError, Problem

LARGEST_CSV: Final = 8 * 10**9
MOST_COLUMNS: Final = 1_000
LONGEST_CELL: Final = 100_000
_CHUNK: Final = 1 << 20

Row = tuple[int, list[Any]]


@dataclass(slots=True)
class Table:
    """One table: the name of its sheet, its headings, and its rows (number, cells: one per heading).

    ``total`` is the number of rows if it is known; ``excess`` collects (row, text) of cells beyond the last heading.
    """

    sheet: str | None
    titles: list[str]
    rows: Iterator[Row]
    total: int | None
    excess: list[tuple[int, str]]
    kinds: list[type] | None = None


def open_table(path: Path, *, sheet: str | None = None, header_row: int = 1) -> Table:
    """Open a ``.csv`` or ``.xlsx`` file. Raises :class:`InputError`."""
    if not path.is_file():
        raise InputError(Problem("文件读不到", path.name, remedy="检查路径和读取权限"))
    if path.suffix.lower() == ".xlsx":
        return _open_workbook(path, sheet, header_row)
    return _open_csv(path, header_row)


# ---- CSV


def _open_csv(path: Path, header_row: int) -> Table:
    if path.stat().st_size > LARGEST_CSV:
        raise InputError(
            Problem(f"文件超过 {LARGEST_CSV // 10**9} GB", path.name, remedy="换成 parquet 格式")
        )
    encoding = _encoding(path)
    rows = _csv_rows(path, encoding)
    for _ in range(header_row - 1):
        next(rows, None)
    _, heading = next(rows, (0, []))
    titles = _titles(heading, path.name)
    excess: list[tuple[int, str]] = []
    return Table(None, titles, _fitted(rows, len(titles), excess), None, excess)


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is, else GB 18030, as older office programs save. Raises :class:`InputError`."""
    for name in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    raise InputError(
        Problem("文件不是 UTF-8 或 GB 18030 编码", path.name, remedy="另存为 UTF-8 编码的 CSV 后重试")
    )


def _csv_rows(path: Path, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = "\t" if "\t" in first and "," not in first else ","
        reader = csv.reader(file, delimiter=delimiter, strict=False)
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                yield number, cells
        except csv.Error as error:
            message = f"第 {number + 1} 行读不出来"
            remedy = f"检查引号是否成对、单元格是否超过 {LONGEST_CELL} 字"
            raise InputError(Problem(message, path.name, reader.line_num, remedy=remedy)) from error


# ---- workbooks


def _open_workbook(path: Path, wanted: str | None, header_row: int) -> Table:
    name, rows = _sheet(path, wanted)
    numbered = [(number, [_cell(cell) for cell in cells]) for number, cells in enumerate(rows, 1)]
    heading = numbered[header_row - 1][1] if len(numbered) >= header_row else []
    titles = _titles(_trimmed(heading), path.name)
    body = numbered[header_row:]
    excess: list[tuple[int, str]] = []
    fitted = list(_fitted(iter(body), len(titles), excess))
    kinds = [_kind([cells[index] for _, cells in fitted]) for index in range(len(titles))]
    return Table(name, titles, iter(fitted), len(fitted), excess, kinds)


def _sheet(path: Path, wanted: str | None) -> tuple[str, list[list[Any]]]:
    """Name and rows of the wanted sheet, or of the first that is not empty. Raises :class:`InputError`."""
    with tempfile.TemporaryDirectory(prefix="tidu-") as folder:
        copy = Path(folder) / "copy.xlsx"
        safe_copy(path, copy)
        try:
            names, name, rows = _read_sheet(copy, wanted)
        except BaseException as error:
            # The reader is Rust: where it gives up, it raises what is no Exception.
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            remedy = "用电子表格软件打开后另存为 .xlsx"
            raise InputError(Problem("工作簿读不出来", path.name, remedy=remedy)) from error
    if name is None:
        message = "工作簿里没有工作表" if wanted is None else f"工作簿里没有“{wanted}”表"
        raise InputError(Problem(message, path.name, remedy=f"现有：{'、'.join(names) or '无'}"))
    return name, rows


def _read_sheet(copy: Path, wanted: str | None) -> tuple[list[str], str | None, list[list[Any]]]:
    """The names of all sheets, and name and rows of the one to read (``None`` if it is not there)."""
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_path(copy)
    names: list[str] = workbook.sheet_names
    found: str | None = None
    rows: list[list[Any]] = []
    for name in names if wanted is None else [name for name in names if name == wanted]:
        found, rows = name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if rows:
            break
    return names, found, rows


def _cell(cell: Any) -> Any:
    """Blank cells as ``None``; whole floats as integers, as a person sees them."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 - exact in a float
        return int(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return cell if isinstance(cell, bool | int | float | dt.datetime | dt.date) or cell is None else str(cell)


def _kind(cells: Sequence[Any]) -> type:
    """The one type of a column, or text for anything mixed."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {int, float}:
        return float
    return next(iter(kinds)) if len(kinds) == 1 else str


# ---- both


def _trimmed(cells: list[Any]) -> list[Any]:
    while cells and cells[-1] is None:
        cells = cells[:-1]
    return cells


def _titles(cells: Sequence[Any], file: str) -> list[str]:
    titles = ["".join(cell_text(cell).split("\n")).strip() for cell in cells]
    if not any(titles):
        raise InputError(
            Problem("没有表头", file, remedy="第一行写列名；表头不在第一行的，在对照文件里写 header_row")
        )
    if len(titles) > MOST_COLUMNS:
        raise InputError(Problem(f"列数超过 {MOST_COLUMNS}", file, remedy="只保留要用的列"))
    named = [title or f"第 {number} 列" for number, title in enumerate(titles, 1)]
    repeated = sorted({title for title in named if named.count(title) > 1})
    if repeated:
        raise InputError(Problem(f"列名重复：{'、'.join(repeated)}", file, remedy="给每一列不同的名称"))
    return named


def _fitted(rows: Iterator[Row], width: int, excess: list[tuple[int, str]]) -> Iterator[Row]:
    """Rows of exactly ``width`` cells; rows without any content are left out."""
    for number, cells in rows:
        if not any(cell is not None and cell != "" for cell in cells):
            continue
        beyond = [cell_text(cell) for cell in cells[width:] if cell_text(cell)]
        if beyond:
            excess.append((number, beyond[0]))
        yield number, [*cells[:width], *([None] * (width - len(cells)))]


def batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """The rows, ``size`` at a time."""
    while batch := list(islice(rows, size)):
        yield batch
