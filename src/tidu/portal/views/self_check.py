"""The self-check: choose a title, answer its questions, see the result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tidu.core.components import Crumb
from tidu.core.requests import whole_number
from tidu.policy.documents.library import Library, load_library
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.portal.self_check import SelfCheck
from tidu.portal.self_check_answers import in_view, is_control
from tidu.portal.self_check_draft import READING, Draft, changed, days_kept, draft_of, editing, with_session
from tidu.portal.self_check_questions import FormView
from tidu.portal.standing import standing

MOST_FOUND: Final = 8
_INDUSTRY_CONTROLS: Final = ("industry_code", "size-industry_code")


def steps(*more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of the self-check."""
    return (
        Crumb("首页", reverse("portal:home")),
        Crumb("自测", reverse("portal:self-check") if more else ""),
        *more,
    )


def opened(library: Library, pack_id: str, tier: str, draft: Draft) -> SelfCheck:
    """The self-check of an address. Raises Http404 for a policy or tier that is not there."""
    pack = library.packs.get(pack_id)
    if pack is None or tier not in pack.tiers:
        raise Http404("没有这一级称号的自测。")
    return SelfCheck.of(library, pack, tier, draft)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, pack_id: str, tier: str) -> HttpResponse:
    """The questions of one tier. A post saves what was changed, then goes where its button says."""
    library = load_library()
    if request.method == "POST":
        opened(library, pack_id, tier, Draft())
        with editing(request) as draft:
            name = write_posted(request, draft, library)
            _choose_readings(request, draft, library, pack_id)
            check = opened(library, pack_id, tier, draft)
        return with_session(request, HttpResponseRedirect(_next(request, check, name)))
    check = opened(library, pack_id, tier, draft_of(request))
    view = check.view()
    context = {
        "check": check,
        "view": view,
        "steps": steps(Crumb(check.form.title)),
        "standing": standing(check.pack, check.answers.as_of),
        "force": check.pack.force(check.answers.as_of, tier, check.settings),
        "period": check.pack.period(tier, check.settings),
        "shown": json.dumps(view.shown(), ensure_ascii=False),
        "saved_at": check.draft.saved_at,
        "days_kept": days_kept(),
        "loaded": whole_number(request.GET.get("loaded", ""), digits=4) or 0,
        "left_out": whole_number(request.GET.get("left_out", ""), digits=4) or 0,
    }
    return render(request, "portal/self_check_form.html", context)


@login_not_required
@never_cache
@require_POST
def save(request: HttpRequest, pack_id: str, tier: str) -> HttpResponse:
    """Save while the visitor goes on typing; answer with the parts of the page that say something else now."""
    library = load_library()
    before = opened(library, pack_id, tier, draft_of(request)).view()
    with editing(request) as draft:
        write_posted(request, draft, library)
        _choose_readings(request, draft, library, pack_id)
        check = opened(library, pack_id, tier, draft)
    after = check.view()
    context = {
        "check": check,
        "view": after,
        "changed": _differing(before, after),
        "places": _places(before, after),
        "shown": json.dumps(_posted(request, after), ensure_ascii=False),
        "saved_at": check.draft.saved_at,
        "summary": "summary" in request.POST,
    }
    return with_session(request, render(request, "portal/self_check_saved.html", context))


@login_not_required
@never_cache
@require_POST
def industries(request: HttpRequest) -> HttpResponse:
    """Entries of the classification for what stands in the field of the industry: a code or a word."""
    control = next((name for name in _INDUSTRY_CONTROLS if name in request.POST), _INDUSTRY_CONTROLS[0])
    typed = str(request.POST.get(control, "")).strip()[:60]
    sectors = load_sectors()
    exact = sectors.get(typed)
    found = () if exact is not None and exact.level == "小类" else sectors.search(typed, MOST_FOUND)
    context = {
        "control": control,
        "typed": typed,
        "exact": exact,
        "found": [(sector, sectors.path(sector.code)) for sector in found],
        "full": len(found) == MOST_FOUND,
    }
    return render(request, "portal/self_check_industries.html", context)


def write_posted(request: HttpRequest, draft: Draft, library: Library) -> str:
    """Put what was posted into the draft; the name of the control that a button of the form changed, if any."""
    vocabulary = in_view(library)
    posted = _texts(request)
    controls = [name for name in posted if is_control(name, vocabulary)]
    texts = changed(posted, _shown(posted), controls)
    name, given, value = posted.get("set", "").partition("=")
    if given and is_control(name, vocabulary):
        texts[name] = value
    draft.write(texts)
    kept = posted.get("keep", "")
    if is_control(kept, vocabulary):
        draft.keep(kept)
    return name or kept


def _choose_readings(request: HttpRequest, draft: Draft, library: Library, pack_id: str) -> None:
    """Keep the readings that were posted; an empty choice is the default."""
    posted, declared = _texts(request), library.get(pack_id).document.interpretations
    readings: dict[str, str] = {}
    for name, found in declared.items():
        choice = posted.get(f"{READING}{name}")
        if choice is not None and (not choice or choice in found.choices):
            readings[name] = choice or found.default
    draft.choose(pack_id, readings)


def _texts(request: HttpRequest) -> dict[str, str]:
    return {name: str(text) for name, text in request.POST.items()}


def _shown(posted: Mapping[str, str]) -> dict[str, str]:
    """What stood in the controls when the page was made; without that every field is an answer."""
    try:
        found = json.loads(posted.get("shown", ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _posted(request: HttpRequest, view: FormView) -> dict[str, str]:
    """What stands in the visitor's controls now, as far as the form has them."""
    shown = view.shown()
    return {name: str(request.POST.get(name, text)) for name, text in shown.items()}


def _next(request: HttpRequest, check: SelfCheck, name: str) -> str:
    if request.POST.get("action") == "result" and not check.view().faults:
        return check.address("self-check-result")
    if name:
        stem = name.partition("-")[0] if not name.startswith(READING) else name
        question = next(
            (
                item.name
                for item in check.view().questions
                if any(entry.name == name for entry in item.entries)
            ),
            stem,
        )
        return f"{check.address()}#q-{question}"
    return check.address()


def _differing(before: FormView, after: FormView) -> list[Any]:
    """The questions below which something else must stand than before."""

    def said(view: FormView) -> dict[str, list[tuple[object, ...]]]:
        return {
            question.name: [
                (entry.error, entry.warning, entry.offers, entry.note) for entry in question.entries
            ]
            for question in view.questions
        }

    old = said(before)
    new = said(after)
    return [question for question in after.questions if old.get(question.name) != new[question.name]]


def _places(before: FormView, after: FormView) -> list[Any]:
    """The controls of places whose city was changed."""
    old = {entry.name: (entry.kind, entry.choices) for entry in before.entries}
    return [
        entry
        for entry in after.entries
        if entry.name.endswith("-place") and old.get(entry.name) != (entry.kind, entry.choices)
    ]
