"""The size calculator."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tidu.core.components import Column, Crumb
from tidu.policy.documents.library import load_library
from tidu.portal.self_check_answers import answers_of, in_view
from tidu.portal.self_check_draft import Draft, draft_of, editing, with_session
from tidu.portal.size_page import INDUSTRY, SizeView, control, controls, size_view

_COLUMNS: Final = (
    Column("指标"),
    Column("您的数值", number=True),
    Column("大型", number=True),
    Column("中型", number=True),
    Column("小型", number=True),
    Column("微型", number=True),
    Column("单看这一项"),
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The class for what was typed. A post keeps it in the session: figures of an enterprise stay out of addresses."""
    if request.method != "POST":
        return _page(request, "portal/size.html", _view(draft_of(request)))
    with editing(request) as draft:
        before = _view(draft)
        draft.write(_texts(request, before))
    view = _view(draft)
    htmx = request.htmx  # type: ignore[attr-defined]  # set by django_htmx
    if htmx:
        shown = [name for name in controls() if name in request.POST and name != control(INDUSTRY)]
        response = _page(request, "portal/size_saved.html", view, other=shown != list(view.names))
    else:
        response = HttpResponseRedirect(
            f"{reverse('portal:size')}#{'errors' if view.faults else 'size-result'}"
        )
    return with_session(request, response)


def _view(draft: Draft) -> SizeView:
    vocabulary = in_view(load_library())
    return size_view(draft, answers_of(draft, vocabulary, today=timezone.localdate()), vocabulary)


def _texts(request: HttpRequest, before: SizeView) -> dict[str, str]:
    """What was posted. What the self-check lent becomes the calculator's own with the first change."""
    texts = {}
    if before.brought:
        texts = {
            entry.name: entry.value
            for question in (before.industry, *before.measures)
            for entry in question.entries
        }
    texts |= {name: str(request.POST[name]) for name in controls() if name in request.POST}
    name, given, value = str(request.POST.get("set", "")).partition("=")
    return texts | ({name: value} if given and name in controls() else {})


def _page(request: HttpRequest, template: str, view: SizeView, **more: object) -> HttpResponse:
    context = {
        "view": view,
        "columns": _COLUMNS,
        "steps": (Crumb("首页", reverse("portal:home")), Crumb("规模测算")),
        **more,
    }
    return render(request, template, context)
