"""The text of a Word document (.docx), paragraph by paragraph, with its automatic numbers written out.

Headings of official documents are often numbered by Word itself, and then the number is nowhere in the text: it is
counted here from the document's list definitions (ECMA-376 part 1, 17.9). Reads bounded parts of the archive with a
streaming parser that refuses document types, so that no entity is ever expanded.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from xml.parsers import expat

from tidu.policy.errors import InputError, Problem
from tidu.policy.official_text.headings import CIRCLED, han_numeral

MAX_PART: Final = 30_000_000
"""Bytes of one part of the archive when unpacked."""

_WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_FALLBACK: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_COUNTING: Final = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
    }
)
_PLACE: Final = re.compile(r"%([1-9])")
_MAX_COUNT: Final = 999
_LONGEST_NUMBER: Final = 100
"""Characters of a list's number format: a long one, repeated by every paragraph, would fill the memory."""
_DIGITS: Final = 4
_DEEPEST: Final = 8
"""Levels of a list count from 0."""

Attributes = Mapping[str, str]
Reference = tuple[str, int]
"""A list (``numId``) and a level in it."""


def is_word(source: bytes) -> bool:
    """Whether ``source`` is a Word archive."""
    if not source.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def read_word(source: bytes, *, name: str) -> str:
    """The paragraphs of a .docx, one a line. Raises :class:`InputError` when it is damaged or too large."""
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            numbering = _Numbering()
            _parse(_part(archive, "word/numbering.xml", name), numbering.start, name)
            styles = _Styles()
            _parse(_part(archive, "word/styles.xml", name), styles.start, name)
            body = _Body(numbering, styles.references)
            _parse(_part(archive, "word/document.xml", name), body.start, name, body.end, body.characters)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        RuntimeError,
        OSError,
        ValueError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise InputError(
            Problem(
                "Word 文件已损坏或加了密，读不出正文",
                name,
                remedy="在 WPS 或 Word 里另存为 .docx 或 .txt 后重试",
            )
        ) from error
    return "\n".join(body.paragraphs)


def _part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    """One part, empty when the archive has none."""
    try:
        with archive.open(part) as handle:
            content = handle.read(MAX_PART + 1)
    except KeyError:
        return b""
    if len(content) > MAX_PART:
        raise InputError(
            Problem("Word 文件展开后过大，不像一份政策文件", name, remedy="只保留正文后另存再试")
        )
    return content


def _parse(
    content: bytes,
    start: Callable[[str, Attributes], None],
    name: str,
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    if not content:
        return

    def refuse(*_: object) -> None:
        raise InputError(
            Problem("Word 文件里有不允许的文档类型声明", name, remedy="在 WPS 或 Word 里另存为 .docx 后重试")
        )

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.buffer_text = True
    parser.Parse(content, True)


def _kind(tag: str) -> str:
    """The name of an element of the word-processing namespace, empty for any other."""
    namespace, _, name = tag.rpartition(" ")
    return name if namespace in _WORD else ""


def _value(attributes: Attributes, key: str = "val") -> str:
    return next(
        (attributes[name] for name in (f"{space} {key}" for space in _WORD) if name in attributes), ""
    )


def _number(attributes: Attributes, key: str = "val") -> int:
    text = _value(attributes, key)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0


def _depth(attributes: Attributes, key: str = "val") -> int:
    return min(_number(attributes, key), _DEEPEST)


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _Numbering:
    """The document's lists: definitions by id, which list follows which, and how far each has counted."""

    levels: defaultdict[tuple[str, int], _Level] = field(default_factory=lambda: defaultdict(_Level))
    definition: dict[str, str] = field(default_factory=dict)
    restarts: dict[Reference, int] = field(default_factory=dict)
    counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _abstract: str = ""
    _list: str = ""
    _level: int = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Read one element of ``word/numbering.xml``."""
        match _kind(tag):
            case "abstractNum":
                self._abstract, self._list = _value(attributes, "abstractNumId"), ""
            case "num":
                self._list = _value(attributes, "numId")
            case "abstractNumId" if self._list:
                self.definition[self._list] = _value(attributes)
            case "lvl" | "lvlOverride":
                self._level = _depth(attributes, "ilvl")
            case "startOverride":
                self.restarts[self._list, self._level] = _number(attributes)
            case "start" if not self._list:
                self.levels[self._abstract, self._level].start = _number(attributes)
            case "numFmt" if not self._list:
                self.levels[self._abstract, self._level].format = _value(attributes)
            case "lvlText" if not self._list:
                self.levels[self._abstract, self._level].text = _value(attributes)[:_LONGEST_NUMBER]

    def next(self, reference: Reference) -> str:
        """Count the list on and give the number as printed; empty for bullets and unknown lists."""
        numbered, depth = reference
        definition = self.definition.get(numbered)
        if definition is None or (definition, depth) not in self.levels:
            return ""
        level = self.levels[definition, depth]
        counts = self.counts[definition]
        first = self.restarts.pop(reference, None)
        if first is not None or depth not in counts:
            counts[depth] = level.start if first is None else first
        else:
            counts[depth] += 1
        for deeper in range(depth + 1, _DEEPEST + 1):
            counts.pop(deeper, None)
        if level.format in {"bullet", "none"}:
            return ""
        return _PLACE.sub(lambda place: self._shown(definition, int(place[1]) - 1), level.text)

    def _shown(self, definition: str, depth: int) -> str:
        level = self.levels[definition, depth]
        count = self.counts[definition].get(depth, level.start)
        if level.format in _COUNTING and 0 < count <= _MAX_COUNT:
            return han_numeral(count)
        if level.format.startswith("decimalEnclosedCircle") and 0 < count <= len(CIRCLED):
            return CIRCLED[count - 1]
        return str(count)


@dataclass(slots=True)
class _Styles:
    """The lists that paragraph styles carry, by style."""

    references: dict[str, Reference] = field(default_factory=dict)
    _style: str = ""
    _level: int = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Read one element of ``word/styles.xml``."""
        match _kind(tag):
            case "style":
                self._style, self._level = _value(attributes, "styleId"), 0
            case "ilvl":
                self._level = _depth(attributes)
            case "numId":
                self.references[self._style] = (_value(attributes), self._level)


@dataclass(slots=True)
class _Paragraph:
    texts: list[str] = field(default_factory=list)
    style: str = ""
    numbered: str = ""
    level: int | None = None


@dataclass(slots=True)
class _Body:
    """Collects paragraphs, those of tables and text boxes too; what was struck out in revision is no text."""

    numbering: _Numbering
    styles: Mapping[str, Reference]
    paragraphs: list[str] = field(default_factory=list)
    _open: list[_Paragraph] = field(default_factory=list)
    _reading: bool = False
    _skipped: int = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Open one element of ``word/document.xml``."""
        if tag == _FALLBACK or self._skipped:
            self._skipped += 1
            return
        kind = _kind(tag)
        if kind == "p":
            self._open.append(_Paragraph())
        if not self._open:
            return
        paragraph = self._open[-1]
        match kind:
            case "t":
                self._reading = True
            case "tab":
                paragraph.texts.append(" ")
            case "br" | "cr":
                paragraph.texts.append("\f" if _value(attributes, "type") == "page" else "\n")
            case "noBreakHyphen":
                paragraph.texts.append("-")
            case "pStyle":
                paragraph.style = _value(attributes)
            case "numId":
                paragraph.numbered = _value(attributes)
            case "ilvl":
                paragraph.level = _depth(attributes)

    def end(self, tag: str) -> None:
        """Close one element."""
        if self._skipped:
            self._skipped -= 1
            return
        kind = _kind(tag)
        if kind == "t":
            self._reading = False
        elif kind == "p" and self._open:
            self._close(self._open.pop())

    def characters(self, text: str) -> None:
        """Take text of the paragraph that is open."""
        if self._reading and self._open and not self._skipped:
            self._open[-1].texts.append(text)

    def _close(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.texts).strip(" ")
        styled = self.styles.get(paragraph.style, ("", 0))
        reference = (
            paragraph.numbered or styled[0],
            styled[1] if paragraph.level is None else paragraph.level,
        )
        mark = self.numbering.next(reference) if reference[0] not in {"", "0"} and text.strip() else ""
        if text:
            self.paragraphs.append(f"{mark} {text}" if mark else text)
