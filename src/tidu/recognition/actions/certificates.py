"""Certificates: issued with a title, issued anew when what they say has changed, and made into a file."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.crypto.sealing import newest_key
from tidu.core.jobs import start_for
from tidu.core.models import OfficialDocument
from tidu.core.refusals import Refused
from tidu.recognition.certificates.numbers import next_number
from tidu.recognition.models import Application, TitleCertificate
from tidu.recognition.process.rules import pack_of, recognition_of
from tidu.registry.models import Enterprise, Title
from tidu.registry.models.standing import TitleState

#: The background work that makes the files of certificates.
PAPERS: Final = "recognition.certificates.papers"
LONGEST_REASON: Final = 200
_TRIES: Final = 5  # of two who take the same number at once, one takes the next


@transaction.atomic
def issue_certificate(*, actor: Actor, title: Title, application: Application) -> TitleCertificate:
    """The certificate of a title that was just given; the one that stands where there is one already.

    The application is the one that the title came of. Its file is made by a job. Raises :class:`Refused` for a title
    that is not held.
    """
    held = _held(title)
    standing = held.certificates.standing().first()
    if standing is not None:
        return standing
    call = application.call
    decided = application.recognition_documents.select_related("document").order_by("-id").first()
    made = _create(
        held,
        organisation=call.organisation,
        pack=call.pack,
        pack_digest=call.version_id or pack_of(call).digest,
        valid_cite=recognition_of(call).valid_cite,
        document=None if decided is None else decided.document,
    )
    _papers(actor, made)
    record(
        actor=actor,
        action="recognition.certificate.issued",
        subject=made,
        enterprise_id=held.enterprise_id,
        after={"number": made.number, "name": made.name, "until": made.until},
        detail={"number": made.number, "title": held.pk},
    )
    return made


@transaction.atomic
def reissue_certificate(*, actor: Actor, certificate: TitleCertificate, reason: str) -> TitleCertificate:
    """A new certificate in place of one whose words no longer hold, after a change of name say.

    The new one has a number of its own and what the registry says now; the old one says that it was replaced. What is
    replaced already gives the one that stands. Raises :class:`Refused` for a title that is not held.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("没有写换发的原因，例如“企业更名”。", field="reason")
    held = _held(certificate.title)
    old = TitleCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if old.replaced_at is not None:
        return held.certificates.standing().get()
    old.replaced_at, old.replaced_reason = timezone.now(), reason[:LONGEST_REASON]
    old.save(update_fields=("replaced_at", "replaced_reason"))
    made = _create(
        held,
        organisation=old.organisation,
        pack=old.pack,
        pack_digest=old.pack_digest,
        valid_cite=old.valid_cite,
        document=old.document,
    )
    _papers(actor, made)
    record(
        actor=actor,
        action="recognition.certificate.reissued",
        subject=made,
        enterprise_id=held.enterprise_id,
        before={"number": old.number, "name": old.name},
        after={"number": made.number, "name": made.name},
        detail={"number": made.number, "instead_of": old.number, "reason": old.replaced_reason},
    )
    return made


def _held(title: Title) -> Title:
    """The title under the lock that every change of the enterprise takes, so that two get one certificate."""
    Enterprise.objects.select_for_update().get(pk=title.enterprise_id)
    held = Title.objects.select_related("enterprise").get(pk=title.pk)
    if held.state != TitleState.HELD or held.removed_at is not None:
        raise Refused(f"这个称号现在是“{held.get_state_display()}”，不能发证。")
    return held


def _create(
    title: Title,
    *,
    organisation: Organisation,
    pack: str,
    pack_digest: str,
    valid_cite: str,
    document: OfficialDocument | None,
) -> TitleCertificate:
    if organisation.place is None:
        raise Refused("发证单位没有登记所在地，证书编号排不出来。请系统管理员补充后再办理。")
    now = timezone.now()
    made = TitleCertificate(
        title=title,
        organisation=organisation,
        name=title.enterprise.name,
        uscc=title.enterprise.uscc,
        title_name=title.name,
        since=title.recognised_on,
        until=title.valid_until,
        pack=pack,
        pack_digest=pack_digest,
        valid_cite=valid_cite,
        document=document,
        key=newest_key(),
        issued_at=now,
    )
    for left in reversed(range(_TRIES)):
        made.number = next_number(organisation.place, timezone.localdate(now))
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            if not left:
                raise
        else:
            break
    return made


def _papers(actor: Actor, certificate: TitleCertificate) -> None:
    """See to it that the file is made: by one job for all that a decision brings, not one for each."""
    start_for(
        actor=actor,
        kind=PAPERS,
        title=f"生成证书：{certificate.title_name}",
        titles="生成 {:,} 份证书",
        item=certificate.pk,
    )
