"""Organisations of a place: the security administrator looks, the system administrator changes."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tidu.accounts import queries
from tidu.accounts.actions.organisations import (
    change_organisation,
    close_organisation,
    create_organisation,
    reopen_organisation,
)
from tidu.accounts.forms.dressing import posted
from tidu.accounts.forms.people import OrganisationForm
from tidu.accounts.models import Membership, Organisation
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import OrganisationKind, Role

_FILTERS: Final = (
    Filter("q", "名称", "text", hint="名称或简称"),
    Filter("kind", "类别", choices=tuple(Choice(kind.value, kind.label) for kind in OrganisationKind)),
    Filter("state", "状态", choices=(Choice("active", "启用"), Choice("closed", "停用"))),
)
_COLUMNS: Final = (
    Column("名称", sort="name"),
    Column("类别", sort="kind"),
    Column("辖区"),
    Column("在任人数", number=True),
    Column("状态"),
)
_LIST: Final = Crumb("机构", "/accounts/organisations/")


@for_roles(Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
@require_GET
def index(request: ActorRequest) -> HttpResponse:
    """Organisations in the administrator's charge."""
    rows = queries.organisations(request.actor, **chosen(request.GET, _FILTERS))
    found = listing(
        request, rows, filters=_FILTERS, sorts={"name": ("name",), "kind": ("kind", "name")}, default="kind"
    )
    context = {"list": found, "columns": _COLUMNS, "may_change": request.actor.has(Role.SYSTEM_ADMINISTRATOR)}
    return render(request, "accounts/organisations.html", context)


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Set one up."""
    form = OrganisationForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            organisation = create_organisation(
                actor=request.actor,
                kind=OrganisationKind(data["kind"]),
                name=data["name"],
                short_name=data["short_name"],
                document_word=data["document_word"],
                place=data["place"],
                confirms=data["confirms"] if data["kind"] == OrganisationKind.DEPARTMENT else [],
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"已建立“{organisation}”。接着可以为它建立人员。")
            return redirect("accounts:organisation", pk=organisation.pk)
    context = {"form": form, "crumbs": (_LIST, Crumb("新建机构")), "title": "新建机构", "verb": "建立机构"}
    return render(request, "accounts/form_page.html", context)


@for_roles(Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
@require_GET
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """One organisation and who holds a role in it."""
    organisation = _found(request, pk)
    holders = (
        Membership.objects.active()
        .filter(organisation=organisation)
        .select_related("user")
        .order_by("role", "user__name")
    )
    context = {
        "organisation": organisation,
        "holders": holders,
        "columns": (Column("人员"), Column("角色"), Column("授权时间")),
        "crumbs": (_LIST, Crumb(str(organisation))),
        "may_change": request.actor.has(Role.SYSTEM_ADMINISTRATOR),
    }
    return render(request, "accounts/organisation.html", context)


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def change(request: ActorRequest, pk: int) -> HttpResponse:
    """Change its name, its place or what it confirms."""
    organisation = _found(request, pk)
    form = OrganisationForm(posted(request), actor=request.actor, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change_organisation(
                actor=request.actor,
                organisation=organisation,
                name=data["name"],
                short_name=data["short_name"],
                document_word=data.get("document_word"),
                place=data["place"],
                confirms=data.get("confirms", organisation.confirms),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "修改已保存。")
            return redirect("accounts:organisation", pk=pk)
    context = {
        "form": form,
        "crumbs": (
            _LIST,
            Crumb(str(organisation), reverse("accounts:organisation", args=[pk])),
            Crumb("修改"),
        ),
        "title": f"修改“{organisation}”",
        "verb": "保存修改",
    }
    return render(request, "accounts/form_page.html", context)


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def close(request: ActorRequest, pk: int) -> HttpResponse:
    """Deactivate it, with a reason."""
    organisation = _found(request, pk)
    asked = Confirmation(
        title=f"停用“{organisation}”",
        verb="停用机构",
        back=reverse("accounts:organisation", args=[pk]),
        consequences=("该机构所有角色即时失效，有关人员的登录随即退出。", "已有的数据和操作记录保留。"),
        reason="停用的理由",
    )
    return asked.then(
        request,
        lambda: close_organisation(actor=request.actor, organisation=organisation, reason=asked.given),
        f"“{organisation}”已停用。",
    )


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def reopen(request: ActorRequest, pk: int) -> HttpResponse:
    """Activate it again, with a reason."""
    organisation = _found(request, pk)
    asked = Confirmation(
        title=f"启用“{organisation}”",
        verb="启用机构",
        back=reverse("accounts:organisation", args=[pk]),
        consequences=("没有收回的角色重新有效。",),
        reason="启用的理由",
        serious=False,
    )
    return asked.then(
        request,
        lambda: reopen_organisation(actor=request.actor, organisation=organisation, reason=asked.given),
        f"“{organisation}”已启用。",
    )


def _found(request: ActorRequest, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.actor).select_related("place"), pk=pk)
