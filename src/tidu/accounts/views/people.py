"""People of a place: the system administrator looks after accounts, the security administrator after rights."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tidu.accounts import queries
from tidu.accounts.actions.invitations import invite
from tidu.accounts.actions.people import disable_person, enable_person, issue_password, unlock_person
from tidu.accounts.actions.profile import change_person
from tidu.accounts.actions.second_factor import reset_second_factor
from tidu.accounts.confirmation import confirmed
from tidu.accounts.forms.dressing import posted
from tidu.accounts.forms.people import PersonChangeForm, PersonForm
from tidu.accounts.lockout import locked_names
from tidu.accounts.models import Interest, User
from tidu.accounts.second_factor import is_enrolled
from tidu.core.components import Choice, Column, Crumb
from tidu.core.confirmation import Confirmation
from tidu.core.gates import for_roles
from tidu.core.listing import Filter, chosen, listing
from tidu.core.refusals import Refused
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role

_FILTERS: Final = (
    Filter("q", "查找", "text", hint="姓名、登录名、工号、机构"),
    Filter(
        "role",
        "角色",
        choices=(Choice("none", "没有角色"), *(Choice(role.value, role.label) for role in Role)),
    ),
    Filter("state", "状态", choices=(Choice("active", "启用"), Choice("closed", "停用"))),
)
_COLUMNS: Final = (
    Column("姓名", sort="name"),
    Column("登录名", sort="username"),
    Column("所属机构"),
    Column("角色"),
    Column("状态"),
)
_LIST: Final = Crumb("人员", "/accounts/people/")
_BOTH: Final = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)


@for_roles(*_BOTH)
@require_GET
def index(request: ActorRequest) -> HttpResponse:
    """People whom the administrator looks after."""
    rows = queries.people(request.actor, **chosen(request.GET, _FILTERS))
    sorts = {"name": ("name",), "username": ("username",)}
    found = listing(request, rows, filters=_FILTERS, sorts=sorts, default="name")
    context = {
        "list": found,
        "columns": _COLUMNS,
        "locked": locked_names([person.username for person in found.page]),
        "may_create": request.actor.has(Role.SYSTEM_ADMINISTRATOR),
    }
    return render(request, "accounts/people.html", context)


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@confirmed
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Make an account; the temporary password is shown once."""
    form = PersonForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = invite(actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return show_password(request, person, password, back=reverse("accounts:person", args=[person.pk]))
    context = {
        "form": form,
        "crumbs": (_LIST, Crumb("新建人员")),
        "title": "新建人员",
        "verb": "建立账号",
        "note": "账号建立后没有任何角色，由安全管理员另行授权。",
    }
    return render(request, "accounts/form_page.html", context)


@for_roles(*_BOTH)
@require_GET
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """One person: account, roles, and what may be done about them."""
    person = _found(request, pk)
    roles = list(queries.roles_of(request.actor, person))
    context = {
        "person": person,
        "present": [item for item in roles if item.ended_at is None],
        "past": [item for item in roles if item.ended_at is not None],
        "present_columns": (Column("机构"), Column("角色"), Column("授权"), Column("理由"), Column("操作")),
        "past_columns": (Column("机构"), Column("角色"), Column("授权"), Column("收回")),
        "locked": bool(locked_names([person.username])),
        "enrolled": is_enrolled(person),
        "crumbs": (_LIST, Crumb(str(person))),
        "keeps_accounts": request.actor.has(Role.SYSTEM_ADMINISTRATOR),
        "keeps_rights": request.actor.has(Role.SECURITY_ADMINISTRATOR),
        "self": person.pk == request.actor.user_id,
        "interests": Interest.objects.visible_to(request.actor).filter(person=person).current().count(),
    }
    return render(request, "accounts/person.html", context)


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@confirmed
@require_http_methods(["GET", "POST"])
def change(request: ActorRequest, pk: int) -> HttpResponse:
    """Change name, organisation, employee number or e-mail."""
    person = _found(request, pk)
    page = reverse("accounts:person", args=[pk])
    form = PersonChangeForm(posted(request), actor=request.actor, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            change_person(actor=request.actor, person=person, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "资料已保存。")
            return redirect(page)
    context = {
        "form": form,
        "crumbs": (_LIST, Crumb(str(person), page), Crumb("修改资料")),
        "title": f"修改{person}的资料",
        "verb": "保存资料",
        "note": "改换所属机构不改变角色，角色由安全管理员授予和收回。",
    }
    return render(request, "accounts/form_page.html", context)


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@confirmed
@require_http_methods(["GET", "POST"])
def password(request: ActorRequest, pk: int) -> HttpResponse:
    """Issue a temporary password, shown once."""
    person = _found(request, pk)
    back = reverse("accounts:person", args=[pk])
    asked = Confirmation(
        title=f"重置{person}的密码",
        verb="重置密码",
        back=back,
        consequences=(
            "原密码和现有登录即时失效。",
            "新的临时密码只显示一次，下次登录必须修改。",
            "动态码不受影响；与单点登录的关联解除，下次重新核对。",
        ),
        reason="重置的理由",
        hint="写明如何核实了是本人。",
    )
    if request.method == "POST" and asked.read(request.POST):
        try:
            issued = issue_password(actor=request.actor, person=person, reason=asked.given)
        except Refused as refusal:
            asked.error = refusal.message
        else:
            return show_password(request, person, issued, back=back)
    return asked.answer(request)


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def disable(request: ActorRequest, pk: int) -> HttpResponse:
    """Disable the account."""
    person = _found(request, pk)
    asked = Confirmation(
        title=f"停用{person}的账号",
        verb="停用账号",
        back=reverse("accounts:person", args=[pk]),
        consequences=("现有登录即时退出，以后不能登录。", "已办的事项和操作记录保留。"),
        reason="停用的理由",
    )
    return asked.then(
        request,
        lambda: disable_person(actor=request.actor, person=person, reason=asked.given),
        "账号已停用。",
    )


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def enable(request: ActorRequest, pk: int) -> HttpResponse:
    """Enable the account again."""
    person = _found(request, pk)
    asked = Confirmation(
        title=f"启用{person}的账号",
        verb="启用账号",
        back=reverse("accounts:person", args=[pk]),
        consequences=("没有收回的角色重新有效。",),
        reason="启用的理由",
        serious=False,
    )
    return asked.then(
        request,
        lambda: enable_person(actor=request.actor, person=person, reason=asked.given),
        "账号已启用。",
    )


@for_roles(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def unlock(request: ActorRequest, pk: int) -> HttpResponse:
    """Lift the lock after failed sign-ins."""
    person = _found(request, pk)
    asked = Confirmation(
        title=f"解锁{person}的登录名",
        verb="解锁登录名",
        back=reverse("accounts:person", args=[pk]),
        consequences=("登录失败的次数清零，可以立即登录。",),
        reason="解锁的理由",
        hint="写明如何核实了是本人。",
        serious=False,
    )
    return asked.then(
        request,
        lambda: unlock_person(actor=request.actor, person=person, reason=asked.given),
        "登录名已解锁。",
    )


@for_roles(Role.SECURITY_ADMINISTRATOR)
@confirmed
@require_http_methods(["GET", "POST"])
def second_factor(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor."""
    person = _found(request, pk)
    asked = Confirmation(
        title=f"重置{person}的动态码",
        verb="重置动态码",
        back=reverse("accounts:person", args=[pk]),
        consequences=("原来的手机和恢复码即时失效，现有登录退出。", "下次登录填写密码后，须重新启用动态码。"),
        reason="重置的理由",
        hint="写明如何核实了是本人。",
    )
    return asked.then(
        request,
        lambda: reset_second_factor(actor=request.actor, person=person, reason=asked.given),
        "动态码已重置。",
    )


def show_password(request: ActorRequest, person: User, issued: str, *, back: str) -> HttpResponse:
    """The page that shows a temporary password, this once."""
    return render(
        request, "accounts/password_issued.html", {"person": person, "issued": issued, "back": back}
    )


def _found(request: ActorRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.actor).select_related("organisation"), pk=pk)
