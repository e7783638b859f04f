"""PDF from ready words: official documents on the grid of GB/T 9704, and sheets such as receipts and certificates.

Words reach a template as JSON and stand there as text, never as markup.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import Any, Final

import segno
from django.conf import settings
from django.utils import timezone

from tidu.core.documents.faces import faces
from tidu.core.documents.kinds import Layout, kind_named
from tidu.core.documents.template_files import TemplateBroken, own_folder, own_template, typst_files
from tidu.core.figures import day_in_words
from tidu.core.models import OfficialDocument
from tidu.core.own_process import NotSet
from tidu.core.typesetting import typeset_files

_MARKS: Final = {OfficialDocument.State.DRAFT: "草稿", OfficialDocument.State.VOID: "作废"}
_LONGEST_FAULT: Final = 200
#: Packages cannot be fetched; found here, the fault is named at once instead of after the compiler's time has run out.
_PACKAGE: Final = re.compile(rb'\b(?:import|include)\s*\(?\s*"@')


def set_sheet(
    *, kind: str, words: Mapping[str, Any], made_at: dt.datetime, pdf_a: bool = False, mark: str = ""
) -> bytes:
    """The PDF of a paper without a number of its own, by the template ``<kind>.typ``.

    ``words`` come from a class of :mod:`tidu.core.documents.sheets`. Their ``link``, if any, is drawn as a QR code.
    ``pdf_a`` makes it PDF/A-2b, for keeping; ``mark`` is a watermark. Raises :class:`TemplateBroken`.
    """
    link = words.get("link", "")
    code = {"qr": _qr(link)} if link else {"qr": ""}
    data = {**words, **code, "mark": mark, "made_at": f"{timezone.localtime(made_at):%Y-%m-%d %H:%M}"}
    return _set(f"{kind}.typ", data, made_at=made_at, pdf_a=pdf_a)


def set_letter(document: OfficialDocument) -> bytes:
    """The PDF of an official document, with a watermark where it does not count. Raises :class:`TemplateBroken`."""
    made_at = document.issued_at or timezone.now()
    data = {**letter_data(document), "mark": mark_of(document)}
    return _set(f"{document.kind}.typ", data, made_at=made_at, pdf_a=False)


def mark_of(document: OfficialDocument) -> str:
    """The watermark of a document that does not count."""
    return _MARKS.get(OfficialDocument.State(document.state), "")


def letter_data(document: OfficialDocument) -> dict[str, Any]:
    """What a template of PDF or DOCX is given for an official document."""
    words, kind = document.words, kind_named(document.kind)
    on = words.get("on", "")
    number = document.number or (
        f"{document.word}〔　　　　〕　　号" if kind.numbered and document.word else ""
    )
    return {
        "to": "",
        "parts": [],
        "contacts": "",
        "basis": "",
        "copies": "",
        "annexes": [],
        **words,
        "kind": document.kind,
        "title": document.title,
        "issuer": document.issuer,
        "head": kind.head(document.issuer),
        "sealed": kind.layout is not Layout.INTERNAL,
        "number": number,
        "closing": words.get("closing") or document.issuer,
        "on": day_in_words(dt.date.fromisoformat(on)).replace(" ", "") if on else "",
        "digest": document.digest,
        "site": settings.SITE["name"],
    }


def _set(name: str, data: Mapping[str, Any], *, made_at: dt.datetime, pdf_a: bool) -> bytes:
    files = typst_files()
    if name not in files:
        raise TemplateBroken(name, "没有这个文件", own=False)
    for file in files:
        if _PACKAGE.search(files[file]):
            fault = f"{file} 引用了网上的 Typst 包，平台不联网下载"
            raise TemplateBroken(name, fault, own=own_template(file) is not None)
    files["main"] = files[name]
    trusted = not any(own_template(file) for file in files)
    try:
        return typeset_files(
            files,
            {**data, "faces": faces()},
            made_at=made_at,
            standard="a-2b" if pdf_a else None,
            trusted=trusted,
        )
    except NotSet as error:
        own = own_template(name) is not None or (not trusted and _mentions_own(error))
        raise TemplateBroken(name, _in_words(error, name), own=own) from error


def _mentions_own(error: NotSet) -> bool:
    folder = own_folder()
    return folder is not None and any(path.name in error.diagnostic for path in folder.iterdir())


def _in_words(error: NotSet, name: str) -> str:
    where = next((line.strip() for line in error.diagnostic.splitlines() if "┌─" in line), "")
    place = where.removeprefix("┌─").strip().lstrip("/")
    place = place.replace("main:", f"{name}:")
    said = f"{error.message}（{place}）" if place else error.message
    return said[:_LONGEST_FAULT]


def _qr(link: str) -> str:
    """A QR code as SVG, with the correction that a stamped or folded paper needs."""
    drawn = io.BytesIO()
    segno.make(link, error="q", micro=False).save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()
