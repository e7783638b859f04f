"""The page of one's own enterprise, and its matches as files."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from tidu.core.audit.recording import record
from tidu.core.exporting import workbook
from tidu.core.gates import for_roles
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.registry.models import Enterprise
from tidu.registry.profile.day import known_day
from tidu.registry.profile.known import known_of
from tidu.registry.profile.matches import position_of
from tidu.registry.profile.matches_file import HEADS, match_rows, matches_pdf
from tidu.registry.views.profile_pages import history_page, match_page, own_addresses, profile_page

_ROLES = (Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_EDITOR)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def own(request: ActorRequest) -> Enterprise:
    """The enterprise for which the actor speaks."""
    visible = Enterprise.objects.visible_to(request.actor)
    return get_object_or_404(visible.select_related("city", "district", "operating_place"))


@require_GET
@for_roles(*_ROLES)
def profile(request: ActorRequest) -> HttpResponse:
    """What the platform knows of us, from where, and where we stand."""
    return profile_page(request, own(request), own_addresses())


@require_GET
@for_roles(*_ROLES)
def match(request: ActorRequest, pack: str, tier: str) -> HttpResponse:
    """One rule, criterion by criterion."""
    return match_page(request, own(request), own_addresses(), pack=pack, tier=tier)


@require_GET
@for_roles(*_ROLES)
def fact(request: ActorRequest, indicator: str, year: int) -> HttpResponse:
    """Everything that was ever recorded of one value."""
    return history_page(request, own(request), own_addresses(), indicator=indicator, year=year)


@require_GET
@for_roles(*_ROLES)
def matches(request: ActorRequest, kind: str) -> HttpResponseBase:
    """Our match with every rule in force, as a PDF or a workbook."""
    enterprise = own(request)
    known = known_of(enterprise, known_day(request).on)
    addresses = own_addresses()
    position = position_of(known, lambda found: addresses.match(found.pack.id, found.tier))
    name = f"政策匹配_{enterprise.name}_{known.on:%Y%m%d}"
    record(
        actor=request.actor,
        action="core.export.made",
        subject=enterprise,
        enterprise_id=enterprise.pk,
        detail={"what": "政策匹配", "format": kind, "on": known.on},
    )
    if kind == "xlsx":
        file = workbook("政策匹配", HEADS, match_rows(position))
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=_XLSX)
    made = matches_pdf(known, position, made_at=timezone.localtime())
    response = HttpResponse(made, content_type="application/pdf")
    header = content_disposition_header(as_attachment=True, filename=f"{name}.pdf")
    response["Content-Disposition"] = header or "attachment"
    return response
