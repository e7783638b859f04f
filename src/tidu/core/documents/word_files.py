"""Word documents (DOCX) of official documents, from the same words as the PDF.

One template serves every kind: they differ in what they say, not in how a page looks, and an office finishes the page
in Word anyway. It lies in ``templates/letter`` as the parts that a .docx file is made of, so that a change can be read.
A city replaces it with a ``letter.docx`` of its own, or with a ``<kind>.docx`` for one kind, which is filled in a
process of its own.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tidu.core.documents import word_filling
from tidu.core.documents.template_files import OURS, TemplateBroken, own_template
from tidu.core.documents.typesets import letter_data, mark_of
from tidu.core.documents.words import room_of
from tidu.core.models import OfficialDocument
from tidu.core.own_process import NotSet, made_apart

NAME: Final = "letter.docx"
_PARTS: Final = OURS / "letter"
_RENAMED: Final = {
    "_rels/package.rels": "_rels/.rels"
}  # files that begin with a dot are left out of a package
_LINE: Final = 28  # characters
_LONGEST_FAULT: Final = 200


def word_letter(document: OfficialDocument) -> bytes:
    """The DOCX of an official document. Raises :class:`TemplateBroken` where the template in use has a fault."""
    words = _words(document)
    own = own_template(f"{document.kind}.docx") or own_template(NAME)
    try:
        if own is None:
            return word_filling.filled(blank_letter(), words)
        task = {"template": base64.b64encode(own.read_bytes()).decode(), "words": words}
        return made_apart(word_filling.__name__, task)
    except NotSet as error:
        name = NAME if own is None else own.name
        raise TemplateBroken(name, error.message[:_LONGEST_FAULT], own=own is not None) from error


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
    on = data["on"] or "　　　　年　　月　　日"
    annexes = [{**annex, "parts": _parts(annex["parts"])} for annex in data["annexes"]]
    return {
        **data,
        "mark": mark_of(document),
        "on": on,
        "signed_from": _signed_from(data["closing"], on),
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


def _signed_from(closing: str, on: str) -> float:
    """Where the space begins in whose middle issuer and date stand, in characters: the date four from the right."""
    middle = max(4 + room_of(on) / 2, room_of(closing) / 2 + 1)
    return max(0.0, _LINE - 2 * middle)
