"""The file of a certificate: PDF/A, made once and the same for everybody from then on."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.typesets import set_sheet
from tidu.core.figures import day_in_words
from tidu.core.files.kinds import FileKind
from tidu.core.files.receiving import file_name
from tidu.core.files.storage import fresh_location
from tidu.core.models import StoredFile
from tidu.core.models.files import ScanState
from tidu.recognition.certificates.codes import check_url, shown_code
from tidu.recognition.models import TitleCertificate


def certificate_words(certificate: TitleCertificate) -> dict[str, Any]:
    """What the certificate says."""
    until = certificate.until
    return {
        "title": "证　书",
        "name": certificate.name,
        "uscc": certificate.uscc,
        "award": certificate.title_name,
        "number": certificate.number,
        "code": shown_code(certificate),
        "document_no": "" if certificate.document is None else certificate.document.number,
        "since": day_in_words(certificate.since).replace(" ", ""),
        "until": "" if until is None else day_in_words(until).replace(" ", ""),
        "issuer": certificate.organisation.name,
        "link": check_url(certificate),
    }


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
        default_storage.delete(location)
    certificate.file = stored
    return stored
