import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tidu.policy.batch import archives
from tidu.policy.batch.sheets import open_table
from tidu.policy.errors import InputError


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def workbook(path: Path, *rows: list[object], title: str = "企业") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_office_programs_write(encoding: str, tmp_path: Path) -> None:
    table = open_table(write(tmp_path / "a.csv", "企业名称,营业收入\n甲,1\n", encoding))
    assert table.titles == ["企业名称", "营业收入"]
    assert list(table.rows) == [(2, ["甲", "1"])]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    table = open_table(write(tmp_path / "a.csv", "标题行\n甲,乙\n1,2\n,\n3\n4,5,6\n"), header_row=2)
    assert table.titles == ["甲", "乙"]
    assert list(table.rows) == [(3, ["1", "2"]), (5, ["3", None]), (6, ["4", "5"])]
    assert table.excess == [(6, "6")]


def test_a_workbook_is_read_with_its_types(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "a.xlsx",
        ["名称", "人数", "比率", "日期", "编号"],
        ["甲", 20, 0.5, dt.date(2024, 1, 2), "001"],
        [None, None, 1, None, 7],
    )
    table = open_table(book)
    assert (table.sheet, table.titles) == ("企业", ["名称", "人数", "比率", "日期", "编号"])
    assert list(table.rows) == [
        (2, ["甲", 20, 0.5, dt.date(2024, 1, 2), "001"]),
        (3, [None, None, 1, None, 7]),
    ]
    assert table.kinds == [str, int, float, dt.date, str]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "没有表头"),
        (",,\n1,2,3\n", "没有表头"),
        ("甲,乙,甲\n", "列名重复：甲"),
        (",".join(f"c{i}" for i in range(1200)), "列数超过 1000"),
        ('甲,乙\n1,"' + "x" * 200_000 + '"\n', "第 2 行读不出来"),
    ],
)
def test_a_csv_that_cannot_be_used_says_why(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        list(open_table(write(tmp_path / "a.csv", content)).rows)


def test_bytes_in_no_known_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InputError, match="编码"):
        open_table(path)


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["名称"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(InputError, match="宏"):
        open_table(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_UNZIPPED", 1_000_000)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", io.BytesIO(b"0" * 2_000_000).read())
    assert path.stat().st_size < 10_000
    with pytest.raises(InputError, match="展开后太大"):
        open_table(path)


def test_one_stray_cell_at_the_far_corner_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "名称"
    sheet["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="1048576 行 16384 列"):
        open_table(tmp_path / "a.xlsx")


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"不是 \.xlsx 工作簿|读不出来"):
        open_table(path)


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="现有：企业"):
        open_table(workbook(tmp_path / "a.xlsx", ["名称"]), sheet="财务")
