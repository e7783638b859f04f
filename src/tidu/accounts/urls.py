"""Addresses of signing in, and of people and organisations.

Of allauth's pages only those that this site uses exist; their names are allauth's own, because it looks them up.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import URLPattern, URLResolver, include, path, re_path

from tidu.accounts.views import signing_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", signing_in.SignIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", signing_in.change_password, name="account_change_password"),
    path("password/reset/", signing_in.AskForReset.as_view(), name="account_reset_password"),
    path("password/reset/done/", signing_in.ResetAsked.as_view(), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signing_in.ResetByLink.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        signing_in.ResetDone.as_view(),
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/authenticate/", signing_in.SecondStep.as_view(), name="mfa_authenticate"),
    path("second-factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sessions/", signing_in.Sessions.as_view(), name="usersessions_list"),
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    path("oidc/cancelled/", signing_in.cancelled, name="socialaccount_login_cancelled"),
    path("", include("tidu.accounts.own_urls")),
]
