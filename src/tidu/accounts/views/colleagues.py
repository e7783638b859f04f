"""The people of an enterprise, kept by its manager."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tidu.accounts import queries
from tidu.accounts.actions.invitations import invite
from tidu.accounts.actions.people import issue_password
from tidu.accounts.actions.roles import end_role
from tidu.accounts.confirmation import confirmed
from tidu.accounts.forms.dressing import posted
from tidu.accounts.forms.people import ColleagueForm
from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.views.people import show_password
from tidu.core.components import Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role


@for_roles(Role.ENTERPRISE_MANAGER)
@require_GET
def index(request: ActorRequest) -> HttpResponse:
    """Who acts for the enterprise."""
    context = {
        "rows": queries.staff_of(request.actor),
        "columns": (Column("姓名"), Column("登录名"), Column("角色"), Column("操作")),
        "me": request.actor.user_id,
    }
    return render(request, "accounts/colleagues.html", context)


@for_roles(Role.ENTERPRISE_MANAGER)
@confirmed
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Invite a colleague; the temporary password is shown once."""
    form = ColleagueForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        role = Role(data.pop("role"))
        organisation = Organisation.objects.visible_to(request.actor).get()
        try:
            person, password = invite(actor=request.actor, organisation=organisation, role=role, **data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return show_password(request, person, password, back=reverse("accounts:colleagues"))
    context = {
        "form": form,
        "crumbs": (Crumb("本企业人员", reverse("accounts:colleagues")), Crumb("邀请同事")),
        "title": "邀请同事",
        "verb": "建立账号",
    }
    return render(request, "accounts/form_page.html", context)


@for_roles(Role.ENTERPRISE_MANAGER)
@confirmed
@require_http_methods(["GET", "POST"])
def password(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue a colleague a temporary password."""
    person = get_object_or_404(
        User.objects.visible_to(request.actor).exclude(pk=request.actor.user_id or 0), pk=pk
    )
    back = reverse("accounts:colleagues")
    asked = Confirmation(
        title=f"重置{person}的密码",
        verb="重置密码",
        back=back,
        consequences=("原密码和现有登录即时失效。", "新的临时密码只显示一次，下次登录必须修改。"),
        reason="重置的理由",
    )
    if request.method == "POST" and asked.read(request.POST):
        try:
            issued = issue_password(actor=request.actor, person=person, reason=asked.given)
        except Refused as refusal:
            asked.error = refusal.message
        else:
            return show_password(request, person, issued, back=back)
    return asked.answer(request)


@for_roles(Role.ENTERPRISE_MANAGER)
@confirmed
@require_http_methods(["GET", "POST"])
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a colleague's role."""
    visible = Membership.objects.visible_to(request.actor).active().select_related("user", "organisation")
    membership = get_object_or_404(visible, pk=pk)
    back = reverse("accounts:colleagues")
    asked = Confirmation(
        title=f"收回{membership.user}的“{membership.get_role_display()}”",
        verb="收回角色",
        back=back,
        consequences=("此人不能再以本企业的身份查看和填报，现有登录退出。", "已填报的数据保留。"),
        reason="收回的理由",
    )
    return asked.then(
        request,
        lambda: end_role(actor=request.actor, membership=membership, reason=asked.given),
        f"已收回{membership.user}的“{membership.get_role_display()}”。",
    )
