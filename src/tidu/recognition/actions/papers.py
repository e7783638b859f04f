"""The paper of a submission: the whole application as PDF, made once from what was frozen, and kept."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.typesets import set_sheet
from tidu.core.files.kinds import FileKind
from tidu.core.files.receiving import file_name
from tidu.core.files.storage import discard, fresh_location
from tidu.core.models import StoredFile
from tidu.core.models.files import ScanState
from tidu.recognition.applying.paper import paper_words
from tidu.recognition.models import Submission, SubmissionPaper


def paper_of(*, actor: Actor, submission: Submission) -> StoredFile:
    """The paper, made now if it has not been. Of two that make it at once the first one's stays.

    Call it outside any transaction: setting it takes a second.
    """
    there = SubmissionPaper.objects.filter(submission=submission).select_related("file").first()
    if there is not None:
        return there.file
    content = set_sheet(kind="application", words=paper_words(submission), made_at=submission.submitted_at)
    location = default_storage.save(fresh_location(), ContentFile(content))
    with transaction.atomic():
        Submission.objects.select_for_update().get(pk=submission.pk)
        there = SubmissionPaper.objects.filter(submission=submission).select_related("file").first()
        if there is None:
            application = submission.application
            stored = StoredFile.objects.create(
                name=file_name(
                    f"{application.call.form} {application.number} 第{submission.number}次提交.pdf"
                ),
                content=FileKind.PDF.content,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                location=location,
                scan=ScanState.UNSCANNED,
            )
            there = SubmissionPaper.objects.create(submission=submission, file=stored)
            record(
                actor=actor,
                action="recognition.submission.papered",
                subject=submission,
                enterprise_id=application.enterprise_id,
                detail={"sha256": stored.sha256},
            )
    if there.file.location != location:
        discard(location)
    return there.file
