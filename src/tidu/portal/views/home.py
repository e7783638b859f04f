"""The front page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from tidu.core.components import Timeline
from tidu.policy.documents.library import load_library
from tidu.portal.announcements import running
from tidu.portal.entrances import tiles
from tidu.portal.front_page import columns, headline
from tidu.portal.place import chosen, offered, remember
from tidu.portal.policies import rows
from tidu.portal.standing import endings, term
from tidu.portal.views.search import EXAMPLES


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What is in force today in the place chosen, what ends within a year, and what an ended policy still pays."""
    library = load_library()
    today = timezone.localdate()
    place = chosen(request)
    packs = tuple(library) if place is None else library.of_place(place.code)
    found = rows(packs, today)
    context = {
        "today": today,
        "place": place,
        "places": offered(library),
        "headline": headline(found, "" if place is None else f"{place.name} "),
        "columns": columns(library, None if place is None else place.code, today),
        "endings": endings(packs, today),
        "timeline": Timeline.of([term(row.pack, today) for row in found], today),
        "examples": EXAMPLES[:4],
        "tiles": tiles(),
        "running": running("" if place is None else place.code),
    }
    response = render(request, "portal/home.html", context)
    remember(request, response)
    patch_vary_headers(response, ["Cookie"])
    return response
