"""The letter that tells an applicant why it is not recognised. Part of the action that decides so."""

from __future__ import annotations

from tidu.core.actor import Actor
from tidu.core.documents.drafting import draft_document, issue_document
from tidu.recognition.decision_papers import result_title, result_words
from tidu.recognition.models import Application


def send_result(*, actor: Actor, application: Application, reason: str, cite: str, after: str) -> None:
    """Issue the letter and put it to the application, which the caller saves by moving the case."""
    document = draft_document(
        actor=actor,
        kind="result",
        title=result_title(application.call),
        words=result_words(application, reason=reason, cite=cite, after=after),
    )
    application.result = issue_document(actor=actor, document=document)
