"""The ladder: the same answers against every tier, at a place and on a day."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tidu.core.components import Column, Crumb, Fault
from tidu.core.typed_values import shown_place
from tidu.policy.assess.ladder import REGISTERED, climb
from tidu.policy.documents.library import load_library
from tidu.portal.days import day_of
from tidu.portal.ladder_page import ladder_view
from tidu.portal.place import known, offered
from tidu.portal.self_check_answers import answers_of, in_view
from tidu.portal.self_check_draft import BASE_YEAR, draft_of, editing, with_session
from tidu.portal.self_check_questions import NAME, title_question
from tidu.portal.views.self_check import write_posted

EVERYWHERE: Final = "all"
_REWARD_COLUMNS: Final = (
    Column("奖补"),
    Column("结论"),
    Column("金额", number=True),
    Column("说明"),
    Column("条款"),
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Every rung for the answers at hand. A post saves the titles that were typed here."""
    library = load_library()
    if request.method == "POST":
        with editing(request) as draft:
            write_posted(request, draft, library)
        query = request.GET.urlencode()
        target = reverse("portal:ladder") + (f"?{query}" if query else "")
        return with_session(request, HttpResponseRedirect(f"{target}#titles"))
    vocabulary = in_view(library)
    draft = draft_of(request)
    answers = answers_of(draft, vocabulary, today=timezone.localdate())
    day = day_of(request, "评估日")
    on = day.on if day.asked else answers.as_of
    base_year = answers.base_year if not day.asked or BASE_YEAR in draft.typed else on.year - 1
    place = request.GET.get("place", "")
    area = None if place == EVERYWHERE else place if known(place) else REGISTERED
    settings = {pack.id: draft.chosen(library, pack.id) for pack in library}
    found = climb(library, answers.facts, as_of=on, base_year=base_year, area=area, settings=settings)
    registered = answers.facts.values.get("registered_area")
    every_row = request.GET.get("rows") == EVERYWHERE
    titles = title_question(draft, answers, vocabulary)
    context = {
        "steps": (Crumb("首页", reverse("portal:home")), Crumb("梯度")),
        "view": ladder_view(library, found, answers.facts, settings, every_row=every_row),
        "day": day,
        "on": on,
        "base_year": base_year,
        "place": place if area != REGISTERED else "",
        "places": offered(library),
        "everywhere": EVERYWHERE,
        "every_row": every_row,
        "registered": shown_place(str(registered)) if registered else "",
        "name": answers.facts.values.get(NAME, ""),
        "empty": draft.empty,
        "titles": titles,
        "faults": tuple(
            Fault(entry.id, f"{entry.label or titles.question.label}：{entry.error}")
            for entry in titles.question.entries
            if entry.error
        ),
        "stated": bool(answers.facts.recognitions or answers.facts.events),
        "reward_columns": _REWARD_COLUMNS,
    }
    return render(request, "portal/ladder.html", context)
