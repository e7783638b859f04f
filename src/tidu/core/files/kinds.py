"""Which kinds of file may be sent, and how each is told by its name and by its content."""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

import filetype  # type: ignore[import-untyped] # ships no types

from tidu.core.refusals import Refused
from tidu.policy.batch.archives import LARGEST_UNZIPPED, MOST_MEMBERS, unzipped_size
from tidu.policy.errors import InputError

_HEAD: Final = 8_192
_CHUNK: Final = 1 << 20
_PARTS: Final = "[Content_Types].xml"
_LARGEST_PART_LIST: Final = 2 * 10**6
_WORD: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
#: Parts that run by themselves when a document is opened.
_ACTIVE: Final = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/.*|macrosheets/.*)$", re.IGNORECASE)
#: What an office program fetches from elsewhere as soon as a document is opened. Links that a person follows are none.
_FETCHED: Final = frozenset({"attachedtemplate", "oleobject", "frame", "afchunk", "subdocument", "control"})
_RELATIONS: Final = re.compile(r"\.rels$", re.IGNORECASE)
#: A place on the reader's own disk, where offices keep the template that they wrote on.
_OWN_DISK: Final = re.compile(r"(file:///)?[A-Za-z]:[\\/](?![\\/])")
_MARKUP: Final = re.compile(rb"<\s*[!?a-z]", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,10}")


class FileRefused(Refused):
    """A file is not taken; the text is a Chinese sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class _Described:
    label: str
    content: str
    suffixes: tuple[str, ...]


class FileKind(Enum):
    """A kind of file that may be sent. ``content`` is the type that it is stored and served with."""

    PDF = _Described("PDF", "application/pdf", (".pdf",))
    PNG = _Described("PNG 图片", "image/png", (".png",))
    JPEG = _Described("JPG 图片", "image/jpeg", (".jpg", ".jpeg"))
    DOCX = _Described(
        "Word 文档（.docx）",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
    )
    XLSX = _Described(
        "Excel 工作簿（.xlsx）",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx",),
    )
    CSV = _Described("CSV 表格", "text/csv", (".csv",))
    TEXT = _Described("纯文本（.txt）", "text/plain", (".txt",))

    @property
    def label(self) -> str:
        """Its name in a sentence."""
        return self.value.label

    @property
    def content(self) -> str:
        """Its media type."""
        return self.value.content

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of a name that claim this kind, the usual one first."""
        return self.value.suffixes


#: For evidence: scans, certificates, reports.
EVIDENCE_KINDS: Final = (FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.DOCX, FileKind.XLSX)
#: For papers that are only looked at: signed and stamped originals.
PAPER_KINDS: Final = (FileKind.PDF, FileKind.JPEG, FileKind.PNG)
TABLE_KINDS: Final = (FileKind.XLSX, FileKind.CSV)


def accepted_suffixes(allowed: Collection[FileKind]) -> str:
    """The value of a file control's ``accept``: ``.pdf,.jpg,.jpeg``."""
    return ",".join(suffix for kind in allowed for suffix in kind.suffixes)


def kinds_in_words(allowed: Collection[FileKind]) -> str:
    """The kinds in a sentence: PDF、JPG 图片."""
    return "、".join(kind.label for kind in allowed)


def kind_of(path: Path, name: str, allowed: Collection[FileKind]) -> FileKind:
    """The kind that both the name and the content of a file tell. Raises :class:`FileRefused`.

    Neither alone is believed: the name decides what a reader's machine will open it with, the content what happens
    then.
    """
    suffix = Path(name).suffix.lower()
    claimed = next((kind for kind in allowed if suffix in kind.suffixes), None)
    if claimed is None:
        shown = f" {suffix} " if _SUFFIX.fullmatch(suffix) else "这种"
        raise FileRefused(f"不能上传{shown}文件。请换成 {kinds_in_words(allowed)}。")
    if not _content_is(claimed, path):
        raise FileRefused(
            f"文件名以 {suffix} 结尾，内容却不是 {claimed.label}。请用相应的软件打开核对，另存后再上传。"
        )
    return claimed


def _content_is(kind: FileKind, path: Path) -> bool:
    with path.open("rb") as source:
        head = source.read(_HEAD)
    match kind:
        case FileKind.PDF | FileKind.PNG | FileKind.JPEG:
            return bool(filetype.guess_mime(head) == kind.content)
        case FileKind.DOCX:
            return _is_office(path, _WORD)
        case FileKind.XLSX:
            return _is_office(path, _SHEET)
        case FileKind.CSV | FileKind.TEXT:
            return _is_text(path, head)


def _is_text(path: Path, head: bytes) -> bool:
    """Whether it is plain text in UTF-8 or GB 18030, and no page or picture written as text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused("文件是 UTF-16 编码，请另存为 UTF-8 编码后再上传。")
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8).lstrip()):
        return False
    return any(_decodes(path, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source:
        try:
            while chunk := source.read(_CHUNK):
                if _CONTROL.search(chunk):
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _refuse_fetching(relations: bytes) -> None:
    """Refuse a document that has something fetched when it is opened: a template from elsewhere brings its macros."""

    def begun(_tag: str, given: dict[str, str]) -> None:
        kind = given.get("Type", "").rpartition("/")[2].lower()
        outside = given.get("TargetMode", "").strip().lower() == "external"
        if kind in _FETCHED and outside and not _OWN_DISK.match(given.get("Target", "")):
            raise FileRefused("文件打开时会从别处取内容，不能上传。请断开链接后另存，或导出为 PDF。")

    parser = ParserCreate()
    parser.StartElementHandler = begun
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(relations, True)


def _no_doctype(*_: object) -> None:
    raise ValueError("no part of an office document declares a type of its own")


def _is_office(path: Path, main: bytes) -> bool:
    """Whether it is an office document whose main part is ``main``. Raises :class:`FileRefused` for a hostile one."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise FileRefused("文件里的部分太多，不像正常的文档。请另存一份再上传。")
            names = {member.filename for member in members}
            if _PARTS not in names:
                return False
            if any(_ACTIVE.search(name) for name in names):
                raise FileRefused("文件含有宏或控件，不能上传。请另存为不含宏的文档，或导出为 PDF。")
            with archive.open(_PARTS) as source:
                parts = source.read(_LARGEST_PART_LIST)
            unzipped_size(archive, LARGEST_UNZIPPED)
            for name in filter(_RELATIONS.search, names):
                with archive.open(name) as source:
                    _refuse_fetching(source.read(_LARGEST_PART_LIST))
    except InputError as refused:
        raise FileRefused("文件展开后太大，不像正常的文档。请删去多余内容或导出为 PDF。") from refused
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        LookupError,  # a part in letters that nobody knows
        ExpatError,
    ):
        return False
    if b"macroenabled" in parts.lower():
        raise FileRefused("文件含有宏，不能上传。请另存为不含宏的文档，或导出为 PDF。")
    return main in parts
