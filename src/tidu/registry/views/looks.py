"""谁看过我的数据: the enterprise reads who has seen and changed what is known about it."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.core.audit.exports import exports_with
from tidu.core.audit.queries import page
from tidu.core.components import Column, Crumb
from tidu.core.gates import for_roles
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import Role
from tidu.core.workspace import Tab
from tidu.registry.models import Enterprise
from tidu.registry.queries.looks import looks_at, looks_shown

_COLUMNS: Final = tuple(Column(label) for label in ("时间", "谁", "做了什么", "内容"))


@require_safe
@for_roles(Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_EDITOR)
def looks(request: ActorRequest) -> HttpResponse:
    """Who from outside has looked, newest first; with ``all`` also what the enterprise's own people did."""
    enterprise = Enterprise.objects.visible_to(request.actor).first()
    if enterprise is None:
        raise Http404
    everything = "all" in request.GET
    found = page(
        looks_at(enterprise, own=everything),
        before=whole_number(request.GET.get("before", "")),
        after=whole_number(request.GET.get("after", "")),
        exports=exports_with(enterprise.pk),
    )
    kept = "all=1&" if everything else ""
    context = {
        "tabs": (
            Tab("企业以外的人", reverse("registry:looks"), current=not everything),
            Tab("包括本企业", f"{reverse('registry:looks')}?all=1", current=everything),
        ),
        "columns": _COLUMNS,
        "rows": looks_shown(found.events, enterprise),
        "newer": f"?{kept}after={found.newer}" if found.newer else "",
        "older": f"?{kept}before={found.older}" if found.older else "",
        "steps": (Crumb("工作台", reverse("desk:home")), Crumb("谁看过我的数据")),
    }
    return render(request, "registry/looks.html", context)
