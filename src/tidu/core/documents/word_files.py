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
from docx.shared import Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import LxmlError

from tidu.core.documents.template_files import OURS, TemplateBroken, own_template
from tidu.core.documents.typesets import letter_data, mark_of
from tidu.core.documents.words import room_of
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
_LARGEST_CELL, _SMALLEST_CELL = 10.5, 9.0
_PORTRAIT, _LANDSCAPE = _TEXT_WIDTH, 637.8  # points, from margin to margin
_ALIGNED: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_FAULTS: Final = (
    TemplateError,
    zipfile.BadZipFile,
    LxmlError,
    PackageNotFoundError,
    KeyError,
    ValueError,
    TypeError,
    OSError,
)


def word_letter(document: OfficialDocument) -> bytes:
    """The DOCX of an official document. Raises :class:`TemplateBroken` where the template in use has a fault."""
    data = _words(document)
    own = own_template(f"{document.kind}.docx") or own_template(NAME)
    source = io.BytesIO(blank_letter() if own is None else own.read_bytes())
    try:
        template = DocxTemplate(source)
        # Text is escaped, and what a template may do ends with the words that it is given.
        template.render(
            data, SandboxedEnvironment(autoescape=True, undefined=StrictUndefined), autoescape=True
        )
        _finish(template.docx, data)
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
    for paragraph in made.paragraphs:
        name = paragraph.style.name if paragraph.style is not None else ""
        if name == "Issuer":
            for run in paragraph.runs:
                run.font.size = Pt(round(size * 2) / 2)
        elif name == "Signature":
            paragraph.paragraph_format.left_indent = Pt(
                _signed_from(data["closing"], data["on"]) * _CHARACTER
            )
    told = [(part, _PORTRAIT) for part in data["parts"] if part["style"] == "table"]
    for annex in data["annexes"]:
        line = _LANDSCAPE if annex["landscape"] else _PORTRAIT
        told += [(part, line) for part in annex["parts"] if part["style"] == "table"]
    if len(told) == len(made.tables):  # a city's own template may leave some out
        for table, (part, line) in zip(made.tables, told, strict=True):
            _columns(table, part["columns"], line)


def _signed_from(closing: str, on: str) -> float:
    """Where the space begins in whose middle issuer and date stand, in characters: the date four from the right."""
    middle = max(4 + room_of(on) / 2, room_of(closing) / 2 + 1)
    return max(0.0, _LINE - 2 * middle)


def _columns(table: Any, columns: list[dict[str, Any]], line: float) -> None:  # noqa: ANN401 - python-docx's own
    """Widths in the shares that the words give, sides, and a smaller face where there are many columns."""
    total = sum(column["width"] for column in columns)
    size = Pt(round(2 * min(_LARGEST_CELL, max(_SMALLEST_CELL, line / total))) / 2)
    widths = [Pt(line * column["width"] / total) for column in columns]
    for column, width in zip(table.columns, widths, strict=False):
        column.width = width
    for number, row in enumerate(table.rows):
        for cell, told, width in zip(row.cells, columns, widths, strict=False):
            cell.width = width
            for paragraph in cell.paragraphs:
                if number:
                    paragraph.alignment = _ALIGNED[told["align"]]
                for run in paragraph.runs[:1]:  # behind it stands the reference, which is smaller anyway
                    run.font.size = size
