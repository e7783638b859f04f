"""The file of a certificate: PDF/A, made once and the same for everybody from then on."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.sheets import Certificate
from tidu.core.documents.typesets import set_sheet
from tidu.core.files.kinds import FileKind
from tidu.core.files.receiving import file_name
from tidu.core.files.storage import discard, fresh_location
from tidu.core.models import StoredFile
from tidu.core.models.files import ScanState
from tidu.recognition.certificates.codes import check_url, shown_code
from tidu.recognition.models import TitleCertificate


def certificate_words(certificate: TitleCertificate) -> dict[str, Any]:
    """What the certificate says."""
    document, until = certificate.document, certificate.until
    words = Certificate(
        holder=certificate.name,
        uscc=certificate.uscc,
        honour=certificate.title_name,
        number=certificate.number,
        issuer=certificate.organisation.name,
        on=timezone.localdate(certificate.issued_at),
        since=certificate.since,
        until=until or certificate.since,
        link=check_url(certificate),
        code=shown_code(certificate),
        basis="" if document is None else f"{document.title}（{document.number}）",
    ).as_words()
    return words if until is not None else words | {"until": "长期"}


def stored_paper(certificate: TitleCertificate, *, actor: Actor) -> StoredFile:
    """The file of a certificate, made now if it has not been. Call it outside any transaction.

    Of two that make it at once, the first one's stays. Raises :class:`TemplateBroken`.
    """
    if certificate.file is not None:
        return certificate.file
    content = set_sheet(
        kind="certificate", words=certificate_words(certificate), made_at=certificate.issued_at, pdf_a=True
    )
    location = default_storage.save(fresh_location(), ContentFile(content))
    with transaction.atomic():
        locked = TitleCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        stored = locked.file
        if stored is None:
            stored = StoredFile.objects.create(
                name=file_name(f"{certificate.number} {certificate.name}.pdf"),
                content=FileKind.PDF.content,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                location=location,
                scan=ScanState.UNSCANNED,
            )
            locked.file = stored
            locked.save(update_fields=("file",))
            record(
                actor=actor,
                action="recognition.certificate.made",
                subject=locked,
                enterprise_id=certificate.title.enterprise_id,
                detail={"sha256": stored.sha256},
            )
    if stored.location != location:
        discard(location)
    certificate.file = stored
    return stored
