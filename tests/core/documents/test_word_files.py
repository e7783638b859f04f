"""The Word documents: the same words, the standard's faces by name, and nothing that breaks the file."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from pytest_django import Settings

from tests.core.documents.samples import ISSUER, ON, document
from tidu.core.documents.kinds import KINDS, Layout
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.documents.word_files import blank_letter, word_letter
from tidu.core.documents.words import Annex, Column, Heading, Letter, Paragraph, Table

HOSTILE = "A&B <测试> {{ 7 * 7 }} {% if %} ]]> &amp;"


def opened(content: bytes) -> Document:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
    return docx.Document(io.BytesIO(content))


def texts(made: Document) -> list[str]:
    return [paragraph.text for paragraph in made.paragraphs if paragraph.text]


def letter(**fields: object) -> Letter:
    given = {"parts": (Paragraph("特此通知。"),), "closing": ISSUER, "on": ON, **fields}
    return Letter(**given)  # type: ignore[arg-type]


def test_it_says_what_the_pdf_says() -> None:
    table = Table(
        (Column("企业"), Column("得分", align="right")),
        (("甲公司", "92.50"), ("乙公司", "88.00")),
        title="名单",
    )
    made = opened(
        word_letter(
            document(
                letter(
                    to="各旗县区：",
                    parts=(
                        Heading("一、条件"),
                        Paragraph("满三年。", ("申报条件/01",)),
                        table,
                        Paragraph("特此通知。"),
                    ),
                    contacts="联系人：某某",
                    basis="《认定办法》",
                    copies="市财政局。",
                    annexes=(Annex("清单", (Paragraph("一份。"),)),),
                )
            )
        )
    )
    assert texts(made) == [
        f"{ISSUER}文件",
        "样工信〔2026〕12号",
        "关于组织开展申报工作的通知",
        "各旗县区：",
        "一、条件",
        "满三年。〔申报条件 01〕",
        "名单",
        "特此通知。",
        "附件：清单",
        "（盖章处）",
        ISSUER,
        "2026年11月20日",
        "（联系人：某某）",
        "注：〔　〕内是所依据的条款，出自《认定办法》。",
        "附件",
        "清单",
        "一份。",
        "抄送：市财政局。",
    ]
    (shown,) = made.tables
    assert [[cell.text for cell in row.cells] for row in shown.rows] == [
        ["企业", "得分"],
        ["甲公司", "92.50"],
        ["乙公司", "88.00"],
    ]


def test_no_word_breaks_the_file_or_is_run_as_a_template() -> None:
    table = Table((Column(HOSTILE),), ((HOSTILE,),), title=HOSTILE)
    made = opened(
        word_letter(
            document(letter(to=HOSTILE, parts=(Paragraph(HOSTILE), table), contacts=HOSTILE), title=HOSTILE)
        )
    )
    assert texts(made).count(HOSTILE) >= 3
    assert made.tables[0].cell(1, 0).text == HOSTILE
    assert f"（{HOSTILE}）" in texts(made)


def test_line_breaks_of_a_paragraph_stay() -> None:
    made = opened(word_letter(document(letter(parts=(Paragraph("第一行\n第二行"),)))))
    assert "第一行\n第二行" in texts(made)


def test_faces_are_those_of_the_standard_by_name() -> None:
    made = opened(word_letter(document(letter())))
    named = {
        style.name: style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in made.styles
        if style.element.rPr is not None and style.element.rPr.rFonts is not None
    }
    assert named["Normal"] == "仿宋_GB2312"
    assert named["Title"] == named["Issuer"] == "方正小标宋简体"
    assert (named["Heading 1"], named["Heading 2"]) == ("黑体", "楷体_GB2312")


def test_the_page_is_that_of_the_standard() -> None:
    made = opened(word_letter(document(letter())))
    (section,) = made.sections
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round((margin or 0) / 36000) for margin in margins] == [37, 28, 26, 35]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert grid.get(qn("w:linePitch")) == "579"  # 28.95 pt, 22 to the page
    assert made.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml


def test_a_wide_annex_lies_on_its_side_and_the_text_does_not() -> None:
    table = Table((Column("企业"),), (("甲",),))
    annexes = (Annex("汇总表", (table,), landscape=True), Annex("清单", (Paragraph("一份。"),)))
    made = opened(word_letter(document(letter(annexes=annexes))))
    turned = [section.orientation == WD_ORIENT.LANDSCAPE for section in made.sections]
    assert turned == [False, True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_written(kind: str) -> None:
    shown = texts(opened(word_letter(document(letter(), kind=kind))))
    inside = KINDS[kind].layout is Layout.INTERNAL
    assert (KINDS[kind].head(ISSUER) in shown) is not inside
    assert ("（盖章处）" in shown) is not inside


def test_a_draft_bears_a_watermark() -> None:
    def header(state: str) -> str:
        made = opened(word_letter(document(letter(), state=state)))
        return str(made.sections[0].header._element.xml)

    assert 'string="草稿"' in header("draft")
    assert "textpath" not in header("issued")


def test_a_city_puts_its_own_word_template_in_the_place_of_ours(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_TEMPLATES = tmp_path
    own = docx.Document(io.BytesIO(blank_letter()))
    own.paragraphs[0].insert_paragraph_before("本市公文专用纸")
    own.save(str(tmp_path / "letter.docx"))
    assert texts(opened(word_letter(document(letter()))))[0] == "本市公文专用纸"
    own.paragraphs[0].text = "本市公示专用纸"
    own.save(str(tmp_path / "notice.docx"))
    assert texts(opened(word_letter(document(letter(), kind="notice"))))[0] == "本市公示专用纸"
    assert texts(opened(word_letter(document(letter(), kind="call"))))[0] == "本市公文专用纸"


@pytest.mark.parametrize(
    "tag",
    ["{{ title", "{% for x in %}", "{{ title.__class__.__mro__[1].__subclasses__() }}", "{{ nothing.here }}"],
)
def test_a_faulty_or_hostile_template_is_refused_with_its_name(
    tag: str, tmp_path: Path, settings: Settings
) -> None:
    settings.DOCUMENT_TEMPLATES = tmp_path
    own = docx.Document()
    own.add_paragraph(tag)
    own.save(str(tmp_path / "letter.docx"))
    with pytest.raises(TemplateBroken, match=r"本单位的模板文件夹里的公文模板“letter.docx”有错误") as refused:
        word_letter(document(letter()))
    assert refused.value.own


def test_a_template_that_is_no_word_document_is_refused(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENT_TEMPLATES = tmp_path
    (tmp_path / "letter.docx").write_bytes(b"no zip")
    with pytest.raises(TemplateBroken):
        word_letter(document(letter()))


def test_a_long_list_takes_seconds_at_most() -> None:
    table = Table(
        (Column("序号"), Column("企业"), Column("意见")),
        tuple((str(n), "某公司", "同意") for n in range(600)),
    )
    began = dt.datetime.now(dt.UTC)
    made = opened(word_letter(document(letter(parts=(table, Paragraph("以上。"))))))
    assert len(made.tables[0].rows) == 601
    assert (dt.datetime.now(dt.UTC) - began).total_seconds() < 20
