"""Files of reference data that the system administrator sends: taken, shown before anything changes, then brought in.

Between the check and the import the file waits in the sender's session, so that what was shown is what is brought in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tidu.core.components import Column
from tidu.core.reach import ONLY_WHOLE, reaches_everybody
from tidu.core.requests import ActorRequest
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


def bring_in(
    request: ActorRequest, key: str, page: str, work: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Do ``work`` with the file that was checked, say what it answers, and go back to ``page``."""
    if not reaches_everybody(request.actor):
        return refused(request, page)
    waiting = kept(request, key)
    if waiting is None:
        messages.error(request, "没有检查过的文件，请先选择文件检查。")
        return redirect(page)
    forget(request, key)
    try:
        done = work(waiting)
    except InputError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(page)


def refused(request: ActorRequest, page: str) -> HttpResponse:
    """What everybody works with is changed by whoever is in charge of everybody."""
    messages.error(request, ONLY_WHOLE)
    return redirect(page)


def forget(request: HttpRequest, key: str) -> None:
    """The file is brought in, or not wanted."""
    request.session.pop(key, None)
