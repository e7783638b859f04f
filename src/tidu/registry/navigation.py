"""Where the pages of the registry are, by role."""

from __future__ import annotations

from typing import Final

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import ENTERPRISE_ROLES, Role

_OFFICERS: Final = frozenset({Role.CITY_OFFICER, Role.DISTRICT_OFFICER})
#: What officers do with the register stands together in the header.
_GROUP: Final = "企业"

register_navigation(
    [
        Destination(
            "registry:enterprises",
            "企业库",
            _OFFICERS | {Role.AUDITOR},
            order=10,
            about="查找、筛选、导出，看企业画像",
            group=_GROUP,
        ),
        Destination(
            "registry:own",
            "企业填报",
            ENTERPRISE_ROLES,
            order=11,
            about="填一次，各项政策共用；每节自动保存",
        ),
        Destination(
            "registry:own-evidence", "证明材料", ENTERPRISE_ROLES, order=12, about="上传、查看、撤下材料"
        ),
        Destination(
            "registry:claims",
            "认领",
            _OFFICERS | {Role.AUDITOR},
            order=13,
            about="核实企业的授权书",
            group=_GROUP,
        ),
        Destination(
            "registry:own-profile",
            "企业画像",
            ENTERPRISE_ROLES,
            order=10,
            about="数据、来源、梯度和政策匹配",
            within=("/registry/own/matches/", "/registry/own/facts/"),
        ),
        Destination(
            "registry:imports",
            "导入",
            _OFFICERS,
            order=14,
            about="企业名录、年度数据、称号、事故",
            group=_GROUP,
            within=("/registry/duplicates/",),
        ),
        Destination(
            "registry:evaluations",
            "企业库评估",
            _OFFICERS | {Role.AUDITOR},
            order=11,
            group=_GROUP,
            about="全部企业对照一份政策：符合的、只差一条的、缺一份材料的",
        ),
        Destination(
            "registry:confirmations",
            "部门确认",
            frozenset({Role.CITY_OFFICER, Role.DEPARTMENT_OFFICER, Role.AUDITOR}),
            order=12,
            group=_GROUP,
            about="纳税、信用、事故等情况由部门答复",
        ),
        Destination(
            "registry:looks",
            "谁看过我的数据",
            ENTERPRISE_ROLES,
            order=90,
            about="哪些机构查看、下载、改动过本企业的数据",
        ),
    ]
)
