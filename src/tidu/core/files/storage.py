"""Private storage in a folder: a file is there whole and for good, or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO, Any, Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

PART: Final = ".part"


def fresh_location() -> str:
    """A name that tells nothing and that nobody can guess. Two letters first, so that no folder grows too large."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}"


class DurableStorage(FileSystemStorage):
    """Writes beside the final name, forces the bytes to the disk, then renames, and forces the folder to the disk.

    A machine that stops at any moment leaves either the whole file or a remainder ending in ``.part``, which the sweep
    removes.
    """

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}{PART}")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        try:
            with os.fdopen(handle, "wb") as sink:
                _copy(content, sink)
            os.link(part, target)  # and not rename, which would replace a file of that name
        finally:
            part.unlink(missing_ok=True)
        _settle(target.parent)
        return name.replace("\\", "/")


def discard(location: str) -> None:
    """Remove a file that nothing refers to: of two that were made at once, the one that came second."""
    default_storage.delete(location)


def _copy(content: File[Any], sink: IO[bytes]) -> None:
    for chunk in content.chunks():
        sink.write(chunk)
    sink.flush()
    os.fsync(sink.fileno())


def _settle(folder: Path) -> None:
    """Force the folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
