"""Words about devices, and the way in through a city's single sign-on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()

_SYSTEMS: Final = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS: Final = (
    (r"MicroMessenger", "微信"),
    (r"Edg/", "Edge"),
    (r"Firefox/", "Firefox"),
    (r"Chrome/", "Chrome 内核浏览器"),
    (r"Safari/", "Safari"),
)


@register.filter
def device(agent: str) -> str:
    """What a browser calls itself, in two words: ``Windows · Edge``."""
    system = next((word for sign, word in _SYSTEMS if sign in agent), "未知系统")
    browser = next((word for pattern, word in _BROWSERS if re.search(pattern, agent)), "未知浏览器")
    return f"{system} · {browser}"


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The other way in: what it is called, and where its form goes."""

    name: str
    url: str


@register.simple_tag
def single_sign_on() -> SingleSignOn | None:
    """The city's single sign-on, where one is configured."""
    if not settings.OIDC_ISSUER:
        return None
    return SingleSignOn(settings.OIDC_NAME, reverse("openid_connect_login", args=[settings.OIDC_PROVIDER]))
