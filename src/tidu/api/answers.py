"""The shapes of the answers about one enterprise.

They describe what :mod:`tidu.policy.assess.rendering` writes for the command line and the API alike; the tests hold the
real answers against them. Amounts are 元 in decimal strings.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tidu.api.shapes import Scalar, Shape
from tidu.policy.assess.entitlements import EntitlementStatus
from tidu.policy.assess.ladder import Standing
from tidu.policy.status import Status
from tidu.policy.vocabulary.indicators import Effort

Outcome = Annotated[
    Status,
    Field(description="met 符合，not_met 不符合，unknown 待补充（缺数据），needs_review 待人工评判"),
]
Cite = Annotated[str | None, Field(description="条款在原文里的标题路径")]
Digest = Annotated[str, Field(description="政策包内容的 SHA-256", pattern="^[0-9a-f]{64}$")]


class ScoredItem(Shape):
    """One item of a scored points table."""

    about: ClassVar[str] = "计分项：已知事实下可能得到的最低分和最高分"

    id: str
    label: str
    least: float
    greatest: float
    maximum: float


class ScoredGroup(Shape):
    """One group of a scored points table."""

    about: ClassVar[str] = "计分组"

    id: str
    label: str
    least: float
    greatest: float
    minimum: float | None = Field(description="本组最低分")
    maximum: float
    items: list[ScoredItem]


class Scored(Shape):
    """A scored points table."""

    about: ClassVar[str] = "计分表的得分"

    least: float
    greatest: float
    minimum: float = Field(description="合格分")
    maximum: float
    groups: list[ScoredGroup]


class CriterionOutcome(Shape):
    """The outcome of one criterion."""

    about: ClassVar[str] = "一个条件的结果"

    id: str
    label: str
    status: Outcome
    cite: Cite
    values: dict[str, Scalar] = Field(description="用到的事实，按年的写作 revenue_2025；未知为 null")
    measured: Scalar = Field(description="由事实算出、拿来比较的数")
    limit: Scalar = Field(description="要求的数")
    margin: Scalar = Field(description="余量，负数为差额；日期以天计")
    missing: list[str] = Field(description="缺哪些事实才不能判断")
    wanted: int = Field(default=0, description="branches 里须符合的项数；没有 branches 时不出现")
    branches: list[CriterionOutcome] = Field(default=[], description="若干项中取几项的各项")
    score: Scored | None = Field(default=None, description="计分表的得分；不是计分表时不出现")


class DimensionOutcome(Shape):
    """One dimension."""

    about: ClassVar[str] = "一个方面（专业化、精细化等）的结果"

    id: str
    label: str
    status: Outcome
    met: int = Field(description="符合的条件数")
    total: int


class ChangeWanted(Shape):
    """One thing to do."""

    about: ClassVar[str] = "要做的一件事"

    text: str
    inputs: list[str] = Field(description="涉及的事实")
    effort: Effort


class WayToMeet(Shape):
    """One way to meet a criterion."""

    about: ClassVar[str] = "一种补法"

    via: str | None = Field(description="经由哪一项（若干项中取几项时）")
    effort: Effort = Field(description="最难的一件事有多难，由易到难：paper、obtain、build、wait、fixed")
    changes: list[ChangeWanted]


class GapFound(Shape):
    """A criterion that is not met or not known, and the ways to meet it."""

    about: ClassVar[str] = "差在哪里，怎么补，最省力的在前"

    criterion: str
    label: str
    cite: Cite
    status: Outcome
    ways: list[WayToMeet]


class DecidingDocument(Shape):
    """The one document that would settle the verdict."""

    about: ClassVar[str] = "起决定作用的一份材料"

    evidence: str
    label: str
    inputs: list[str]
    criteria: list[str]
    certain: bool = Field(description="无论材料写明什么，结论都能得出；否则须材料达到要求")


class AssessmentAnswer(Shape):
    """The verdict of one tier for one enterprise."""

    about: ClassVar[str] = "预评估结果；预评估不等于认定，以主管部门的审核、评审和公示结果为准"

    pack: str
    digest: Digest
    tier: str
    title: str
    as_of: dt.date
    base_year: int
    settings: dict[str, str] = Field(description="所用的解释口径，含默认的")
    in_force: bool = Field(description="基准日这一天规定是否有效；无效时照样给出结果")
    status: Outcome
    criteria: list[CriterionOutcome]
    dimensions: list[DimensionOutcome]
    missing: list[str]
    gaps: list[GapFound]
    deciding: DecidingDocument | None


class EntitlementAnswer(Shape):
    """One benefit for one cause."""

    about: ClassVar[str] = "一项奖励"

    benefit: str
    label: str
    status: EntitlementStatus = Field(
        description="due 应兑付，blocked 不可叠加，out_of_force 不在施行期内，not_triggered 未触发，"
        "needs_review 待人工评判"
    )
    amount: str | None = Field(description="元，两位小数")
    range: Annotated[list[str], Field(min_length=2, max_length=2)] | None = Field(
        description="由评审确定金额时的下限和上限，元"
    )
    cite: list[str]
    because: str
    cause: dt.date | None = Field(description="触发的日期")
    what_for: str | None = Field(alias="for", description="为哪个称号或哪类事项")
    payers: list[str]


class RewardsAnswer(Shape):
    """Every benefit of one pack."""

    about: ClassVar[str] = "各项奖励；是否兑付以主管部门和财政部门的审核为准"

    entitlements: list[EntitlementAnswer]


class RungAnswer(Shape):
    """One rung of the ladder."""

    about: ClassVar[str] = "一级称号"

    tier: str
    label: str
    standing: Standing = Field(description="held 持有，open 可评估，no_rule 没有现行规则")
    expires_on: dt.date | None
    nearest: str | None = Field(description="最接近符合的政策包")
    assessments: list[AssessmentAnswer]


class LadderAnswer(Shape):
    """Every rung, the lowest first."""

    about: ClassVar[str] = "各级称号，由低到高"

    as_of: dt.date
    area: str | None = Field(description="注册地；没有填写时各地的政策都评估")
    next: str | None = Field(description="下一级")
    rungs: list[RungAnswer]


SizeName = Literal["micro", "small", "medium", "large"]


class SizeLimit(Shape):
    """The lower limits of one measure."""

    about: ClassVar[str] = "一项指标的下限，含本数；低于 small 为微型"

    measure: Literal["employees", "revenue", "total_assets"]
    small: int | str
    medium: int | str
    large: int | str


class SizeRowAnswer(Shape):
    """The row of the standard that applies."""

    about: ClassVar[str] = "适用的一行标准；从业人员以人计，金额是以元计的字符串"

    id: str
    label: str
    limits: list[SizeLimit]


class StandardAnswer(Shape):
    """The edition of a reference table."""

    about: ClassVar[str] = "所依据的标准"

    title: str
    document_no: str


class SizeAnswer(Shape):
    """The size class of one enterprise."""

    about: ClassVar[str] = "企业规模"

    size: SizeName | None
    label: str | None
    status: Outcome = Field(description="met 已确定，unknown 还缺数据，needs_review 标准没有列出这个行业")
    sme: Outcome = Field(description="是否属于中小企业；规模未定时也可能已经确定")
    possible: list[SizeName] = Field(description="还可能的规模，由小到大")
    reason: str
    used: dict[str, int | str]
    missing: list[str]
    row: SizeRowAnswer | None
    standard: StandardAnswer
