from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from tests.accounts.people import PASSWORD, holder
from tidu.accounts.ticks import clear_sessions
from tidu.core.roles import Role


@pytest.mark.django_db
def test_what_is_known_of_sessions_goes_with_them() -> None:
    held = holder(Role.ENTERPRISE_EDITOR, place=None)
    kept, gone = Client(), Client()
    for client in (kept, gone):
        client.post("/accounts/login/", {"login": held.user.username, "password": PASSWORD})
    gone.session.delete()
    assert clear_sessions() == "清除 1 条过期登录"
    assert UserSession.objects.get().session_key == kept.session.session_key
    assert clear_sessions() == ""


def test_settings_that_mean_nothing_are_refused(settings: Settings) -> None:
    settings.PASSWORD_PROFILE, settings.OIDC_FIELD = "none", "shoe-size"
    assert {message.id for message in run_checks()} >= {"tidu.accounts.E001", "tidu.accounts.E002"}


def test_a_deployment_is_told_that_it_is_a_demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION = True
    assert "tidu.accounts.W001" in {message.id for message in run_checks(include_deployment_checks=True)}
