"""A city's single sign-on by OpenID Connect: it may open an account that exists here, and never makes one."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from tidu.accounts.actions.linking import link_account
from tidu.accounts.sign_in_records import as_themselves
from tidu.core.audit.recording import record
from tidu.core.models.audit import AuditResult
from tidu.core.refusals import Refused


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Links the identity of the provider to a person by one claim, once; roles are given here alone."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - allauth's
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person. What else the provider tells about them is not kept."""
        claim = _claim(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
            return
        try:
            link_account(
                claim=claim,
                provider=sociallogin.account.provider,
                uid=sociallogin.account.uid,
                actor_for=lambda user: as_themselves(user, request),
            )
        except Refused as refusal:
            _turn_away(request, refusal.message)
        sociallogin.lookup()  # now finds the person

    def on_authentication_error(self, request: HttpRequest, provider: object, **_: Any) -> None:  # noqa: ANN401, ARG002
        """Say that it did not work, without what the provider answered."""
        _turn_away(request, "单点登录没有完成，请重试；仍不成功时用登录名和密码登录，或联系系统管理员。")


def _claim(told: dict[str, Any]) -> str:
    """The value of the configured claim, from the user's information or the identity token."""
    for part in (told.get("userinfo"), told.get("id_token"), told):
        value = part.get(settings.OIDC_CLAIM) if isinstance(part, dict) else None
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _turn_away(request: HttpRequest, message: str) -> NoReturn:
    record(
        actor=as_themselves(None, request),
        action="accounts.sign_in.failed",
        result=AuditResult.REFUSED,
        detail={"step": "single_sign_on"},
    )
    messages.error(request, message)
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
