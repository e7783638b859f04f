"""Taking in a file: refused with a reason, or kept whole before anything refers to it.

Two steps, because the first takes seconds and must hold no lock of the database::

    received = receive_file(actor=actor, upload=form_file, allowed=EVIDENCE_KINDS)   # outside any transaction
    with transaction.atomic():
        ...                                                                          # the action's own locks and checks
        stored = keep_file(actor=actor, received=received)
        ...                                                                          # what the file belongs to
        record(...)

A crash between the two leaves a file that nothing refers to, and the sweep removes it. :func:`store_file` does both for
callers that have nothing else to do in the transaction.
"""

from __future__ import annotations

import hashlib
import tempfile
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.http import HttpRequest

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.files import previewing
from tidu.core.files.kinds import FileKind, FileRefused, accepted_suffixes, kind_of, kinds_in_words
from tidu.core.files.scanning import ScannerDown, is_configured, scan
from tidu.core.files.storage import fresh_location
from tidu.core.models import StoredFile
from tidu.core.models.audit import AuditResult
from tidu.core.models.files import ScanState

MEGABYTE: Final = 1024 * 1024
_CHUNK: Final = 1 << 20
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Received:
    """A file that passed every check and lies in storage. Nothing refers to it yet."""

    name: str
    kind: FileKind
    size: int
    sha256: str
    location: str
    scan: ScanState


def receive_file(
    *, actor: Actor, upload: UploadedFile[Any], allowed: Collection[FileKind], most: int | None = None
) -> Received:
    """Check, scan and store a file of at most ``most`` bytes (``FILE_BYTES`` where nothing is said).

    Raises :class:`FileRefused`. Call it outside any transaction: a file with a virus is recorded in one of its own.
    """
    name = file_name(upload.name or "")
    limit = settings.FILE_BYTES if most is None else most
    if not upload.size:
        raise FileRefused("文件是空的，没有收下。请核对后重新选择。")
    if upload.size > limit:
        raise FileRefused(
            f"文件有 {-(-upload.size // MEGABYTE)} MB，超过 {limit // MEGABYTE} MB，没有收下。"
            "扫描件可以降低分辨率，或者分成几个文件。"
        )
    with _on_disk(upload) as path:
        kind = kind_of(path, name, allowed)
        previewing.check(path, kind)
        state = _scanned(actor, path, name)
        digest = _sha256(path)
        location = fresh_location()
        with path.open("rb") as source:
            location = default_storage.save(location, File(source))
    return Received(name, kind, upload.size, digest, location, state)


def keep_file(*, actor: Actor, received: Received) -> StoredFile:
    """The row of a received file. Call it in the transaction that makes what the file belongs to, which records it."""
    return StoredFile.objects.create(
        name=received.name,
        content=received.kind.content,
        size=received.size,
        sha256=received.sha256,
        location=received.location,
        scan=received.scan,
        uploaded_by_id=actor.user_id,
    )


def store_file(
    *,
    actor: Actor,
    upload: UploadedFile[Any],
    allowed: Collection[FileKind],
    most: int | None = None,
    enterprise_id: int | None = None,
) -> StoredFile:
    """Receive and keep a file in one go, on the record. Raises :class:`FileRefused`."""
    received = receive_file(actor=actor, upload=upload, allowed=allowed, most=most)
    with transaction.atomic():
        stored = keep_file(actor=actor, received=received)
        record(
            actor=actor,
            action="core.file.stored",
            subject=stored,
            enterprise_id=enterprise_id,
            after={"sha256": stored.sha256},
            detail={"size": stored.size, "content": stored.content, "scan": stored.scan},
        )
    return stored


def sent(request: HttpRequest, name: str) -> UploadedFile[Any]:
    """The file of a form's control. Raises :class:`FileRefused` where none was chosen."""
    upload = request.FILES.get(name)
    if upload is None:
        raise FileRefused("请先选择文件。")
    return upload


def upload_terms(allowed: Collection[FileKind], *, files: int = 1) -> dict[str, Any]:
    """What ``c-upload`` says of the files that :func:`receive_file` takes: endings, kinds and size in words, bytes."""
    each, several = ("", "") if files == 1 else ("每个", f"，最多 {files} 个")
    size = settings.FILE_BYTES
    return {
        "accept": accepted_suffixes(allowed),
        "limit": f"{kinds_in_words(allowed)}，{each}不超过 {size // MEGABYTE} MB{several}。",
        "bytes": size,
    }


def file_name(given: str) -> str:
    """The last part of a name without what cannot be seen; its ending is kept where it has to be shortened."""
    last = PureWindowsPath(PurePosixPath(given).name).name
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    cleaned = unicodedata.normalize("NFC", seen).strip(" .") or "文件"
    if len(cleaned) <= _LONGEST_NAME:
        return cleaned
    suffix = Path(cleaned).suffix[:10]
    return cleaned[: _LONGEST_NAME - len(suffix)] + suffix


@contextmanager
def _on_disk(upload: UploadedFile[Any]) -> Iterator[Path]:
    """Where the upload lies on disk. Large ones already do; small ones are written out."""
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _scanned(actor: Actor, path: Path, name: str) -> ScanState:
    if not is_configured():
        return ScanState.UNSCANNED
    try:
        found = scan(path)
    except ScannerDown as error:
        raise FileRefused(
            "病毒扫描服务暂时不可用，文件没有收下。请稍后再传；如果一直这样，请联系平台的系统管理员。"
        ) from error
    if found.virus:
        with transaction.atomic(durable=True):
            record(
                actor=actor,
                action="core.file.refused",
                subject_label=name,
                result=AuditResult.REFUSED,
                detail={"virus": found.virus[:200]},
            )
        raise FileRefused(f"病毒扫描发现问题（{found.virus[:80]}），文件没有收下。请先在本机查杀病毒。")
    return ScanState.CLEAN


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
