"""Drafting, issuing and voiding official documents.

Who may, and whether a second person is needed, is the rule of whatever the document belongs to: its own action calls
these inside its transaction, before its own event is recorded. Here a document stays within its organisation.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.chain import sm3
from tidu.core.audit.recording import record
from tidu.core.documents.issuers import issuer_numbered
from tidu.core.documents.kinds import kind_named
from tidu.core.documents.numbering import hold_numbers, number_in_words, take_number
from tidu.core.jobs import start_for
from tidu.core.models import OfficialDocument
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, stated

FILES_JOB: Final = "core.document.files"
_LONGEST_TITLE: Final = 160
_LONGEST_REASON: Final = 300


@transaction.atomic
def draft_document(
    *,
    actor: Actor,
    kind: str,
    title: str,
    words: dict[str, Any],
    word: str = "",
    organisation_id: int | None = None,
) -> OfficialDocument:
    """A draft of the actor's organisation, or of ``organisation_id`` where the system acts for one.

    ``words`` come from :meth:`tidu.core.documents.words.Letter.as_words`. ``word`` (发文字号) may stay empty: the
    organisation's own is taken.
    """
    kind_named(kind)
    issuer = issuer_numbered(_organisation(actor, organisation_id))
    hold_numbers(issuer.organisation_id)
    document = OfficialDocument.objects.create(
        kind=kind,
        title=_title(title),
        organisation_id=issuer.organisation_id,
        issuer=issuer.name,
        place=issuer.place,
        word=(word.strip() or issuer.word)[:40],
        words=words,
        made_by_id=actor.user_id,
    )
    record(
        actor=actor,
        action="core.document.drafted",
        subject=document,
        place=document.place,
        after=content_of(document),
        detail={"kind": kind},
    )
    return document


@transaction.atomic
def redraft_document(
    *,
    actor: Actor,
    document: OfficialDocument,
    title: str | None = None,
    words: dict[str, Any] | None = None,
    word: str | None = None,
) -> OfficialDocument:
    """Change a draft. Nothing is recorded where nothing changes. Raises :class:`Refused` once it is issued or void."""
    hold_numbers(document.organisation_id)
    locked = _locked(actor, document)
    if locked.state != OfficialDocument.State.DRAFT:
        raise Refused(f"{quoted(locked)}{locked.get_state_display()}，内容不能再改。")
    before = content_of(locked)
    if title is not None:
        locked.title = _title(title)
    if words is not None:
        locked.words = words
    if word is not None:
        locked.word = (word.strip() or issuer_numbered(locked.organisation_id).word)[:40]
    after = content_of(locked)
    if after != before:
        locked.save(update_fields=["title", "words", "word"])
        record(
            actor=actor,
            action="core.document.redrafted",
            subject=locked,
            place=locked.place,
            before=before,
            after=after,
        )
    return locked


def keep_draft(
    *, actor: Actor, document: OfficialDocument | None, kind: str, title: str, words: dict[str, Any]
) -> OfficialDocument:
    """The draft as it is to be: made where there is none, changed where there is. Raises :class:`Refused`."""
    if document is None:
        return draft_document(actor=actor, kind=kind, title=title, words=words)
    return redraft_document(actor=actor, document=document, title=title, words=words)


@transaction.atomic
def issue_document(
    *, actor: Actor, document: OfficialDocument, on: dt.date | None = None
) -> OfficialDocument:
    """Give the next number, date it ``on`` (today), freeze its words, and have its files made.

    One job makes them for all documents that are issued before it begins. A second call finds it issued and changes
    nothing. Raises :class:`Refused` for one that is void, and for a day that has not come.
    """
    hold_numbers(document.organisation_id)
    locked = _locked(actor, document)
    if locked.state == OfficialDocument.State.ISSUED:
        return locked
    if locked.state == OfficialDocument.State.VOID:
        raise Refused(f"{quoted(locked)}已作废，不能印发。")
    now = timezone.now()
    day = on or timezone.localdate(now)
    if day > timezone.localdate(now):
        raise Refused("印发日期还没有到，不能先编文号。", field="on")
    locked.words = {**locked.words, "on": day.isoformat()}
    if kind_named(locked.kind).numbered:
        word, year = locked.word, day.year
        sequence = take_number(organisation_id=locked.organisation_id, word=word, year=year)
        locked.year, locked.sequence = year, sequence
        locked.number = number_in_words(word=word, year=year, sequence=sequence)
    locked.state, locked.issued_at, locked.issued_by_id = OfficialDocument.State.ISSUED, now, actor.user_id
    locked.digest = digest_of_content(locked)
    locked.save()
    start_for(
        actor=actor,
        kind=FILES_JOB,
        title=f"生成公文文件：{locked}",
        titles="生成 {:,} 份公文的文件",
        item=locked.pk,
    )
    record(
        actor=actor,
        action="core.document.issued",
        subject=locked,
        subject_label=f"{locked.number} {locked.title}".strip(),
        place=locked.place,
        after=content_of(locked),
        detail={"kind": locked.kind, "number": locked.number, "sm3": locked.digest},
    )
    return locked


@transaction.atomic
def void_document(*, actor: Actor, document: OfficialDocument, reason: str) -> OfficialDocument:
    """Take a document back. The number of an issued one stays used. A second call changes nothing."""
    locked = _locked(actor, document)
    if locked.state == OfficialDocument.State.VOID:
        return locked
    reason = stated(reason, "作废的理由")
    before, locked.state = locked.state, OfficialDocument.State.VOID
    locked.save(update_fields=["state"])
    record(
        actor=actor,
        action="core.document.voided",
        subject=locked,
        place=locked.place,
        before=before,
        after=locked.state,
        detail={"number": locked.number, "reason": reason[:_LONGEST_REASON]},
    )
    return locked


def content_of(document: OfficialDocument) -> dict[str, Any]:
    """All that a document says, as plain data."""
    names = ("kind", "title", "organisation_id", "issuer", "word", "year", "sequence", "number", "words")
    return {name: getattr(document, name) for name in names}


def digest_of_content(document: OfficialDocument) -> str:
    """The SM3 of all that a document says: what stands in ``digest`` from when it is issued."""
    return sm3(json.dumps(content_of(document), ensure_ascii=False, sort_keys=True).encode())


def _organisation(actor: Actor, wanted: int | None) -> int:
    if wanted is None:
        return actor.organisation_number
    if not actor.is_system and wanted != actor.organisation_id:
        raise Refused("公文只能由本机构拟制。")
    return wanted


def _locked(actor: Actor, document: OfficialDocument) -> OfficialDocument:
    locked = OfficialDocument.objects.select_for_update().filter(pk=document.pk).first()
    if locked is None or not (actor.is_system or locked.organisation_id == actor.organisation_id):
        raise Refused("找不到这份公文，或者它不属于您所在的机构。")
    return locked


def _title(given: str) -> str:
    title = " ".join(given.split())
    if not title:
        raise Refused("请填写公文的标题。", field="title")
    if len(title) > _LONGEST_TITLE:
        raise Refused(f"标题不能超过 {_LONGEST_TITLE} 个字。", field="title")
    return title
