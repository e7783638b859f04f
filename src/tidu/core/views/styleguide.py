"""The style guide: every component in every state, for those who build pages. Off unless ``STYLEGUIDE`` is set."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tidu.core.styleguide import example


def _refuse_in_service() -> None:
    if not settings.STYLEGUIDE:
        raise Http404("组件一览只在开发时开放。")


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The whole guide on one page."""
    _refuse_in_service()
    return render(request, "core/styleguide.html", example())


@login_not_required
@require_safe
def clause(request: HttpRequest) -> HttpResponse:
    """The fragment that the example's clause chips open beside the page."""
    _refuse_in_service()
    return render(request, "core/styleguide_clause.html", example())
