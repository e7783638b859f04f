"""Where the pages of people and of the platform itself are. Other applications declare their own."""

from __future__ import annotations

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import Role

__all__ = ["Destination", "declare", "register_navigation"]

_EVERYBODY = frozenset(Role)
_SYSTEM = frozenset({Role.SYSTEM_ADMINISTRATOR})
_SECURITY = frozenset({Role.SECURITY_ADMINISTRATOR})
_AUDIT = frozenset({Role.AUDIT_ADMINISTRATOR, Role.AUDITOR})


def declare() -> None:
    """Register the desk's own page, and those of ``accounts`` and ``core``, which stand below the desk."""
    register_navigation(
        [
            Destination("desk:home", "工作台", _EVERYBODY, order=0, about="待办、消息和要紧的数字"),
            Destination("accounts:organisations", "机构", _SYSTEM | _SECURITY, order=60),
            Destination("accounts:people", "人员", _SYSTEM | _SECURITY, order=61),
            Destination("core:jobs", "后台任务", _SYSTEM, order=70),
            Destination("core:calendar", "节假日", _SYSTEM, order=71),
            Destination("core:places", "行政区划", _SYSTEM, order=72),
            Destination("core:audit", "操作记录", _AUDIT, order=80),
        ]
    )
