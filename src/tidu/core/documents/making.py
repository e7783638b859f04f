"""The files of an issued document: made once, stored, and the same for everybody from then on."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from enum import Enum
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.drafting import digest_of_content
from tidu.core.documents.template_files import TemplateBroken
from tidu.core.documents.typesets import set_letter
from tidu.core.documents.word_files import word_letter
from tidu.core.files.kinds import FileKind
from tidu.core.files.receiving import file_name
from tidu.core.files.storage import discard, fresh_location
from tidu.core.models import OfficialDocument, StoredFile
from tidu.core.models.audit import AuditResult
from tidu.core.models.files import ScanState

_log = logging.getLogger(__name__)
_LONGEST_FAULT: Final = 300


class Form(Enum):
    """What a document is handed out as."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def kind(self) -> FileKind:
        """Its kind of file."""
        return FileKind.PDF if self is Form.PDF else FileKind.DOCX


_SETTERS: Final[dict[Form, Callable[[OfficialDocument], bytes]]] = {
    Form.PDF: set_letter,
    Form.DOCX: word_letter,
}


class DocumentAltered(Exception):  # noqa: N818 - it says what happened to the document
    """An issued document says something else than when it was issued: no file is made of it."""

    message: Final = "这份公文的内容与印发时的摘要不符，没有提供下载。请联系系统管理员核查。"


def made_now(document: OfficialDocument, form: Form, *, actor: Actor) -> bytes:
    """The document set anew. Raises :class:`TemplateBroken`, which goes on record, or :class:`DocumentAltered`."""
    if document.digest and document.digest != digest_of_content(document):
        _log.error("document %s is not what was issued", document.pk)
        raise DocumentAltered(str(document))
    try:
        return _SETTERS[form](document)
    except TemplateBroken as broken:
        with transaction.atomic():
            record(
                actor=actor,
                action="core.document.unmade",
                subject=document,
                place=document.place,
                result=AuditResult.FAILED,
                detail={"template": broken.name, "own": broken.own, "fault": broken.fault[:_LONGEST_FAULT]},
            )
        raise


def stored_form(document: OfficialDocument, form: Form, *, actor: Actor) -> StoredFile:
    """The file of an issued document, made now if it has not been. Call it outside any transaction.

    Of two that make it at once, the first one's stays. Raises as :func:`made_now`.
    """
    stored: StoredFile | None = getattr(document, form.value)
    if stored is not None:
        return stored
    content = made_now(document, form, actor=actor)
    location = default_storage.save(fresh_location(), ContentFile(content))
    with transaction.atomic():
        locked = OfficialDocument.objects.select_for_update().get(pk=document.pk)
        stored = getattr(locked, form.value)
        if stored is None:
            stored = StoredFile.objects.create(
                name=name_of(locked, form),
                content=form.kind.content,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                location=location,
                scan=ScanState.UNSCANNED,
            )
            setattr(locked, form.value, stored)
            locked.save(update_fields=[form.value])
            record(
                actor=actor,
                action="core.document.filed",
                subject=locked,
                place=locked.place,
                detail={"form": form.value, "sha256": stored.sha256},
            )
    if stored.location != location:
        discard(location)
    setattr(document, form.value, stored)
    return stored


def name_of(document: OfficialDocument, form: Form, *, mark: str = "") -> str:
    """The name of the file: number and title."""
    words = " ".join(part for part in (mark, document.number, document.title) if part)
    return file_name(f"{words.replace('/', '／')[:110]}{form.kind.suffixes[0]}")
