"""Where the pages about rules and colleagues are. The desk declares those of organisations and people."""

from __future__ import annotations

from tidu.core.navigation import Destination, register_navigation
from tidu.core.roles import Role

register_navigation(
    [
        Destination("accounts:policy", "安全策略", frozenset({Role.SECURITY_ADMINISTRATOR}), order=62),
        Destination(
            "accounts:interests-register",
            "回避申报",
            frozenset({Role.SECURITY_ADMINISTRATOR, Role.AUDITOR}),
            order=61,
        ),
        Destination("accounts:colleagues", "人员", frozenset({Role.ENTERPRISE_MANAGER}), order=90),
    ]
)
