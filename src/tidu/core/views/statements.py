"""What the site says about itself: accessibility, privacy, the map of its pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.core import chosen_place
from tidu.core.components import Column, Crumb
from tidu.core.display import COOKIE
from tidu.core.navigation import pages_by_role
from tidu.core.requests import ActorRequest

_DAY = 24 * 60 * 60


def _steps(label: str) -> tuple[Crumb, ...]:
    return Crumb("首页", reverse(settings.SITE["home"])), Crumb(label)


def _session_days() -> int:
    return settings.SESSION_COOKIE_AGE // _DAY


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How the site can be used by everybody, and whom to tell where it cannot."""
    context = {"steps": _steps("无障碍说明"), "session_days": _session_days()}
    return render(request, "core/accessibility.html", context)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for what, and for how long. Names and times come from the settings that are in use."""
    days = _session_days()
    cookies = (
        (settings.SESSION_COOKIE_NAME, "自测时找回您填写的内容；不自测就没有", f"{days} 天"),
        (settings.CSRF_COOKIE_NAME, "防止他人冒用您提交表单", "1 年"),
        (COOKIE, "记住大字、高对比、深色的选择", "1 年"),
        (chosen_place.COOKIE, "记住首页选的地区；没有选过就没有", "1 年"),
    )
    columns = (Column("名称"), Column("用途"), Column("保存"))
    context = {"steps": _steps("隐私说明"), "session_days": days, "cookies": cookies, "columns": columns}
    return render(request, "core/privacy.html", context)


@login_not_required
@require_safe
def site_map(request: ActorRequest) -> HttpResponse:
    """Every page that a visitor can start from, and what is behind the sign-in: for each role, or for the reader's."""
    context = {"steps": _steps("网站地图"), "roles": pages_by_role(request.actor.role)}
    return render(request, "core/site_map.html", context)
