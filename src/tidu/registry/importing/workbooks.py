"""A sheet of somebody's workbook as rows, with the formulas and error values that a reader of values cannot see.

The reader takes values alone: a formula looks like its last result, ``#DIV/0!`` like a blank. So the sheet's own text
is searched for both first, and its extent is held against the limits of an import before anything is laid out.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl.xml.functions import fromstring

from tidu.policy.batch.archives import safe_copy
from tidu.policy.errors import InputError, Problem
from tidu.registry.importing.limits import MOST_COLUMNS, MOST_ROWS, too_many_columns, too_many_rows

_MOST_SPECIAL: Final = 20_000
_CHUNK: Final = 1 << 20
_LONGEST_CELL_TAG: Final = 1 << 16
_LONGEST_SHOWN: Final = 60
_LARGEST_LIST: Final = 4 * 10**6
#: A cell with a formula, or one that holds an error value. The pattern never looks beyond the next tag, or a text made
#: of nothing but opening brackets would be scanned to its end once for each of them.
_SPECIAL: Final = re.compile(
    rb"<(?:\w+:)?c\b(?P<head>[^<>]*)>\s*(?:<(?:\w+:)?f\b[^<>]*?(?:/>|>(?P<formula>[^<]*)))?(?:\s*</(?:\w+:)?f>)?"
    rb"(?:\s*<(?:\w+:)?v>(?P<value>[^<]{0,20}))?"
)
_PLACE: Final = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{1,3})([0-9]{1,7})")
_IS_ERROR: Final = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Sheets of our own templates that hold no data.
NOTES_SHEET: Final = "填写说明"
LISTS_SHEET: Final = "选项"

Place = tuple[int, int]


@dataclass(slots=True)
class Sheet:
    """The rows of one sheet (number as a person sees it, cells from column A), and its formulas and errors by place."""

    name: str
    names: tuple[str, ...]
    rows: Iterator[tuple[int, list[Any]]]
    height: int
    special: Mapping[Place, str]


def open_sheet(path: Path, wanted: str | None) -> Sheet:
    """The wanted sheet, or the first with data. Raises :class:`InputError`."""
    with tempfile.TemporaryDirectory(prefix="tidu-") as folder:
        copy = Path(folder) / "copy.xlsx"
        safe_copy(path, copy)
        try:
            return _open(copy, path.name, wanted)
        except InputError:
            raise
        except BaseException as error:
            # The reader is written in Rust, and its panics do not derive from Exception.
            if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
                raise
            raise InputError(
                Problem("工作簿读不出来", path.name, remedy="用电子表格软件打开后另存为 .xlsx")
            ) from error


def _open(copy: Path, shown: str, wanted: str | None) -> Sheet:
    import python_calamine

    with zipfile.ZipFile(copy) as archive:
        parts = _parts(archive)
        candidates = [
            name for name in parts if (name == wanted if wanted else name not in {NOTES_SHEET, LISTS_SHEET})
        ]
        if not candidates:
            message = f"工作簿里没有“{wanted}”表" if wanted else "工作簿里没有数据表"
            raise InputError(Problem(message, shown, remedy=f"现有：{'、'.join(parts) or '无'}"))
        special = {name: _special(archive, parts[name], shown) for name in candidates}
    workbook = python_calamine.CalamineWorkbook.from_path(copy)
    sheets = [workbook.get_sheet_by_name(name) for name in candidates]
    sheet = next((sheet for sheet in sheets if sheet.height), sheets[0])
    if sheet.end is not None and sheet.end[0] >= MOST_ROWS + 100:
        raise too_many_rows(shown)
    if sheet.total_width > MOST_COLUMNS:
        raise too_many_columns(shown, sheet.total_width)
    rows = ((number, [_cell(cell) for cell in cells]) for number, cells in enumerate(sheet.iter_rows(), 1))
    return Sheet(sheet.name, tuple(parts), rows, sheet.total_height, special[sheet.name])


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → part, in the order of the tabs."""
    targets = {
        item.get("Id"): str(item.get("Target", ""))
        for item in _xml(archive, "xl/_rels/workbook.xml.rels")
        if str(item.get("Type", "")).endswith("/worksheet")
    }
    found: dict[str, str] = {}
    for item in _xml(archive, "xl/workbook.xml").iter():
        if not str(item.tag).endswith("}sheet"):
            continue
        target = targets.get(item.get(_RELATION))
        if target is not None:
            path = target.removeprefix("/")
            found[str(item.get("name"))] = path if path.startswith("xl/") else f"xl/{path}"
    return found


def _xml(archive: zipfile.ZipFile, part: str) -> Any:  # noqa: ANN401 - an element, whose library has no types
    with archive.open(part) as source:
        text = source.read(_LARGEST_LIST)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ParseError("a workbook declares no entities")
    return fromstring(text)


def _special(archive: zipfile.ZipFile, part: str, shown: str) -> dict[Place, str]:
    """Formulas (``=SUM(F20:F22)``) and error values (``#DIV/0!``) by row and column; rows are counted on the way."""
    found: dict[Place, str] = {}
    rows = 0
    tail = b""
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            text = tail + chunk
            # A cell that begins in the last stretch is looked at together with the next chunk.
            cut = text.rfind(b"<c", max(0, len(text) - _LONGEST_CELL_TAG))
            cut = cut if cut > 0 and len(chunk) == _CHUNK else len(text)
            piece, tail = text[:cut], text[cut:]
            rows += len(_ROW.findall(piece))
            if rows > MOST_ROWS + 100:
                raise too_many_rows(shown)
            _collect(piece, found)
        _collect(tail, found)
    if len(found) > _MOST_SPECIAL:
        raise InputError(
            Problem(
                f"工作表里的公式和错误值超过 {_MOST_SPECIAL:,} 处",
                shown,
                remedy="全选后“复制、选择性粘贴为数值”再上传",
            )
        )
    return found


def _collect(piece: bytes, found: dict[Place, str]) -> None:
    if b"<f" not in piece and b":f" not in piece and not _IS_ERROR.search(piece):
        return
    for match in _SPECIAL.finditer(piece):
        head = match["head"]
        formula = match["formula"]
        has_formula = formula is not None or b"<f" in match[0] or b":f" in match[0]
        if not has_formula and not _IS_ERROR.search(head):
            continue
        place = _PLACE.search(head)
        if place is None or len(found) > _MOST_SPECIAL:
            continue
        column = 0
        for letter in place[1].upper():
            column = column * 26 + letter - 64
        text = (formula or b"").decode("utf-8", "replace") if has_formula else ""
        shown = f"={text}" if has_formula else (match["value"] or b"").decode("ascii", "replace")
        found[int(place[2]), column - 1] = shown[:_LONGEST_SHOWN]


def _cell(cell: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Blank cells as ``None``; everything else as the reader gives it."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    return cell
