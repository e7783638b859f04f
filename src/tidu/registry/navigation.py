"""Where the pages of the registry are, by role."""

from __future__ import annotations

from typing import Final

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import Role

_OFFICERS: Final = frozenset({Role.CITY_OFFICER, Role.DISTRICT_OFFICER})

register_navigation(
    [
        Destination(
            "registry:imports",
            "导入",
            _OFFICERS,
            order=50,
            about="企业名录、年度数据、称号、事故",
            within=("/registry/duplicates/",),
        )
    ]
)
