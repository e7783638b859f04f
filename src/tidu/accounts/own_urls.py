"""Addresses of our own pages about people and organisations."""

from __future__ import annotations

from django.urls import path

from tidu.accounts.views import second_factor, signing_in

app_name = "accounts"
urlpatterns = [
    path("identity/", signing_in.switch, name="switch"),
    path("session/extend/", signing_in.extend, name="extend"),
    path("second-factor/", second_factor.set_up, name="enrol"),
    path("second-factor/recovery-codes/", second_factor.recovery_codes, name="recovery-codes"),
    path(
        "second-factor/recovery-codes/download/",
        second_factor.download_recovery_codes,
        name="recovery-codes-download",
    ),
]
