"""The uploaded table back as a workbook: with its faulty cells marked, or its faulty rows alone to be filled in anew.

A workbook of ordinary size is given back as it came, formats and all. A larger one, and CSV, is written anew from its
values.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile

from openpyxl.utils import range_boundaries

from tidu.policy.batch.maps import EMPTY
from tidu.policy.batch.output import neutral
from tidu.registry.importing.maps import map_from_text
from tidu.registry.importing.reading import KEY_MARK, RawTable, raw_table
from tidu.registry.importing.remarks import letters
from tidu.registry.models import Import, ImportRow
from tidu.registry.models.imports import ImportKind, ImportState

_MOST_BYTES: Final = 50 * 10**6
_MOST_CELLS: Final = 300_000
_VERDICT: Final = "导入结论"
_REMEDY: Final = "问题与改法"
_WORDS: Final = {"created": "新增", "updated": "更改", "unchanged": "无变化", "error": "有误，未导入"}

Remarks = Mapping[int, list[ImportRow]]


def marked_workbook(batch: Import, path: Path) -> IO[bytes]:
    """The table with every faulty cell red and every doubtful one yellow, the reason as a comment on it."""
    remarks = _remarks(batch)
    small = path.suffix.lower() == ".xlsx" and _unzipped(path) <= _MOST_BYTES and _merged(path) <= _MOST_CELLS
    if small and batch.rows * max(_width(batch, path), 1) <= _MOST_CELLS:
        return _marked_in_place(batch, path, remarks)
    return _written_anew(batch, path, remarks, only=None)


def _unzipped(path: Path) -> int:
    """Bytes of all sheets together: every one of them is opened, not the one that was read alone."""
    with ZipFile(path) as archive:
        return sum(part.file_size for part in archive.infolist())


def _merged(path: Path) -> int:
    """Cells of all merged ranges; too many where one part of the file cannot be looked at.

    The reader lays out each of them: one range over a whole sheet ends the process.
    """
    cells = 0

    def begun(tag: str, given: dict[str, str]) -> None:
        nonlocal cells
        if tag.rpartition(":")[2] == "mergeCell":
            try:
                left, top, right, bottom = (
                    edge or _MOST_CELLS for edge in range_boundaries(given.get("ref", ""))
                )
            except ValueError:  # no range that the reader knows
                left, top, right, bottom = 0, 0, _MOST_CELLS, 0
            cells += (abs(right - left) + 1) * (abs(bottom - top) + 1)

    with ZipFile(path) as archive:
        for name in archive.namelist():  # a sheet may lie in any part
            parser = ParserCreate()
            parser.StartElementHandler = begun
            try:
                parser.Parse(archive.read(name), True)
            except ExpatError:  # pictures and the like
                continue
            except (ValueError, LookupError):  # declared to be in letters that it does not read, such as GBK
                return _MOST_CELLS + 1
    return cells


def faulty_rows(batch: Import, path: Path) -> IO[bytes]:
    """The rows that could not be taken, under the same headings, with what is wrong in a column of its own."""
    remarks = _remarks(batch, ImportRow.Kind.ERROR)
    return _written_anew(batch, path, remarks, only=frozenset(remarks))


def _remarks(batch: Import, *kinds: str) -> Remarks:
    wanted = kinds or (ImportRow.Kind.ERROR, ImportRow.Kind.WARNING)
    found: dict[int, list[ImportRow]] = defaultdict(list)
    for remark in ImportRow.objects.filter(batch=batch, kind__in=wanted).iterator(chunk_size=2_000):
        found[remark.row].append(remark)
    return found


def _raw(batch: Import, path: Path) -> RawTable:
    kind = ImportKind(batch.kind)
    return raw_table(path, map_from_text(batch.mapping, kind) if batch.mapping else EMPTY)


def _width(batch: Import, path: Path) -> int:
    return len(_raw(batch, path).titles)


def _verdicts(batch: Import) -> dict[int, str]:
    """What became of each row, once the import is written."""
    if batch.state not in {ImportState.DONE, ImportState.UNDONE}:
        return {}
    kinds = (ImportRow.Kind.ERROR, ImportRow.Kind.CREATED, ImportRow.Kind.UPDATED)
    rows = ImportRow.objects.filter(batch=batch, kind__in=kinds).values_list("row", "kind").distinct()
    found: dict[int, str] = {}
    for row, kind in rows.iterator(chunk_size=5_000):
        if found.get(row) != _WORDS["error"]:
            found[row] = _WORDS[kind]
    return found


def _column_of(remark: ImportRow, width: int) -> int | None:
    """The column (0 the first) that a remark names; ``None`` for the whole row."""
    letter = remark.column.partition(" ")[0]
    if not letter.isascii() or not letter.isalpha():
        return None
    return next((index for index in range(width) if letters(index) == letter), None)


def _marked_in_place(batch: Import, path: Path, remarks: Remarks) -> IO[bytes]:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {
        ImportRow.Kind.ERROR.value: PatternFill("solid", fgColor="FFC7CE"),
        ImportRow.Kind.WARNING.value: PatternFill("solid", fgColor="FFEB9C"),
    }
    raw = _raw(batch, path)
    book = load_workbook(path)
    sheet = book[raw.sheet]
    width = len(raw.titles)
    for row, said in remarks.items():
        by_column: dict[int, list[ImportRow]] = defaultdict(list)
        for remark in said:
            by_column[_column_of(remark, width) or 0].append(remark)
        for column, several in by_column.items():
            cell = sheet.cell(row=row, column=column + 1)
            worst = min(remark.kind for remark in several)  # error sorts before warning
            cell.fill = fills[worst]
            cell.comment = Comment("\n".join(remark.message for remark in several), "系统", width=320)
    verdicts = _verdicts(batch)
    if verdicts:
        sheet.cell(row=raw.header_row, column=width + 1, value=_VERDICT)
        for row, _cells in raw.rows:
            sheet.cell(row=row, column=width + 1, value=verdicts.get(row, _WORDS["unchanged"]))
    return _saved(book)


def _saved(book: Any) -> IO[bytes]:  # noqa: ANN401 - a workbook of openpyxl
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - handed to the response, which closes it
    book.save(file)
    file.seek(0)
    return file


def _written_anew(batch: Import, path: Path, remarks: Remarks, *, only: frozenset[int] | None) -> IO[bytes]:
    import xlsxwriter

    raw = _raw(batch, path)
    width = len(raw.titles)
    verdicts = {} if only is not None else _verdicts(batch)
    last = _REMEDY if only is not None else (_VERDICT if verdicts else "")
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - handed to the response, which closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(raw.sheet or ImportKind(batch.kind).label)
        head = book.add_format({"bold": True, "bg_color": "#E8EEF7"})
        fills = {
            "error": book.add_format({"bg_color": "#FFC7CE"}),
            "warning": book.add_format({"bg_color": "#FFEB9C"}),
        }
        for column, title in enumerate([*raw.titles, last] if last else raw.titles):
            sheet.write_string(0, column, neutral(title), head)
        for place, (number, cells) in enumerate(_kept(raw.rows, only), 1):
            said = remarks.get(number, [])
            marks = {_column_of(remark, width): remark for remark in reversed(said)}
            for column, cell in enumerate(cells):
                mark = marks.get(column)
                _write(sheet, place, column, cell, fills[mark.kind] if mark else None)
                if mark is not None:
                    sheet.write_comment(place, column, mark.message)
            if only is not None:
                text = "；".join(remark.message for remark in said)
                sheet.write_string(place, width, text, fills["error"] if said else None)
            elif verdicts:
                sheet.write_string(place, width, verdicts.get(number, _WORDS["unchanged"]))
            if cells and str(cells[0] or "").startswith(KEY_MARK):
                sheet.set_row(place, None, None, {"hidden": True})
    file.seek(0)
    return file


def _kept(
    rows: Iterable[tuple[int, list[Any]]], only: frozenset[int] | None
) -> Iterator[tuple[int, list[Any]]]:
    """All rows, or those of ``only`` with the row of keys before them."""
    for number, cells in rows:
        is_key_row = bool(cells) and str(cells[0] or "").startswith(KEY_MARK)
        if only is None or number in only or is_key_row:
            yield number, cells


def _write(sheet: Any, row: int, column: int, cell: Any, fill: Any) -> None:  # noqa: ANN401 - a library without types
    if cell is None:
        if fill is not None:
            sheet.write_blank(row, column, None, fill)
    elif isinstance(cell, str):
        sheet.write_string(row, column, neutral(cell), fill)
    else:
        sheet.write(row, column, cell, fill)
