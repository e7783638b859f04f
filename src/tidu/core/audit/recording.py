"""Writing the record. The only way in; there is none to change or remove."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.actions import ACTIONS
from tidu.core.audit.chain import FIRST, digest_of, hash_of
from tidu.core.audit.directory import enterprises
from tidu.core.audit.reading import COLUMNS
from tidu.core.models.audit import AuditEvent, AuditHead, AuditResult, ExportedBlock

_LONGEST_DETAIL: Final = 4_000


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model | None = None,
    subject_label: str = "",
    enterprise_id: int | None = None,
    place: str = "",
    before: object = None,
    after: object = None,
    result: AuditResult = AuditResult.DONE,
    detail: Mapping[str, Any] | None = None,
    exported: Sequence[int] = (),
) -> AuditEvent:
    """Append one event to the chain, in the transaction of the change that it records.

    Call it as the *last* step of an action: it holds the end of the chain until the transaction ends, so that whoever
    records next waits. Whoever takes another row lock behind it can meet a second transaction that holds that row and
    waits for the chain; PostgreSQL then ends one of the two. So lock rows first, do the work, record.

    ``action`` must be declared. ``before`` and ``after`` are plain data of which only digests are kept; ``detail`` is
    kept as it is and must hold no secrets or personal data. ``exported`` are the enterprises of a list that leaves, for
    :func:`tidu.core.audit.exports.record_export`. ``place`` defaults to the actor's, and for the people of an
    enterprise to where that is. Three queries.
    """
    if action not in ACTIONS:
        raise ValueError(f"undeclared audit action: {action}")
    blocks = _blocks(exported)  # before anybody has to wait for it
    # No savepoint: an action whose record cannot be written has not happened.
    with transaction.atomic(savepoint=False):
        head = _locked_head()
        event = AuditEvent(
            number=head.number + 1,
            at=timezone.now(),
            user_id=actor.user_id,
            user_name=_line(actor.name)[:80],
            role=actor.role or "",
            organisation_id=actor.organisation_id,
            organisation_name=_line(actor.organisation)[:120],
            delegated_by=_line(actor.delegated_by)[:80],
            address=actor.address[:45],
            action=action,
            result=result,
            subject_type="" if subject is None else subject._meta.label_lower,
            subject_id="" if subject is None else str(subject.pk),
            subject_label=_line(subject_label or ("" if subject is None else str(subject)))[:200],
            place=_place(place or actor.place, enterprise_id),
            enterprise_id=enterprise_id,
            before_digest=digest_of(before),
            after_digest=digest_of(after),
            detail=_text(detail),
            previous=head.hash,
        )
        event.hash = hash_of({name: getattr(event, name) for name in COLUMNS})
        event.save(force_insert=True)
        ExportedBlock.objects.bulk_create(
            ExportedBlock(block=block, event=event.number, members=members)
            for block, members in blocks.items()
        )
        AuditHead.objects.filter(pk=head.pk).update(number=event.number, hash=event.hash)
    return event


def _blocks(numbers: Iterable[int]) -> dict[int, int]:
    blocks: dict[int, int] = {}
    for number in numbers:
        block, place = divmod(number, ExportedBlock.SIZE)
        blocks[block] = blocks.get(block, 0) | 1 << place
    return blocks


def _locked_head() -> AuditHead:
    """The end of the chain, held until the transaction ends. SQLite's IMMEDIATE transactions hold everything anyway."""
    head = AuditHead.objects.select_for_update().first()
    if head is None:  # a new database; of two who find it so, one waits here for the other
        AuditHead.objects.bulk_create([AuditHead(number=0, hash=FIRST)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get()
    return head


def _place(place: str, enterprise_id: int | None) -> str:
    return place or ("" if enterprise_id is None else enterprises().place_of(enterprise_id))


def _line(text: str) -> str:
    """One line that both databases can keep: a name with a line break in it cannot forge a second entry."""
    return "".join(char if char.isprintable() or char == "\u3000" else " " for char in text)


def _text(detail: Mapping[str, Any] | None) -> str:
    if not detail:
        return ""
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
    text = text.encode(errors="backslashreplace").decode()  # half of a pair from a broken file is no text
    if len(text) > _LONGEST_DETAIL:
        raise ValueError("the detail of an audit event is a summary, not a copy of the data")
    return text
