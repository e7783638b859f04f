"""The lists of the enterprise's own form: add a row, change it, end it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tidu.accounts.forms.dressing import posted
from tidu.core.components import Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest
from tidu.registry.actions.particular_changes import replace_particular
from tidu.registry.actions.particulars import add_particular, end_particular
from tidu.registry.own.particulars import LISTS, ParticularList
from tidu.registry.queries.counted import counted
from tidu.registry.queries.own import own_enterprise
from tidu.registry.views.own import OWNERS, desk_crumbs


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
def rows(request: ActorRequest, kind: str) -> HttpResponseBase:
    """A list, with a form for one more row."""
    described = _list(kind)
    enterprise = own_enterprise(request.actor)
    form = described.form(posted(request), instance=described.model(enterprise=enterprise))
    if request.method == "POST" and form.is_valid():
        try:
            add_particular(actor=request.actor, particular=form.save(commit=False))
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"已添加{described.one}。")
            return redirect("registry:own-list", kind=kind)
    context = {
        "enterprise": enterprise,
        "described": described,
        "rows": [
            (row, described.cells(row))
            for row in described.model.objects.filter(enterprise=enterprise, ended_at__isnull=True)[:500]
        ],
        "form": form,
        "counted": [item for item in counted(enterprise) if item.differs] if kind == "properties" else [],
        "crumbs": desk_crumbs(Crumb(described.label)),
    }
    return render(request, "registry/own_list.html", context, status=http_status(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
def row(request: ActorRequest, kind: str, pk: int) -> HttpResponseBase:
    """One row, to be changed."""
    described = _list(kind)
    enterprise = own_enterprise(request.actor)
    old = get_object_or_404(described.model, pk=pk, enterprise=enterprise)
    if old.ended_at is not None and request.method != "POST":
        raise Http404("这一条已经停用。")
    form = described.form(posted(request), instance=None if request.method == "POST" else old)
    if request.method == "POST":
        form.instance.enterprise = enterprise
        if form.is_valid():
            try:
                replace_particular(actor=request.actor, old=old, new=form.save(commit=False))
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, f"已更改{described.one}。")
                return redirect("registry:own-list", kind=kind)
    address = reverse("registry:own-list", args=[kind])
    context = {
        "described": described,
        "form": form,
        "row": old,
        "crumbs": desk_crumbs(Crumb(described.label, address), Crumb(str(old))),
    }
    return render(request, "registry/own_row.html", context, status=http_status(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_roles(*OWNERS)
def end(request: ActorRequest, kind: str, pk: int) -> HttpResponseBase:
    """Take a row off the list."""
    described = _list(kind)
    enterprise = own_enterprise(request.actor)
    found = get_object_or_404(described.model, pk=pk, enterprise=enterprise)
    address = reverse("registry:own-list", args=[kind])
    asked = Confirmation(
        title=f"停用“{found}”",
        verb=f"停用{described.one}",
        back=address,
        consequences=("不再列出，也不再用于填报。", "以前的记录保留。"),
        crumbs=desk_crumbs(Crumb(described.label, address), Crumb("停用")),
    )
    return asked.then(
        request,
        lambda: end_particular(actor=request.actor, particular=found),
        f"已停用“{found}”。",
    )


def _list(kind: str) -> ParticularList:
    found = LISTS.get(kind)
    if found is None:
        raise Http404("没有这个列表。")
    return found
