"""The policy library, one policy, and one clause."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.core.citations import clause as clause_chip
from tidu.core.citations import policy_url
from tidu.core.components import Column, Crumb, Timeline
from tidu.core.policy_texts import policy_text
from tidu.policy.documents.library import Library, load_library
from tidu.policy.documents.pack import Pack
from tidu.portal.days import day_of
from tidu.portal.highlights import query_words
from tidu.portal.partials import asks_for, varies
from tidu.portal.policies import Filters, contents, rows, tier_labels
from tidu.portal.policy_page import FIGURES, READINGS, TITLES, part, policy_page, successors, titles
from tidu.portal.standing import standing, term, told

PER_PAGE = 20


class DayLink(NamedTuple):
    """A day worth looking at, as a link below the date."""

    label: str
    query: str


_COLUMNS = (
    Column("政策"),
    Column("地区"),
    Column("状态"),
    Column("施行期间"),
    Column("层级"),
    Column("内容"),
)


def _steps(*more: Crumb) -> tuple[Crumb, ...]:
    library = Crumb("政策库", reverse("portal:policies") if more else "")
    return Crumb("首页", reverse("portal:home")), library, *more


def _pack(pack_id: str) -> Pack:
    found = load_library().packs.get(pack_id)
    if found is None:
        raise Http404("政策库里没有这份政策。")
    return found


@login_not_required
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """All policies, narrowed by place, tier, state, department, on any day. htmx asks for the list alone."""
    packs: Library = load_library()
    day = day_of(request, "哪一天？（空着是今天）")
    filters = Filters.read(request.GET, packs)
    found = [item for item in rows(packs, day.on) if filters.admits(item)]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "steps": _steps(),
        "day": day,
        "filters": filters,
        "entries": filters.entries(packs),
        "total": len(packs),
        "page": page,
        "rows": [(item, tier_labels(item.pack)) for item in page],
        "partial": asks_for(request, "results"),
        "said": f"{len(found)} 份政策，{sum(item.standing.in_force for item in found)} 份有效",
        "columns": _COLUMNS,
        "timeline": Timeline.of([term(item.pack, day.on) for item in page], day.on) if page else None,
    }
    partial = asks_for(request, "results")
    return varies(
        render(request, "portal/policies.html#results" if partial else "portal/policies.html", context)
    )


@login_not_required
@require_safe
def policy(request: HttpRequest, pack_id: str) -> HttpResponse:
    """One policy on a day: dates and state, readings, figures, clauses beside what they make happen."""
    pack = _pack(pack_id)
    day = day_of(request, "看哪一天的效力？")
    found = standing(pack, day.on)
    context = {
        "pack": pack,
        "document": pack.document,
        "contents": contents(pack),
        "titles": titles(pack, day.on),
        "page": policy_page(pack),
        "day": day,
        "standing": found,
        "told": told(found),
        "now": timezone.localtime(),
        "steps": _steps(Crumb(pack.document.short_title)),
        "replaced_by": successors(load_library(), pack),
        "here": policy_url(pack),
        "day_links": _day_links(pack, day.on),
        "force_clause": clause_chip(pack, pack.document.in_force.cite)
        if pack.document.in_force.cite
        else None,
        "title_columns": TITLES,
        "reading_columns": READINGS,
        "figure_columns": FIGURES,
    }
    return render(request, "portal/policy.html", context)


def _day_links(pack: Pack, on: dt.date) -> list[DayLink]:
    """The days on which something changes: the first and the last day of force, and the day behind it."""
    since, until = pack.period()
    days = [("今天", None), ("施行首日", since)]
    days += [] if until is None else [("最后一天", until), ("届满次日", until + dt.timedelta(days=1))]
    return [
        DayLink(f"{label} {day.isoformat()}" if day else label, f"?on={day.isoformat()}" if day else "")
        for label, day in days
        if day != on
    ]


@login_not_required
@require_safe
def clause(request: HttpRequest, pack_id: str, citation: str) -> HttpResponse:
    """One clause, as a page of its own or, for htmx, as what opens beside another page. ``q`` marks words in it."""
    pack = _pack(pack_id)
    text = policy_text(pack)
    section = text.find(citation)
    if section is None:
        raise Http404(f"《{pack.document.title}》里没有“{citation[:60]}”这一条。")
    words = query_words(request.GET.get("q", ""))
    parts = [part(pack, each, words) for each in (section, *text.below(section))]
    before, after = text.beside(section)
    day = day_of(request)
    context = {
        "pack": pack,
        "document": pack.document,
        "section": section,
        "parts": parts,
        "shown": [each for each in parts if not each.bare],
        "paragraphs": [paragraph for each in parts for paragraph in each.law.paragraphs],
        "effects": [effect for each in parts for effect in each.law.effects],
        "url": f"{policy_url(pack)}#{section.anchor}",
        "text": text,
        "standing": standing(pack, day.on),
        "before": None if before is None else part(pack, before),
        "after": None if after is None else part(pack, after),
        "steps": _steps(Crumb(pack.document.short_title, policy_url(pack)), Crumb(section.label)),
    }
    template = "portal/clause.html#panel" if asks_for(request, "clause-panel") else "portal/clause.html"
    return varies(render(request, template, context))
