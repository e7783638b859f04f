"""Looking at a file without its reader's machine opening it: pages and pictures come as PNG made on the server."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

from tidu.core.files import rendering
from tidu.core.files.kinds import FileKind, FileRefused
from tidu.core.files.rendering import LOCKED, SECONDS
from tidu.core.models import StoredFile
from tidu.core.own_process import run_apart

MOST_PAGES: Final = 300
SIDE: Final = 1_600
_VIEWED: Final = {FileKind.PDF: "pdf", FileKind.PNG: "png", FileKind.JPEG: "jpeg"}
_CHUNK: Final = 1 << 20
#: Each takes a process and up to a gigabyte; whoever comes third waits.
_TURNS: Final = BoundedSemaphore(2)


class Unshowable(ValueError):  # noqa: N818 - it is what becomes of the page
    """A file cannot be shown; the text is a Chinese sentence."""


def check(path: Path, kind: FileKind) -> None:
    """Open a file as its readers will. Raises :class:`FileRefused` for one that is broken or locked."""
    viewed = _VIEWED.get(kind)
    if viewed is None:
        return
    try:
        _count(viewed, path)
    except Unshowable as error:
        raise FileRefused(f"{error}文件没有收下。") from error


def page_count(stored: StoredFile) -> int:
    """How many pages there are to look at, ``MOST_PAGES`` at most. Raises :class:`Unshowable`."""
    viewed = _viewed(stored.content)
    if viewed is None:
        raise Unshowable("这种文件不能在网页上预览，请下载后查看。")
    if viewed != "pdf":
        return 1
    with _local(stored) as path:
        return min(_count(viewed, path), MOST_PAGES)


def page_picture(stored: StoredFile, page: int) -> bytes:
    """One page, from 1, as PNG. Raises :class:`Unshowable`."""
    viewed = _viewed(stored.content)
    if viewed is None or not 1 <= page <= MOST_PAGES:
        raise Unshowable("没有这一页。")
    with _local(stored) as path:
        return _run("render", viewed, str(path.resolve()), str(page), str(SIDE))


def _count(viewed: str, path: Path) -> int:
    pages = json.loads(_run("check", viewed, str(path.resolve())))["pages"]
    if not pages:
        raise Unshowable("文件里一页也没有。")
    return int(pages)


def _run(*arguments: str) -> bytes:
    if not _TURNS.acquire(timeout=SECONDS):
        raise Unshowable("正在显示的文件太多，请稍后再试。")
    try:
        done = run_apart(rendering.__name__, *arguments, patience=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unshowable("文件太复杂，打开的时间太长。") from error
    finally:
        _TURNS.release()
    if done.returncode == LOCKED:
        raise Unshowable("PDF 设有打开密码，请去掉密码后再上传。")
    if done.returncode:
        raise Unshowable("文件打不开，可能已经损坏。请在本机打开核对，另存后再上传。")
    return done.stdout


def _viewed(content: str) -> str | None:
    return next((name for kind, name in _VIEWED.items() if kind.content == content), None)


@contextmanager
def _local(stored: StoredFile) -> Iterator[Path]:
    """The file as a path: where it lies, or a copy of what lies elsewhere."""
    if isinstance(default_storage, FileSystemStorage) or hasattr(default_storage, "path"):
        try:
            path = Path(default_storage.path(stored.location))
        except NotImplementedError:
            pass
        else:
            if not path.is_file():
                raise Unshowable("文件不在存储里，请联系平台的系统管理员。")
            yield path
            return
    with (
        tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload") as copy,
        default_storage.open(stored.location) as source,
    ):
        while chunk := source.read(_CHUNK):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
