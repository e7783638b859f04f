"""Tables from strangers: too large, broken, in another encoding, or made to hurt. Each is refused in words."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.registry.importing.tables import code, csv_file, errors, imported, surveyed, xlsx
from tidu.policy.batch import archives
from tidu.policy.errors import InputError
from tidu.registry.importing import limits, reading, workbooks
from tidu.registry.importing.marking import marked_workbook
from tidu.registry.models.imports import ImportKind

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TITLES = ("企业名称", "统一社会信用代码", "注册地")
GOOD = ("某市甲科技有限公司", code(1), "赛罕区")


def _refused(path: Path, kind: ImportKind = ImportKind.ENTERPRISES) -> str:
    with pytest.raises(InputError) as told:
        surveyed(path, kind)
    return str(told.value.problems[0])


def _changed(path: Path, part: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_is_read_in_the_encodings_that_office_programs_write(tmp_path: Path, encoding: str) -> None:
    tally, plans = surveyed(csv_file(tmp_path / "t.csv", TITLES, [GOOD], encoding))
    assert errors(plans) == []
    assert tally.created == 1


def test_other_encodings_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xff\xfe\x00\x81\xff" * 10)
    assert "编码" in _refused(path)


@pytest.mark.parametrize("name", ["t.xlsm", "t.xls", "t.et", "t.ods"])
def test_other_formats_are_told_how_to_be_saved(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    assert "另存为 .xlsx" in _refused(path)


def test_an_empty_table_has_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"")
    assert "没有表头" in _refused(path)
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        book.add_worksheet()
    assert "没有表头" in _refused(tmp_path / "t.xlsx")


def test_a_table_with_headings_alone_has_no_rows(tmp_path: Path) -> None:
    tally, _plans = surveyed(xlsx(tmp_path / "t.xlsx", TITLES, []))
    assert tally.rows == 0


def test_sixteen_thousand_columns_are_refused(tmp_path: Path) -> None:
    assert "最多 400 列" in _refused(xlsx(tmp_path / "t.xlsx", [f"c{n}" for n in range(16_000)], []))
    assert "列" in _refused(csv_file(tmp_path / "t.csv", [f"c{n}" for n in range(16_000)], []))


def test_a_million_rows_are_refused_before_they_are_laid_out(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001))
    path = xlsx(tmp_path / "t.xlsx", TITLES, [GOOD])
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    _changed(path, "xl/worksheets/sheet1.xml", sheet.encode())
    assert "一次最多导入 200,000 行" in _refused(path)
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(TITLES) + "\n")
        file.writelines(f"甲,{n},乙\n" for n in range(limits.MOST_ROWS + 1))
    with pytest.raises(InputError) as told:
        for _row in reading.open_import(path, ImportKind.ENTERPRISES).rows:
            pass
    assert "一次最多导入 200,000 行" in str(told.value.problems[0])


def test_a_stray_cell_in_the_far_corner_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        sheet.write(1_048_575, 16_383, "x")
    assert "范围太大" in _refused(tmp_path / "t.xlsx")


def test_an_archive_that_unfolds_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_UNZIPPED", 10_000_000)
    path = xlsx(tmp_path / "t.xlsx", TITLES, [GOOD])
    _changed(path, "xl/sharedStrings.xml", b"\0" * 50_000_000)
    assert path.stat().st_size < 100_000
    assert "展开后太大" in _refused(path)


def test_a_text_of_nothing_but_beginnings_of_cells_holds_nobody_up(tmp_path: Path) -> None:
    brackets = (b"<row " + b"<c <f " * 19) * 5_000
    path = _changed(xlsx(tmp_path / "t.xlsx", TITLES, [GOOD]), "xl/worksheets/sheet1.xml", brackets)
    began = time.process_time()
    assert "工作簿读不出来" in _refused(path)
    assert time.process_time() - began < 5


def test_a_range_over_the_whole_sheet_is_not_laid_out_to_mark_a_table(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "t.xlsx", TITLES, [GOOD])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    end = b"</sheetData><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"
    _changed(path, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", end))
    marked = openpyxl.load_workbook(marked_workbook(imported(path), path))
    assert not marked.worksheets[0].merged_cells.ranges


@pytest.mark.parametrize("letters", ["gbk", "no-such-letters"])
def test_a_part_in_other_letters_does_not_keep_the_marked_table_back(tmp_path: Path, letters: str) -> None:
    path = xlsx(tmp_path / "t.xlsx", TITLES, [GOOD])
    part = f"<?xml version='1.0' encoding='{letters}'?><a/>".encode()
    _changed(path, "customXml/item1.xml", part)
    marked = openpyxl.load_workbook(marked_workbook(imported(path), path))
    assert marked.worksheets[0].cell(2, 1).value == GOOD[0]


def test_an_archive_inside_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 10_000_000)
    path = xlsx(tmp_path / "t.xlsx", TITLES, [GOOD])
    _changed(path, "xl/embeddings/inner.zip", inner.getvalue())
    assert surveyed(path)[0].created == 1


def test_macros_are_refused_whatever_the_name(tmp_path: Path) -> None:
    path = _changed(xlsx(tmp_path / "t.xlsx", TITLES, [GOOD]), "xl/vbaProject.bin", b"x")
    assert "宏" in _refused(path)


def test_entities_in_the_list_of_sheets_are_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "t.xlsx", TITLES, [GOOD])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert "工作簿读不出来" in _refused(_changed(path, "xl/workbook.xml", bomb))


def test_every_formula_is_found_wherever_it_stands_in_the_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"某市第{n}科技有限公司", code(n), "=A1&B1") for n in range(1, 300)]
    path = xlsx(tmp_path / "t.xlsx", TITLES, rows)
    for size in (1 << 20, 4_099, 700):
        monkeypatch.setattr(workbooks, "_CHUNK", size)
        _tally, plans = surveyed(path)
        assert sum(1 for *_place, fault, _message in errors(plans) if fault == "formula") == 299


def test_too_many_formulas_are_told_once(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for row in range(1, 10_100):
            sheet.write_formula(row, 0, "=1")
            sheet.write_formula(row, 1, "=1")
    assert "公式和错误值超过" in _refused(tmp_path / "t.xlsx")


def test_a_heading_twice_is_told(tmp_path: Path) -> None:
    assert "列名重复：注册地" in _refused(xlsx(tmp_path / "t.xlsx", (*TITLES, "注册地"), [GOOD]))
