"""Where the pages of recognition are, by role."""

from __future__ import annotations

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import Role

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
        )
    ]
)
