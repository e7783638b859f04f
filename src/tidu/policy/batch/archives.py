"""Workbooks from strangers, made safe before a reader opens them.

A reader of workbooks lays out the whole rectangle from A1 to the last cell: one stray cell at the far corner asks for
half a terabyte and ends the process. And what an archive says of its sizes may be a lie. So the parts that a table
needs are copied out, counted byte by byte, and the rectangle is measured first; only the copy is opened.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final

from tidu.policy.errors import InputError, Problem

LARGEST_WORKBOOK: Final = 200 * 10**6
LARGEST_UNZIPPED: Final = 600 * 10**6
MOST_MEMBERS: Final = 5_000
#: Rows times columns of the rectangle that holds a sheet's cells.
MOST_CELLS: Final = 20_000_000
_LAST_ROW: Final = 2**20
_LAST_COLUMN: Final = 2**14
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 256
_NEEDED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/)?workbook\.xml(\.rels)?|xl/worksheets/[^/]*\.xml|xl/(sharedStrings|styles)\.xml",
    re.IGNORECASE,
)
_SHEET: Final = re.compile(r"xl/worksheets/", re.IGNORECASE)
#: The tags of rows and cells, and the places they name.
_MARKS: Final = re.compile(rb"<(?:[A-Za-z]+:)?(row|c)\b|\br\s*=\s*[\"']\s*\$?([A-Za-z]{0,9})\$?([0-9]{1,20})")


def safe_copy(path: Path, target: Path) -> None:
    """Copy what a table needs of a workbook to ``target``. Raises :class:`InputError` for what is not safe."""
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise _too_large(path, f"工作簿超过 {LARGEST_WORKBOOK // 10**6} MB")
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise _too_large(path, "工作簿里的文件太多")
            if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
                raise InputError(Problem("工作簿含有宏", path.name, remedy="另存为不含宏的 .xlsx"))
            left = LARGEST_UNZIPPED
            for member in members:
                if _NEEDED.fullmatch(member.filename):
                    with archive.open(member) as source, copy.open(member.filename, "w") as sink:
                        left -= _copy(source, sink, left, path, measured=bool(_SHEET.match(member.filename)))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        remedy = "旧版 .xls 或加了密码的文件，请用电子表格软件另存为 .xlsx"
        raise InputError(Problem("不是 .xlsx 工作簿", path.name, remedy=remedy)) from error


def unzipped_size(archive: zipfile.ZipFile, most: int) -> int:
    """The bytes of all parts as they really unfold; what the archive says of itself may be a lie.

    Raises :class:`InputError` as soon as there are more than ``most``.
    """
    total = 0
    for member in archive.infolist():
        with archive.open(member) as source:
            while chunk := source.read(_CHUNK):
                total += len(chunk)
                if total > most:
                    raise InputError(Problem(f"文件展开后超过 {most // 10**6} MB"))
    return total


def _copy(source: IO[bytes], sink: IO[bytes], left: int, path: Path, *, measured: bool) -> int:
    """Copy one part; the number of its bytes. Worksheets are measured on the way."""
    extent = _Extent(path)
    total, tail = 0, b""
    while chunk := source.read(_CHUNK):
        total += len(chunk)
        if total > left:
            raise _too_large(path, "工作簿展开后太大")
        if measured:
            # A tag at the end of a chunk is looked at again with the next one; counting it twice does no harm.
            extent.see(tail + chunk)
            tail = chunk[-_OVERLAP:]
        sink.write(chunk)
    return total


class _Extent:
    """The rectangle from A1 to the last cell, as a worksheet's tags tell it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows = self._columns = 0
        self._row_tags = self._cells_in_row = 0

    def see(self, text: bytes) -> None:
        """Look at a piece of a worksheet. Raises :class:`InputError` once the rectangle is too large."""
        for tag, letters, digits in _MARKS.findall(text):
            if tag == b"row":
                self._row_tags += 1
                self._cells_in_row = 0
            elif tag:
                self._cells_in_row += 1
                self._columns = max(self._columns, self._cells_in_row)
            else:
                self._rows = max(self._rows, int(digits))
                self._columns = max(self._columns, _column(letters))
        rows = max(self._rows, self._row_tags)
        if rows > _LAST_ROW or self._columns > _LAST_COLUMN or rows * self._columns > MOST_CELLS:
            message = f"工作表的范围太大（{rows} 行 {self._columns} 列）"
            remedy = "删去表格以外的行和列，或换成 CSV 格式"
            raise InputError(Problem(message, self._path.name, remedy=remedy))


def _column(letters: bytes) -> int:
    """``A`` → 1, ``XFD`` → 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(path: Path, message: str) -> InputError:
    return InputError(Problem(message, path.name, remedy="换成 CSV 或 parquet 格式"))
