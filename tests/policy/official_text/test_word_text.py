"""The text of Word documents, with the numbers that Word keeps out of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.official_text.word_documents import SPACE, paragraph, run, word_document
from tidu.policy.errors import InputError
from tidu.policy.official_text.splitting import split
from tidu.policy.official_text.word_text import is_word, read_word


def read(body: str, *, prolog: str = "") -> str:
    return read_word(word_document(body, prolog=prolog), name="试点办法.docx")


def test_paragraphs_come_one_a_line_with_their_runs_joined() -> None:
    assert read(paragraph("云岭市", "试点", "办法") + paragraph("为了便民。")) == "云岭市试点办法\n为了便民。"


def test_numbers_that_word_counts_itself_are_written_out_and_restart_below_a_new_heading() -> None:
    body = (
        paragraph("目标", level=0)
        + paragraph("任务", level=0)
        + paragraph("建平台", level=1)
        + paragraph("登记。", level=2)
        + paragraph("发证。", level=2)
        + paragraph("办培训", style="Section")
        + paragraph("招生。", level=2)
        + paragraph("圆点", level=3)
        + paragraph("另起", level=0, numbered=4)
    )
    text = read(body)
    assert text.split("\n") == [
        *("一、 目标", "二、 任务", "（一） 建平台", "1． 登记。", "2． 发证。"),
        *("（二） 办培训", "1． 招生。", "圆点", "一、 另起"),
    ]
    assert split(text, whole_paragraphs=True).find("二/（二）/1") is not None


def test_tables_are_text_and_struck_out_words_and_fallback_copies_are_not() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph('姓名')}</w:tc></w:tr></w:tbl>"
    struck = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>" + run("新") + "</w:p>"
    box = (
        "<w:p><mc:AlternateContent><mc:Choice><w:txbxContent>"
        + paragraph("盒子")
        + "</w:txbxContent></mc:Choice>"
        "<mc:Fallback>" + paragraph("盒子") + "</mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert read(table + struck + box) == "姓名\n新\n盒子"


def test_breaks_inside_a_paragraph_are_kept_as_lines() -> None:
    assert read("<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r></w:p>") == "甲\n乙 丙"


def test_a_document_type_is_refused_before_any_entity_is_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(InputError, match="文档类型声明"):
        read(paragraph("&b;"), prolog=bomb)


def test_an_archive_that_unpacks_beyond_measure_is_refused() -> None:
    with pytest.raises(InputError, match="展开后过大"):
        read(paragraph("零" * 11_000_000))


@pytest.mark.parametrize("cut", [100, 400, -30])
def test_a_damaged_file_is_an_error_with_a_remedy(cut: int) -> None:
    content = word_document(paragraph("甲"))
    with pytest.raises(InputError, match="另存为"):
        read_word(content[:cut], name="坏.docx")


@pytest.mark.parametrize("content", ["<w:p>", "<a/><b/>", "", "<w:lvl w:ilvl='x'/>"])
def test_malformed_parts_are_errors_never_crashes(content: str) -> None:
    try:
        read_word(word_document(content, numbering=f"<w:numbering {SPACE}>{content}"), name="坏.docx")
    except InputError as error:
        assert "坏.docx" in str(error)  # noqa: PT017 - both ends are right: an error that names the file, or a text


def test_only_a_word_archive_is_taken_for_one() -> None:
    assert is_word(word_document(""))
    assert not is_word(b"PK\x03\x04 no archive")
    assert not is_word("正文".encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_word_document_or_are_not(content: bytes) -> None:
    assert is_word(b"PK\x03\x04" + content) in {True, False}
