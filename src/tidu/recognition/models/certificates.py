"""Certificates of titles, as they were printed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.models import OfficialDocument, StoredFile
from tidu.core.roles import Role
from tidu.registry.models import Title


class TitleCertificateQuerySet(models.QuerySet["TitleCertificate"]):
    """Certificates, from the point of view of whoever asks. That one exists is public; its paper is not."""

    def visible_to(self, actor: Actor) -> TitleCertificateQuerySet:
        """Those of the actor's enterprise, of the issuing bureau, of the officer's district, of the auditor's place."""
        if actor.is_system:
            return self
        if actor.is_enterprise:
            return self.filter(title__enterprise__organisation_id=actor.organisation_id or 0)
        if actor.has(Role.CITY_OFFICER):
            return self.filter(organisation_id=actor.organisation_id or 0)
        if actor.has(Role.DISTRICT_OFFICER) and actor.place:
            return self.filter(title__enterprise__district_id=actor.place)
        if actor.has(Role.AUDITOR) and actor.place:
            return self.filter(
                Q(organisation__place_id=actor.place)
                | Q(organisation__place__parent_id=actor.place)
                | Q(title__enterprise__district_id=actor.place)
            )
        return self.none()

    def standing(self) -> TitleCertificateQuerySet:
        """Those that no later one has replaced."""
        return self.filter(replaced_at__isnull=True)


class TitleCertificate(models.Model):
    """A certificate of a title, as it was printed: its number, what its code was made with, and the PDF/A.

    What is printed stands in the code too, so that a row that was altered no longer fits its code. ``key`` names the
    key of the code. After a change of name a new certificate follows under another number and the old one then says so
    (``replaced_at``). At most one of a title stands.
    """

    title = models.ForeignKey(Title, models.PROTECT, related_name="certificates")
    number = models.CharField("证书编号", max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="发证机关")
    name = models.CharField("企业名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    title_name = models.CharField("称号", max_length=100)
    since = models.DateField("认定日期")
    until = models.DateField("有效期至", null=True, blank=True)
    pack = models.CharField("政策包", max_length=64)
    pack_digest = models.CharField("政策包 SHA-256", max_length=64)
    valid_cite = models.CharField("有效期依据", max_length=120, blank=True)
    document = models.ForeignKey(OfficialDocument, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField("核验码的密钥", max_length=20)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField("发证时间")
    replaced_at = models.DateTimeField("换发时间", null=True, blank=True)
    replaced_reason = models.CharField("换发原因", max_length=200, blank=True)

    objects = TitleCertificateQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "证书"
        constraints = (
            models.UniqueConstraint(
                fields=("title",), condition=Q(replaced_at__isnull=True), name="one_certificate_a_title"
            ),
        )

    def __str__(self) -> str:
        return self.number
