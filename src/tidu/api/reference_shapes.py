"""The shapes of the vocabulary and of the reference tables."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tidu.api.answers import StandardAnswer
from tidu.api.shapes import Choice, Shape
from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Effort, Period


class QuantityShown(Shape):
    """A typed, labelled value."""

    about: ClassVar[str] = "一个数据项"

    id: str
    label: str
    help: str
    kind: Kind = Field(description="money 金额（元），ratio 比率（0.1 即 10%），yes_no 是否，等等")
    unit: str | None
    choices: list[Choice] = Field(description="kind 为 choice 时的选项")
    ordered: bool = Field(description="选项由低到高")
    minimum: float | None
    maximum: float | None
    evidence: list[str] = Field(description="证明材料")


class IndicatorShown(QuantityShown):
    """One thing that can be known about an enterprise."""

    about: ClassVar[str] = "一个指标"

    section: str
    per_year: bool = Field(description="按年填写：{年份: 值}")
    period: Period | None = Field(description="按月或按季报送")
    judged: bool = Field(description="只能由人评判；没有写的是待人工评判，不是缺数据")
    derived: bool = Field(description="由系统推算，不能填写")
    confirmed_by: str
    effort: Effort
    personal: bool


class EventShown(Shape):
    """A kind of event."""

    about: ClassVar[str] = "一类事项；每个事项另有日期 on"

    id: str
    label: str
    help: str
    arrival: bool = Field(description="企业由此迁入")
    fields: list[QuantityShown]


class TierShown(Shape):
    """One rung."""

    about: ClassVar[str] = "一级称号"

    id: str
    rank: int
    label: str
    short: str
    level: Literal["municipal", "provincial", "national"]
    recognised_by: str


class EvidenceShown(Shape):
    """A document that proves a fact."""

    about: ClassVar[str] = "证明材料"

    id: str
    label: str
    help: str
    issuer: str


class VocabularyAnswer(Shape):
    """What can be asked of an enterprise."""

    about: ClassVar[str] = "词汇表：能填哪些事实"

    sections: list[Choice]
    indicators: list[IndicatorShown]
    events: list[EventShown]
    tiers: list[TierShown]
    evidence: list[EvidenceShown]
    confirmers: list[Choice]


class SectorShown(Shape):
    """One entry of the classification."""

    about: ClassVar[str] = "一个行业"

    code: str
    name: str
    level: Literal["门类", "大类", "中类", "小类"]
    path: str


class SectorsAnswer(Shape):
    """Sectors that were searched for."""

    about: ClassVar[str] = "行业，最相近的在前"

    standard: StandardAnswer
    sectors: list[SectorShown]


class PlaceShown(Shape):
    """A division or zone."""

    about: ClassVar[str] = "一个行政区划或开发区"

    code: str
    name: str
    path: str = Field(description="全称")
    parent: str | None
    level: Literal["nation", "province", "city", "county", "zone"]
    other_codes: list[str] = Field(description="在其他代码体系里的代码，填写时也承认")


class PlacesAnswer(Shape):
    """Places."""

    about: ClassVar[str] = "行政区划和开发区"

    places: list[PlaceShown]
