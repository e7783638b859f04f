"""Where the pages of recognition are, by role."""

from __future__ import annotations

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import Role

register_navigation(
    [
        Destination(
            "recognition:reviews",
            "申报审核",
            frozenset({Role.DISTRICT_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}),
            order=6,
            about="按截止时间办理申报：核对条件和证据，提问、退回、推荐",
        )
    ]
)
