"""The lists of the enterprise's form: products, intellectual property, certificates, research bodies and platforms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from tidu.accounts.forms.days import DayField
from tidu.accounts.forms.dressing import Dressed
from tidu.core import entry
from tidu.core.components import Column
from tidu.core.entry import Unreadable
from tidu.core.figures import wan_yuan
from tidu.registry.models import Certificate, IntellectualProperty, Platform, Product


class WanYuanField(forms.CharField):
    """Money typed in 万元, kept in fen."""

    def clean(self, value: object) -> int | None:
        """The fen, or None for a blank."""
        text = super().clean(value)
        try:
            return entry.money(text)
        except Unreadable as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: object) -> object:
        """Fen as they are typed."""
        return entry.money_text(value) if isinstance(value, int) else value


class _ParticularForm(Dressed, forms.ModelForm):  # type: ignore[type-arg] # of four models
    """One row of a list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                offered = cast("list[tuple[str, str]]", list(cast("Iterable[object]", field.choices)))
                field.choices = [("", "请选择"), *(choice for choice in offered if choice[0])]

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("issued_on"), cleaned.get("valid_until")
        if since and until and until < since:
            self.add_error("valid_until", "有效期早于发证日期，请核对两个日期。")
        if cleaned.get("acquired_on") and not cleaned.get("acquired"):
            self.add_error("acquired_on", "填了受让日期，请同时勾选“受让取得”。")
        return cleaned


class ProductForm(_ParticularForm):
    """A product."""

    revenue = WanYuanField(label="上年度销售收入（万元）", required=False, max_length=40)

    class Meta:
        model = Product
        fields = ("name", "main", "field", "revenue", "market_share")


class PropertyForm(_ParticularForm):
    """A piece of intellectual property."""

    granted_on = DayField(label="授权或登记日期", required=False)
    acquired_on = DayField(label="受让日期", required=False)

    class Meta:
        model = IntellectualProperty
        fields = ("kind", "number", "name", "granted_on", "acquired", "acquired_on")


class CertificateForm(_ParticularForm):
    """A certificate."""

    issued_on = DayField(label="发证日期", required=False)
    valid_until = DayField(label="有效期至", required=False)

    class Meta:
        model = Certificate
        fields = ("name", "number", "issuer", "issued_on", "valid_until")


class PlatformForm(_ParticularForm):
    """A research body or platform."""

    recognised_on = DayField(label="认定日期", required=False)

    class Meta:
        model = Platform
        fields = ("name", "level", "authority", "recognised_on")


Particular = Product | IntellectualProperty | Certificate | Platform


@dataclass(frozen=True, slots=True)
class ParticularList:
    """One list: its id in addresses, its words, its rows and its form. ``columns`` pair a label with a field."""

    id: str
    label: str
    one: str
    help: str
    model: Any
    form: type[_ParticularForm]
    shown: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The heads of its table."""
        return (*(Column(label, number=field == "revenue") for label, field in self.shown), Column("操作"))

    def cells(self, row: models.Model) -> tuple[tuple[str, str, bool], ...]:
        """Label, words and whether it is a number, for each column."""
        return tuple((label, _words(row, field), field == "revenue") for label, field in self.shown)


def _words(row: models.Model, field: str) -> str:
    value = getattr(row, field)
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if field == "revenue":
        return wan_yuan(cast("int", value))
    display = getattr(row, f"get_{field}_display", None)
    return str(display() if display else value)


LISTS: Final[dict[str, ParticularList]] = {
    item.id: item
    for item in (
        ParticularList(
            "products",
            "产品",
            "产品",
            "主导产品排在前面；收入和占有率按上一年度填。",
            Product,
            ProductForm,
            (
                ("产品名称", "name"),
                ("主导产品", "main"),
                ("收入（万元）", "revenue"),
                ("领域", "field"),
            ),
        ),
        ParticularList(
            "properties",
            "知识产权",
            "知识产权",
            "只列有效的，权利人为本企业。受让取得的写明日期：受让不满一年的，有的政策不计。",
            IntellectualProperty,
            PropertyForm,
            (("名称", "name"), ("种类", "kind"), ("证号", "number"), ("授权日期", "granted_on")),
        ),
        ParticularList(
            "certificates",
            "资质证书",
            "证书",
            "管理体系和产品的认证证书。",
            Certificate,
            CertificateForm,
            (("证书", "name"), ("编号", "number"), ("发证机构", "issuer"), ("有效期至", "valid_until")),
        ),
        ParticularList(
            "platforms",
            "研发机构与平台",
            "研发机构或平台",
            "企业技术中心、重点实验室、服务平台等，按最高级别填一次。",
            Platform,
            PlatformForm,
            (("名称", "name"), ("级别", "level"), ("认定机关", "authority"), ("认定日期", "recognised_on")),
        ),
    )
}
