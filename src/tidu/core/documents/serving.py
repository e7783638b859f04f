"""Answers that carry an official document. A view calls these with one it has reached through what it belongs to."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from tidu.core.audit.recording import record
from tidu.core.documents.making import Form, made_now, name_of, stored_form
from tidu.core.files.serving import download, sealed, stored_answer
from tidu.core.models import OfficialDocument
from tidu.core.requests import ANYBODY, ActorRequest

_MARKS: Final = {OfficialDocument.State.DRAFT: "草稿", OfficialDocument.State.VOID: "作废"}


def serve_pdf(
    request: ActorRequest, document: OfficialDocument, enterprise_id: int | None = None
) -> HttpResponseBase:
    """The PDF as an attachment, on the record. Raises as :func:`~tidu.core.documents.making.made_now`.

    A draft and a void document are set anew with a watermark; what is issued comes from the stored file, made now if
    the job has not done so. ``enterprise_id`` is told of what is issued alone: a draft says what is not decided yet.
    Visitors get what is issued, off the record; of anything else, raises Http404.
    """
    return _serve(request, document, Form.PDF, enterprise_id)


def serve_docx(
    request: ActorRequest, document: OfficialDocument, enterprise_id: int | None = None
) -> HttpResponseBase:
    """The same as a Word document."""
    return _serve(request, document, Form.DOCX, enterprise_id)


def _serve(
    request: ActorRequest, document: OfficialDocument, form: Form, enterprise_id: int | None
) -> HttpResponseBase:
    issued = document.state == OfficialDocument.State.ISSUED
    visitor = request.actor == ANYBODY
    if visitor and not issued:
        raise Http404("没有这份公文。")
    if issued:
        stored = stored_form(document, form, actor=request.actor)
        if visitor:
            return stored_answer(stored)
        return download(request, stored, enterprise_id=enterprise_id)
    content = made_now(document, form, actor=request.actor)
    with transaction.atomic():
        record(
            actor=request.actor,
            action="core.file.downloaded",
            subject=document,
            place=document.place,
            detail={"form": form.value, "state": document.state},
        )
    return _attached(
        content, name_of(document, form, mark=_MARKS[OfficialDocument.State(document.state)]), form
    )


def _attached(content: bytes, name: str, form: Form) -> HttpResponse:
    response = HttpResponse(content, content_type=form.kind.content)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return sealed(response)
