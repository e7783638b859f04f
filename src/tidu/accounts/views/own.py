"""A person's own account: particulars, ways in, and who stands in while they are away."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tidu.accounts import queries
from tidu.accounts.actions.delegations import delegate_role, end_delegation
from tidu.accounts.actions.profile import change_profile
from tidu.accounts.confirmation import confirmed
from tidu.accounts.forms.dressing import posted
from tidu.accounts.forms.people import DelegationForm, ProfileForm
from tidu.accounts.granting import DELEGABLE
from tidu.accounts.middleware import IdentifiedRequest
from tidu.accounts.models import Delegation, Interest, Membership, User
from tidu.accounts.password_rules import profile_of
from tidu.accounts.second_factor import is_enrolled, recovery_codes_left
from tidu.core.components import Column, Crumb
from tidu.core.personal.fields import masked
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest


@require_http_methods(["GET"])
def account(request: IdentifiedRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user = cast("User", request.user)
    context = {
        "person": user,
        "phone": masked(request, user, "phone"),
        "identities": request.identities,
        "enrolled": is_enrolled(user),
        "codes_left": recovery_codes_left(user),
        "password_days": profile_of(user).days,
        "has_password": user.has_usable_password(),
        "may_delegate": _own_roles(request).exists(),
        "interests": _interests(request),
    }
    return render(request, "accounts/account.html", context)


@confirmed
@require_http_methods(["GET", "POST"])
def profile(request: ActorRequest) -> HttpResponse:
    """Change name, e-mail and phone."""
    user = cast("User", request.user)
    form = ProfileForm(posted(request), initial={"name": user.name, "email": user.email})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change_profile(
                actor=request.actor,
                person=user,
                name=data["name"],
                email=data["email"],
                phone=data["phone"] or None,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "资料已保存。")
            return redirect("accounts:account")
    context = {
        "form": form,
        "crumbs": (Crumb("我的账号", "/accounts/"), Crumb("修改资料")),
        "title": "修改我的资料",
        "verb": "保存资料",
    }
    return render(request, "accounts/form_page.html", context)


@require_http_methods(["GET", "POST"])
def delegations(request: ActorRequest) -> HttpResponse:
    """Set a colleague up to stand in, and see who stands in for whom."""
    user = cast("User", request.user)
    roles = _own_roles(request)
    form = DelegationForm(posted(request), memberships=roles)
    if request.method == "POST" and form.is_valid():
        try:
            delegation = delegate_role(actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"已设立代理：{delegation}。代理人在身份列表里选择后办理。")
            return redirect("accounts:delegations")
    rows = queries.delegations_of(user)
    context = {
        "form": form if roles.exists() else None,
        "rows": [(row, queries.is_running(row), row.membership.user_id == user.pk) for row in rows],
        "columns": (Column("角色"), Column("代理人"), Column("起止"), Column("事由"), Column("状态")),
        "crumbs": (Crumb("我的账号", "/accounts/"), Crumb("代理")),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/delegations.html", context)


@require_POST
def delegation_end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a delegation before its last day."""
    mine = Delegation.objects.filter(membership__user_id=request.actor.user_id or 0)
    lent = Delegation.objects.filter(delegate_id=request.actor.user_id or 0)
    delegation = get_object_or_404(mine | lent, pk=pk)
    try:
        end_delegation(actor=request.actor, delegation=delegation)
    except Refused as refusal:
        raise Http404 from refusal
    messages.success(request, "代理已终止。")
    return redirect("accounts:delegations")


def _interests(request: ActorRequest) -> int | None:
    """How many count now; None for people of enterprises, about whom nothing was entered either."""
    rows = Interest.objects.filter(person_id=request.actor.user_id or 0)
    return rows.current().count() if request.actor.is_staff or rows.exists() else None


def _own_roles(request: ActorRequest) -> QuerySet[Membership]:
    return (
        Membership.objects.active()
        .filter(
            pk=request.actor.membership_id or 0,
            user_id=request.actor.user_id or 0,
            role__in=sorted(DELEGABLE),
            organisation__is_active=True,
        )
        .select_related("organisation", "user")
    )
