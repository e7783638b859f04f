"""Attaching official texts to packs, and the folder that keeps them.

The texts are not part of the project: they live in ``TIDU_DATA`` (default ``~/.local/share/tidu``), one folder a pack:
``texts/<pack>/source.txt`` or ``source.docx`` as it came, ``clauses.json``, ``attached.json`` (the report), and former
versions in ``former/``.
"""

from __future__ import annotations

import codecs
import datetime as dt
import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tidu.policy.data_folder import data_folder, data_folder_path
from tidu.policy.errors import InputError, Problem
from tidu.policy.official_text.clauses import ClauseHint, ClauseSet
from tidu.policy.official_text.splitting import split
from tidu.policy.official_text.word_text import is_word, read_word

MAX_SOURCE: Final = 20_000_000
"""Bytes of an official text as it comes."""
MAX_STORED: Final = 50_000_000

_PACK_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_ID: Final = 60
_KNOWN: Final = (
    (b"%PDF-", "PDF", "在阅读器里全选复制正文，存为 .txt；或用 pdftotext 转成 .txt"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.doc、.ppt）", "在 WPS 或 Word 里另存为 .docx 或 .txt"),
    (b"{\\rtf", "RTF", "另存为 .docx 或 .txt"),
    (b"PK\x03\x04", "压缩包或其他 Office 文件", "只接受 .txt 和 .docx；幻灯片请复制文字存为 .txt"),
    (b"\x89PNG", "图片", "先做文字识别，存为 .txt"),
    (b"\xff\xd8\xff", "图片", "先做文字识别，存为 .txt"),
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    (b"\x84\x31\x95\x33", "gb18030", "GB18030"),
)
_SAMPLE: Final = 4_000
_FREQUENT: Final = range(0xB0, 0xD8)
"""First bytes of the 3,755 frequent characters in GB 2312."""
_FREQUENT_SHARE: Final = 0.7
_PRIVATE_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class LostCitation:
    """A citation of the pack that the text has no clause for, with those that resemble it."""

    citation: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttachReport:
    """What attaching a text gave. ``sha256`` is that of the source as it came; ``former`` the version it replaced."""

    pack: str
    clauses: ClauseSet
    found: tuple[str, ...]
    lost: tuple[LostCitation, ...]
    sha256: str
    encoding: str
    size: int
    attached_at: dt.datetime
    folder: Path
    former: Path | None = None

    @property
    def complete(self) -> bool:
        """Whether every citation has its clause."""
        return not self.lost

    def to_data(self) -> dict[str, Any]:
        """The report as plain data, as ``attached.json`` keeps it."""
        return {
            "pack": self.pack,
            "sha256": self.sha256,
            "encoding": self.encoding,
            "bytes": self.size,
            "attached_at": self.attached_at.isoformat(),
            "clauses": len(self.clauses),
            "found": list(self.found),
            "lost": [{"citation": lost.citation, "nearest": list(lost.nearest)} for lost in self.lost],
            "doubts": list(self.clauses.doubts),
            "loose": list(self.clauses.loose),
            "noise": list(self.clauses.noise),
        }


@dataclass(frozen=True, slots=True)
class SourceText:
    """An official text as it came and as it reads."""

    content: bytes
    text: str
    encoding: str
    suffix: str

    @property
    def whole_paragraphs(self) -> bool:
        """Whether each line is a paragraph, as Word keeps them."""
        return self.suffix == ".docx"


def attach(
    pack_id: str,
    citations: Iterable[str],
    hints: Sequence[ClauseHint],
    source: bytes | Path,
    store: TextStore,
    *,
    name: str | None = None,
    now: dt.datetime | None = None,
) -> AttachReport:
    """Split ``source``, keep it in ``store`` for ``pack_id``, and look up every citation of the pack in it.

    Lost citations do not stop the text from being kept: they are in the report. ``name`` is what errors call a source
    given as bytes. Raises :class:`InputError` when the pack's id or the source cannot be used; then nothing changes.
    """
    folder = store.folder(pack_id)
    read = read_source(source, name=name)
    clauses = split(read.text, hints, whole_paragraphs=read.whole_paragraphs)
    wanted = tuple(dict.fromkeys(citations))
    report = AttachReport(
        pack=pack_id,
        clauses=clauses,
        found=tuple(citation for citation in wanted if clauses.find(citation) is not None),
        lost=tuple(
            LostCitation(citation, clauses.nearest(citation))
            for citation in wanted
            if clauses.find(citation) is None
        ),
        sha256=hashlib.sha256(read.content).hexdigest(),
        encoding=read.encoding,
        size=len(read.content),
        attached_at=now or dt.datetime.now(dt.UTC),
        folder=folder,
    )
    return store.keep(report, read)


def read_source(source: bytes | Path, *, name: str | None = None) -> SourceText:
    """Read a plain text (UTF-8, UTF-16 with its mark, GB18030) or a .docx. Raises :class:`InputError`."""
    content = source if isinstance(source, bytes) else _file(source)
    name = name or (str(source) if isinstance(source, Path) else "原文")
    if len(content) > MAX_SOURCE:
        raise InputError(
            Problem(f"文件超过 {MAX_SOURCE // 1_000_000} MB", name, remedy="只保留正文，存为 .txt 后重试")
        )
    if is_word(content):
        read = SourceText(content, read_word(content, name=name), "DOCX", ".docx")
    else:
        for start, kind, remedy in _KNOWN:
            if content.startswith(start):
                raise InputError(Problem(f"这是{kind}，不能直接挂接", name, remedy=remedy))
        text, encoding = decode(content, name=name)
        read = SourceText(content, text, encoding, ".txt")
    if not read.text.strip():
        raise InputError(Problem("文件里没有文字", name, remedy="如果是扫描件，先做文字识别，存为 .txt"))
    return read


def _file(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(Problem("这不是一个文件", str(path), remedy="给出 .txt 或 .docx 文件的路径"))
        if status.st_size > MAX_SOURCE:
            raise InputError(
                Problem(
                    f"文件超过 {MAX_SOURCE // 1_000_000} MB", str(path), remedy="只保留正文，存为 .txt 后重试"
                )
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(Problem("文件读不到", str(path), remedy="检查路径和读取权限")) from error


def decode(content: bytes, *, name: str) -> tuple[str, str]:
    """The text of ``content`` and the name of its encoding. Raises :class:`InputError` when none fits."""
    for mark, codec, label in _MARKS:
        if content.startswith(mark):
            with suppress(UnicodeDecodeError):
                return content.decode(codec).lstrip("\ufeff"), label
    if b"\0" not in content:
        with suppress(UnicodeDecodeError):
            return content.decode("utf-8"), "UTF-8"
        with suppress(UnicodeDecodeError):
            text = content.decode("gb18030")
            if _reads_as_chinese(text):
                return text, "GB18030"
    raise InputError(
        Problem("认不出文字编码，或文件已损坏", name, remedy="在编辑器里打开，另存为 UTF-8 编码的 .txt")
    )


def _reads_as_chinese(text: str) -> bool:
    """Whether most Han characters are frequent ones and hardly any is private.

    GB 18030 gives a character for nearly any bytes, but those of another encoding become rare or private ones.
    """
    sample = text[:_SAMPLE]
    han = [char for char in sample if "\u3400" <= char <= "\u9fff"]
    frequent = sum(char.encode("gb18030")[0] in _FREQUENT for char in han)
    private = sum("\ue000" <= char <= "\uf8ff" for char in sample)
    return bool(han) and frequent >= _FREQUENT_SHARE * len(han) and private <= _PRIVATE_SHARE * len(sample)


@dataclass(frozen=True, slots=True)
class TextStore:
    """The folder of attached texts. Nothing is made on disk until something is kept."""

    root: Path

    @classmethod
    def default(cls) -> TextStore:
        """The store in the data folder."""
        return cls(data_folder_path() / "texts")

    def folder(self, pack_id: str) -> Path:
        """The folder of one pack. Raises :class:`InputError` for anything that is not the id of a pack."""
        if len(pack_id) > _LONGEST_ID or not _PACK_ID.fullmatch(pack_id):
            shown = (
                pack_id[:_LONGEST_ID].encode("unicode_escape").decode("ascii")
                if not pack_id.isprintable()
                else pack_id
            )
            raise InputError(
                Problem(
                    f"“{shown[:_LONGEST_ID]}”不是政策包的标识", remedy="用 tidu packs list 查看可用的标识"
                )
            )
        return self.root / pack_id

    def load(self, pack_id: str) -> ClauseSet | None:
        """The clauses of the text attached to a pack; ``None`` when there is none. Raises :class:`InputError`."""
        path = self.folder(pack_id) / "clauses.json"
        data = _read_json(path)
        if data is None:
            return None
        try:
            return ClauseSet.from_data(data)
        except InputError as error:
            raise _damaged(path) from error

    def attached(self, pack_id: str) -> Mapping[str, Any] | None:
        """The report of the last attaching, as :meth:`AttachReport.to_data` gave it; ``None`` when there is none."""
        return _read_json(self.folder(pack_id) / "attached.json")

    def source(self, pack_id: str) -> Path | None:
        """The file of the attached text as it came; ``None`` when there is none."""
        folder = self.folder(pack_id)
        return next(
            (path for path in (folder / "source.txt", folder / "source.docx") if path.is_file()), None
        )

    def packs(self) -> tuple[str, ...]:
        """The ids of the packs that have a text, in alphabetical order."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/clauses.json")))

    def keep(self, report: AttachReport, source: SourceText) -> AttachReport:
        """Store a text and what was read from it, in place of the version before, which moves to ``former/``.

        ``clauses.json`` is replaced in one step, so a reader sees the old clauses or the new ones, never a mixture.
        """
        try:
            with _locked(report.folder):
                return self._keep(report, source)
        except OSError as error:
            raise InputError(
                Problem(
                    f"不能写入（{error.strerror or error}）",
                    str(report.folder),
                    remedy="检查 TIDU_DATA 指向的目录和权限",
                )
            ) from error

    def _keep(self, report: AttachReport, source: SourceText) -> AttachReport:
        former = self._set_aside(report)
        data = {"format": 1, "pack": report.pack, "sha256": report.sha256, **report.clauses.to_data()}
        target = report.folder / f"source{source.suffix}"
        _write(target, source.content)
        _write(report.folder / "clauses.json", _json(data))
        _write(report.folder / "attached.json", _json(report.to_data()))
        for other in (".txt", ".docx"):
            if other != source.suffix:
                (report.folder / f"source{other}").unlink(missing_ok=True)
        return report if former is None else replace(report, former=former)

    def _set_aside(self, report: AttachReport) -> Path | None:
        """Copy the stored version to ``former/``, unless its source is the same."""
        path = self.source(report.pack)
        if path is None:
            return None
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest == report.sha256:
            return None
        former = report.folder / "former"
        former.mkdir(exist_ok=True)
        target = former / f"{report.attached_at.astimezone(dt.UTC):%Y%m%dT%H%M%S}-{digest[:12]}"
        draft = Path(tempfile.mkdtemp(prefix=".", dir=former))
        for name in (path.name, "clauses.json", "attached.json"):
            if (report.folder / name).is_file():
                shutil.copy2(report.folder / name, draft / name)
        if target.exists():
            shutil.rmtree(draft)
        else:
            draft.rename(target)
        return target


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two people who attach at once do so one after the other."""
    if folder.is_relative_to(data_folder_path()):
        data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as handle:
        draft = Path(handle.name)
        try:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
            draft.chmod(0o644)
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8")


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > MAX_STORED:
            raise _damaged(path)
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(data, dict):
        raise _damaged(path)
    return data


def _damaged(path: Path) -> InputError:
    return InputError(Problem("保存的原文数据已损坏", str(path), remedy="用 tidu packs attach 重新挂接原文"))
