"""Around signing in: the answer while a name is locked, the chosen role, and more time."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar, cast

from allauth.account.views import (
    LoginView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
    password_change,
)
from allauth.mfa.base.views import AuthenticateView
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tidu.accounts.actions.identities import choose_identity
from tidu.accounts.identities import SESSION_KEY
from tidu.accounts.middleware import IdentifiedRequest
from tidu.accounts.models import User
from tidu.core.components import Column


class _OurSite:
    """allauth puts its own ``site`` in the way of ours."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
        """The context without it."""
        context: dict[str, Any] = super().get_context_data(**more)  # type: ignore[misc] # mixed into a view
        context.pop("site", None)
        return context


class SignIn(_OurSite, LoginView):  # type: ignore[misc] # allauth ships no types
    """Name and password."""


class AskForReset(_OurSite, PasswordResetView):  # type: ignore[misc] # as above
    """The e-mail address that a link goes to."""


class ResetAsked(_OurSite, PasswordResetDoneView):  # type: ignore[misc] # as above
    """What was done, whether or not anybody has that address."""


class ResetByLink(_OurSite, PasswordResetFromKeyView):  # type: ignore[misc] # as above
    """A new password behind the link."""


class ResetDone(_OurSite, PasswordResetFromKeyDoneView):  # type: ignore[misc] # as above
    """The way back to signing in."""


class SecondStep(_OurSite, AuthenticateView):  # type: ignore[misc] # as above
    """The code of the second factor."""


class Sessions(ListUserSessionsView):  # type: ignore[misc] # as above
    """Where a person is signed in, and the way to end the others."""

    extra_context: ClassVar[dict[str, Any]] = {
        "columns": (Column("设备"), Column("网络地址"), Column("登录时间"))
    }


def locked(request: HttpRequest, *_: Any) -> HttpResponse:  # noqa: ANN401 - axes' signature
    """429: too many failures on one name. The same for a name that nobody has."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT}
    return render(request, "accounts/locked.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)


def change_password(request: HttpRequest) -> HttpResponseBase:
    """The usual page, except for a person who signs in elsewhere and has no password here."""
    if isinstance(request.user, User) and not request.user.has_usable_password():
        messages.info(request, "您通过单点登录进入，密码请在单点登录系统中修改。")
        return redirect("desk:home")
    answer: HttpResponseBase = password_change(request)
    return answer


@login_not_required
def cancelled(request: HttpRequest) -> HttpResponse:
    """Whoever turns back at the single sign-on comes out here."""
    messages.info(request, "已取消单点登录。")
    return redirect("account_login")


@require_POST
def switch(request: IdentifiedRequest) -> HttpResponse:
    """Act in another of one's roles."""
    wanted = request.POST.get("identity", "")
    identity = next((item for item in request.identities if item.key == wanted), None)
    if identity is None:
        raise Http404("没有这个身份，它可能已被收回。")
    request.session[SESSION_KEY] = identity.key
    choose_identity(actor=request.actor, user=cast("User", request.user), identity=identity)
    following = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    return redirect(following if safe else settings.LOGIN_REDIRECT_URL)


@require_POST
def extend(_: HttpRequest) -> HttpResponse:
    """Any request counts as use of the session; this one does nothing else."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
