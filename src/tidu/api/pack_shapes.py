"""The shapes of packs."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from pydantic import Field

from tidu.api.answers import Cite, Digest
from tidu.api.shapes import Choice, Shape
from tidu.policy.documents.benefits import Happening
from tidu.policy.documents.pack import Force


class InForce(Shape):
    """When something is in force."""

    about: ClassVar[str] = "施行期间，首尾两日都在内；没有写明截止日的 until 为 null"

    since: dt.date = Field(alias="from")
    until: dt.date | None
    state: Force = Field(description="查询日的状态：not_yet 尚未施行，in_force 现行有效，expired 已届满")


class TierOffered(Shape):
    """One tier that a pack recognises."""

    about: ClassVar[str] = "政策包认定的一级称号"

    tier: str
    label: str
    title: str = Field(description="文件里的称号全称")
    in_force: InForce


class PackSummary(Shape):
    """One pack in a list."""

    about: ClassVar[str] = "一个政策包"

    id: str
    title: str
    short_title: str
    summary: str
    issuer: str
    document_no: str | None
    issued_on: dt.date | None
    jurisdiction: str = Field(description="适用地区的代码")
    place: str | None = Field(description="适用地区的名称")
    in_force: InForce
    tiers: list[TierOffered]
    benefit_count: int = Field(description="奖励的项数")
    digest: Digest


class PackList(Shape):
    """The packs that were asked for."""

    about: ClassVar[str] = "符合筛选条件的政策包"

    on: dt.date = Field(description="施行状态按这一天计算")
    packs: list[PackSummary]


class BasisShown(Shape):
    """A document that this one rests on."""

    about: ClassVar[str] = "依据或引用的文件"

    document: str
    relation: Literal["basis", "refers_to", "implements"]
    pack: str | None
    cite: Cite


class ReplacementShown(Shape):
    """An earlier pack that this one replaces."""

    about: ClassVar[str] = "被替代的政策包"

    pack: str
    tiers: list[str]
    since: dt.date = Field(alias="from")
    note: str | None
    cite: Cite


class InterpretationShown(Shape):
    """A declared reading of an unclear text."""

    about: ClassVar[str] = "解释口径：原文没有说清的地方有哪几种读法，默认取哪一种"

    id: str
    question: str
    choices: list[Choice]
    default: str
    why: str
    cite: Cite


class ParameterShown(Shape):
    """A figure of the document under a name."""

    about: ClassVar[str] = "文件里的一个数"

    id: str
    label: str
    value: bool | int | str = Field(description="默认口径下的值，带单位")
    interpretation: str | None = Field(description="随哪个解释口径变化")
    cite: Cite


class InputAsked(Shape):
    """A fact that a criterion reads."""

    about: ClassVar[str] = "条件用到的事实"

    indicator: str
    offset: int | None = Field(description="按年的指标：−1 为基准年，−2 为前一年")
    judged: bool = Field(description="由人评判")


class BandShown(Shape):
    """One step of a scored item."""

    about: ClassVar[str] = "计分的一档"

    points: float
    when: str | None = Field(description="达到什么得这个分；null 为其余情形")


class PointsItemShown(Shape):
    """One item of a points table."""

    about: ClassVar[str] = "计分项"

    id: str
    label: str
    cite: Cite
    maximum: float
    bands: list[BandShown]
    additive: bool = Field(description="各档相加；否则取第一个达到的档")
    measure: str | None = Field(description="按数量计分时所用的数")
    each: float | None = Field(description="每满多少计一次分；null 为直接取这个数")
    points_each: float = Field(description="每次计多少分")


class PointsGroupShown(Shape):
    """Items scored together."""

    about: ClassVar[str] = "计分组"

    id: str
    label: str
    cite: Cite
    minimum: float | None
    maximum: float
    items: list[PointsItemShown]


class PointsShown(Shape):
    """A points table."""

    about: ClassVar[str] = "计分表"

    minimum: float
    maximum: float
    groups: list[PointsGroupShown]


class CriterionShown(Shape):
    """One criterion with what it asks."""

    about: ClassVar[str] = "一个认定条件"

    id: str
    label: str
    cite: Cite
    dimension: str | None
    summary: str | None
    requirement: str = Field(description="要求，用文字表述；年份相对于基准年")
    question: str | None = Field(description="由人评判时所问的问题")
    inputs: list[InputAsked]
    titles: list[str] = Field(description="问到的称号层级")
    evidence: list[str] = Field(description="证明材料")
    interpretations: list[str] = Field(description="受哪些解释口径影响")
    wanted: int = Field(description="branches 里须符合的项数；没有 branches 时为 0")
    branches: list[CriterionShown]
    points: PointsShown | None


class GroupShown(Shape):
    """Criteria that stand together."""

    about: ClassVar[str] = "条件怎样合成结论：parts 中须符合 wanted 项"

    id: str | None
    label: str | None
    cite: Cite
    dimension: str | None
    wanted: int
    interpretation: str | None
    parts: list[GroupShown | str] = Field(description="下一层的组，或条件的 id")


class RecognitionShown(Shape):
    """One tier with its criteria."""

    about: ClassVar[str] = "一级称号的认定条件"

    tier: str
    label: str
    title: str
    summary: str | None
    in_force: InForce
    valid: str = Field(description="称号的有效期")
    valid_cite: Cite
    criteria: list[CriterionShown]
    combination: GroupShown
    materials: list[str] = Field(description="申报材料")


class TriggerShown(Shape):
    """What a benefit is given for."""

    about: ClassVar[str] = "什么情形触发"

    happening: Happening = Field(
        description="newly_recognised 新认定，re_reviewed 复核通过，event 登记的事项"
    )
    names: list[str] = Field(description="称号层级，或事项的类别")
    where: str | None = Field(description="另须满足的条件")


class AmountShown(Shape):
    """How much."""

    about: ClassVar[str] = "金额，元；fixed 定额，rate 按比例，decided 由评审在范围内确定"

    kind: Literal["fixed", "rate", "decided"]
    amount: str | None = None
    rate: str | None = Field(default=None, description="比例，0.1 即 10%")
    of: str | None = Field(default=None, description="以什么为基数，或由什么记载评审结果")
    least: str | None = None
    most: str | None = None


class StackingShown(Shape):
    """How other awards bear on this one."""

    about: ClassVar[str] = "与其他奖励的关系"

    group: str = Field(description="同一类奖励")
    rule: Literal["no_repeat", "take_highest", "difference", "full"]
    upgrade: Literal["full", "difference", "no_repeat"]
    cite: Cite


class InstalmentShown(Shape):
    """A share of the amount."""

    about: ClassVar[str] = "分期兑付的一期"

    share: str
    label: str
    judge: str | None


class BenefitShown(Shape):
    """One benefit."""

    about: ClassVar[str] = "一项奖励或补助"

    id: str
    label: str
    summary: str | None
    form: Literal["reward", "subsidy"]
    trigger: TriggerShown
    amount: AmountShown
    instalments: list[InstalmentShown]
    once_per: list[str]
    stacking: StackingShown | None
    payers: list[str]
    quota: int | None
    evidence: list[str]
    clawback: list[str]
    cite: str


class ServiceShown(Shape):
    """A service that the document promises."""

    about: ClassVar[str] = "服务"

    id: str
    label: str
    summary: str
    lead: str
    joint: list[str]
    priority_for: list[str]
    cite: str


class DutyShown(Shape):
    """A task with its departments."""

    about: ClassVar[str] = "任务分工"

    measure: str
    label: str
    summary: str | None
    lead: str
    joint: list[str]


class TargetShown(Shape):
    """A figure to reach."""

    about: ClassVar[str] = "目标"

    id: str
    label: str
    count: str = Field(description="数什么")
    cumulative: bool
    by: dict[str, str] = Field(description="年份: 数")
    cite: str


class PackAnswer(PackSummary):
    """One pack in full."""

    about: ClassVar[str] = "一个政策包的全部内容"

    on: dt.date = Field(description="施行状态按这一天计算")
    basis: list[BasisShown]
    replaces: list[ReplacementShown]
    interpretations: list[InterpretationShown]
    parameters: list[ParameterShown]
    dimensions: list[Choice]
    recognition: list[RecognitionShown]
    benefits: list[BenefitShown]
    services: list[ServiceShown]
    duties: list[DutyShown]
    targets: list[TargetShown]
