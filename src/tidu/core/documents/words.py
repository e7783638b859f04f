"""What an official document says, before it is set: plain text in paragraphs, headings and tables.

Nothing here is markup. ``cites`` are paths of clauses (``认定程序/4``); they are shown as small references behind the
text and explained by :attr:`Letter.basis`. :meth:`Letter.as_words` gives the plain data that
:class:`~tidu.core.models.OfficialDocument` keeps, and from which PDF and DOCX are both made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal
from unicodedata import east_asian_width

from tidu.core.outline import label
from tidu.policy.official_text.clauses import citation_path

ANNEX: Final = "附件"
_NARROWEST, _WIDEST = 2.2, 18.0  # characters that a column is given room for, where no width is said
_MARGIN = 0.9  # of a cell, in characters
_LINE, _ACROSS = 48.0, 70.0  # characters of the smallest size that a line holds, upright and across
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Cited:
    """Text of a table's cell with the clauses that it rests on."""

    text: str
    cites: tuple[str, ...] = ()

    def as_words(self) -> dict[str, Any]:
        """Plain data."""
        return {"text": plain(self.text), "cites": _labels(self.cites)}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``indent`` is false for one that begins at the margin."""

    text: str
    cites: tuple[str, ...] = ()
    indent: bool = True

    def as_words(self) -> dict[str, Any]:
        """Plain data."""
        cites = _labels(self.cites)
        return {"kind": "paragraph", "text": plain(self.text), "cites": cites, "indent": self.indent}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number as it stands: 一、 on level 1, （一） on level 2, 1. on level 3, （1） on level 4."""

    text: str
    level: int = 1
    cites: tuple[str, ...] = ()

    def as_words(self) -> dict[str, Any]:
        """Plain data."""
        cites = _labels(self.cites)
        return {"kind": "heading", "level": self.level, "text": plain(self.text), "cites": cites}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``width`` is its share of the line beside the others; of nought, what it holds decides."""

    label: str
    width: float = 0
    align: Align = "left"

    def as_words(self, texts: Iterable[str]) -> dict[str, Any]:
        """Plain data, for a column that holds these."""
        longest = max((room_of(text) for text in texts), default=0.0)
        width = self.width or max(_NARROWEST, room_of(self.label), min(longest, _WIDEST)) + _MARGIN
        return {"label": plain(self.label), "width": width, "align": self.align}


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page. A cell is a text, or :class:`Cited`.

    A ``title`` of the form ``附件1`` or ``附件1 推荐汇总表`` makes it an annex on a page of its own; any other stands
    above it in the text. ``landscape`` turns the pages of such an annex.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Cited, ...], ...]
    title: str = ""
    landscape: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row of the table has another number of cells than the table has columns")

    def as_words(self) -> dict[str, Any]:
        """Plain data."""
        cells = [[_cell(cell).as_words() for cell in row] for row in self.rows]
        columns = [
            column.as_words(row[place]["text"] for row in cells) for place, column in enumerate(self.columns)
        ]
        most = _fitting([column["width"] for column in columns], _ACROSS if self.landscape else _LINE)
        for column in columns:
            column["width"] = min(column["width"], most)
        return {"kind": "table", "title": plain(self.title), "columns": columns, "rows": cells}


Part = Paragraph | Heading | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex (附件): begins on a page of its own behind the signature, and is named under the text."""

    title: str
    parts: tuple[Part, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """All that an official document says beside its number.

    ``to`` is whom it addresses with the colon (各旗县区工信局：), ``closing`` who signs (落款), ``on`` its date: when
    it is issued the day of issue takes its place. ``contacts`` stands in brackets under the date (联系人). ``basis`` is
    the policy whose clauses are cited, left out where none is. ``copies`` are the bodies that get a copy (抄送).
    """

    parts: tuple[Part, ...]
    to: str = ""
    closing: str = ""
    on: dt.date | None = None
    contacts: str = ""
    basis: str = ""
    annexes: tuple[Annex, ...] = ()
    copies: str = ""

    def as_words(self) -> dict[str, Any]:
        """Plain data for ``OfficialDocument.words``."""
        annexes = [*(_annex(part) for part in self.parts if _is_annex(part)), *self.annexes]
        every = (*self.parts, *(part for annex in self.annexes for part in annex.parts))
        return {
            "to": plain(self.to),
            "parts": [part.as_words() for part in self.parts if not _is_annex(part)],
            "closing": plain(self.closing),
            "on": "" if self.on is None else self.on.isoformat(),
            "contacts": plain(self.contacts),
            "basis": plain(self.basis) if any(_cites(part) for part in every) else "",
            "copies": plain(self.copies),
            "annexes": [
                {
                    "label": ANNEX if len(annexes) == 1 else f"{ANNEX}{number}",
                    "title": plain(annex.title),
                    "landscape": annex.landscape,
                    "parts": [part.as_words() for part in annex.parts],
                }
                for number, annex in enumerate(annexes, start=1)
            ],
        }


def _fitting(widths: list[float], room: float) -> float:
    """How wide the widest of the columns may be, so that all together fit: narrow ones keep what they need."""
    left = room
    for place, width in enumerate(sorted(widths)):
        share = left / (len(widths) - place)
        if width > share:
            return share
        left -= width
    return max(widths)


def _cites(part: Part) -> bool:
    """Whether a clause is named anywhere in it."""
    if isinstance(part, Table):
        return any(_cell(cell).cites for row in part.rows for cell in row)
    return any(part.cites)


def _is_annex(part: Part) -> bool:
    return isinstance(part, Table) and part.title.startswith(ANNEX)


def _annex(part: Part) -> Annex:
    assert isinstance(part, Table)  # noqa: S101 - what _is_annex has found
    title = part.title.removeprefix(ANNEX).lstrip("0123456789０１２３４５６７８９ :：.、\u3000")
    return Annex(title, (Table(part.columns, part.rows),), landscape=part.landscape)


def room_of(text: str) -> float:
    """How much room a text takes on one line, in Chinese characters."""
    return sum(1 if east_asian_width(letter) in "FW" else 0.56 for letter in text)


def _cell(cell: str | Cited) -> Cited:
    return cell if isinstance(cell, Cited) else Cited(cell)


def _labels(cites: Iterable[str]) -> list[str]:
    """The clauses as people write them, each once."""
    return list(dict.fromkeys(label(citation_path(cite)) for cite in cites if cite))


def plain(text: str) -> str:
    """The text without what no face can show and no XML may hold; line breaks stay."""
    return "".join(letter for letter in text if letter == "\n" or letter.isprintable() or letter == "\u3000")
