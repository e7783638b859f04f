"""The page of an enterprise, for officers and auditors of its place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from tidu.core.gates import for_roles
from tidu.core.requests import ActorRequest
from tidu.core.roles import TERRITORIAL
from tidu.registry.actions.viewing import note_view
from tidu.registry.models import Enterprise
from tidu.registry.views.profile_pages import history_page, match_page, officer_addresses, profile_page


def seen(request: ActorRequest, pk: int) -> Enterprise:
    """The enterprise, if the actor may see it. That they look is recorded."""
    visible = Enterprise.objects.visible_to(request.actor)
    found = get_object_or_404(visible.select_related("city", "district", "operating_place"), pk=pk)
    note_view(actor=request.actor, enterprise=found)
    return found


@require_GET
@for_roles(*TERRITORIAL)
def enterprise(request: ActorRequest, pk: int) -> HttpResponse:
    """What is known, from where, and where it stands."""
    found = seen(request, pk)
    return profile_page(request, found, officer_addresses(found))


@require_GET
@for_roles(*TERRITORIAL)
def match(request: ActorRequest, pk: int, pack: str, tier: str) -> HttpResponse:
    """One rule, criterion by criterion."""
    found = seen(request, pk)
    return match_page(request, found, officer_addresses(found), pack=pack, tier=tier)


@require_GET
@for_roles(*TERRITORIAL)
def fact(request: ActorRequest, pk: int, indicator: str, year: int) -> HttpResponse:
    """Everything that was ever recorded of one value."""
    found = seen(request, pk)
    return history_page(request, found, officer_addresses(found), indicator=indicator, year=year)
