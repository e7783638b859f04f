"""Evidence: handed in by the enterprise, looked at by it and by the officers and auditors of its place."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tidu.core.components import Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.previewing import Unshowable, page_count
from tidu.core.files.receiving import receive_file, sent, upload_terms
from tidu.core.files.request_size import receives_files
from tidu.core.files.serving import download, picture
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import ENTERPRISE_ROLES, TERRITORIAL
from tidu.registry.actions.evidence import add_evidence, withdraw_evidence
from tidu.registry.models import Enterprise, Evidence
from tidu.registry.queries.own import evidence_by_kind, evidence_seen, own_enterprise
from tidu.registry.views.own import OWNERS, desk_crumbs
from tidu.registry.vocabulary import vocabulary_in_view

_YEARS: Final = 6


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
@receives_files()
def own(request: ActorRequest) -> HttpResponseBase:
    """What has been handed in and what is asked for. A post hands in one file."""
    enterprise = own_enterprise(request.actor)
    if request.method != "POST":
        return _own_page(request, enterprise)
    try:
        received = receive_file(actor=request.actor, upload=sent(request, "file"), allowed=EVIDENCE_KINDS)
        evidence = add_evidence(
            actor=request.actor,
            enterprise=enterprise,
            kind=request.POST.get("kind", ""),
            year=whole_number(request.POST.get("year", ""), digits=4),
            note=request.POST.get("note", ""),
            received=received,
        )
    except Refused as refused:
        return _own_page(request, enterprise, refused)
    label = vocabulary_in_view().evidence[evidence.kind].label
    messages.success(request, f"“{evidence.file.name}”已收下，归入{label}。")
    return redirect("registry:own-evidence")


def _own_page(request: ActorRequest, enterprise: Enterprise, refused: Refused | None = None) -> HttpResponse:
    given = request.POST or request.GET
    today = timezone.localdate()
    evidence = evidence_seen(request.actor).filter(enterprise=enterprise)
    context = {
        "enterprise": enterprise,
        "kinds": evidence_by_kind(enterprise, evidence.filter(withdrawn_at__isnull=True), today),
        "withdrawn": evidence.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at")[:50],
        "choices": vocabulary_in_view().evidence.values(),
        "years": range(today.year, today.year - _YEARS, -1),
        "given": {name: given.get(name, "") for name in ("kind", "year", "note")},
        "errors": {} if refused is None else {refused.field or "file": refused.message},
        "upload": upload_terms(EVIDENCE_KINDS),
        "crumbs": desk_crumbs(Crumb("证明材料")),
    }
    return render(request, "registry/own_evidence.html", context, status=http_status(refused))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
def withdraw(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Take a document off the list."""
    evidence = _seen(request, pk)
    address = reverse("registry:own-evidence")
    asked = Confirmation(
        title=f"撤下“{evidence.file.name}”",
        verb="撤下材料",
        back=address,
        consequences=("不再作为证明材料使用。", "文件保留备查：已经引用它的申报不受影响。"),
        crumbs=desk_crumbs(Crumb("证明材料", address), Crumb("撤下")),
    )
    return asked.then(
        request,
        lambda: withdraw_evidence(actor=request.actor, evidence=evidence),
        f"已撤下“{evidence.file.name}”。",
    )


@require_GET
@never_cache
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def of_enterprise(request: ActorRequest, pk: int) -> HttpResponse:
    """What an enterprise has handed in, for those who check it."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.actor), pk=pk)
    evidence = evidence_seen(request.actor).filter(enterprise=enterprise)
    context = {
        "enterprise": enterprise,
        "kinds": evidence_by_kind(
            enterprise, evidence.filter(withdrawn_at__isnull=True), timezone.localdate()
        ),
        "withdrawn": evidence.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at")[:50],
    }
    return render(request, "registry/enterprise_evidence.html", context)


@require_GET
@never_cache
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """One document: its pages as pictures, and what is known of the file."""
    evidence = _seen(request, pk)
    pages, fault = 0, ""
    try:
        pages = page_count(evidence.file)
    except Unshowable as unshowable:
        fault = str(unshowable)
    asked = request.GET.get("page", "1")
    page = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) <= 4 else 1  # noqa: PLR2004
    kind = vocabulary_in_view().evidence.get(evidence.kind)
    context = {
        "evidence": evidence,
        "kind": kind.label if kind else evidence.kind,
        "pages": pages,
        "page": page,
        "fault": fault,
        "owner": request.actor.is_enterprise,
        "crumbs": desk_crumbs(Crumb("证明材料", reverse("registry:own-evidence")), Crumb(evidence.file.name))
        if request.actor.is_enterprise
        else (),
        "back": reverse("registry:own-evidence")
        if request.actor.is_enterprise
        else reverse("registry:enterprise-evidence", args=[evidence.enterprise_id]),
    }
    return render(request, "registry/evidence.html", context)


@require_GET
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def fetch(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The file itself."""
    evidence = _seen(request, pk)
    return download(request, evidence.file, enterprise_id=evidence.enterprise_id)


@require_GET
@for_roles(*TERRITORIAL, *ENTERPRISE_ROLES)
def page(request: ActorRequest, pk: int, number: int) -> HttpResponseBase:
    """One page as a picture."""
    evidence = _seen(request, pk)
    return picture(request, evidence.file, number, enterprise_id=evidence.enterprise_id)


def _seen(request: ActorRequest, pk: int) -> Evidence:
    return get_object_or_404(evidence_seen(request.actor), pk=pk)
