"""Search over everything that the policies say."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.core.components import Choice, Crumb, Entry
from tidu.policy.documents.library import Library, binds, load_library
from tidu.policy.official_text.search import MAX_QUERY
from tidu.portal.clause_search import KINDS, MOST, Found, Target, clause_search
from tidu.portal.days import day_of
from tidu.portal.partials import asks_for, varies
from tidu.portal.place import known, offered
from tidu.portal.standing import standing

EXAMPLES = ("营收增速", "小巨人 奖励", "整体迁入", "知识产权", "公示 异议", "财政局")


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Results for ``q``, narrowed by place, kind and day. htmx asks for the results alone."""
    library = load_library()
    query = " ".join(request.GET.get("q", "")[:MAX_QUERY].split())
    day = day_of(request, "只看这一天有效的", otherwise="现在没有按日期筛选。")
    place = known(request.GET.get("place", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    standings = {pack.id: standing(pack, day.on) for pack in library}

    def accept(target: Target) -> bool:
        jurisdiction = target.pack.document.jurisdiction
        return (
            (place is None or binds(jurisdiction, place.code))
            and (not day.asked or standings[target.pack.id].in_force)
            and (not kind or target.kind == kind)
        )

    found = clause_search(library).find(query, accept) if query else []
    narrowed = bool(place or kind or day.asked)
    context = {
        "partial": asks_for(request, "results"),
        "query": query,
        "results": [(item, standings[item.target.pack.id], _url(item, query)) for item in found],
        "count": len(found),
        "said": f"找到 {len(found)} 处" if query else "",
        "most": MOST,
        "incomplete": bool(found) and all(item.partial for item in found),
        "wider": _wider(library, query, narrowed=narrowed and not found),
        "narrowed": narrowed,
        "day": day,
        "entries": _entries(library, "" if place is None else place.code, kind),
        "examples": EXAMPLES,
        "steps": (Crumb("首页", reverse("portal:home")), Crumb("搜索")),
    }
    template = "portal/search.html#results" if context["partial"] else "portal/search.html"
    return varies(render(request, template, context))


def _url(found: Found, query: str) -> str:
    """The page of a result, with the words of the search to be marked there."""
    target = found.target
    return f"{target.url}?{urlencode({'q': query})}" if target.where else target.url


def _wider(library: Library, query: str, *, narrowed: bool) -> int:
    """How many results there would be without the filters, for a search that found nothing."""
    return len(clause_search(library).find(query, lambda _target: True)) if narrowed and query else 0


def _entries(library: Library, place: str, kind: str) -> tuple[Entry, ...]:
    places = [Choice(found.code, found.name) for found in offered(library)]
    if place and place not in {choice.value for choice in places}:
        found = known(place)
        places += [Choice(place, found.name)] if found is not None else []
    kinds = tuple(Choice(*item) for item in KINDS.items())
    return (
        Entry("place", "choice", "地区", place, choices=tuple(places)),
        Entry("kind", "choice", "类别", kind, choices=kinds),
    )
