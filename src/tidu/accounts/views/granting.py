"""Giving and ending roles, for the security administrator."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tidu.accounts.actions.roles import end_role, grant_role
from tidu.accounts.confirmation import confirmed
from tidu.accounts.forms.dressing import posted
from tidu.accounts.forms.people import GrantForm
from tidu.accounts.models import Membership, User
from tidu.accounts.password_rules import PROFILES
from tidu.accounts.queries import open_organisations
from tidu.core.components import Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import OrganisationKind, Role


@for_roles(Role.SECURITY_ADMINISTRATOR)
@confirmed
@require_http_methods(["GET", "POST"])
def grant(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a person a role in the organisation that was chosen, their own if none was."""
    person = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    page = reverse("accounts:person", args=[pk])
    offered = open_organisations(request.actor, person=person)
    wanted = (request.POST if request.method == "POST" else request.GET).get("organisation", "")
    number = whole_number(wanted) if wanted else person.organisation_id
    organisation = offered.filter(pk=number or 0).first()
    if wanted and organisation is None:
        raise Http404
    form = None
    if organisation is not None:
        form = GrantForm(posted(request), kind=OrganisationKind(organisation.kind))
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                membership = grant_role(
                    actor=request.actor,
                    person=person,
                    organisation=organisation,
                    role=Role(data["role"]),
                    reason=data["reason"],
                )
            except Refused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, f"已授予{person}“{membership}”。其现有登录已退出，重新登录后生效。")
                return redirect(page)
    context = {
        "form": form,
        "person": person,
        "organisation": organisation,
        "offered": offered,
        "crumbs": (Crumb("人员", reverse("accounts:people")), Crumb(str(person), page), Crumb("授予角色")),
    }
    return render(request, "accounts/grant.html", context)


@for_roles(Role.SECURITY_ADMINISTRATOR)
@confirmed
@require_http_methods(["GET", "POST"])
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a role, with a reason."""
    visible = Membership.objects.visible_to(request.actor).active().select_related("user", "organisation")
    membership = get_object_or_404(visible, pk=pk)
    back = reverse("accounts:person", args=[membership.user_id])
    asked = Confirmation(
        title=f"收回{membership.user}的“{membership}”",
        verb="收回角色",
        back=back,
        consequences=(
            "角色和由它设立的代理即时失效，此人现有登录退出。",
            "待办事项仍归机构，由同一角色的同事办理。",
        ),
        reason="收回的理由",
    )
    return asked.then(
        request,
        lambda: end_role(actor=request.actor, membership=membership, reason=asked.given),
        f"已收回{membership.user}的“{membership}”。",
    )


@for_roles(Role.SECURITY_ADMINISTRATOR)
@require_GET
def policy(request: ActorRequest) -> HttpResponse:
    """The rules in force for passwords, locks and sessions: settings of the deployment, shown and not changed here."""
    lock = cast("int", settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    sessions = (
        ("工作人员、专家", settings.STAFF_SESSION),
        ("企业人员", settings.ENTERPRISE_SESSION),
    )
    context = {
        "staff": PROFILES[settings.PASSWORD_PROFILE],
        "enterprise": PROFILES["asvs"],
        "failures": settings.AXES_FAILURE_LIMIT,
        "lock_minutes": int(lock),
        "sessions": [(label, limits.idle // 60, limits.whole // 3600) for label, limits in sessions],
        "single_sign_on": settings.OIDC_ISSUER,
    }
    return render(request, "accounts/policy.html", context)
