"""What the check of a certificate answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from tidu.core.audit.places import RecordPlace, place_of
from tidu.core.citations import clauses, policy_url
from tidu.core.components import Clause
from tidu.core.models import OfficialDocument
from tidu.core.quoting import quoted
from tidu.core.workspace import LogEntry
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.recognition.certificates.codes import check_url, code_of
from tidu.recognition.models import Application, Cancellation, Notice, TitleCertificate
from tidu.recognition.queries.titles import Standing, TitleStanding, successor, title_state

_VERDICTS: Final = {
    Standing.HELD: ("met", "证书真实，称号有效"),
    Standing.IN_REVIEW: ("met", "证书真实，称号正在复核，复核期间继续有效"),
    Standing.EXPIRED: ("expired", "证书真实，称号已经届满"),
    Standing.CANCELLED: ("revoked", "证书曾经颁发，称号已经取消"),
    Standing.REPLACED: ("expired", "证书真实，称号已由其他称号接替"),
    Standing.FUTURE: ("future", "证书真实，称号尚未生效"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the check, and what stands on the certificate.

    ``proved`` tells that the code itself was given: only then the page repeats the picture that leads to it.
    """

    certificate: TitleCertificate
    standing: TitleStanding
    status: str
    sentence: str
    advice: str
    at: dt.datetime
    policy: str
    policy_label: str
    clauses: tuple[Clause, ...]
    notice: Notice | None
    cancellation: Cancellation | None
    cancelled_by: tuple[Clause, ...]
    newer: TitleCertificate | None
    log: tuple[LogEntry, ...]
    record: RecordPlace | None
    proved: bool

    @property
    def years(self) -> int | None:
        """How many whole years the term has."""
        since, until = self.certificate.since, self.certificate.until
        if until is None:
            return None
        end = until + dt.timedelta(days=1)
        return end.year - since.year if (end.month, end.day) == (since.month, since.day) else None

    @property
    def document(self) -> OfficialDocument | None:
        """The decision that the certificate rests on, once it has been issued."""
        found = self.certificate.document
        return found if found is not None and found.state == OfficialDocument.State.ISSUED else None

    @property
    def document_url(self) -> str:
        """Where its file is to be had; only with the code."""
        if self.document is None or not self.proved:
            return ""
        return reverse(
            "recognition:verify-document", args=[self.certificate.number, code_of(self.certificate)]
        )

    @property
    def picture(self) -> SafeString | None:
        """The picture of the address of this check."""
        return qr_picture(check_url(self.certificate)) if self.proved else None


def verdict_on(certificate: TitleCertificate, *, proved: bool, at: dt.datetime | None = None) -> Verdict:
    """What is to be said of a certificate at a moment (now)."""
    moment = at or timezone.now()
    title = certificate.title
    standing = title_state(title, timezone.localdate(moment))
    status, sentence = _VERDICTS[standing.standing]
    newer = title.certificates.standing().first() if certificate.replaced_at else None
    cancellation = None
    if standing.standing == Standing.CANCELLED:
        cancellation = (
            Cancellation.objects.filter(title=title, state=Cancellation.State.CANCELLED)
            .select_related("decision")
            .first()
        )
    if newer is not None and standing.valid:
        status, sentence = "expired", "证书真实，已经换发新证书"
    pack = load_library().packs.get(certificate.pack)
    later = successor(title)
    return Verdict(
        certificate=certificate,
        standing=standing,
        status=status,
        sentence=sentence,
        advice=_advice(standing, newer=newer is not None, renewed=later is not None),
        at=moment,
        policy="" if pack is None else policy_url(pack),
        policy_label="" if pack is None else pack.document.short_title,
        clauses=() if pack is None else clauses(pack, [certificate.valid_cite or None]),
        notice=_notice_of(certificate),
        cancellation=cancellation,
        cancelled_by=_ground(pack, cancellation),
        newer=newer,
        log=tuple(reversed(list(_history(certificate, standing)))),
        record=_recorded(certificate),
        proved=proved,
    )


def _recorded(certificate: TitleCertificate) -> RecordPlace | None:
    """Where the record says that the certificate was given."""
    instead = certificate.title.certificates.filter(pk__lt=certificate.pk).exists()
    return place_of(certificate, f"recognition.certificate.{'reissued' if instead else 'issued'}")


def qr_picture(address: str) -> SafeString:
    """An address as a picture that telephones read, drawn into the page."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=2, svgclass="td-qr", lineclass=None, omitsize=True, title="核验二维码"
    )
    return mark_safe(drawn)  # noqa: S308 - drawn here, from an address of ours


def _advice(standing: TitleStanding, *, newer: bool, renewed: bool) -> str:
    if standing.standing == Standing.CANCELLED:
        return "自取消之日起不得再以此称号宣传、申报或享受政策。"
    if newer:
        return "以新证书为准。"
    if standing.standing == Standing.EXPIRED:
        return (
            "该企业此后重新取得了这一称号，请核验新的证书。"
            if renewed
            else "届满以后不得再以此称号宣传或申报。"
        )
    return ""


def _ground(pack: Pack | None, cancellation: Cancellation | None) -> tuple[Clause, ...]:
    if pack is None or cancellation is None or cancellation.pack != pack.id:
        return ()
    return clauses(pack, [cancellation.cite or None])


def _notice_of(certificate: TitleCertificate) -> Notice | None:
    application = Application.objects.filter(title_id=certificate.title_id).first()
    if application is None:
        return None
    return Notice.objects.public().filter(items__application=application).first()


def _history(certificate: TitleCertificate, standing: TitleStanding) -> Iterator[LogEntry]:
    """What became of the title, the earliest first."""
    title = certificate.title
    batch = f"　{title.batch_name}" if title.batch_name else ""
    yield LogEntry(title.recognised_on, f"{title.get_basis_display()}{batch}", mine=True)
    for earlier in title.certificates.filter(replaced_at__isnull=False).order_by("replaced_at"):
        if earlier.replaced_at is not None:
            day = timezone.localdate(earlier.replaced_at)
            yield LogEntry(
                day,
                f"换发证书：{earlier.replaced_reason}",
                note=f"原证书 {earlier.number}，原名{quoted(earlier.name)}",
            )
    if standing.standing == Standing.EXPIRED and standing.until is not None:
        yield LogEntry(standing.until, "有效期届满")
    if standing.standing in {Standing.CANCELLED, Standing.REPLACED} and standing.ended_on is not None:
        yield LogEntry(standing.ended_on, standing.standing.label)
