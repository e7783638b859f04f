"""What may be sent: told by name and content, never by one of them alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.files.sample_files import jpeg, office, pdf, png
from tidu.core.files.kinds import (
    EVIDENCE_KINDS,
    TABLE_KINDS,
    FileKind,
    FileRefused,
    accepted_suffixes,
    kind_of,
)

ALL = tuple(FileKind)


def _kind(tmp_path: Path, name: str, content: bytes, allowed: tuple[FileKind, ...] = ALL) -> FileKind:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return kind_of(path, name, allowed)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("报告.pdf", pdf(), FileKind.PDF),
        ("照片.PNG", png(), FileKind.PNG),
        ("照片.jpeg", jpeg(), FileKind.JPEG),
        ("说明.docx", office(FileKind.DOCX), FileKind.DOCX),
        ("名单.xlsx", office(FileKind.XLSX), FileKind.XLSX),
        ("名单.csv", "名称,代码\n甲,1\n".encode("gb18030"), FileKind.CSV),
        ("名单.csv", "\ufeff名称,代码\n甲,1\n".encode(), FileKind.CSV),
        ("说明.txt", "文字\n".encode(), FileKind.TEXT),
    ],
)
def test_an_honest_file_is_what_it_says(tmp_path: Path, name: str, content: bytes, kind: FileKind) -> None:
    assert _kind(tmp_path, name, content) is kind


@pytest.mark.parametrize(
    "name", ["宏.xlsm", "页.html", "图.svg", "程序.exe", "无后缀", "a.pdf.exe", "名单.xls", "奇怪.<b>"]
)
def test_other_endings_are_refused_with_what_is_taken(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused, match=r"不能上传.*请换成 PDF、JPG 图片"):
        _kind(tmp_path, name, pdf(), EVIDENCE_KINDS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("报告.pdf", b"MZ\x90\x00 a program"),
        ("报告.pdf", b"<html><script>alert(1)</script></html>"),
        ("照片.png", jpeg()),
        ("照片.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("名单.xlsx", office(FileKind.DOCX)),
        ("名单.xlsx", b"PK\x03\x04 torn"),
        ("名单.csv", b"<!doctype html><title>x</title>"),
        ("名单.csv", b"a,b\x00c\n"),
        ("名单.csv", png()),
    ],
)
def test_a_name_that_does_not_fit_its_content_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(FileRefused, match="内容却不是"):
        _kind(tmp_path, name, content)


@pytest.mark.parametrize(
    "part", ["xl/vbaProject.bin", "word/vbaData.xml", "xl/activeX/activeX1.bin", "xl/macrosheets/s.xml"]
)
def test_macros_are_refused(tmp_path: Path, part: str) -> None:
    with pytest.raises(FileRefused, match="含有宏"):
        _kind(tmp_path, "名单.xlsx", office(extra={part: b"x"}))


def test_a_macro_workbook_under_a_plain_name_is_refused(tmp_path: Path) -> None:
    lying = office(content="application/vnd.ms-excel.sheet.macroEnabled")
    with pytest.raises(FileRefused, match="宏"):
        _kind(tmp_path, "名单.xlsx", lying)


_TEMPLATE = (
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='a' "
    "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}' "
    "Target='https://elsewhere.example/a.dotm' TargetMode='{}'/></Relationships>"
)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("attachedTemplate", "External"), ("oleObject", "External"), ("frame", "Ext&#101;rnal")],
)
def test_a_document_that_fetches_something_when_it_is_opened_is_refused(
    tmp_path: Path, kind: str, mode: str
) -> None:
    relations = {"word/_rels/settings.xml.rels": _TEMPLATE.format(kind, mode).encode()}
    with pytest.raises(FileRefused, match="从别处取内容"):
        _kind(tmp_path, "报告.docx", office(FileKind.DOCX, extra=relations))


@pytest.mark.parametrize("letters", ["gbk", "no-such-letters"])
def test_links_that_cannot_be_read_make_no_document(tmp_path: Path, letters: str) -> None:
    relations = {"word/_rels/settings.xml.rels": f"<?xml version='1.0' encoding='{letters}'?><a/>".encode()}
    with pytest.raises(FileRefused, match="内容却不是"):
        _kind(tmp_path, "报告.docx", office(FileKind.DOCX, extra=relations))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "https://elsewhere.example/a.dotm"),
        ("attachedTemplate", r"file:///C:\Users\a\b.dotx"),
    ],
)
def test_a_link_that_a_person_follows_and_a_template_of_the_office_are_none(
    tmp_path: Path, kind: str, target: str
) -> None:
    text = _TEMPLATE.format(kind, "External").replace("https://elsewhere.example/a.dotm", target)
    relations = {"word/_rels/document.xml.rels": text.encode()}
    assert _kind(tmp_path, "报告.docx", office(FileKind.DOCX, extra=relations)) is FileKind.DOCX


def test_a_bomb_is_refused_by_what_it_really_unfolds_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidu.core.files.kinds.LARGEST_UNZIPPED", 1_000_000)
    with pytest.raises(FileRefused, match="展开后太大"):
        _kind(tmp_path, "名单.xlsx", office(extra={"xl/media/a.bin": bytes(2_000_000)}))


def test_a_table_in_utf16_is_told_how_to_be_saved(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="UTF-16"):
        _kind(tmp_path, "名单.csv", "名称,代码".encode("utf-16"))


def test_only_what_is_asked_for_is_taken(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"\.csv"):
        _kind(tmp_path, "名单.csv", b"a,b", EVIDENCE_KINDS)
    assert accepted_suffixes(TABLE_KINDS) == ".xlsx,.csv"
