"""Where allauth meets our rules: closed sign-up, recorded sign-ins, passwords through actions, sealed secrets."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tidu.accounts.actions.passwords import change_password
from tidu.accounts.demonstration import may_sign_in
from tidu.accounts.models import User
from tidu.accounts.session_clock import start_clock
from tidu.accounts.sign_in_records import as_themselves
from tidu.core.audit.recording import record
from tidu.core.crypto.sealing import seal, unseal
from tidu.core.requests import client_address

_CLOSED = "这个账号已停用，请联系本单位或平台的系统管理员。"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Signing in and out, and passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "登录名或密码不正确，请核对后重新填写。连续输错多次，登录名会被锁定。",
        "too_many_login_attempts": "尝试次数过多，请过几分钟再试。",
        "incorrect_password": "密码不正确，请重新填写。",
        "enter_current_password": "当前密码不正确，请重新填写。",
        "incorrect_code": "动态码不正确或已经用过，请填写最新的一个。",
        "rate_limited": "操作过于频繁，请稍后再试。",
        "invalid_password_reset": "重置密码的链接无效或已过期，请重新申请。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never: enterprises register on a page of their own, everybody else is made by an administrator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of whoever asks; a socket of this machine counts as the machine."""
        return client_address(request) or "127.0.0.1"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401, ARG002 - allauth's
        """Limit the attempts of one address. Those on one name are counted, and recorded, by axes."""
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="password_failed"
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: User, **_: object) -> HttpResponse | None:
        """Turn closed accounts away before any further step."""
        if may_sign_in(user):
            return None
        messages.error(request, _CLOSED)
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in under a new session id, start its clock, and record it."""
        super().login(request, user)
        start_clock(request)
        record(actor=as_themselves(user, request), action="accounts.sign_in.done", subject=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and record it."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            record(actor=as_themselves(user, request), action="accounts.sign_out.done", subject=user)

    def set_password(self, user: User, password: str) -> None:
        """Every new password that a person chooses goes through the action."""
        change_password(actor=as_themselves(user, self.request), person=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        """On to work."""
        return reverse("desk:home")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """What allauth keeps of the second factor is sealed."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"]
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return unseal(encrypted_text)
