"""The enterprise's own form: filled in once, section by section, each of which saves itself."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tidu.core.components import Crumb
from tidu.core.gates import for_roles
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.registry.asked import asked_of
from tidu.registry.models import Enterprise, Evidence
from tidu.registry.own.controls import controls_of
from tidu.registry.own.form import Field, Section, changed_fields, progress_of, section_form
from tidu.registry.own.particulars import LISTS
from tidu.registry.own.saving import Saved, Typed, save_typed
from tidu.registry.queries.facts import conflicts_of
from tidu.registry.queries.own import evidence_by_kind, own_enterprise

OWNERS: Final = (Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_EDITOR)


def desk_crumbs(*more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of the enterprise's own desk."""
    return (Crumb("企业填报", reverse("registry:own") if more else ""), *more)


@require_GET
@never_cache
@for_roles(*OWNERS)
def overview(request: ActorRequest) -> HttpResponse:
    """How far the enterprise has come: sections, lists, evidence, contradictions."""
    enterprise = own_enterprise(request.actor)
    today = timezone.localdate()
    progress = progress_of(enterprise, today)
    evidence = Evidence.objects.filter(enterprise=enterprise, withdrawn_at__isnull=True)
    kinds = evidence_by_kind(enterprise, evidence.select_related("file"), today)
    context = {
        "enterprise": enterprise,
        "progress": progress,
        "done": sum(item.done for item in progress),
        "total": sum(item.total for item in progress),
        "next": next((item for item in progress if item.done < item.total), None),
        "lists": [
            (item, item.model.objects.filter(enterprise=enterprise, ended_at__isnull=True).count())
            for item in LISTS.values()
        ],
        "conflicts": conflicts_of(enterprise),
        "wanted_kinds": sum(kind.asked for kind in kinds),
        "present_kinds": sum(kind.asked and bool(kind.items) for kind in kinds),
    }
    return render(request, "registry/own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
def section(request: ActorRequest, section: str) -> HttpResponseBase:
    """One section. A post saves what was changed; scripts get JSON, everybody else the page again."""
    enterprise = own_enterprise(request.actor)
    today = timezone.localdate()
    form = section_form(enterprise, section, today)
    if form is None:
        raise Http404("没有这一节。")
    if request.method == "POST":
        return _save(request, enterprise, form)
    progress = progress_of(enterprise, today)
    position = next(number for number, item in enumerate(progress) if item.id == section)
    context = {
        "enterprise": enterprise,
        "form": form,
        "progress": progress,
        "following": progress[position + 1] if position + 1 < len(progress) else None,
        "shown": json.dumps(form.shown(), ensure_ascii=False),
        "faults": form.faults(),
        "crumbs": desk_crumbs(Crumb(form.label)),
    }
    return render(request, "registry/own_section.html", context)


def _save(request: ActorRequest, enterprise: Enterprise, before: Section) -> HttpResponseBase:
    today = timezone.localdate()
    area = enterprise.district_id or enterprise.city_id
    controls = list(controls_of(before.id, asked_of(area, today), today))
    typed = Typed.of({name: str(text) for name, text in request.POST.items()})
    saved = save_typed(actor=request.actor, enterprise=enterprise, controls=controls, typed=typed)
    if request.headers.get("X-Requested-With") == "autosave":
        return _answer(request, enterprise, before, saved)
    address = reverse("registry:own-section", args=[before.id])
    at = f"{saved.at:%H:%M:%S}"
    if saved.held_back:
        messages.warning(request, f"{at} 已保存，另有 {len(saved.held_back)} 处需要改，见下。")
    else:
        messages.success(request, f"已保存 {at}")
    return redirect(address)


def _answer(request: ActorRequest, enterprise: Enterprise, before: Section, saved: Saved) -> JsonResponse:
    """What the page has to show now: time, progress, what stands in the controls, and words below the fields."""
    after = section_form(enterprise, before.id, timezone.localdate())
    assert after is not None  # noqa: S101 - it was there a moment ago
    fields: dict[str, Field] = {field.question.name: field for field in before.every}
    said: dict[str, Any] = {
        field.question.name: render_to_string(
            "registry/_own_said.html", {"question": field.question}, request
        )
        for field in changed_fields(fields, after)
    }
    return JsonResponse(
        {
            "saved_at": f"{saved.at:%H:%M:%S}",
            "done": after.done,
            "total": after.total,
            "errors": {entry.name: entry.error for entry in after.entries if entry.error},
            "shown": after.shown(),
            "said": said,
        }
    )
