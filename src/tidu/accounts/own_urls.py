"""Addresses of our own pages about people and organisations."""

from __future__ import annotations

from django.urls import path

from tidu.accounts.views import (
    colleagues,
    granting,
    interests,
    organisations,
    own,
    people,
    second_factor,
    signing_in,
)

app_name = "accounts"
urlpatterns = [
    # One's own account
    path("", own.account, name="account"),
    path("profile/", own.profile, name="profile"),
    path("delegations/", own.delegations, name="delegations"),
    path("delegations/<int:pk>/end/", own.delegation_end, name="delegation-end"),
    path("interests/", interests.own, name="interests"),
    path("interests/<int:pk>/ask/", interests.ask, name="interest-ask"),
    path("interests/<int:pk>/end/", interests.end, name="interest-end"),
    path("interests/<int:pk>/keep/", interests.keep, name="interest-keep"),
    path("identity/", signing_in.switch, name="switch"),
    path("session/extend/", signing_in.extend, name="extend"),
    path("second-factor/", second_factor.set_up, name="enrol"),
    path("second-factor/recovery-codes/", second_factor.recovery_codes, name="recovery-codes"),
    path(
        "second-factor/recovery-codes/download/",
        second_factor.download_recovery_codes,
        name="recovery-codes-download",
    ),
    # System administrator; the security administrator looks
    path("organisations/", organisations.index, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation-new"),
    path("organisations/<int:pk>/", organisations.show, name="organisation"),
    path("organisations/<int:pk>/change/", organisations.change, name="organisation-change"),
    path("organisations/<int:pk>/close/", organisations.close, name="organisation-close"),
    path("organisations/<int:pk>/reopen/", organisations.reopen, name="organisation-reopen"),
    path("people/", people.index, name="people"),
    path("people/new/", people.new, name="person-new"),
    path("people/<int:pk>/", people.show, name="person"),
    path("people/<int:pk>/change/", people.change, name="person-change"),
    path("people/<int:pk>/password/", people.password, name="person-password"),
    path("people/<int:pk>/disable/", people.disable, name="person-disable"),
    path("people/<int:pk>/enable/", people.enable, name="person-enable"),
    path("people/<int:pk>/unlock/", people.unlock, name="person-unlock"),
    # Security administrator; the auditor reads the register
    path("interests/register/", interests.register, name="interests-register"),
    path("people/<int:pk>/interests/new/", interests.enter, name="interest-enter"),
    path("people/<int:pk>/second-factor/", people.second_factor, name="person-second-factor"),
    path("people/<int:pk>/roles/new/", granting.grant, name="grant"),
    path("roles/<int:pk>/end/", granting.end, name="role-end"),
    path("policy/", granting.policy, name="policy"),
    # Manager of an enterprise
    path("colleagues/", colleagues.index, name="colleagues"),
    path("colleagues/new/", colleagues.new, name="colleague-new"),
    path("colleagues/<int:pk>/password/", colleagues.password, name="colleague-password"),
    path("colleagues/roles/<int:pk>/end/", colleagues.end, name="colleague-end"),
]
