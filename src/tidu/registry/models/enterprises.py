"""An enterprise as lists, filters and scopes need it. Its columns repeat the facts that are chosen at present."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tidu.accounts.models import Organisation
from tidu.core.actor import Actor
from tidu.core.crypto.fields import EncryptedTextField
from tidu.core.models import Jurisdiction
from tidu.registry.models.scoping import EnterpriseScoped, enterprises_in_scope


class EnterpriseStatus(models.TextChoices):
    """Whether the enterprise is on the books."""

    ACTIVE = "active", "在册"
    PENDING = "pending", "待核实"
    CLOSED = "closed", "注销或吊销"
    MOVED = "moved", "已迁出"
    WITHDRAWN = "withdrawn", "导入已撤销"


class SizeClass(models.TextChoices):
    """Size by 工信部联企业〔2011〕300号."""

    LARGE = "large", "大型"
    MEDIUM = "medium", "中型"
    SMALL = "small", "小型"
    MICRO = "micro", "微型"
    NONE = "none", "标准未覆盖"


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    """Enterprises, reached only through what an actor may see."""

    def visible_to(self, actor: Actor) -> EnterpriseQuerySet:
        """Those that the actor may see."""
        return self.filter(enterprises_in_scope(actor))


class Enterprise(models.Model):
    """One enterprise, known by its USCC.

    Identity stands here and in facts: facts keep source and history, these columns are the chosen values, written by
    ``registry.actions.facts`` alone. ``core_name`` is the name without place and company form; ``search_text`` holds
    overlapping pairs of characters; ``pinyin`` the full reading and ``initials`` its first letters. ``tier`` is the
    highest title valid now. ``completeness`` is per cent of the asked fields that are known. ``batch`` is the import
    that brought it in; when that is undone it loses its places and is withdrawn, so that nobody sees it any more.
    """

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("企业名称", max_length=120)
    core_name = models.CharField("字号", max_length=120, blank=True)
    pinyin = models.CharField("拼音", max_length=600, blank=True)
    initials = models.CharField("拼音首字母", max_length=120, blank=True)
    search_text = models.TextField("检索词", blank=True)
    city = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在市"
    )
    district = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="旗县区、开发区"
    )
    operating_place = models.ForeignKey(
        Jurisdiction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经营地"
    )
    status = models.CharField(
        "状态", max_length=10, choices=EnterpriseStatus, default=EnterpriseStatus.ACTIVE
    )
    organisation = models.OneToOneField(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprise",
        verbose_name="账户机构",
    )
    registered_on = models.DateField("注册日期", null=True, blank=True)
    legal_person = models.BooleanField("独立法人", null=True, blank=True)
    industry = models.CharField("行业", max_length=5, blank=True)
    industry_basis = models.CharField("行业依据", max_length=200, blank=True)
    size = models.CharField("规模", max_length=8, choices=SizeClass, blank=True)
    size_on = models.DateField("规模测算日", null=True, blank=True)
    listing_stage = models.CharField("上市阶段", max_length=30, blank=True)
    tier = models.CharField("最高称号", max_length=30, blank=True)
    completeness = models.PositiveSmallIntegerField("完整度", default=0)
    batch = models.ForeignKey(
        "registry.Import",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name="导入批次",
    )
    created_at = models.DateTimeField("入库时间", auto_now_add=True)
    changed_at = models.DateTimeField("最近变动", auto_now=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        verbose_name = verbose_name_plural = "企业"
        indexes = (
            models.Index(fields=("city", "name", "id"), name="enterprise_city_name"),
            models.Index(fields=("district", "name", "id"), name="enterprise_district_name"),
            models.Index(fields=("city", "industry"), name="enterprise_city_industry"),
            models.Index(fields=("city", "tier"), name="enterprise_city_tier"),
            models.Index(fields=("city", "size"), name="enterprise_city_size"),
            models.Index(fields=("city", "completeness", "id"), name="enterprise_city_completeness"),
            models.Index(fields=("city", "registered_on", "id"), name="enterprise_city_registered"),
            models.Index(fields=("core_name",), name="enterprise_core_name"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(uscc__regex=r"^[0-9A-Z]{18}$"), name="uscc_has_18_characters"),
            models.CheckConstraint(condition=Q(completeness__lte=100), name="completeness_is_per_cent"),
        )

    def __str__(self) -> str:
        return self.name


class ClusterTag(models.Model):
    """An enterprise counts in an industrial cluster that its city's policy names (第一条)."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="clusters")
    cluster = models.CharField("产业集群", max_length=64)

    objects: ClassVar[models.Manager[ClusterTag]] = EnterpriseScoped.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "产业集群"
        constraints = (models.UniqueConstraint(fields=("enterprise", "cluster"), name="cluster_tagged_once"),)
        indexes = (models.Index(fields=("cluster", "enterprise"), name="cluster_enterprises"),)

    def __str__(self) -> str:
        return self.cluster


class Contact(models.Model):
    """A person to call. Phone, ID number and bank account are encrypted, masked on screen, revealed on the record."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts")
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("职务", max_length=60, blank=True)
    phone = EncryptedTextField("电话", blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    id_number = EncryptedTextField("身份证号", blank=True)
    bank_account = EncryptedTextField("收款账号", blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = EnterpriseScoped["Contact"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联系人"

    def __str__(self) -> str:
        return self.name
