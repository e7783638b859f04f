"""What papers without a number of their own say: receipts, application forms, experts' forms, certificates.

Plain text for :func:`tidu.core.documents.typesets.set_sheet`, as :mod:`tidu.core.documents.words` is for documents.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from tidu.core.documents.words import Cited, Heading, Paragraph, Table, plain
from tidu.core.figures import day_in_words

#: The kinds that ``set_sheet`` takes, by what people call them.
SHEET_KINDS: Final = {
    "receipt": "回执",
    "application": "申报书",
    "expert_form": "专家评审表（空白）",
    "certificate": "证书",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, two pairs a line; ``wide`` gives each pair a line of its own."""

    rows: tuple[tuple[str, str | Cited], ...]
    title: str = ""
    wide: bool = False

    def as_words(self) -> dict[str, Any]:
        """Plain data."""
        rows = [
            {"label": plain(name), **(value if isinstance(value, Cited) else Cited(value)).as_words()}
            for name, value in self.rows
        ]
        return {"kind": "facts", "title": plain(self.title), "wide": self.wide, "rows": rows}


SheetPart = Paragraph | Heading | Table | Facts


@dataclass(frozen=True, slots=True)
class Sheet:
    """A receipt (``receipt``), a whole application (``application``) or an expert's form (``expert_form``).

    ``issuer`` stands above the title and ``number`` under it. ``notes`` stand at the end in small print, ``signatures``
    are lines to be signed. ``link`` is drawn as a QR code with ``link_note`` under it; ``digest`` is printed whole.
    """

    title: str
    parts: tuple[SheetPart, ...]
    issuer: str = ""
    number: str = ""
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    basis: str = ""
    digest: str = ""
    link: str = ""
    link_note: str = ""

    def as_words(self) -> dict[str, Any]:
        """Plain data for ``set_sheet``."""
        return {
            "title": plain(self.title),
            "parts": [part.as_words() for part in self.parts],
            "issuer": plain(self.issuer),
            "number": plain(self.number),
            "notes": [plain(note) for note in self.notes],
            "signatures": [plain(line) for line in self.signatures],
            "basis": plain(self.basis),
            "digest": self.digest,
            "link": self.link,
            "link_note": plain(self.link_note),
            "site": settings.SITE["name"],
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate (``certificate``): whom it recognises as what (``honour``), by which document, for how long.

    ``link`` is the public page that checks it, drawn as a QR code, and ``code`` the short code printed under it.
    """

    holder: str
    uscc: str
    honour: str
    number: str
    issuer: str
    on: dt.date
    since: dt.date
    until: dt.date
    link: str
    code: str
    basis: str = ""
    title: str = "认定证书"

    def as_words(self) -> dict[str, Any]:
        """Plain data for ``set_sheet``."""
        return {
            "title": plain(self.title),
            "holder": plain(self.holder),
            "uscc": plain(self.uscc),
            "honour": plain(self.honour),
            "number": plain(self.number),
            "issuer": plain(self.issuer),
            "on": day_in_words(self.on),
            "since": day_in_words(self.since),
            "until": day_in_words(self.until),
            "basis": plain(self.basis),
            "link": self.link,
            "code": self.code,
            "site": settings.SITE["name"],
        }
