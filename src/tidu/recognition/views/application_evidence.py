"""The documents of an application: chosen from the enterprise's own list or handed in here, and taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tidu.core.components import Crumb
from tidu.core.files.kinds import EVIDENCE_KINDS, FileRefused
from tidu.core.files.receiving import receive_file, sent, upload_terms
from tidu.core.files.request_size import receives_files
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number, whole_numbers
from tidu.recognition.actions.filling import (
    attach_evidence,
    detach_evidence,
    upload_evidence,
    why_closed,
)
from tidu.recognition.applying.filled import Filled, filled
from tidu.recognition.applying.page import kinds_for, stops_of
from tidu.recognition.models import Application
from tidu.recognition.queries.applications import own_form
from tidu.recognition.queries.corrections import returned_for
from tidu.recognition.views.applying import crumbs
from tidu.registry.models import Evidence
from tidu.registry.views.own import OWNERS
from tidu.registry.vocabulary import vocabulary_in_view

_YEARS = 6
#: In addresses: the documents of the whole application rather than of one criterion.
WHOLE = "materials"


@require_http_methods(["GET", "HEAD"])
@never_cache
@for_roles(*OWNERS)
def materials(request: ActorRequest, pk: int) -> HttpResponse:
    """What the call asks for, and everything that is put forward."""
    application = own_form(request.actor, pk)
    now = filled(application)
    labels = {leaf.id: leaf.label for leaf, _ in now.questions.leaves()}
    context = {
        "application": application,
        "filled": now,
        "stops": stops_of(now),
        "part": WHOLE,
        "whole": now.attached(""),
        "under": [
            (labels.get(name, name), name, now.attached(name))
            for name in dict.fromkeys(found.criterion for found in now.attachments if found.criterion)
        ],
        "closed": why_closed(application),
        "returned": returned_for(application),
        "crumbs": crumbs(application, Crumb(f"{application.call.noun}材料")),
    }
    return render(request, "recognition/application_materials.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
@receives_files()
def choose(request: ActorRequest, pk: int, criterion: str) -> HttpResponseBase:
    """The documents under one criterion: choose from those at hand, or hand one in."""
    application = own_form(request.actor, pk)
    now = filled(application)
    name = "" if criterion == WHOLE else criterion
    if name and all(leaf.id != name for leaf, _ in now.questions.leaves()):
        raise Http404("没有这一项条件。")
    if request.method != "POST":
        return _page(request, now, name)
    try:
        if "choose" in request.POST:
            return _chosen(request, application, criterion, name)
        return _handed_in(request, application, criterion, name)
    except FileRefused as refused:
        return _page(request, now, name, {"file": refused.message})
    except Refused as refused:
        return _page(request, now, name, {refused.field or "general": refused.message})


def _chosen(request: ActorRequest, application: Application, criterion: str, name: str) -> HttpResponseBase:
    numbers = whole_numbers(request.POST.getlist("evidence"))
    if not numbers:
        raise Refused("请先勾选要放入的材料。", field="chosen")
    evidence = Evidence.objects.visible_to(request.actor).filter(
        pk__in=numbers[:100], withdrawn_at__isnull=True
    )
    new = attach_evidence(
        actor=request.actor, application=application, criterion=name, evidence=list(evidence)
    )
    messages.success(request, f"已放入 {new} 份材料。" if new else "这些材料已经在里面了。")
    return redirect("recognition:application-evidence", pk=application.pk, criterion=criterion)


def _handed_in(
    request: ActorRequest, application: Application, criterion: str, name: str
) -> HttpResponseBase:
    closed = why_closed(application)
    if closed:
        raise Refused(closed)
    received = receive_file(actor=request.actor, upload=sent(request, "file"), allowed=EVIDENCE_KINDS)
    evidence = upload_evidence(
        actor=request.actor,
        application=application,
        criterion=name,
        kind=request.POST.get("kind", ""),
        year=whole_number(request.POST.get("year", ""), digits=4),
        note=request.POST.get("note", ""),
        received=received,
    )
    messages.success(request, f"“{evidence.file.name}”已收下，并放入这一项。")
    return redirect("recognition:application-evidence", pk=application.pk, criterion=criterion)


def _page(
    request: ActorRequest, now: Filled, name: str, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    application = now.application
    today = timezone.localdate()
    judged = {item.id: item for item in now.questions.judged}
    leaf = next((found for found, _ in now.questions.leaves() if found.id == name), None)
    kinds = kinds_for(now, name)
    attached = {found.evidence_id for found in now.attached(name)}
    known = vocabulary_in_view().evidence
    given: dict[str, Any] = {
        "kind": request.POST.get("kind") or request.GET.get("kind") or (kinds[0].value if name else ""),
        "year": request.POST.get("year", ""),
        "note": request.POST.get("note", ""),
    }
    asked = known.get(given["kind"])
    order = {choice.value: place for place, choice in enumerate(kinds)} | {given["kind"]: -1}
    at_hand = [
        (evidence, known[evidence.kind].label if evidence.kind in known else evidence.kind)
        for evidence in Evidence.objects.filter(
            enterprise=application.enterprise, withdrawn_at__isnull=True
        ).select_related("file")
        if evidence.pk not in attached
    ]
    at_hand.sort(key=lambda item: (order.get(item[0].kind, len(order)), -item[0].pk))
    context = {
        "application": application,
        "criterion": name or WHOLE,
        "label": leaf.label if leaf is not None else asked.label if asked is not None else "整份材料",
        "whole": not name,
        "question": judged[name].question if name in judged else "",
        "attached": now.attached(name),
        "at_hand": at_hand,
        "kinds": kinds,
        "years": range(today.year, today.year - _YEARS, -1),
        "given": given,
        "errors": errors or {},
        "upload": upload_terms(EVIDENCE_KINDS),
        "closed": why_closed(application),
        "crumbs": crumbs(
            application,
            Crumb(
                f"{application.call.noun}材料",
                reverse("recognition:application-materials", args=[application.pk]),
            ),
            Crumb("证明材料"),
        ),
    }
    return render(request, "recognition/application_evidence.html", context, status=http_status(errors))


@require_POST
@for_roles(*OWNERS)
def remove(request: ActorRequest, pk: int, attachment: int) -> HttpResponse:
    """Take a document out of the application; the enterprise's list keeps it."""
    application = own_form(request.actor, pk)
    found = application.attachments.filter(pk=attachment).first()
    criterion = (found.criterion if found is not None else "") or WHOLE
    try:
        detach_evidence(actor=request.actor, application=application, attachment=attachment)
        messages.success(request, "已从这一项移出，材料仍在企业的材料清单里。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("recognition:application-evidence", pk=pk, criterion=criterion)
