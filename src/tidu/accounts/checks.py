"""Checks of the settings of sign-in."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own names

from tidu.accounts.password_rules import PROFILES


@register
def sign_in_settings(app_configs: object, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Refuse values that mean nothing."""
    found: list[CheckMessage] = []
    if settings.PASSWORD_PROFILE not in PROFILES:
        found.append(
            Error(
                f"没有名为“{settings.PASSWORD_PROFILE}”的密码规则。",
                hint=f"TIDU_PASSWORD_PROFILE 可用 {'、'.join(PROFILES)}。",
                id="tidu.accounts.E001",
            )
        )
    if settings.OIDC_FIELD not in {"username", "employee_no"}:
        found.append(
            Error(
                f"单点登录不能按“{settings.OIDC_FIELD}”找人。",
                hint="TIDU_OIDC_FIELD 可用 username、employee_no。",
                id="tidu.accounts.E002",
            )
        )
    return found


@register(deploy=True)
def no_demonstration(app_configs: object, **kwargs: object) -> list[CheckMessage]:  # noqa: ARG001 - as above
    """Warn about a demonstration: its passwords are known to everybody."""
    if not (settings.DEMONSTRATION or settings.DEMONSTRATION_WANTED):
        return []
    return [
        Warning(
            "网站处在演示状态，演示账号的密码是公开的。",
            hint="正式服务不要设置 TIDU_DEMONSTRATION。",
            id="tidu.accounts.W001",
        )
    ]
