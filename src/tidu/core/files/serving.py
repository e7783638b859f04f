"""Answers that carry a file. A view calls these with a file it has reached through what the file belongs to."""

from __future__ import annotations

import logging
from typing import TypeVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from tidu.core.audit.recording import record
from tidu.core.files.previewing import Unshowable, page_picture
from tidu.core.models import StoredFile
from tidu.core.requests import ActorRequest

R = TypeVar("R", bound=HttpResponseBase)
_log = logging.getLogger(__name__)
_NOTHING_RUNS = "default-src 'none'; sandbox"


def download(request: ActorRequest, stored: StoredFile, *, enterprise_id: int | None) -> FileResponse:
    """The file as an attachment under its own name, on the record. Raises Http404 where it is gone from storage."""
    response = stored_answer(stored)
    with transaction.atomic():
        record(
            actor=request.actor,
            action="core.file.downloaded",
            subject=stored,
            enterprise_id=enterprise_id,
            detail={"sha256": stored.sha256},
        )
    return response


def stored_answer(stored: StoredFile) -> FileResponse:
    """The file as an attachment, off the record: for what anybody may have. Raises Http404 as :func:`download`."""
    try:
        source = default_storage.open(stored.location)
    except FileNotFoundError as error:
        _log.exception("stored file %s is missing from storage", stored.pk)
        raise Http404("文件不在存储里，请联系平台的系统管理员。") from error
    response = FileResponse(source, as_attachment=True, filename=stored.name, content_type=stored.content)
    response.headers["Content-Length"] = str(stored.size)
    return sealed(response)


def picture(
    request: ActorRequest, stored: StoredFile, page: int, *, enterprise_id: int | None
) -> HttpResponse:
    """One page as PNG, on the record; 422 with the reason where the file cannot be shown."""
    try:
        png = page_picture(stored, page)
    except Unshowable as refused:
        return sealed(HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8"))
    with transaction.atomic():
        record(
            actor=request.actor,
            action="core.file.previewed",
            subject=stored,
            enterprise_id=enterprise_id,
            detail={"page": page},
        )
    return sealed(HttpResponse(png, content_type="image/png"))


def sealed(response: R) -> R:
    """An answer with a file that no browser opens as a page, and no cache keeps."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = _NOTHING_RUNS
    return response
