"""The draw of a panel: the page that asks for it, and its record."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tidu.core.citations import clauses
from tidu.core.components import Crumb
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number, whole_numbers
from tidu.core.roles import CITY_WIDE, Role
from tidu.recognition.actions.panels import MOST_EACH, Wish, draw_panel
from tidu.recognition.models import Call, Panel, Status
from tidu.recognition.process.rules import limit_of, pack_of
from tidu.recognition.queries.avoidance import avoided_in, avoided_of
from tidu.recognition.queries.experts import FIELDS, described, experts_of_call, fields_of
from tidu.recognition.queries.panels import all_of, waiting_for_experts
from tidu.recognition.views.assignments import step_clauses
from tidu.recognition.views.panels import crumbs, seen_call, seen_panel

_USUAL: Final = 3
#: What the experts of a panel see of the applicant, in words: by ``blind`` and ``evidence_hidden``.
_SEEN: Final = {
    (False, False): "",
    (True, True): "专家看不到企业名称和证明材料。",
    (True, False): "本组出示证明材料，专家在材料上看得到企业名称。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(Role.CITY_OFFICER)
def draw(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Say what is to be drawn; a post draws."""
    call = seen_call(request, pk)
    given = _given(request, call)
    error = field = ""
    if request.method == "POST":
        try:
            panel = draw_panel(
                actor=request.actor,
                call=call,
                wish=Wish(
                    name=given["name"],
                    files=given["files"],
                    each=whole_number(given["each"]) or 0,
                    fields=tuple(given["fields"]),
                    blind=given["blind"],
                    evidence_shown=given["evidence_shown"],
                ),
            )
        except Refused as refused:
            error, field = refused.message, refused.field
        else:
            messages.success(
                request, f"已抽取{panel.name}，专家已收到通知。{_SEEN[_seen(panel)]}抽取记录可以复算核对。"
            )
            return redirect("recognition:panel", pk=panel.pk)
    experts = described(experts_of_call(call))
    limit = limit_of(call, "experts")
    context = {
        "call": call,
        "given": given,
        "error": error,
        "error_field": field,
        "most_each": MOST_EACH,
        "files": waiting_for_experts(request.actor, call)
        .select_related("enterprise", "district")
        .order_by("pk"),
        "avoided": avoided_of(request.actor, call=call, status=Status.EXPERTS),
        "experts": experts,
        "fields": [
            (name, label, sum(name in fields_of(item.membership) for item in experts))
            for name, label in FIELDS.items()
        ],
        "limit": limit,
        "step_clauses": step_clauses(call),
        "limit_clauses": clauses(pack_of(call), [limit["cite"] or None]),
        "crumbs": crumbs(call, Crumb("抽取专家")),
    }
    return render(request, "recognition/panel_draw.html", context, status=http_status(error))


def _seen(panel: Panel) -> tuple[bool, bool]:
    return panel.blind, panel.evidence_hidden


def _given(request: ActorRequest, call: Call) -> dict[str, Any]:
    posted = request.POST
    if request.method != "POST":
        files = list(waiting_for_experts(request.actor, call).values_list("pk", flat=True))
        name = f"第{call.panels.count() + 1}组"
        return {
            "name": name,
            "each": str(_USUAL),
            "fields": [],
            "files": files,
            "blind": call.blind,
            "evidence_shown": False,
        }
    return {
        "name": posted.get("name", ""),
        "each": posted.get("each", "")[:4],
        "fields": [name for name in posted.getlist("fields") if name in FIELDS],
        "files": whole_numbers(posted.getlist("files")),
        "blind": "blind" in posted or call.blind,
        "evidence_shown": "evidence_shown" in posted,
    }


@require_GET
@never_cache
@for_roles(*CITY_WIDE)
def drawing(request: ActorRequest, pk: int) -> HttpResponse:
    """The record of the draw as a file, from which anybody can do it again.

    It says who was drawn for which file, so it is not for whoever has to avoid one of them.
    """
    found = seen_panel(request, pk)
    if avoided_in(request.actor, all_of(found)).number:
        raise Http404("抽取记录里有您应当回避的企业，由同事下载。")
    text = json.dumps(
        {"seed": found.seed, "each": found.each, **found.drawing},
        ensure_ascii=False,
        indent=2,
        sort_keys=True,
    )
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"抽取记录 {found.call.batch_name}{found.name}.json"
    )
    return response
