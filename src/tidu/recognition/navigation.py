"""Where the pages of recognition are, by role."""

from __future__ import annotations

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import ENTERPRISE_ROLES, Role

register_navigation(
    [
        Destination(
            "recognition:calls",
            "申报通知",
            frozenset({Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.AUDITOR}),
            order=5,
            about="组织申报、审签发布、延长截止，看各环节家数",
        ),
        Destination(
            "recognition:reviews",
            "申报审核",
            frozenset({Role.DISTRICT_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}),
            order=6,
            about="按截止时间办理申报：核对条件和证据，提问、退回、推荐",
        ),
    ]
)

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
        Destination(
            "recognition:experts",
            "评审专家",
            frozenset({Role.CITY_OFFICER, Role.AUDITOR}),
            order=45,
            about="专家的专业领域和应当回避的关系",
        ),
    ]
)

register_navigation(
    [
        Destination(
            "recognition:titles",
            "称号",
            frozenset({Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.AUDITOR}),
            order=12,
            about="有效期、复核、变更、取消",
            within=("/recognition/changes/", "/recognition/re-reviews/", "/recognition/cancellations/"),
        ),
        Destination(
            "recognition:recommendations",
            "推荐名单",
            frozenset({Role.CITY_OFFICER, Role.AUDITOR}),
            order=53,
            about="已认定的企业优先推荐上级称号和专项资金",
        ),
        Destination(
            "recognition:own-titles",
            "我的称号",
            ENTERPRISE_ROLES,
            order=13,
            about="有效期、证书、要报告的变更和复核时间",
            within=("/recognition/changes/", "/recognition/cancellations/"),
        ),
    ]
)

register_navigation(
    [
        Destination(
            "recognition:applications",
            "申报",
            ENTERPRISE_ROLES,
            order=12,
            about="受理中的通知、填报、提交、办理进度",
        ),
    ]
)
