"""Filling in an application: what people type, the documents they put forward, and who has which part open.

Figures become facts of the enterprise, as on its own desk; statements belong to the application. A text that a
colleague or another tab has changed since the page was made is not overwritten: both are shown, a person decides.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.files.receiving import Received
from tidu.core.refusals import Refused
from tidu.recognition.applying.filled import kept_as
from tidu.recognition.applying.questions import LONGEST_STATEMENT, Part, questions_of
from tidu.recognition.models import Application, Attachment, Call, Presence, Statement, Status
from tidu.recognition.process.window import is_open
from tidu.registry.actions.evidence import add_evidence
from tidu.registry.actions.facts import lock_enterprises
from tidu.registry.models import Evidence, TypedText
from tidu.registry.own.saving import Saved, Typed, save_typed

MOST_ATTACHED: Final = 20
SEEN_AGAIN: Final = dt.timedelta(seconds=15)
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def why_closed(application: Application) -> str:
    """Why an application cannot be filled in now; empty where it can."""
    if application.status == Status.RETURNED:
        return ""
    if application.status != Status.DRAFT:
        return f"现在是“{application.get_status_display()}”，已提交的内容不能再改。"
    if application.call.state == Call.State.WITHDRAWN:
        return "通知已经撤销，不能再填报。"
    if not is_open(application.call):
        return "不在受理时间内，不能再填报。"
    return ""


def save_part(*, actor: Actor, application: Application, part: Part, typed: Typed) -> Saved:
    """Save a part: figures as facts, statements here. What cannot be taken is kept. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(actor, application)
        saved = save_typed(actor=actor, enterprise=held.enterprise, controls=part.controls, typed=typed)
        changed = _Stating(actor, held, typed, saved).take(part)
        if changed:
            record(
                actor=actor,
                action="recognition.application.stated",
                subject=held,
                enterprise_id=held.enterprise_id,
                detail={"statements": changed},
            )
    return saved


def _held(actor: Actor, application: Application) -> Application:
    """The application as it is now, which nobody can submit or end until the transaction does."""
    lock_enterprises([application.enterprise_id])
    held = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "enterprise")
        .visible_to(actor)
        .filter(pk=application.pk)
        .first()
    )
    if held is None or not actor.is_enterprise:
        raise Refused("找不到这一件，或者它不是贵企业的。")
    closed = why_closed(held)
    if closed:
        raise Refused(closed)
    return held


@dataclass(frozen=True, slots=True)
class _Stating:
    """One save of statements, against what stands in the database now."""

    actor: Actor
    held: Application
    typed: Typed
    saved: Saved

    def take(self, part: Part) -> list[str]:
        """Take the statements of a part that were sent; the criteria whose statement is now another."""
        sent = {judged.id: judged.control for judged in part.judged if judged.control in self.typed.texts}
        if not sent:
            return []
        names = {kept_as(self.held, control): control for control in sent.values()}
        waiting = TypedText.objects.filter(enterprise=self.held.enterprise, control__in=names)
        kept = {names[row.control]: row for row in waiting}
        rows = {row.criterion: row for row in self.held.statements.filter(criterion__in=sent)}
        changed = []
        for criterion, control in sent.items():
            row = rows.get(criterion) or Statement(application=self.held, criterion=criterion)
            text = self._taken(control, row.text, kept.get(control))
            if text is not None:
                row.text, row.saved_by_id = text, self.actor.user_id
                row.save()
                self.saved.recorded.append(control)
                changed.append(criterion)
        return changed

    def _taken(self, control: str, standing: str, kept: TypedText | None) -> str | None:
        """What a statement is to say now; ``None`` where it stays, or where a person has to look first."""
        text = plain(self.typed.texts[control])
        there = standing if kept is None else kept.text
        shown = plain(self.typed.shown.get(control, there))
        meant = control in self.typed.keep
        if text == shown and not meant:
            return None
        too_long = len(text) > LONGEST_STATEMENT
        if too_long or (not meant and text != standing and shown not in {standing, there}):
            self._hold_back(control, text, standing if too_long else shown)
            return None
        if kept is not None:
            kept.delete()
        return None if text == standing else text

    def _hold_back(self, control: str, text: str, over: str) -> None:
        TypedText.objects.update_or_create(
            enterprise=self.held.enterprise,
            control=kept_as(self.held, control),
            defaults={
                "text": text[: 5 * LONGEST_STATEMENT],
                "over": over,
                "typed_by_id": self.actor.user_id,
            },
        )
        self.saved.held_back.append(control)


def plain(text: str) -> str:
    """A text of several lines as both databases and every way of sending it agree on it."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def attach_evidence(
    *, actor: Actor, application: Application, criterion: str, evidence: Iterable[Evidence]
) -> int:
    """Put documents of the enterprise under a criterion (empty: under the whole). Again is once. How many are new."""
    with transaction.atomic():
        held = _held(actor, application)
        return _attach(actor, held, criterion, list(evidence))


def upload_evidence(
    *,
    actor: Actor,
    application: Application,
    criterion: str,
    kind: str,
    year: int | None,
    note: str,
    received: Received,
) -> Evidence:
    """Put a received file on the enterprise's list and under a criterion. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(actor, application)
        evidence = add_evidence(
            actor=actor, enterprise=held.enterprise, kind=kind, year=year, note=note, received=received
        )
        _attach(actor, held, criterion, [evidence])
    return evidence


def _attach(actor: Actor, held: Application, criterion: str, evidence: list[Evidence]) -> int:
    known = {leaf.id for leaf, _ in questions_of(held.call).leaves()} | {""}
    if criterion not in known:
        raise Refused("没有这一项条件。")
    own = [item for item in evidence if item.enterprise_id == held.enterprise_id and not item.withdrawn_at]
    there = set(held.attachments.filter(criterion=criterion).values_list("evidence_id", flat=True))
    new = [item for item in own if item.pk not in there]
    if len(there) + len(new) > MOST_ATTACHED:
        raise Refused(f"一项条件下最多放 {MOST_ATTACHED} 份材料，请先移出不用的。")
    Attachment.objects.bulk_create(
        [Attachment(application=held, criterion=criterion, evidence=item) for item in new]
    )
    if new:
        record(
            actor=actor,
            action="recognition.application.attached",
            subject=held,
            enterprise_id=held.enterprise_id,
            detail={"criterion": criterion, "evidence": [item.pk for item in new]},
        )
    return len(new)


def detach_evidence(*, actor: Actor, application: Application, attachment: int) -> None:
    """Take a document from under its criterion; the enterprise's list keeps it. Idempotent."""
    with transaction.atomic():
        held = _held(actor, application)
        found = held.attachments.filter(pk=attachment).first()
        if found is None:
            return
        detail = {"criterion": found.criterion, "evidence": found.evidence_id}
        found.delete()
        record(
            actor=actor,
            action="recognition.application.detached",
            subject=held,
            enterprise_id=held.enterprise_id,
            detail=detail,
        )


def be_present(*, actor: Actor, application: Application, part: str) -> None:
    """Note that the actor has a part open. Seldom a write: whoever was seen a moment ago need not be noted again."""
    now = timezone.now()
    seen = Presence.objects.filter(application=application, user_id=actor.user_number)
    if seen.filter(part=part, seen_at__gt=now - SEEN_AGAIN).exists():
        return
    Presence.objects.update_or_create(
        application=application, user_id=actor.user_number, defaults={"part": part, "seen_at": now}
    )
