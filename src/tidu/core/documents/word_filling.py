"""Filling a Word template with ready words, and what a template cannot say itself.

Run as a program where the template is not ours, see :mod:`tidu.core.own_process`; it therefore needs no settings and no
database. Faces are those of the standard by name: office computers have them.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from tidu.core.own_process import NotSet, work_apart

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


def filled(template: bytes, words: Mapping[str, Any]) -> bytes:
    """The DOCX that ``template`` makes of ``words``. Raises :class:`NotSet` where the template has a fault."""
    made = io.BytesIO()
    try:
        document = DocxTemplate(io.BytesIO(template))
        # Text is escaped, and the sandbox lets a template reach nothing but the words that it is given.
        document.render(
            dict(words), SandboxedEnvironment(autoescape=True, undefined=StrictUndefined), autoescape=True
        )
        _finish(document.docx, words)
        document.save(made)
    except MemoryError as error:
        raise NotSet("排版要用的内存太多，已经停下") from error
    except Exception as error:  # a template is a program, which fails in its own ways
        raise NotSet(f"{type(error).__name__}：{error}") from error
    return made.getvalue()


def _load() -> None:
    """Fill one template rightly and one wrongly: what is only loaded when first needed is needed now."""
    words = {"title": "", "issuer": "", "number": "", "head": "", "parts": [], "annexes": []}
    for text in ("{% for x in ['甲'] %}{{ x|wordwrap|pprint }}{% endfor %}", "{{ nothing }}"):
        plain, template = docx.Document(), io.BytesIO()
        plain.add_paragraph(text)
        plain.save(template)
        with suppress(NotSet):
            filled(template.getvalue(), words)


def _apart(task: dict[str, Any]) -> bytes:
    return filled(base64.b64decode(task["template"]), task["words"])


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
            paragraph.paragraph_format.left_indent = Pt(data["signed_from"] * _CHARACTER)
    told = [(part, _PORTRAIT) for part in data["parts"] if part["style"] == "table"]
    for annex in data["annexes"]:
        line = _LANDSCAPE if annex["landscape"] else _PORTRAIT
        told += [(part, line) for part in annex["parts"] if part["style"] == "table"]
    if len(told) == len(made.tables):  # a city's own template may leave some out
        for table, (part, line) in zip(made.tables, told, strict=True):
            _columns(table, part["columns"], line)


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


if __name__ == "__main__":
    _load()
    sys.exit(work_apart(_apart, closed=True))
