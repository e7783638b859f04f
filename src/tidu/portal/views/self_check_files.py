"""Where a self-check begins and where its answers go: the list of titles, the file of answers, starting afresh."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tidu.policy.documents.library import Library, load_library
from tidu.policy.errors import InputError, Problem
from tidu.portal.place import chosen, offered
from tidu.portal.self_check_answers import answers_of, in_view
from tidu.portal.self_check_draft import Draft, days_kept, draft_of, editing, forget, with_session
from tidu.portal.self_check_file import MOST_BYTES, Loaded, read_file, write_file
from tidu.portal.self_check_offers import offers_by_force
from tidu.portal.views.self_check import opened, steps

SAMPLE: Final = Path(__file__).resolve().parents[1] / "documents" / "sample.yaml"
FILE_NAME: Final = "tidu-answers.yaml"


@login_not_required
@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Every title that can be checked, those in force first, and the way to resume."""
    return _choose(request, load_library(), ())


@login_not_required
@never_cache
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Take the answers of a file, or of the sample, in place of those at hand. A bad file changes nothing."""
    library = load_library()
    try:
        loaded = _read(request, library)
    except InputError as error:
        return _choose(request, library, error.problems)
    with editing(request) as draft:
        draft.take(loaded.draft)
    target = _target(request, library)
    query = f"?loaded={loaded.count}&left_out={loaded.left_out}"
    return with_session(request, HttpResponseRedirect(f"{target}{query}"))


def _read(request: HttpRequest, library: Library) -> Loaded:
    vocabulary = in_view(library)
    if "sample" in request.POST:
        return read_file(SAMPLE.read_bytes(), SAMPLE.name, vocabulary)
    file = request.FILES.get("file")
    if file is None:
        raise InputError(Problem("没有选择文件", remedy="先选一个答案文件，再按“载入”"))
    name = "".join(letter for letter in (file.name or "") if letter.isprintable())[:60] or "答案文件"
    return read_file(file.read(MOST_BYTES + 1), name, vocabulary)


def _target(request: HttpRequest, library: Library) -> str:
    """The form that the visitor came from, else the list of titles."""
    pack = library.packs.get(request.POST.get("pack", ""))
    tier = request.POST.get("tier", "")
    if pack is not None and tier in pack.tiers:
        return reverse("portal:self-check-form", args=[pack.id, tier])
    return reverse("portal:self-check")


@login_not_required
@never_cache
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The file of answers, to be kept on the visitor's own machine."""
    vocabulary = in_view(load_library())
    draft = draft_of(request)
    text = write_file(draft, answers_of(draft, vocabulary, today=timezone.localdate()), vocabulary)
    return _download(text, FILE_NAME)


@login_not_required
@require_safe
def sample(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The file of an invented enterprise."""
    return _download(SAMPLE.read_text(encoding="utf-8"), "tidu-sample.yaml")


def _download(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_not_required
@never_cache
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Delete everything that the visitor has typed."""
    forget(request)
    return HttpResponseRedirect(f"{reverse('portal:self-check')}?cleared=1")


def _choose(request: HttpRequest, library: Library, problems: tuple[Problem, ...]) -> HttpResponse:
    today = timezone.localdate()
    place = chosen(request)
    draft = draft_of(request)
    given = request.POST if request.method == "POST" else request.GET
    back = library.packs.get(given.get("pack", ""))
    tier = given.get("tier", "")
    resumed = (
        opened(library, back.id, tier, Draft()).form if back is not None and tier in back.tiers else None
    )
    context = {
        "steps": steps(),
        "today": today,
        "place": place,
        "places": offered(library),
        "shelves": offers_by_force(library, None if place is None else place.code, today),
        "draft": draft,
        "days_kept": days_kept(),
        "problems": problems,
        "most": MOST_BYTES // 1024,
        "back": resumed,
        "loaded": given.get("loaded", "").isdigit(),
        "cleared": "cleared" in request.GET,
    }
    return render(request, "portal/self_check.html", context)
