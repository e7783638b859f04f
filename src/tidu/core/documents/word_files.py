"""Word documents (DOCX) of official documents, from the same words as the PDF.

One template serves every kind: they differ in what they say, not in how a page looks, and an office finishes the page
in Word anyway. It lies in ``templates/letter`` as the parts that a .docx file is made of, so that a change can be read.
A city replaces it with a ``letter.docx`` of its own, or with a ``<kind>.docx`` for one kind. Faces are those of the
standard by name: office computers have them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, Final

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Pt, Twips
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import LxmlError

from tidu.core.documents.template_files import OURS, TemplateBroken, own_template
from tidu.core.documents.typesets import letter_data, mark_of
from tidu.core.models import OfficialDocument

NAME: Final = "letter.docx"
_PARTS: Final = OURS / "letter"
_RENAMED: Final = {
    "_rels/package.rels": "_rels/.rels"
}  # files that begin with a dot are left out of a package
_LINE: Final = 28  # characters
_CHARACTER: Final = 15.793  # points, with its share of the space between two
_TEXT_WIDTH: Final = 442.2  # points
_LARGEST_HEAD: Final = 48
_ALIGNED: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_FAULTS: Final = (TemplateError, LxmlError, PackageNotFoundError, KeyError, ValueError, TypeError, OSError)


def word_letter(document: OfficialDocument) -> bytes:
    """The DOCX of an official document. Raises :class:`TemplateBroken` where the template in use has a fault."""
    data = _words(document)
    own = own_template(f"{document.kind}.docx") or own_template(NAME)
    source = io.BytesIO(blank_letter() if own is None else own.read_bytes())
    try:
        template = DocxTemplate(source)
        # Text is escaped, and what a template may do ends with the words that it is given.
        template.render(data, SandboxedEnvironment(autoescape=True), autoescape=True)
        _finish(template.get_docx(), data)
        made = io.BytesIO()
        template.save(made)
    except _FAULTS as error:
        name = NAME if own is None else own.name
        raise TemplateBroken(name, f"{type(error).__name__}：{error}"[:200], own=own is not None) from error
    return made.getvalue()


def blank_letter() -> bytes:
    """Our template as a .docx file: what a city opens in Word to make its own from."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(_PARTS.rglob("*")):
            if path.is_file():
                name = path.relative_to(_PARTS).as_posix()
                entry = zipfile.ZipInfo(_RENAMED.get(name, name))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return made.getvalue()


def _words(document: OfficialDocument) -> dict[str, Any]:
    data = letter_data(document)
    annexes = [{**annex, "parts": _parts(annex["parts"])} for annex in data["annexes"]]
    return {
        **data,
        "mark": mark_of(document),
        "on": data["on"] or "　　　　年　　月　　日",
        "parts": _parts(data["parts"], last=True),
        "annexes": annexes,
        "annex_lines": _annex_lines([annex["title"] for annex in annexes]),
    }


def _parts(parts: Iterable[Mapping[str, Any]], *, last: bool = False) -> list[dict[str, Any]]:
    """The parts with the name of the style that each is written in."""
    made = [_part(part) for part in parts]
    if last and made and made[-1]["style"] == "body":
        made[-1]["style"] = "last"  # keeps the signature on its page
    return made


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    if part["kind"] == "table":
        rows = [
            [{"text": cell["text"], "reference": _reference(cell["cites"])} for cell in row]
            for row in part["rows"]
        ]
        return {**part, "style": "table", "rows": rows}
    if part["kind"] == "heading":
        style = f"heading{min(max(part['level'], 1), 4)}"
    else:
        style = "body" if part["indent"] else "flush"
    return {**part, "style": style, "reference": _reference(part["cites"])}


def _reference(cites: list[str]) -> str:
    return f"〔{'、'.join(cites)}〕" if cites else ""


def _annex_lines(titles: list[str]) -> list[str]:
    if not titles:
        return []
    if len(titles) == 1:
        return [f"附件：{titles[0]}"]
    return [f"{'附件：' if n == 1 else '　　　'}{n}. {title}" for n, title in enumerate(titles, start=1)]


def _finish(made: Document, data: Mapping[str, Any]) -> None:
    """What a template cannot say: the size of the head, where the signature stands, and the columns of tables."""
    properties = made.core_properties
    properties.title, properties.author, properties.comments = data["title"], data["issuer"], data["number"]
    size = min(_LARGEST_HEAD, _TEXT_WIDTH / max(1, len(data["head"])))
    longest = max(len(data["closing"]), 9)  # 2026年12月31日 is some nine characters wide
    left = max(0, _LINE - 4 - longest)
    for paragraph in made.paragraphs:
        name = paragraph.style.name if paragraph.style is not None else ""
        if name == "Issuer":
            for run in paragraph.runs:
                run.font.size = Pt(round(size * 2) / 2)
        elif name == "Signature":
            indent = paragraph.paragraph_format
            indent.left_indent, indent.right_indent = Pt(left * _CHARACTER), Pt(4 * _CHARACTER)
    told = [part for part in data["parts"] if part["style"] == "table"]
    told += [part for annex in data["annexes"] for part in annex["parts"] if part["style"] == "table"]
    if len(told) == len(made.tables):
        wide = [
            annex["landscape"]
            for annex in data["annexes"]
            for part in annex["parts"]
            if part["style"] == "table"
        ]
        wide = [False] * (len(told) - len(wide)) + wide
        for table, part, turned in zip(made.tables, told, wide, strict=True):
            _columns(table, part["columns"], 12_756 if turned else 8_844)


def _columns(table: Any, columns: list[dict[str, Any]], line: int) -> None:  # noqa: ANN401 - python-docx's own
    """Widths and sides, in the shares that the words give."""
    total = sum(column["width"] for column in columns)
    widths = [round(line * column["width"] / total) for column in columns]
    for column, width in zip(table.columns, widths, strict=False):
        column.width = Twips(width)
    for number, row in enumerate(table.rows):
        for cell, told, width in zip(row.cells, columns, widths, strict=False):
            cell.width = Twips(width)
            if number:
                for paragraph in cell.paragraphs:
                    paragraph.alignment = _ALIGNED[told["align"]]
