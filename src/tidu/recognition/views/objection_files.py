"""The evidence of an objection as its readers see it: page by page, so that a file does not tell who made it.

What a file says of its maker (author, device, place) is not on its pages. The file itself is handed out only of an
objection whose sender has given a name. No enterprise learns that any of it was looked at.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tidu.core.components import Crumb
from tidu.core.files.previewing import Unshowable
from tidu.core.files.serving import download, picture
from tidu.core.gates import for_roles
from tidu.core.requests import ActorRequest
from tidu.core.roles import CITY_WIDE
from tidu.recognition.models import Objection, ObjectionFile
from tidu.recognition.queries.frozen_files import pages_of
from tidu.recognition.views.objections import objection_seen


def _seen(request: ActorRequest, pk: int, file: int) -> tuple[Objection, ObjectionFile]:
    objection = objection_seen(request, pk)
    return objection, get_object_or_404(objection.files.select_related("file"), pk=file)


@require_safe
@never_cache
@for_roles(*CITY_WIDE)
def show(request: ActorRequest, pk: int, file: int) -> HttpResponse:
    """One file: a page of it, and the way to the others."""
    objection, kept = _seen(request, pk, file)
    try:
        pages, fault = pages_of(kept.file), ""
    except Unshowable as unshowable:
        pages, fault = 0, str(unshowable)
    asked = request.GET.get("page", "1")[:4]
    context = {
        "objection": objection,
        "kept": kept,
        "pages": pages,
        "page": min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() else min(1, pages),
        "fault": fault,
        "crumbs": (
            Crumb("公示异议", reverse("recognition:objections")),
            Crumb(objection.item.name, reverse("recognition:objection", args=[pk])),
            Crumb(kept.file.name),
        ),
    }
    return render(request, "recognition/objection_file.html", context)


@require_safe
@for_roles(*CITY_WIDE)
def page(request: ActorRequest, pk: int, file: int, number: int) -> HttpResponse:
    """One page as a picture, on the record."""
    return picture(request, _seen(request, pk, file)[1].file, number, enterprise_id=None)


@require_safe
@for_roles(*CITY_WIDE)
def original(request: ActorRequest, pk: int, file: int) -> HttpResponseBase:
    """The file itself, on the record; of an anonymous objection there is none to be had."""
    objection, kept = _seen(request, pk, file)
    if not objection.named:
        raise Http404("匿名异议的材料只能逐页查看，不提供原件。")
    return download(request, kept.file, enterprise_id=None)
