"""What the columns of an imported table may hold, by kind of import.

Enterprises and figures speak the vocabulary of the rules. Titles and incidents are records of their own; their columns
are described here in the same form, so that one reader serves all four kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from tidu.policy.assess.wording import Names
from tidu.policy.documents.library import Library
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Effort, Indicator, Text
from tidu.registry.models import Incident, Title
from tidu.registry.models.imports import ImportKind
from tidu.registry.models.standing import IncidentField, Level, Severity
from tidu.registry.vocabulary import is_recordable, library_at_hand, vocabulary_in_view

#: The first year for which an annual figure is accepted.
EARLIEST_YEAR: Final = 2000
#: The columns of the template for enterprises, in its order.
_ENTERPRISE_COLUMNS: Final = (
    "name",
    "uscc",
    "registered_area",
    "registered_on",
    "registered_address",
    "enterprise_type",
    "independent_legal_person",
    "registration_status",
    "ownership",
    "registered_capital",
    "industry_code",
    "industry_basis",
    "industrial_cluster",
    "industrial_park",
    "business_scope",
    "main_product_name",
    "niche_market",
    "listing_status",
    "high_tech_enterprise",
    "technology_sme",
)
#: The figures of the template, year by year.
_FIGURE_COLUMNS: Final = (
    "employees",
    "rd_staff",
    "revenue",
    "main_business_revenue",
    "main_product_revenue",
    "rd_expense",
    "total_profit",
    "net_profit",
    "tax_paid",
    "total_assets",
    "total_liabilities",
    "export_revenue",
    "market_share_national",
)
_REQUIRED: Final[Mapping[ImportKind, tuple[str, ...]]] = {
    ImportKind.ENTERPRISES: ("name", "uscc"),
    ImportKind.FIGURES: ("uscc",),
    ImportKind.TITLES: ("uscc", "recognised_on"),
    ImportKind.INCIDENTS: ("uscc", "incident_field", "severity", "happened_on", "event", "authority"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a template: its flat name (``revenue_2025``), what it is, its year, whether it must be filled."""

    key: str
    described: Indicator
    year: int = 0
    required: bool = False

    @property
    def unit(self) -> str:
        """What its numbers are counted in, as the heading says."""
        return unit_of(self.described)

    @property
    def label(self) -> str:
        """What stands above the column: 2025年营业收入（万元）."""
        year = f"{self.year}年" if self.year else ""
        unit = f"（{self.unit}）" if self.unit else ""
        return f"{year}{self.described.label}{unit}"


def unit_of(described: Indicator) -> str:
    """The unit that tables of people use: 万元 for money, per cent for ratios."""
    fixed = {Kind.MONEY: "万元", Kind.RATIO: "%", Kind.YEARS: "年", Kind.SCORE: "分"}
    return fixed.get(described.kind) or described.unit or ""


def fields_of(kind: ImportKind) -> Mapping[str, Indicator]:
    """Everything that a table of this kind can bring, by id. Figures are yearly; see :func:`flat`."""
    return _fields_of(kind, library_at_hand())


@lru_cache(maxsize=16)
def _fields_of(kind: ImportKind, _library: Library) -> Mapping[str, Indicator]:
    known = vocabulary_in_view().indicators
    if kind is ImportKind.TITLES:
        wanted = dict(_title_fields())
    elif kind is ImportKind.INCIDENTS:
        wanted = dict(_incident_fields())
    else:
        yearly = kind is ImportKind.FIGURES
        wanted = {
            key: item for key, item in known.items() if _importable(item) and (item.per_year or not yearly)
        }
    return MappingProxyType({"uscc": known["uscc"], "name": known["name"], **wanted})


def required_of(kind: ImportKind) -> tuple[str, ...]:
    """The columns that every row must fill."""
    return _REQUIRED[kind]


def names_of(kind: ImportKind) -> Names:
    """The words of a kind, for map files. Vocabulary that cannot be imported is known too, and told apart later."""
    vocabulary = vocabulary_in_view()
    indicators: dict[str, Indicator] = {}
    if kind in {ImportKind.ENTERPRISES, ImportKind.FIGURES}:
        indicators.update(vocabulary.indicators)
    indicators.update(fields_of(kind))
    return Names(indicators, {tier.id: tier.label for tier in vocabulary.tiers.values()})


def headings_of(kind: ImportKind, years: Iterable[int] = ()) -> tuple[Heading, ...]:
    """The columns of the template, in order."""
    fields, required = fields_of(kind), required_of(kind)

    def heading(key: str, year: int = 0) -> Heading:
        return Heading(f"{key}_{year}" if year else key, fields[key], year, key in required and not year)

    match kind:
        case ImportKind.ENTERPRISES:
            return tuple(heading(key) for key in _ENTERPRISE_COLUMNS if key in fields)
        case ImportKind.FIGURES:
            yearly = [
                heading(key, year) for year in sorted(years) for key in _FIGURE_COLUMNS if key in fields
            ]
            return (heading("uscc"), heading("name"), *yearly)
        case _:
            return (
                heading("uscc"),
                heading("name"),
                *(heading(key) for key in fields if key not in {"uscc", "name"}),
            )


def is_yearly(key: str, kind: ImportKind) -> tuple[str, int] | None:
    """Indicator and year of a flat name: ``revenue_2025``. ``None`` where it is none of this kind."""
    fields = fields_of(kind)
    found = fields.get(key)
    if found is not None:
        return key, 0
    stem, _, year = key.rpartition("_")
    if year.isdigit() and stem in fields and fields[stem].per_year:
        return stem, int(year)
    return None


def _importable(item: Indicator) -> bool:
    """Data on persons comes in through the enterprise's own form alone; what a person must judge is never a column."""
    return is_recordable(item) and not item.personal and not item.judged


def _own(
    key: str, label: Text, help_: Text, kind: Kind, choices: Mapping[str, str] | None = None
) -> Indicator:
    return Indicator(
        id=key,
        label=label,
        help=help_,
        kind=kind,
        choices=choices or {},
        section="standing",
        confirmed_by="none",
        effort=Effort.FIXED,
    )


@lru_cache(maxsize=1)
def _title_fields() -> Mapping[str, Indicator]:
    tiers = {tier.id: tier.label for tier in vocabulary_in_view().tiers.values()}
    fields = (
        _own("tier", "称号层级", "梯度内的称号选一级；其他荣誉留空，写在“称号名称”里。", Kind.CHOICE, tiers),
        _own("title_name", "称号名称", "公布文件里的名称；梯度内的称号可以不写。", Kind.TEXT),
        _own("level", "级别", "谁认定的：市级、自治区级、国家级、其他。", Kind.CHOICE, dict(Level.choices)),
        _own("recognised_on", "认定日期", "公布文件的日期。", Kind.DATE),
        _own("valid_until", "有效期至", "最后一天；文件没有写的留空。", Kind.DATE),
        _own("authority", "认定机关", "公布名单的机关全称。", Kind.TEXT),
        _own("document_no", "文号", "公布文件的文号。", Kind.TEXT),
        _own("batch_name", "批次", "例如：第五批。", Kind.TEXT),
        _own("basis", "取得方式", "新认定或复核通过；不写按新认定。", Kind.CHOICE, dict(Title.Basis.choices)),
    )
    return MappingProxyType({item.id: item for item in fields})


@lru_cache(maxsize=1)
def _incident_fields() -> Mapping[str, Indicator]:
    fields = (
        _own("incident_field", "领域", "事故或处罚属于哪个领域。", Kind.CHOICE, dict(IncidentField.choices)),
        _own("severity", "程度", "以认定机关的结论为准。", Kind.CHOICE, dict(Severity.choices)),
        _own("happened_on", "发生日期", "事故发生或处罚决定的日期。", Kind.DATE),
        _own("event", "事由", "一句话写明发生了什么。", Kind.TEXT),
        _own("authority", "认定机关", "作出认定或处罚的机关全称。", Kind.TEXT),
        _own("document_no", "文号", "决定书或通报的文号。", Kind.TEXT),
        _own("settled_on", "整改或修复日期", "已经整改、修复的填日期。", Kind.DATE),
    )
    return MappingProxyType({item.id: item for item in fields})


#: The longest text that the tables of titles and incidents keep, by column.
LONGEST: Final[Mapping[str, int]] = {
    "name": 120,
    "title_name": Title._meta.get_field("name").max_length or 100,
    "authority": Incident._meta.get_field("authority").max_length or 100,
    "document_no": 80,
    "batch_name": 60,
    "event": Incident._meta.get_field("title").max_length or 200,
}
