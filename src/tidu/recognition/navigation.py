"""Where the pages of recognition are, by role."""

from __future__ import annotations

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import CITY_WIDE, ENTERPRISE_ROLES, TERRITORIAL, Role

# from the call to the public notice
register_navigation(
    [
        Destination(
            "recognition:calls",
            "申报通知",
            TERRITORIAL,
            order=5,
            about="组织申报、审签发布、延长截止，看各环节家数",
            within=tuple(
                f"/recognition/{part}/"
                for part in ("panels", "proposals", "notices", "recognitions", "cases")
            ),
            group="申报",
        ),
        Destination(
            "recognition:reviews",
            "申报审核",
            TERRITORIAL,
            order=6,
            about="按截止时间办理申报：核对条件和证据，提问、退回、推荐",
            group="申报",
        ),
        Destination(
            "recognition:objections",
            "公示异议",
            CITY_WIDE,
            order=7,
            about="公示期内收到的异议：分派核查、提出处理意见、确认答复",
            group="申报",
        ),
        Destination(
            "recognition:experts",
            "评审专家",
            CITY_WIDE,
            order=8,
            about="专家的专业领域和应当回避的关系",
            group="申报",
        ),
    ]
)

# titles, and what becomes of them
register_navigation(
    [
        Destination(
            "recognition:titles",
            "称号名单",
            TERRITORIAL,
            order=20,
            about="谁持有什么称号、何时届满、正在办理什么",
            within=("/recognition/certificates/",),
            group="称号",
        ),
        Destination(
            "recognition:campaigns",
            "复核",
            TERRITORIAL,
            order=21,
            about="称号届满前的复核和抽查",
            group="称号",
        ),
        Destination(
            "recognition:changes",
            "变更报告",
            TERRITORIAL,
            order=22,
            about="更名、合并、迁移、重组的核实和审定",
            group="称号",
        ),
        Destination(
            "recognition:cancellations",
            "取消称号",
            TERRITORIAL,
            order=23,
            about="立案、告知、听取陈述、决定",
            group="称号",
        ),
        Destination(
            "recognition:recommendations",
            "推荐名单",
            CITY_WIDE,
            order=24,
            about="已认定的企业优先推荐上级称号和专项资金",
            group="称号",
        ),
    ]
)

# experts
register_navigation(
    [
        Destination(
            "recognition:assignments",
            "评审任务",
            frozenset({Role.EXPERT}),
            order=5,
            about="声明利害关系，逐项评判，提交意见",
        ),
        Destination(
            "recognition:own-interests",
            "利害关系申报",
            frozenset({Role.EXPERT}),
            order=6,
            about="工作单位、任职、持股，抽取专家时据此回避",
        ),
    ]
)

# enterprises
register_navigation(
    [
        Destination(
            "recognition:applications",
            "申报",
            ENTERPRISE_ROLES,
            order=12,
            about="受理中的通知、填报、提交、办理进度",
        ),
        Destination(
            "recognition:own-titles",
            "我的称号",
            ENTERPRISE_ROLES,
            order=13,
            about="有效期、证书、要报告的变更和复核时间",
            within=("/recognition/titles/", "/recognition/changes/", "/recognition/cancellations/"),
        ),
    ]
)
