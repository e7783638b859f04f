"""Files of reference data that the system administrator sends: taken, shown before anything changes, then brought in.

Between the check and the import the file waits in the sender's session, so that what was shown is what is brought in.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

from tidu.core.components import Column
from tidu.policy.errors import InputError, Problem

MOST_BYTES: Final = 512 * 1024
LIMIT: Final = "不超过 512 KB"
PROBLEM_COLUMNS: Final = (Column("行", number=True), Column("列"), Column("问题"), Column("怎么改"))
_LONGEST_NAME: Final = 100


def sent_file(request: HttpRequest) -> tuple[bytes, str]:
    """Content and name of the file that was sent as ``file``. Raises :class:`InputError` in words."""
    upload = request.FILES.get("file")
    if upload is None or not upload.name:
        raise InputError(Problem("没有选择文件", remedy="选一个 CSV 文件后再检查"))
    if upload.size is None or upload.size > MOST_BYTES:
        raise InputError(Problem("文件太大", upload.name[-_LONGEST_NAME:], remedy=f"{LIMIT}，按年或按省分开"))
    return upload.read(), upload.name[-_LONGEST_NAME:]


def keep(request: HttpRequest, key: str, content: bytes, name: str, **more: str) -> None:
    """Keep a checked file until it is brought in. It is text: the check has read it as such."""
    request.session[key] = {"content": content.decode("latin-1"), "name": name, **more}


def kept(request: HttpRequest, key: str) -> dict[str, Any] | None:
    """The file that was checked last, with its ``content`` as bytes; ``None`` when there is none (any more)."""
    found = request.session.get(key)
    return None if found is None else {**found, "content": found["content"].encode("latin-1")}


def forget(request: HttpRequest, key: str) -> None:
    """The file is brought in, or not wanted."""
    request.session.pop(key, None)
