"""What a call may say."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, StrictInt, StrictStr, WithJsonSchema

from tidu.api.shapes import Day, Shape
from tidu.policy.assess.facts import EARLIEST_YEAR, LATEST_YEAR

_VALUE: Final = {"type": ["boolean", "number", "string", "null"]}
_TEXT: Final = {"type": "string"}
_OPTIONAL_DAY: Final = {"type": ["string", "null"], "format": "date"}
_FACTS_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": (
        "一家企业的事实，写法与 tidu 命令行的事实文件相同。指标见 GET /api/v1/vocabulary：普通指标写“指标: 值”，"
        "按年的指标写“指标: {年份: 值}”。金额以元计，也可写“1000万元”；比率 0.1 或“10%”；日期 2026-06-01；"
        "没有写的和 null 都是未知，0 和 false 是有效的值"
    ),
    "properties": {
        "recognitions": {
            "type": ["array", "null"],
            "description": "持有过的称号；没有写是不知道，空列表是没有",
            "items": {
                "type": "object",
                "required": ["tier", "recognised_on"],
                "additionalProperties": False,
                "properties": {
                    "tier": _TEXT,
                    "authority": _TEXT,
                    "recognised_on": {"type": "string", "format": "date"},
                    "expires_on": _OPTIONAL_DAY,
                    "basis": {"enum": ["new", "re_review"]},
                },
            },
        },
        "events": {
            "type": ["array", "null"],
            "description": "触发奖励的事项，各自的字段见 GET /api/v1/vocabulary 的 events",
            "items": {
                "type": "object",
                "required": ["kind", "on"],
                "properties": {"kind": _TEXT, "on": {"type": "string", "format": "date"}},
                "additionalProperties": _VALUE,
            },
        },
        "payments": {
            "type": ["array", "null"],
            "description": "已经领到的奖励",
            "items": {
                "type": "object",
                "required": ["class", "for"],
                "additionalProperties": False,
                "properties": {
                    "class": _TEXT,
                    "for": _TEXT,
                    "amount": {"type": ["number", "string", "null"], "description": "元"},
                    "by": _TEXT,
                    "on": _OPTIONAL_DAY,
                },
            },
        },
    },
    "additionalProperties": {"anyOf": [_VALUE, {"type": "object", "additionalProperties": _VALUE}]},
}

FactsData = Annotated[dict[str, Any], WithJsonSchema(_FACTS_SCHEMA)]
PackId = Annotated[StrictStr, Field(max_length=60, description="政策包，见 GET /api/v1/packs")]
TierId = Annotated[StrictStr | None, Field(max_length=64, description="称号层级；政策包只认定一级时不用写")]
AsOf = Annotated[Day | None, Field(description="评估基准日，默认为今天（北京时间）")]
BaseYear = Annotated[
    StrictInt | None,
    Field(ge=EARLIEST_YEAR, le=LATEST_YEAR, description="基准年，即“上年度”；默认为基准日的上一年"),
]
Settings = Annotated[
    dict[StrictStr, StrictStr],
    Field(max_length=50, description="解释口径: 选项；没有写的取默认，见 GET /api/v1/packs/{id}"),
]
_FIGURE: Final = WithJsonSchema({"type": ["integer", "number", "string", "null"]})


class AssessRequest(Shape):
    """One enterprise against one tier of one pack."""

    about: ClassVar[str] = "一家企业对照一个政策包的一级称号"

    pack: PackId
    tier: TierId = None
    as_of: AsOf = None
    base_year: BaseYear = None
    settings: Settings = Field(default_factory=dict)
    facts: FactsData


class RewardsRequest(Shape):
    """One enterprise against the benefits of one pack."""

    about: ClassVar[str] = "一家企业对照一个政策包的奖励"

    pack: PackId
    as_of: AsOf = None
    settings: Settings = Field(default_factory=dict)
    facts: FactsData


class LadderRequest(Shape):
    """One enterprise against every tier."""

    about: ClassVar[str] = "一家企业对照各级称号"

    as_of: AsOf = None
    base_year: BaseYear = None
    facts: FactsData


class SizeRequest(Shape):
    """One enterprise against the size standard. Figures are read as facts are: 元 or a text with its unit."""

    about: ClassVar[str] = "划分企业规模所用的数据；行业用不到的数可以不写"

    industry_code: Annotated[
        StrictStr, Field(max_length=10, description="行业代码，如 C3091，见 GET /api/v1/sectors")
    ]
    employees: Annotated[Any, _FIGURE, Field(description="从业人员，人")] = None
    revenue: Annotated[Any, _FIGURE, Field(description="营业收入，元，也可写“1000万元”")] = None
    total_assets: Annotated[Any, _FIGURE, Field(description="资产总额，元，也可写“1000万元”")] = None
    as_of: AsOf = None
